"""Whose a row is: a row of a profile that was merged is the person's whose profile is kept."""

from typing import Any

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Person
from courses.models.summary import NOWHERE


def owner(person: str = "person") -> Coalesce:
    """The id of whoever the row is of; ``person`` leads from the row to its profile."""
    return Coalesce(f"{person}__merged_into", person)


def place(person: str = "person") -> Coalesce:
    """Where the person works, or whoever they were merged into; ``person`` leads from a row to its profile."""
    merged = Q(**{f"{person}__merged_into__isnull": False})
    theirs, own = F(f"{person}__merged_into__unit"), F(f"{person}__unit")
    return Coalesce(Case(When(merged, then=theirs), default=own), Value(NOWHERE), output_field=BigIntegerField())


def own_place(person: str = "person__") -> Coalesce:
    """Where whoever works here works; ``person`` leads to them."""
    return Coalesce(F(f"{person}unit"), Value(NOWHERE), output_field=BigIntegerField())


def whose(profile: int) -> "QuerySet[Person, Any]":
    """The id of the person whose profile (by id) this is, or was merged into; for a condition in another query."""
    return Person.objects.filter(pk=profile).order_by().values(kept=Coalesce("merged_into", "pk"))[:1]  # type: ignore[no-any-return]
