"""Being forgotten: what identifies a person goes, what the law keeps stays, nothing is deleted."""

import pytest
from django.utils import timezone

from accounts.leaving import anonymise
from accounts.models import Person
from courses import progressing
from courses.models import Reflection, TrainingRecord
from scenarios import playing
from tests.factories import EnrolmentFactory, a_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def forgotten(alice, units):
    course = a_course()
    EnrolmentFactory(person=alice, course=course)
    activities = {found.slug: found for found in course.modules.get().activities.all()}
    progressing.reflect(alice, activities["reflection"], "My secret thought")
    attempt = playing.start(alice, activities["scenario"].scenario, mode="recorded")
    playing.decide(attempt.pk, alice, choice="listen", sequence=1)
    now = timezone.now()
    TrainingRecord.objects.create(
        person=alice, name="Alice Learner", edition=1, contents=[], minutes=1, started_at=now, completed_at=now
    )
    units.south.supervisors.add(alice)
    anonymise(alice)
    return Person.objects.get(pk=alice.pk)


def test_what_identifies_goes(forgotten):
    values = " ".join(str(value) for value in Person.objects.values().get(pk=forgotten.pk).values())
    assert not any(word in values for word in ("Alice", "Learner", "alice@example.org", "assistant"))


def test_access_ends(forgotten, client):
    assert (forgotten.is_active, forgotten.has_usable_password(), forgotten.supervised_units.count()) == (
        False,
        False,
        0,
    )
    assert not client.login(email=forgotten.email, password="")


def test_decisions_and_records_stay_and_reflections_go(forgotten):
    assert forgotten.attempts.get().decisions.count() == 1
    assert TrainingRecord.objects.get().name == "Alice Learner"
    assert Reflection.objects.count() == 0
