"""A person asks to be forgotten: the person stays as a number, what identifies them goes."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from accounts.models import Person, Unit
from accounts.signals import person_anonymised


@transaction.atomic
def anonymise(person: Person) -> None:
    """Replace all that identifies the person, end their access, and tell the apps above.

    Training records keep the name that they were issued to until their retention ends: they are proof.
    """
    person.name = f"Former colleague {person.pk}"
    person.email = f"former-{person.pk}@invalid.invalid"
    person.job_title = ""
    person.is_active = person.is_staff = person.is_superuser = False
    person.anonymised_at = timezone.now()
    person.set_unusable_password()
    person.save()
    person.groups.remove(*Group.objects.filter(user=person))
    for unit in Unit.objects.filter(supervisors=person):
        unit.supervisors.remove(person)
    person_anonymised.send(Person, person=person)
    for profile in Person.objects.filter(merged_into=person):
        anonymise(profile)
