"""Policy values in prose: ``{policy.value}`` stands in what is stored, the value in what is shown."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

REFERENCE = re.compile(r"\{([a-z0-9]+(?:-[a-z0-9]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*)\}")


def references(*texts: str) -> set[str]:
    """Every ``policy.value`` that the texts quote."""
    return {reference for text in texts for reference in REFERENCE.findall(text)}


def quote(text: str, values: Mapping[str, str]) -> str:
    """The text with each reference replaced by its value; one without a value stays as it is written."""
    return REFERENCE.sub(lambda match: values.get(match[1]) or match[0], text)


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
