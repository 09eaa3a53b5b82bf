"""What the engine says of a draft: its findings and its numbers, worked out once for each document."""

import json
from dataclasses import dataclass
from functools import lru_cache

from scenarios.engine.check import Finding
from scenarios.engine.days import ORDINARY, check_days
from scenarios.engine.graph import Document
from scenarios.engine.measure import Numbers, measure
from scenarios.models import PolicyValue
from scenarios.quoting import references, texts


@dataclass(frozen=True)
class Examination:
    """``numbers`` are those of the ordinary day; None where there is no scene yet, or too much to look at it all."""

    findings: tuple[Finding, ...]
    numbers: Numbers | None


def examine(document: Document) -> Examination:
    """Everything that the engine's check finds, what only the site can know first, and the numbers. One query."""
    found = _examined(json.dumps(document))
    return Examination(_quoted_values(document) + found.findings, found.numbers)


@lru_cache(maxsize=64)
def _examined(document: str) -> Examination:
    found = check_days(json.loads(document))
    exploration = found.explorations.get(ORDINARY)
    numbers = measure(exploration) if exploration and exploration.complete else None
    return Examination(found.findings, numbers)


def _quoted_values(document: Document) -> tuple[Finding, ...]:
    unknown = references(*texts(document)) - {name for name, value in PolicyValue.objects.quotable().items() if value}
    message = "The text quotes {%s}, which no policy has a value for. Fill it in, or correct the reference."
    return tuple(Finding("value-not-filled-in", "error", "", message % name) for name in sorted(unknown))
