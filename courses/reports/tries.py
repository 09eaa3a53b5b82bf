"""Each person's first recorded attempt at a scenario, and their second, in whichever of their profiles."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import TruncQuarter
from django.utils import timezone

from accounts.models import Person
from courses.reports.grouping import Part
from courses.reports.profiles import below, path
from scenarios.models import Attempt, Scenario
from scenarios.models.attempt import AttemptQuerySet


@dataclass(frozen=True)
class Tries:
    """``first`` are the first attempts, finished or not, each with the ``unit_path`` of the unit of whose it is.

    ``several`` has all attempts, in their order, of each person who played it in a profile that was merged.
    """

    scenario: Scenario
    first: AttemptQuerySet
    several: tuple[list[Any], ...]

    @cached_property
    def counts(self) -> dict[tuple[int, str, str], int]:
        """How many people first played it in each edition, unit and quarter, whoever looks. One query, once."""
        first = self.first.order_by().annotate(quarter=TruncQuarter("started_at"))
        rows = first.values_list("edition", "unit_path", "quarter").annotate(n=Count("pk"))
        return {(edition, at, quarter_of(quarter)): number for edition, at, quarter, number in rows}

    def pairs(self, units: Sequence[str]) -> Iterator[tuple[Part, int, int]]:
        """In these units (paths) and below, of who finished the first attempt and another: where and when that was,
        and both figures. One query."""
        later = Attempt.objects.recorded().ended().filter(scenario=self.scenario, person=OuterRef("person"))
        later = later.filter(pk__gt=OuterRef("pk")).order_by("pk")
        found = self.first.ended().filter(below(units)).exclude(pk__in=[those[0].pk for those in self.several])
        twice = found.annotate(second=Subquery(later.values("figure")[:1])).filter(second__isnull=False)
        rows: Any = twice.values_list("unit_path", "started_at", "figure", "second")
        for at, started, first, second in rows.iterator(2000):
            yield (at, quarter_of(started)), first, second
        for begun, *others in self.several:
            again = next((attempt for attempt in others if attempt.ended_at), None)
            if begun.ended_at and again and begun.unit_path.startswith(tuple(units)):
                yield (begun.unit_path, quarter_of(begun.started_at)), begun.figure, again.figure


def tries(scenario: Scenario, units: Collection[int] | None = None) -> Tries:
    """Of the people who work in these units (by id), or of all: groups are made from the leaves of the tree upwards,
    so that these people's are the same whoever looks. One query, and another where anybody played it in a profile
    that was merged.
    """
    recorded = Attempt.objects.recorded().filter(scenario=scenario).annotate(unit_path=path())
    merged = recorded.filter(person__in=Person.objects.merged().order_by()).order_by()
    owners = set(merged.values_list("person__merged_into", flat=True))
    several: dict[int, list[Any]] = defaultdict(list)
    whose = Q(person__in=owners) | Q(person__merged_into__in=owners)
    for attempt in recorded.filter(whose).select_related("person").order_by("pk") if owners else ():
        several[attempt.person.merged_into_id or attempt.person_id].append(attempt)
    earlier = Attempt.objects.recorded().filter(scenario=scenario, person=OuterRef("person"), pk__lt=OuterRef("pk"))
    first = Q(~Exists(earlier), person__merged_into__isnull=True)
    if units is not None:
        first &= Q(person__unit__in=units)
    if owners:
        first = (first & ~Q(person__in=owners)) | Q(pk__in=[those[0].pk for those in several.values()])
    return Tries(scenario, recorded.filter(first), tuple(several.values()))


def quarter_of(moment: datetime) -> str:
    """Such as 2026-4, by the days here."""
    here = timezone.localtime(moment)
    return f"{here.year}-{(here.month + 2) // 3}"
