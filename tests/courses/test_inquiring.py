"""Did you use it? By mail, once, two or three months after a course."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone

from accounts.merging import merge
from accounts.models import Person
from courses.correcting import correct
from courses.inquiring import inquire
from courses.models import Delivery, Use
from tests.courses.test_assigning import a_short_course
from tests.courses.test_register import record
from tests.courses.test_reminding import give, told
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    """A Tuesday."""
    with time_machine.travel(datetime.datetime(2026, 3, 3, 15, tzinfo=datetime.UTC), tick=False) as clock:
        yield clock


def asked(clock, days):
    """On which of so many days from today on somebody is asked, and of what."""
    found, start = [], timezone.now()
    for number in range(days):
        clock.move_to(start + number * DAY)
        call_command("daily", verbosity=0)
        call_command("daily", verbosity=0)
        found += [(number, *said) for said in told()]
    return found


def test_it_is_asked_once_with_one_link(as_, alice, clock):
    made = record(alice, ago=60)
    clock.move_to(timezone.now() + 15 * DAY)
    assert inquire(timezone.now()).sent == 1
    [message] = mail.outbox
    assert message.subject == "Did you use “Welcome”?"
    address = f"/used/{made.pk}/"
    assert message.body.count(f"http://127.0.0.1:8000{address}") == 1
    assert as_(alice).get(address).status_code == 200


@pytest.mark.parametrize(("ago", "days"), [(60, [15]), (80, [0]), (95, [0]), (97, []), (200, [])])
def test_it_is_asked_two_to_three_months_later(alice, clock, ago, days):
    record(alice, ago=ago)
    assert [number for number, *_ in asked(clock, 60)] == days


@pytest.mark.parametrize(("reminders", "days"), [("each", [2]), ("weekly", [6]), ("mandatory", [])])
def test_preference_is_kept(alice, clock, reminders, days):
    """From Tuesday on: it falls on a Thursday; the next Monday is the sixth day."""
    Person.objects.update(reminders=reminders)
    record(alice, ago=73)
    assert [number for number, *_ in asked(clock, 20)] == days


def test_who_answered_is_not_asked(alice, clock):
    made = record(alice, ago=80)
    Use.objects.create(record=made, person=alice, answer="helped", answered_at=timezone.now())
    assert asked(clock, 3) == []


def test_who_left_is_not_asked(alice, clock):
    record(alice, ago=80)
    Person.objects.update(is_active=False)
    assert asked(clock, 3) == []


def test_several_courses_are_asked_about_on_days_of_their_own_the_oldest_first(alice, clock):
    for course, ago in (("b", 80), ("a", 78), ("c", 80)):
        record(alice, ago=ago, course_slug=course, course_title=course.upper())
    assert asked(clock, 5) == [(day, "alice", f"Did you use “{course}”?") for day, course in enumerate("BCA")]


def test_reminder_comes_first_and_the_question_the_next_day(alice, clock):
    record(alice, ago=80)
    give(a_short_course(title="More"), alice)
    assert asked(clock, 5) == [(0, "alice", "“More” was given to you"), (1, "alice", "Did you use “Welcome”?")]


def test_mail_that_could_not_be_sent_is_tried_again(alice, clock, monkeypatch):
    record(alice, ago=80)

    def refuse(self, messages):
        raise OSError("busy")

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", refuse)
        assert inquire(timezone.now()).failed == 1
    assert (inquire(timezone.now()).sent, Delivery.objects.get().error) == (1, "")


def test_record_that_was_corrected_is_not_asked_about_twice(alice, erin, clock):
    made = record(alice, ago=80)
    inquire(timezone.now())
    correct(made, by=erin, note="x", minutes=1)
    assert asked(clock, 20)[1:] == []


def test_answer_about_a_record_stays_when_it_is_corrected(as_, alice, erin):
    made = record(alice, ago=80)
    Use.objects.create(record=made, person=alice, answer="helped", answered_at=timezone.now())
    correct(made, by=erin, note="x", minutes=1)
    assert inquire(timezone.now()).sent == 0


def test_merged_profile_is_asked_about_once_under_its_persons_address(as_, alice, erin, units, clock):
    """One completion was asked about before the profiles were merged, the other was not."""
    double = PersonFactory(email="alicia@example.org", unit=units.south)
    record(double, ago=90)
    assert inquire(timezone.now()).sent == 1
    late = record(double, ago=75, course_slug="more", course_title="More")
    merge(double, into=alice, by=erin, at=timezone.now())
    mail.outbox.clear()
    clock.move_to(timezone.now() + DAY)
    assert asked(clock, 10) == [(0, "alice", "Did you use “More”?")]
    browser = as_(alice)
    assert [ask.key for ask in browser.get("/").context["mine"].asks if ask.kind == "use"] != []
    browser.post(f"/used/{late.pk}/", {"answer": "helped"})
    assert Use.objects.get().record == late


@pytest.mark.parametrize("people", [1, 12])
def test_people_who_are_not_asked_take_the_same_queries(units, people, django_assert_num_queries):
    for _ in range(people):
        record(PersonFactory(unit=units.north), ago=80)
    inquire(timezone.now())
    with django_assert_num_queries(6):
        inquire(timezone.now())
