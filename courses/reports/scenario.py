"""One scenario: how many played it and how it ended. What was chosen in it is in ``decisions``."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext

from accounts.models import Person
from courses.reports.profiles import owner, profiles
from scenarios.models import Attempt, Edition, Scenario


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


def played(scenario: Scenario, people: QuerySet[Person], editions: Mapping[int, Edition]) -> Played:
    """Of these people in all their profiles. Two queries, and one for each edition not read yet by this process."""
    attempts = Attempt.objects.recorded().filter(scenario=scenario, person__in=profiles(people)).order_by()
    totals = attempts.annotate(owner=owner()).aggregate(
        people=Count("owner", distinct=True), decisions=Count("decisions")
    )
    endings: Counter[tuple[str, str]] = Counter()
    unfinished = 0
    ways = attempts.values_list("edition", "ending", "ending_kind").annotate(times=Count("pk"))
    for edition, ending, kind, times in ways:
        if ending:
            endings[editions[edition].graph.endings[ending].title, kind] += times
        else:
            unfinished += times
    lines = [(title, kind, gettext(_label(kind)), times) for (title, kind), times in endings.most_common()]
    return Played(**totals, ended=endings.total(), unfinished=unfinished, endings=lines)


def _label(kind: str) -> str:
    return kind.replace("-", " ").capitalize()
