"""Whose rows are counted, and where they are counted."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Person
from courses.models.summary import NOWHERE


@dataclass(frozen=True)
class Whom:
    """The people in these places; in all, where there are none. ``team`` are those of them who work here, if known."""

    places: Collection[int] | None = None
    team: QuerySet[Person] | None = None

    @property
    def working(self) -> QuerySet[Person]:
        return Person.objects.working().filter(self.at("unit")) if self.team is None else self.team

    def at(self, unit: str) -> Q:
        """A condition on what leads to the unit."""
        if self.places is None:
            return Q()
        found = Q(**{f"{unit}__in": [place for place in self.places if place != NOWHERE]})
        return found | Q(**{f"{unit}__isnull": True}) if NOWHERE in self.places else found
