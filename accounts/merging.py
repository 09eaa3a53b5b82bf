"""One person, one record: two profiles become one, and can become two again.

A profile that is merged keeps every row that is its own; it works no more, and cannot sign in. What the person did in
either shows in one place because whoever shows it asks for ``Person.objects.profiles_of``.
"""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import Person
from accounts.signals import people_merged, people_separated, person_described

FIELDS = ["merged_into", "merged_at", "was_active", "is_active"]


class CannotMerge(Exception):
    """Raised where two profiles are not merged, or not separated; says why."""


def why_not(duplicate: Person, *, into: Person, by: Person) -> str:
    """Why the duplicate cannot be merged; empty where it can."""
    if duplicate == into:
        return _("This is one profile, not two.")
    if duplicate.anonymised_at or into.anonymised_at:
        return _("Somebody who was anonymised cannot be merged.")
    if duplicate.merged_into_id or into.merged_into_id:
        merged = duplicate if duplicate.merged_into_id else into
        said = _("%(person)s (%(email)s) was merged into another profile already.")
        return said % {"person": merged, "email": merged.email}
    if Person.objects.filter(merged_into=duplicate).exists():
        said = _("Profiles were merged into %(email)s already. Keep that one, or separate them first.")
        return said % {"email": duplicate.email}
    if duplicate.is_active and not into.is_active:
        said = _("%(email)s does not work here any more. Keep %(other)s.")
        return said % {"email": into.email, "other": duplicate.email}
    if duplicate == by:
        return _("This is the profile with which you are signed in. Keep it, or ask another administrator.")
    try:
        roles.refuse_to_lose_the_last_administrator(duplicate)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


@transaction.atomic
def merge(duplicate: Person, *, into: Person, by: Person, at: datetime.datetime) -> None:
    """From now on the duplicate is a part of the other profile. Raises CannotMerge."""
    duplicate, into = _locked(duplicate, into)
    if refusal := why_not(duplicate, into=into, by=by):
        raise CannotMerge(refusal)
    duplicate.merged_into, duplicate.merged_at = into, at
    duplicate.was_active, duplicate.is_active = duplicate.is_active, False
    duplicate.save(update_fields=FIELDS)
    people_merged.send(Person, duplicate=duplicate, kept=into)


@transaction.atomic
def separate(duplicate: Person) -> Person:
    """Two profiles again, the duplicate as it was; returns the other one. Raises CannotMerge."""
    (duplicate,) = _locked(duplicate)
    kept = duplicate.merged_into
    if kept is None or duplicate.anonymised_at:
        raise CannotMerge(_("This profile is not merged into another, or was anonymised since."))
    merged_at, duplicate.is_active = duplicate.merged_at, bool(duplicate.was_active)
    duplicate.merged_into = duplicate.merged_at = duplicate.was_active = None
    duplicate.save(update_fields=FIELDS)
    people_separated.send(Person, duplicate=duplicate, kept=kept, merged_at=merged_at)
    return kept


def described(person: Person) -> list[str]:
    """What there is of the person, in sentences."""
    answers: list[Any] = person_described.send(Person, person=person)
    return [sentence for _, sentences in answers for sentence in sentences]


def _locked(*people: Person) -> list[Person]:
    """As they are now, and nobody else changes them."""
    found = Person.objects.select_for_update().order_by("pk").in_bulk([person.pk for person in people])
    return [found[person.pk] for person in people]
