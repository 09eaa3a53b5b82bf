"""Whom a page is about, asked for in the way that is quick for so many people."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from accounts.models import Person, Unit
from courses.reports.summaries.whom import MANY, Whom
from training.lib.database import Unindexed

if TYPE_CHECKING:
    from courses.reports.people import Wanted


@dataclass(frozen=True)
class Team:
    """People whom the supervisor oversees and who work here; ``is_many`` of more than MANY.

    They are named by their ids where they are few: a database that is given ids looks at these people's rows and at no
    others. Where they are many it walks the rows in the order of the page and passes over whoever is not of the team.
    """

    supervisor: Person
    people: QuerySet[Person]
    is_many: bool

    def narrowed(self, wanted: "Wanted", named: Collection[int] | None = None) -> "Team":
        """Those of the unit and below it, of the name, and in the units ``named``. One query where they are many."""
        if not (wanted.unit or wanted.name or named is not None):
            return self
        if self.is_many:
            return _team(self.supervisor, wanted.unit, wanted.name, named)
        people = _called(self.people, wanted.name)
        if wanted.unit or named is not None:
            people = people.filter(unit__in=_units(self.supervisor, wanted.unit, named))
        return Team(self.supervisor, people, is_many=False)

    def at(self, places: Collection[int]) -> "Team":
        """Those of them who work in these places themselves."""
        return replace(self, people=self.people.filter(Whom(places).at("unit")))


def team(supervisor: Person, unit: Unit | None = None) -> Team:
    """All of them, or those in the unit and below it. One query."""
    return _team(supervisor, unit)


def _team(supervisor: Person, unit: Unit | None, name: str = "", named: Collection[int] | None = None) -> Team:
    people = _called(Person.objects.visible_to(supervisor).working(), name)
    walked = _called(Person.objects.working(), name)
    if unit or named is not None or not supervisor.is_superuser:
        units = _units(supervisor, unit, named)
        people, walked = people.filter(unit__in=units), walked.alias(place=Unindexed("unit_id")).filter(place__in=units)
    ids = list(people.order_by().values_list("pk", flat=True)[: MANY + 1])
    is_many = len(ids) > MANY
    return Team(supervisor, walked if is_many else Person.objects.filter(pk__in=ids), is_many)


def _called(people: QuerySet[Person], name: str) -> QuerySet[Person]:
    return people.filter(name__icontains=name) if name else people


def _units(supervisor: Person, unit: Unit | None, named: Collection[int] | None) -> QuerySet[Unit]:
    units = Unit.objects.visible_to(supervisor).order_by()
    units = units.filter(pk__in=named) if named is not None else units
    return units.filter(path__startswith=unit.path) if unit else units
