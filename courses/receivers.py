"""What courses does when something happens below it."""

from typing import Any

from django.db.models.signals import post_save

from accounts.models import Person, Unit
from accounts.signals import people_changed, person_anonymised, unit_moved
from courses import assigning, progressing
from courses.models import Reflection
from scenarios.models import Attempt
from scenarios.signals import attempt_ended


def connect() -> None:
    attempt_ended.connect(complete_scenario)
    person_anonymised.connect(erase_reflections)
    post_save.connect(settle_person, sender=Person)
    people_changed.connect(settle_people)
    unit_moved.connect(settle_unit)


def complete_scenario(attempt: Attempt, **kwargs: Any) -> None:
    progressing.scenario_ended(attempt)


def erase_reflections(person: Person, **kwargs: Any) -> None:
    Reflection.objects.filter(person=person).delete()


def settle_person(instance: Person, update_fields: frozenset[str] | None, **kwargs: Any) -> None:
    """Saves that cannot have changed what is asked of a person, such as the stamp of a sign-in, are none of ours."""
    ours = {"unit", "is_active", "hired_on"}
    if not kwargs.get("raw") and (update_fields is None or update_fields & ours):
        assigning.settle(Person.objects.filter(pk=instance.pk))


def settle_people(people: list[int], **kwargs: Any) -> None:
    """In batches, each with its own commit: nobody waits for all of them. What is cut short, the next night settles."""
    for start in range(0, len(people), assigning.BATCH):
        assigning.settle(Person.objects.filter(pk__in=people[start : start + assigning.BATCH]))


def settle_unit(unit: Unit, **kwargs: Any) -> None:
    assigning.settle_unit(unit)
