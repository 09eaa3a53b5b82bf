"""Each person's first recorded attempt at a scenario, and their second, in whichever of their profiles."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import Person, Unit
from courses.reports.grouping import Part
from courses.reports.profiles import path
from scenarios.models import Attempt, Scenario
from scenarios.models.attempt import AttemptQuerySet


class Try(NamedTuple):
    """A first attempt: its edition, where and when it was, and both figures, of those attempts that ended."""

    edition: int
    part: Part
    figure: int | None
    second: int | None


@dataclass(frozen=True)
class Tries:
    """``first`` are the first attempts, finished or not, each with the ``unit_path`` of the unit of whose it is.

    ``several`` has all attempts, in their order, of each person who played it in a profile that was merged.
    """

    scenario: Scenario
    first: AttemptQuerySet
    several: tuple[list[Any], ...]

    @cached_property
    def rows(self) -> dict[int, Try]:
        """The first attempts by their ids: one query, once."""
        later = Attempt.objects.recorded().ended().filter(scenario=self.scenario, person=OuterRef("person"))
        later = later.filter(pk__gt=OuterRef("pk")).order_by("pk")
        found = self.first.order_by().annotate(second=Subquery(later.values("figure")[:1]))
        columns: Any = found.values_list("pk", "edition", "unit_path", "started_at", "figure", "second")
        again = {those[0].pk: _second(those) for those in self.several}
        return {
            pk: Try(edition, (at, quarter_of(started)), figure, again.get(pk, second))
            for pk, edition, at, started, figure, second in columns.iterator(2000)
        }

    @cached_property
    def counts(self) -> Counter[tuple[int, Part]]:
        """How many people first played it in each edition, unit and quarter."""
        return Counter((row.edition, row.part) for row in self.rows.values())

    def pairs(self) -> Iterator[tuple[Part, int, int]]:
        """Of who finished the first attempt and another: where and when that was, and both figures."""
        for row in self.rows.values():
            if row.figure is not None and row.second is not None:
                yield row.part, row.figure, row.second


def _second(attempts: list[Any]) -> int | None:
    return next((attempt.figure for attempt in attempts[1:] if attempt.ended_at), None)


def tries(scenario: Scenario, units: Collection[Unit] | None = None) -> Tries:
    """Of the people who work in these units, or of all: groups are made from the leaves of the tree upwards, so that
    these people's are the same whoever looks. One query, and another where anybody played it in a merged profile.
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
        first &= Q(person__unit__in=[unit.pk for unit in units])
    paths = None if units is None else {unit.path for unit in units}
    theirs = [those for those in several.values() if paths is None or those[0].unit_path in paths]
    if owners:
        first = (first & ~Q(person__in=owners)) | Q(pk__in=[those[0].pk for those in theirs])
    return Tries(scenario, recorded.filter(first), tuple(theirs))


def quarter_of(moment: datetime) -> str:
    """Such as 2026-4, by the days here."""
    here = timezone.localtime(moment)
    return f"{here.year}-{(here.month + 2) // 3}"
