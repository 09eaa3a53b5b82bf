"""What never changes: refused by the model, by the query set, and by the database itself."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Person
from courses.models import (
    Acknowledgement,
    Correction,
    CourseEdition,
    Reconfirmation,
    Return,
    Submission,
    TrainingRecord,
    Use,
)
from scenarios import playing
from scenarios.models import Decision, Edition, Revisit
from tests.factories import EnrolmentFactory, RefresherFactory, a_course, a_scenario
from training.lib.immutable import Immutable, ImmutableError

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(alice):
    """One row of every model that never changes, by its class."""
    scenario = a_scenario()
    course = a_course()
    enrolment = EnrolmentFactory(person=alice, course=course)
    attempt = playing.start(alice, scenario, mode="recorded")
    playing.decide(attempt.pk, alice, choice="listen", sequence=1)
    now = timezone.now()
    activity = course.modules.get().activities.get(slug="policy")
    return {
        Edition: scenario.current,
        CourseEdition: course.current,
        Decision: attempt.decisions.get(),
        Revisit: Revisit.objects.create(person=alice, edition=scenario.current),
        Submission: Submission.objects.create(
            enrolment=enrolment, activity=activity, answers={}, right=1, asked=1, passed=True, submitted_at=now
        ),
        Acknowledgement: Acknowledgement.objects.create(
            person=alice, policy=activity.policy, title="Fines", text="…", acknowledged_at=now
        ),
        TrainingRecord: TrainingRecord.objects.create(
            person=alice, name="Alice", edition=1, contents=[], minutes=1, started_at=now, completed_at=now
        ),
        Use: used(alice, now),
        Correction: corrected(alice, now),
        Reconfirmation: Reconfirmation.objects.create(policy=activity.policy, asked_at=now, asked_by=alice),
        Return: Return.objects.create(
            refresher=RefresherFactory(person=alice, skill="clear-limits"),
            person=alice, turn=1, rating=1, returned_at=now,
        ),
    }  # fmt: skip


def used(person, now):
    said = {"person": person, "edition": 1, "contents": [], "minutes": 1, "started_at": now, "completed_at": now}
    return Use.objects.create(
        record=TrainingRecord.objects.create(**said), person=person, answer="helped", answered_at=now
    )


def corrected(person, now):
    said = {"person": person, "edition": 1, "contents": [], "minutes": 1, "started_at": now, "completed_at": now}
    old, new = (TrainingRecord.objects.create(name=name, **said) for name in ("Alyce", "Alice"))
    return Correction.objects.create(old=old, new=new, note="Her name", by=person)


def test_every_immutable_model_is_looked_at(rows):
    assert set(rows) == set(Immutable.__subclasses__())


def test_model_refuses_to_save_or_delete_again(rows):
    for row in rows.values():
        with pytest.raises(ImmutableError):
            row.save()
        with pytest.raises(ImmutableError):
            row.delete()


def test_query_set_refuses_to_update_or_delete(rows):
    for model in rows:
        for verb in (lambda found: found.update(pk=1), lambda found: found.delete()):
            with pytest.raises(ImmutableError):
                verb(model.objects.all())


def test_database_refuses_to_update(rows):
    for model, row in rows.items():
        table = model._meta.db_table
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET id = id WHERE id = %s", [row.pk])  # noqa: S608


def test_record_outlives_course_enrolment_and_content(rows, alice):
    record = rows[TrainingRecord]
    before = TrainingRecord.objects.values().get(pk=record.pk)
    course = rows[CourseEdition].course
    course.modules.all().delete()
    Person.objects.filter(pk=alice.pk).update(name="Someone Else")
    assert TrainingRecord.objects.values().get(pk=record.pk) == before


def test_person_is_never_deleted(alice):
    with pytest.raises(Exception, match="anonymised and never deleted"):
        alice.delete()
    assert Person.objects.filter(pk=alice.pk).exists()
    assert alice.date_joined <= timezone.now() + datetime.timedelta(seconds=1)
