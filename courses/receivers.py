"""What courses does when something happens below it."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db.models.signals import post_migrate, post_save, pre_migrate

from accounts.models import Person, Unit
from accounts.signals import (
    people_changed,
    people_merged,
    people_separated,
    person_anonymised,
    person_described,
    unit_moved,
)
from courses import assigning, merging, progressing
from courses.models import Reflection
from courses.reports.summaries import store, watching
from scenarios.models import Attempt
from scenarios.signals import attempt_ended


def connect() -> None:
    attempt_ended.connect(complete_scenario)
    person_anonymised.connect(erase_reflections)
    post_save.connect(settle_person, sender=Person)
    people_changed.connect(settle_people)
    people_merged.connect(count_for_one)
    people_separated.connect(count_apart)
    person_described.connect(describe)
    unit_moved.connect(settle_unit)
    config = apps.get_app_config("courses")
    pre_migrate.connect(stop_noting, sender=config)
    post_migrate.connect(go_on_noting, sender=config)


def complete_scenario(attempt: Attempt, **kwargs: Any) -> None:
    progressing.scenario_ended(attempt)


def erase_reflections(person: Person, **kwargs: Any) -> None:
    Reflection.objects.filter(person=person).delete()


def settle_person(instance: Person, update_fields: frozenset[str] | None, **kwargs: Any) -> None:
    """Saves that cannot have changed what is asked of a person, such as the stamp of a sign-in, are none of ours."""
    ours = {"unit", "is_active", "hired_on"}
    if not kwargs.get("raw") and (update_fields is None or update_fields & ours):
        assigning.settle(Person.objects.filter(pk=instance.pk))


def settle_people(people: list[int], are_last: bool, **kwargs: Any) -> None:
    """What is cut short between two batches, the next night settles."""
    assigning.settle(Person.objects.filter(pk__in=people))
    if are_last:
        store.catch_up()


def count_for_one(duplicate: Person, kept: Person, **kwargs: Any) -> None:
    merging.repeat_rounds(duplicate, kept)


def count_apart(duplicate: Person, kept: Person, merged_at: datetime.datetime, **kwargs: Any) -> None:
    merging.take_back(duplicate, kept, since=merged_at)


def describe(person: Person, **kwargs: Any) -> list[str]:
    return merging.described(person)


def settle_unit(unit: Unit, **kwargs: Any) -> None:
    assigning.settle_unit(unit)


def stop_noting(plan: Sequence[Any] = (), **kwargs: Any) -> None:
    if plan:
        watching.take_away()


def go_on_noting(plan: Sequence[Any] = (), **kwargs: Any) -> None:
    """What a migration changed nobody noted, so everything is counted anew."""
    if watching.can_be_put() and (plan or not watching.is_put()):
        watching.put()
        store.forget()
        store.gather_names()
