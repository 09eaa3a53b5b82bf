"""Policy values in prose: ``{policy.value}`` stands in what is stored, the value in what is shown."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

TELLING = re.compile(r"[$€£]\s?\d|\d\s?[a-z%]|^\d{3,}|\w+\s\w+\s\w+|[a-z]\s\d", re.IGNORECASE)
REFERENCE = re.compile(r"\{([a-z0-9]+(?:-[a-z0-9]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*)\}")


def references(*texts: str) -> set[str]:
    """Every ``policy.value`` that the texts quote."""
    return {reference for text in texts for reference in REFERENCE.findall(text)}


def quote(text: str, values: Mapping[str, str]) -> str:
    """The text with each reference replaced by its value; one without a value stays as it is written."""
    return REFERENCE.sub(lambda match: values.get(match[1]) or match[0], text)


def literals(prose: Iterable[str], values: Mapping[str, str]) -> dict[str, str]:
    """The values that stand in the prose as they are, by their references: where they change, the prose is wrong.

    Only what is telling is looked for: a sum, an amount with its unit, a phrase. A bare number may be any number.
    """
    telling = {name: value for name, value in values.items() if TELLING.search(value)}
    told = "\n".join(prose).lower()
    return {name: value for name, value in telling.items() if _stands(value.lower(), told)}


def _stands(value: str, told: str) -> bool:
    return value in told and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", told) is not None


def texts(document: Any) -> Iterator[str]:
    """Every string in a document, keys left out."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, Mapping):
        for value in document.values():
            yield from texts(value)
    elif isinstance(document, Iterable):
        for value in document:
            yield from texts(value)
