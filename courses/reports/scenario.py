"""One scenario: how many played it and how it ended. What was chosen in it is in ``decisions``."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from accounts.models import Person
from scenarios.models import Attempt, Decision, Edition, Scenario


@dataclass(frozen=True)
class Played:
    """What the recorded attempts at a scenario come to. ``decisions`` includes those of unfinished attempts.

    ``endings`` has each ending's title, kind, kind in words, and how often it was reached, most often first.
    """

    people: int
    ended: int
    unfinished: int
    decisions: int
    endings: list[tuple[str, str, str, int]]


def editions_of(scenario: Scenario) -> dict[int, Edition]:
    """Its editions by their ids, without their documents: one query."""
    return {edition.pk: edition for edition in Edition.objects.filter(scenario=scenario).defer("document", "page")}


def played(scenario: Scenario, team: QuerySet[Person], people: int, editions: Mapping[int, Edition]) -> Played:
    """What became of the attempts of the team, of whom so many ``people`` have one.

    Two queries, and one for each edition that this process has not read yet.
    """
    attempts = Attempt.objects.recorded().filter(scenario=scenario, person__in=team).order_by()
    ways = attempts.values_list("edition", "ending", "ending_kind").annotate(times=Count("pk"))
    counts: Counter[tuple[str, str]] = Counter()
    unfinished = 0
    for edition, ending, kind, times in ways:
        if ending:
            counts[editions[edition].graph.endings[ending].title, kind] += times
        else:
            unfinished += times
    decisions = Decision.objects.filter(attempt__in=attempts.values("pk")).count()
    endings = [(title, kind, _label(kind), times) for (title, kind), times in counts.most_common()]
    return Played(people, counts.total(), unfinished, decisions, endings)


def _label(kind: str) -> str:
    return kind.replace("-", " ").capitalize()
