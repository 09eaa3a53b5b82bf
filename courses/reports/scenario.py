"""One scenario: how many played it and how it ended. What was chosen in it is in ``decisions``."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext

from courses.reports.summaries.counts import Counts
from scenarios.models import Edition, Scenario


@dataclass(frozen=True)
class Played:
    """What the recorded attempts at a scenario come to. ``decisions`` includes those of unfinished attempts.

    ``endings`` has each kind, the kind in words, and how often it was reached, most often first. Which ending it was is
    not told: of a few people that would be more than their own pages tell.
    """

    people: int
    ended: int
    unfinished: int
    decisions: int
    endings: list[tuple[str, str, int]]


def editions_of(scenario: Scenario) -> dict[int, Edition]:
    """Its editions by their ids, without their documents: one query."""
    return {edition.pk: edition for edition in Edition.objects.filter(scenario=scenario).defer("document", "page")}


def played(counts: Counts) -> Played:
    """By whoever works here."""
    ways = dict(counts.by("endings"))
    unfinished = ways.pop("", 0)
    endings = [(kind, gettext(_label(kind)), times) for kind, times in Counter(ways).most_common()]
    return Played(counts.total("people"), sum(ways.values()), unfinished, counts.total("decisions"), endings)


def _label(kind: str) -> str:
    return kind.replace("-", " ").capitalize()
