"""Whose rows are counted, and where they are counted."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Person
from courses.models.summary import NOWHERE

# More people than these, or attempts, are not named in a query.
MANY = 5_000
# Ids, or a query for them.
Ids = Collection[int] | QuerySet[Any]


@dataclass(frozen=True)
class Named:
    """The ids of people: all of them, those who work here, and the profiles of those."""

    everybody: Collection[int]
    working: Collection[int]
    profiles: Collection[int]


@dataclass(frozen=True)
class Whom:
    """The people in these places; in all, where there are none. ``team`` are those of them who work here, if known."""

    places: Collection[int] | None = None
    team: QuerySet[Person] | None = None
    named: Named | None = None

    @classmethod
    def by_name(cls, places: Collection[int]) -> "Whom":
        """By their ids, where they are not too many: a database that is given those looks at no others. Two queries."""
        rows = Person.objects.filter(cls(places).at("unit")).order_by().values_list("pk", "is_active")
        found = dict(rows[: MANY + 1])
        if len(found) > MANY:
            return cls(places)
        working = [pk for pk, works in found.items() if works]
        merged = Person.objects.filter(merged_into__in=working).order_by().values_list("pk", flat=True)
        return cls(places, named=Named(list(found), working, [*working, *merged]))

    @property
    def working(self) -> Ids:
        if self.named:
            return self.named.working
        return Person.objects.working().filter(self.at("unit")) if self.team is None else self.team

    @property
    def profiles(self) -> Ids:
        """Of whoever works here, also those that were merged."""
        return self.named.profiles if self.named else Person.objects.in_profiles(self.working)

    def theirs(self, person: str) -> Q:
        """A condition on what leads to the person."""
        return Q(**{f"{person}__in": self.named.everybody}) if self.named else self.at(f"{person}__unit")

    def at(self, unit: str) -> Q:
        """A condition on what leads to the unit."""
        if self.places is None:
            return Q()
        found = Q(**{f"{unit}__in": [place for place in self.places if place != NOWHERE]})
        return found | Q(**{f"{unit}__isnull": True}) if NOWHERE in self.places else found
