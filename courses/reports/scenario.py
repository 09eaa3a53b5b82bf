"""One scenario: how many played it and how it ended. What was chosen in it is in ``decisions``."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import Person
from courses.reports.profiles import owner, profiles
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


def played(scenario: Scenario, people: QuerySet[Person]) -> Played:
    """Of these people in all their profiles. Four queries, and one for each edition not read yet by this process."""
    attempts = Attempt.objects.recorded().filter(scenario=scenario, person__in=profiles(people))
    totals = attempts.annotate(owner=owner()).aggregate(
        people=Count("owner", distinct=True),
        ended=Count("pk", filter=Q(ended_at__isnull=False)),
        unfinished=Count("pk", filter=Q(ended_at__isnull=True)),
    )
    decisions = Decision.objects.filter(attempt__in=attempts).count()
    return Played(**totals, decisions=decisions, endings=_endings(scenario, attempts))


def _endings(scenario: Scenario, attempts: QuerySet[Attempt]) -> list[tuple[str, str, str, int]]:
    editions = {edition.pk: edition for edition in Edition.objects.filter(scenario=scenario).defer("document", "page")}
    found = attempts.filter(ended_at__isnull=False).values_list("edition", "ending", "ending_kind")
    counts: Counter[tuple[str, str]] = Counter()
    for edition, ending, kind, times in found.annotate(times=Count("pk")).order_by():
        counts[editions[edition].graph.endings[ending].title, kind] += times
    return [(title, kind, kind.replace("-", " ").capitalize(), times) for (title, kind), times in counts.most_common()]
