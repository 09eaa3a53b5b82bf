"""On which day each reminder comes: day by day, where clocks change, where runs are missed, over a year."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command

from courses import assigning, progressing
from courses.models import Absence, Activity, Assignment, Delivery
from tests.courses.test_assigning import a_short_course

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime.datetime(2027, 1, 5, 10, tzinfo=datetime.UTC), tick=False) as clock:
        yield clock


def assign(course=None, **rule):
    course = course or a_short_course(title="Welcome")
    assigning.enrol(Assignment.objects.create(course=course, **rule))
    return course


def until(day, **to):
    return assign(due="date", due_on=day, **to)


def take(person, course):
    progressing.complete(person, Activity.objects.get(module__course=course))


def days(clock, first, last, *, at=datetime.time(11), zone=datetime.UTC, events=None, skip=()):
    """Who got which mail on which day of these, when `daily` runs at that time; most of the days it runs twice."""
    found, day = [], first
    while day <= last:
        clock.move_to(datetime.datetime.combine(day, at, zone))
        (events or {}).get(day.isoformat(), lambda: None)()
        mail.outbox.clear()
        for _ in range(0 if day in skip else 1 + (day.day % 3 > 0)):
            call_command("daily", verbosity=0)
        found += [f"{day:%m-%d} {message.to[0].split('@')[0]}: {message.subject}" for message in mail.outbox]
        day += DAY
    return found


def overdue(clock, first, last, **how):
    return [told[:5] for told in days(clock, first, last, **how) if told.endswith("is overdue")]


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Pacific/Auckland", "UTC"])
@pytest.mark.parametrize("minute", [datetime.time(0, 5), datetime.time(6, 7), datetime.time(23, 55)])
@pytest.mark.parametrize("due", [datetime.date(2027, 3, 10), datetime.date(2027, 10, 28), datetime.date(2028, 2, 25)])
def test_week_has_seven_days_wherever_clocks_change(clock, alice, units, zone, minute, due):
    """Forward and back in each zone lie within the weeks that follow these days; a leap day too."""
    units.system.time_zone = zone
    units.system.save()
    clock.move_to(datetime.datetime.combine(due - 30 * DAY, minute, ZoneInfo(zone)))
    until(due, person=alice)
    found = overdue(clock, due - 3 * DAY, due + 30 * DAY, at=minute, zone=ZoneInfo(zone))
    assert found == [f"{due + number * DAY:%m-%d}" for number in (1, 8, 15, 22, 29)]


def test_who_has_long_been_overdue_hears_of_it_once_a_week_from_the_first_run(clock, alice):
    until(datetime.date(2026, 12, 24), person=alice)
    assert overdue(clock, datetime.date(2027, 1, 5), datetime.date(2027, 1, 20)) == ["01-05", "01-12", "01-19"]


def test_missed_runs_are_not_made_up_for_all_at_once(clock, alice):
    until(datetime.date(2027, 1, 9), person=alice)
    missed = {datetime.date(2027, 1, day) for day in range(17, 23)}
    found = overdue(clock, datetime.date(2027, 1, 5), datetime.date(2027, 2, 2), skip=missed)
    assert found == ["01-10", "01-23", "01-30"]


def test_date_that_moved_is_told_anew_and_overdue_not_twice_a_week(clock, alice):
    until(datetime.date(2027, 1, 20), person=alice)
    away = {"person": alice, "kind": "leave", "reason": "-", "starts_on": datetime.date(2027, 1, 15)}
    events = {
        "2027-01-16": lambda: Absence.objects.create(**away, ends_on=datetime.date(2027, 1, 15)),
        "2027-01-22": lambda: Absence.objects.update(ends_on=datetime.date(2027, 1, 16)),
    }
    found = days(clock, datetime.date(2027, 1, 5), datetime.date(2027, 2, 1), events=events)
    assert found == [
        "01-05 alice: “Welcome” was given to you",
        "01-14 alice: “Welcome” is due soon",
        "01-16 alice: “Welcome” is due soon",
        "01-22 alice: “Welcome” is due soon",
        "01-23 alice: “Welcome” is overdue",
        "01-30 alice: “Welcome” is overdue",
    ]


def test_course_that_waited_for_another_is_given_when_it_opens(clock, alice):
    first, second = a_short_course(title="First"), a_short_course(title="Second")
    given = Assignment.objects.create(course=second, person=alice)
    given.after.add(first)
    assigning.enrol(given)
    events = {"2027-03-01": lambda: take(alice, first)}
    found = days(clock, datetime.date(2027, 1, 5), datetime.date(2027, 3, 20), events=events)
    assert found == ["03-01 alice: “Second” was given to you"]


def _change(person, **changes):
    for name, value in changes.items():
        setattr(person, name, value)
    person.save()


def test_year_day_by_day(clock, alice, bob, dave, units):
    """Alice is always early; Bob joins in March and leaves in June, and does nothing; Dave is late once."""
    clock.move_to(datetime.datetime(2027, 12, 1, 11, tzinfo=datetime.UTC))
    units.north.supervisors.clear()
    _change(bob, unit=None)
    renewed = assign(unit=units.system, repeats="window", window_from=1, window_to=1, grace_days=14)
    safety = assign(a_short_course(title="Safety"), unit=units.north, due="assignment", due_days=60)
    events = {
        "2027-12-10": lambda: take(alice, safety),
        "2028-01-10": lambda: take(alice, renewed),
        "2028-02-29": lambda: take(dave, renewed),
        "2028-03-01": lambda: _change(bob, unit=units.north),
        "2028-06-01": lambda: _change(bob, is_active=False),
    }
    found = days(clock, datetime.date(2027, 12, 1), datetime.date(2028, 12, 31), events=events)
    assert sorted(found) == sorted(
        [
            "12-01 alice: “Safety” was given to you",
            "01-01 alice: “Welcome” was given to you",
            "01-01 dave: “Welcome” was given to you",
            "01-25 dave: “Welcome” is due soon",
            "02-15 dave: “Welcome” is overdue",
            "02-22 dave: “Welcome” is overdue",
            "03-01 bob: “Safety” was given to you",
            "04-24 bob: “Safety” is due soon",
            *(f"05-{day} bob: “Safety” is overdue" for day in ("01", "08", "15", "22", "29")),
            "02-23 alice: Did you use “Safety”?",
            "03-25 alice: Did you use “Welcome”?",
            "05-14 dave: Did you use “Welcome”?",
        ]
    )
    assert Delivery.objects.filter(sent_at=None).count() == 0
