"""What courses does when something happens below it."""

from typing import Any

from django.db.models.signals import post_save

from accounts.models import Person
from accounts.signals import person_anonymised
from courses import assigning, progressing
from courses.models import Reflection
from scenarios.models import Attempt
from scenarios.signals import attempt_ended


def connect() -> None:
    attempt_ended.connect(complete_scenario)
    person_anonymised.connect(erase_reflections)
    post_save.connect(enrol_joiner, sender=Person)


def complete_scenario(attempt: Attempt, **kwargs: Any) -> None:
    progressing.scenario_ended(attempt)


def erase_reflections(person: Person, **kwargs: Any) -> None:
    Reflection.objects.filter(person=person).delete()


def enrol_joiner(instance: Person, update_fields: frozenset[str] | None, **kwargs: Any) -> None:
    """Saves that cannot have moved a person, such as the stamp of a sign-in, are none of ours."""
    if not kwargs.get("raw") and (update_fields is None or "unit" in update_fields):
        assigning.enrol_joiner(instance)
