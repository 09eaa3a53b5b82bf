"""Whose a row is: a row of a profile that was merged is the person's whose profile is kept."""

from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Person
from courses.reports.grouping import TOP


def owner(person: str = "person") -> Coalesce:
    """The id of whoever the row is of; ``person`` leads from the row to its profile."""
    return Coalesce(f"{person}__merged_into", person)


def path(person: str = "person") -> Coalesce:
    """The path of the unit that the owner works in; TOP where they work in none."""
    merged = Q(**{f"{person}__merged_into__isnull": False})
    theirs, own = F(f"{person}__merged_into__unit__path"), F(f"{person}__unit__path")
    return Coalesce(Case(When(merged, then=theirs), default=own), Value(TOP))


def whose(profile: int) -> "QuerySet[Person, Any]":
    """The id of the person whose profile (by id) this is, or was merged into; for a condition in another query."""
    return Person.objects.filter(pk=profile).order_by().values(kept=Coalesce("merged_into", "pk"))[:1]  # type: ignore[no-any-return]
