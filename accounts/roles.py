"""What a person may do here: administrator, author, supervisor of units. There is always an administrator left."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.authority import AUTHORS
from accounts.models import Person, Unit


def is_author(person: Person) -> bool:
    return person.groups.filter(name=AUTHORS).exists()


def in_words(person: Person) -> str:
    """Such as “administrator, supervisor of North Branch”; empty for who has none."""
    units = ", ".join(str(unit) for unit in person.supervised_units.all())
    found = {
        _("administrator"): person.is_superuser,
        _("author"): is_author(person),
        _("supervisor of %(units)s") % {"units": units}: bool(units),
    }
    return ", ".join(role for role, holds in found.items() if holds)


def refuse_to_lose_the_last_administrator(person: Person) -> None:
    """Raises ValidationError if nobody but this person, working here, administers the site.

    Locks the administrators until the commit: two who step down at once are not two who see the other stay.
    """
    administrators = Person.objects.working().filter(is_superuser=True).select_for_update()
    if not any(found.pk != person.pk for found in administrators):
        raise ValidationError(
            _("This is the only administrator who works here. Make somebody else an administrator first.")
        )


@transaction.atomic
def give(person: Person, *, administrator: bool, author: bool, supervises: Iterable[Unit]) -> None:
    """Make the person's roles exactly these. Raises ValidationError where the last administrator would go."""
    if not (administrator and person.is_active):
        refuse_to_lose_the_last_administrator(person)
    group = Group.objects.get(name=AUTHORS)
    (person.groups.add if author else person.groups.remove)(group)
    person.supervised_units.set(supervises)
    person.is_superuser = administrator
    person.is_staff = administrator or author
    person.save(update_fields=["is_superuser", "is_staff"])
