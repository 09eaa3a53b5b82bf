"""Each supervisor hears once a week of the units that they supervise, and of no others."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Person, Unit
from courses import digesting
from courses.models import Delivery
from tests.factories import CourseFactory, EnrolmentFactory, PersonFactory, UnitFactory

pytestmark = pytest.mark.django_db
LATE, SOON, LATER = datetime.date(2027, 1, 5), datetime.date(2027, 1, 17), datetime.date(2027, 1, 18)


@pytest.fixture(autouse=True)
def clock():
    """Monday 11 January 2027, seven in the morning in New York."""
    with time_machine.travel(datetime.datetime(2027, 1, 11, 12, tzinfo=datetime.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def course():
    return CourseFactory(title="Welcome")


def enrol(person, course, due_on, **changes):
    return EnrolmentFactory(person=person, course=course, due_on=due_on, **changes)


def digests():
    """The digests of a run of cron, as address and subject."""
    mail.outbox.clear()
    call_command("remind", verbosity=0)
    return [(message.to[0], message.subject) for message in mail.outbox if "supervise" in message.body]


def test_supervisor_hears_of_their_units_and_of_no_others(settings, course, alice, bob, dave):
    settings.SITE_URL = "https://training.example.org"
    enrol(alice, course, LATE)
    enrol(dave, course, LATE)
    assert digests() == [("bob@example.org", "North Branch: 1 overdue")]
    assert mail.outbox[-1].body.splitlines() == [
        "Hello Bob,",
        "",
        "this is how the training of your team stands this Monday.",
        "",
        "",
        "1 OVERDUE",
        "",
        "- Alice Learner: Welcome, was due 5 January 2027",
        "",
        "Everybody, and what to do next: https://training.example.org/reports/",
        "",
        "You get this because you supervise North Branch. It comes on Mondays, when there is something to tell."
        " If you do not supervise North Branch any more, an administrator can change that.",
    ]


def test_each_state_is_counted_where_it_belongs(course, bob, units):
    zone = datetime.timezone(datetime.timedelta(hours=-5))
    completed = {
        "Before": datetime.datetime(2027, 1, 3, 23, 59, tzinfo=zone),
        "First moment": datetime.datetime(2027, 1, 4, tzinfo=zone),
        "Last moment": datetime.datetime(2027, 1, 10, 23, 59, tzinfo=zone),
        "This week": datetime.datetime(2027, 1, 11, tzinfo=zone),
    }
    for name, at in completed.items():
        enrol(PersonFactory(name=name, unit=units.north), course, LATE, completed_at=at)
    for name, due_on, changes in (
        ("Late", LATE, {}),
        ("On Sunday", SOON, {}),
        ("Next Monday", LATER, {}),
        ("If they like", SOON, {"mandatory": False, "overdue_at": None}),
        ("Withdrawn", LATE, {"closed_at": timezone.now()}),
        ("Not asked now", LATE, {"is_open": False}),
    ):
        enrol(PersonFactory(name=name, unit=units.circulation), course, due_on, **changes)
    enrol(PersonFactory(name="Left", unit=units.north, is_active=False), course, LATE)
    assert digests() == [("bob@example.org", "North Branch: 1 overdue, 1 due this week, 2 completed last week")]
    lines = [line for line in mail.outbox[-1].body.splitlines() if line.startswith("-")]
    assert lines == [
        "- Late: Welcome, was due 5 January 2027",
        "- On Sunday: Welcome, due 17 January 2027",
        "- First moment: Welcome",
        "- Last moment: Welcome",
    ]


def test_it_comes_on_mondays_only_and_once(clock, course, alice, bob):
    enrol(alice, course, LATE)
    found = {}
    for day in range(11, 26):
        clock.move_to(datetime.datetime(2027, 1, day, 12, tzinfo=datetime.UTC))
        found[day] = len(digests()) + len(digests())
    assert {day: count for day, count in found.items() if count} == {11: 1, 18: 1, 25: 1}
    assert list(Delivery.objects.order_by("pk").filter(kind="digest").values_list("key", flat=True)) == [
        "2027-W02", "2027-W03", "2027-W04",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "hours"), [("Pacific/Auckland", range(-13, 11)), ("America/Los_Angeles", range(8, 32))]
)
def test_monday_is_that_of_their_unit(clock, course, alice, bob, units, zone, hours):
    """By the hour in UTC, counted from midnight on Monday 11 January."""
    units.system.time_zone = zone
    units.system.save()
    enrol(alice, course, LATE)
    sent = []
    for hour in range(-24, 48):
        clock.move_to(datetime.datetime(2027, 1, 11, tzinfo=datetime.UTC) + datetime.timedelta(hours=hour))
        Delivery.objects.filter(kind="digest").delete()
        sent += [hour] if digests() else []
    assert sent == list(hours)


def test_nothing_to_tell_is_not_told(course, alice, bob):
    enrol(alice, course, LATER)
    assert digests() == []


def test_administrator_hears_only_of_the_units_that_name_them(course, alice, dave, erin, units):
    enrol(alice, course, LATE)
    enrol(dave, course, LATE)
    assert digests() == []
    units.south.supervisors.add(erin)
    assert digests() == [("erin@example.org", "South Branch: 1 overdue")]
    assert "Alice" not in mail.outbox[-1].body


def test_former_supervisor_hears_nothing(course, alice, bob, units):
    enrol(alice, course, LATE)
    Person.objects.filter(pk=bob.pk).update(is_active=False)
    assert digests() == []
    Person.objects.filter(pk=bob.pk).update(is_active=True)
    units.north.supervisors.remove(bob)
    assert digests() == []


def test_many_people_and_units_are_counted_and_some_named(course, bob, units, django_assert_max_num_queries):
    for number in range(12):
        enrol(PersonFactory(name=f"Person {number}", unit=units.south), course, LATE)
    for name in ("South Branch", "East Branch", "West Branch", "Hill Branch"):
        unit = Unit.objects.filter(name=name).first() or UnitFactory(name=name, parent=units.system)
        unit.supervisors.add(bob)
    monday = digesting.Monday.of(timezone.now(), Unit.objects.all().time_zones()[bob.unit_id])
    with django_assert_max_num_queries(8):
        found = digesting.digest(bob, monday)
    assert found.subject == "North Branch, South Branch, East Branch and 2 more units: 12 overdue"
    (part,) = found.context["parts"]
    assert (len(part.lines), part.more) == (10, 2)
