"""What the engine says of a draft: its findings and its numbers, worked out once for each document."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext

from scenarios.engine.check import Finding
from scenarios.engine.days import ORDINARY, check_days
from scenarios.engine.graph import Document
from scenarios.engine.measure import Numbers, measure
from scenarios.engine.saying import said as _
from scenarios.models import PolicyValue
from scenarios.quoting import literals, references, texts


@dataclass(frozen=True)
class Examination:
    """``numbers`` are those of the ordinary day; None where there is no scene yet, or too much to look at it all."""

    findings: tuple[Finding, ...]
    numbers: Numbers | None


def examine(document: Document) -> Examination:
    """Everything that the engine's check finds, what only the site can know first, and the numbers. One query."""
    found = _examined(json.dumps(document))
    values = PolicyValue.objects.in_force()
    every = {name: value for said in values.values() for name, value in said.items()}
    own = values[""] | values.get(document["language"], {})
    findings = (*_unfilled(document, every), *found.findings, *_literals(document, own))
    return Examination(findings, found.numbers)


@lru_cache(maxsize=64)
def _examined(document: str) -> Examination:
    found = check_days(json.loads(document))
    exploration = found.explorations.get(ORDINARY)
    numbers = measure(exploration) if exploration and exploration.complete else None
    return Examination(found.findings, numbers)


def in_words(finding: Finding) -> str:
    """What the finding says, in the reader's language."""
    return finding.message.told(gettext)


def _unfilled(document: Document, values: Mapping[str, str]) -> Iterator[Finding]:
    for name in sorted(references(*texts(document)) - {name for name, value in values.items() if value}):
        message = _(
            "The text quotes {%(name)s}, which no policy has a value for. Fill it in, or correct the reference.",
            name=name,
        )
        yield Finding("value-not-filled-in", "error", "", message)


def _literals(document: Document, values: Mapping[str, str]) -> Iterator[Finding]:
    """In the order of the scenes, each value once a scene."""
    elsewhere = {name: value for name, value in document.items() if name not in ("scenes", "endings")}
    for key, part in {"": elsewhere, **document["scenes"], **document["endings"]}.items():
        for name, value in sorted(literals(texts(part), values).items()):
            message = _(
                "“%(value)s” is what the policy says. Write {%(name)s}, so that it is right when that changes.",
                value=value,
                name=name,
            )
            yield Finding("literal-value", "advice", key, message)
