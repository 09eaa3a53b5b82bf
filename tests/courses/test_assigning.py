"""Assignments become rounds, for those who are here and those who join; what is written, and what it says."""

import datetime
import random
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.importing import Options, import_roster
from accounts.models import Person, Unit
from courses import assigning, progressing
from courses.models import Absence, Activity, Assignment, Course, Enrolment, TrainingRecord
from courses.publishing import publish
from tests.factories import ActivityFactory, CourseFactory, ModuleFactory, PersonFactory

pytestmark = pytest.mark.django_db
SOON, LATER = datetime.date(2027, 1, 10), datetime.date(2027, 3, 1)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime.datetime(2026, 3, 2, 15, tzinfo=datetime.UTC), tick=False) as clock:
        yield clock


def on(clock, year, month, day, hour=15):
    clock.move_to(datetime.datetime(year, month, day, hour, tzinfo=datetime.UTC))


def assign(course, due_on=LATER, **to):
    rule = {"due": "date", "due_on": due_on} if due_on else {}
    return assigning.enrol(Assignment.objects.create(course=course, **rule | to))


def yearly(course, **to):
    given = Assignment.objects.create(course=course, repeats="window", window_from=1, window_to=1, **to)
    assigning.enrol(given)
    return given


def everybody():
    return Person.objects.all()


def enrolled():
    return sorted(Enrolment.objects.current().values_list("person__name", "due_on"))


def a_short_course(**changes) -> Course:
    course = CourseFactory(**changes)
    ActivityFactory(module=ModuleFactory(course=course))
    publish(course, by=None)
    course.refresh_from_db()
    return course


def take(person, course):
    for activity in Activity.objects.filter(module__course=course).select_related("module__course"):
        progressing.complete(person, activity)


def rounds(person):
    return [
        (row.round, row.due_on and row.due_on.isoformat(), row.state(timezone.now()))
        for row in Enrolment.objects.filter(person=person).order_by("course", "round")
    ]


def test_unit_means_everyone_in_it_and_below(alice, bob, dave, units):
    assert assign(CourseFactory(), unit=units.north) == 2
    assert enrolled() == [("Alice Learner", LATER), ("Bob Supervisor", LATER)]


def test_person_means_that_person(alice, dave):
    assign(CourseFactory(), person=dave)
    assert enrolled() == [("Dave Stranger", LATER)]


def test_of_two_dates_the_earlier_holds_in_either_order(alice, dave, units):
    course = CourseFactory()
    assign(course, LATER, unit=units.system)
    assign(course, SOON, person=alice)
    assign(course, SOON, person=dave)
    assign(course, LATER, unit=units.south)
    assert enrolled() == [("Alice Learner", SOON), ("Dave Stranger", SOON)]


def test_no_date_gives_way_to_a_date(alice, units):
    course = CourseFactory()
    assign(course, None, unit=units.north)
    assign(course, SOON, person=alice)
    assert enrolled() == [("Alice Learner", SOON)]


def test_assigning_twice_enrols_once(alice, units):
    course = CourseFactory()
    assign(course, unit=units.north)
    assign(course, unit=units.north)
    assert Enrolment.objects.count() == 1


def test_who_left_is_not_enrolled(alice, units):
    alice.is_active = False
    alice.save()
    assert assign(CourseFactory(), unit=units.north) == 0


def test_who_joins_a_unit_gets_its_courses(units):
    assign(CourseFactory(), unit=units.system)
    person = PersonFactory(name="New Joiner", unit=units.circulation)
    assert enrolled() == [("New Joiner", LATER)]
    person.unit = units.south
    person.save()
    assert Enrolment.objects.count() == 1


def test_completed_course_is_not_reopened(alice, units):
    course = CourseFactory()
    assign(course, LATER, unit=units.north)
    finished = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)
    Enrolment.objects.update(completed_at=finished)
    assign(course, SOON, person=alice)
    assert Enrolment.objects.values_list("completed_at", "due_on").get() == (finished, LATER)


def test_states_of_an_enrolment(alice):
    now = timezone.now()
    enrolment = Enrolment(overdue_at=now)
    assert enrolment.state(now - DAY) == "not started"
    assert enrolment.state(now) == "overdue"
    enrolment.started_at = now
    assert enrolment.state(now - DAY) == "in progress"
    enrolment.is_open = False
    assert enrolment.state(now) == "not open yet"
    enrolment.closed_at = now
    assert enrolment.state(now) == "closed"
    enrolment.completed_at = now
    assert enrolment.state(now) == "completed"


def test_date_that_was_put_off_is_put_off_for_all(alice, bob, units):
    assign(CourseFactory(), SOON, unit=units.north)
    assignment = Assignment.objects.get()
    assignment.due_on = LATER
    assignment.save()
    assigning.enrol(assignment)
    assert enrolled() == [("Alice Learner", LATER), ("Bob Supervisor", LATER)]


# Leaving, and coming back.


def test_withdrawing_closes_and_keeps_what_was_done(alice, bob, units):
    course = a_short_course()
    assign(course, unit=units.north)
    take(alice, course)
    assigning.withdraw(Assignment.objects.get())
    found = Enrolment.objects.order_by("person__name").values_list("person__name", "closed_because")
    said = [(name, str(because)) for name, because in found]
    assert said == [("Alice Learner", ""), ("Bob Supervisor", "The assignment was withdrawn on 2 March 2026.")]
    assert enrolled() == [("Alice Learner", LATER)]


def test_withdrawing_one_of_two_leaves_the_other(alice, units):
    course = CourseFactory()
    assign(course, SOON, unit=units.north)
    first = Assignment.objects.get()
    assign(course, LATER, person=alice)
    assigning.withdraw(first)
    assert enrolled() == [("Alice Learner", LATER)]


def test_who_moves_on_is_not_chased_and_finds_it_again_on_coming_back(clock, alice, dave, units):
    assign(CourseFactory(), unit=units.north)
    progressing_at = timezone.now()
    Enrolment.objects.update(started_at=progressing_at)
    on(clock, 2026, 5, 3)
    for unit, reason in ((units.south, "Left North Branch on 3 May 2026."), (units.circulation, "")):
        alice.unit = unit
        alice.save()
        row = Enrolment.objects.get()
        assert (str(row.closed_because), row.started_at) == (reason, progressing_at)
    assert rounds(alice) == [(1, "2027-03-01", "in progress")]


def test_who_leaves_the_library_is_not_chased(clock, alice, units):
    assign(CourseFactory(), unit=units.north)
    on(clock, 2026, 5, 3)
    alice.is_active = False
    alice.save(update_fields=["is_active"])
    assert str(Enrolment.objects.get().closed_because) == "Left the library on 3 May 2026."
    assert not Enrolment.objects.current().exists()


def test_unit_that_moves_takes_its_people_along(alice, dave, units):
    assign(CourseFactory(), unit=units.south)
    units.circulation.parent = units.south
    units.circulation.save()
    assert [name for name, _ in enrolled()] == ["Alice Learner", "Dave Stranger"]


def test_what_one_took_up_oneself_is_left_alone(alice, units):
    course = a_short_course()
    progressing.arrive(alice, Activity.objects.get())
    before = Enrolment.objects.values().get()
    assigning.settle_all()
    assert Enrolment.objects.values().get() == before
    assign(course, unit=units.north)
    assigning.withdraw(Assignment.objects.get())
    progressing.arrive(alice, Activity.objects.get())
    mine = Enrolment.objects.current().get()
    assert (mine.assigned_at, mine.due_on, str(mine.closed_because)) == (None, None, "")


# Rounds.


def test_every_january_is_a_round_and_a_record(clock, alice, units):
    course = a_short_course()
    yearly(course, unit=units.circulation)
    assert rounds(alice) == [(1, "2027-01-31", "not open yet")]
    on(clock, 2026, 11, 12)
    take(alice, course)
    on(clock, 2026, 12, 31)
    assigning.settle_all()
    assert rounds(alice) == [(1, "2027-01-31", "completed")]
    on(clock, 2027, 1, 1, 6)
    assigning.settle_all()
    why = "Due 31 January 2027: Circulation staff renew each January; 12 November 2026 counted for 2026."
    assert str(Enrolment.objects.current().get().why) == why
    on(clock, 2027, 2, 1)
    assert rounds(alice) == [(1, "2027-01-31", "completed"), (2, "2027-01-31", "overdue")]
    take(alice, course)
    assert rounds(alice) == [(1, "2027-01-31", "completed"), (2, "2027-01-31", "completed")]
    assert TrainingRecord.objects.filter(person=alice).count() == 2


def test_rolling_round_opens_six_weeks_before_it_is_due(clock, alice):
    course = a_short_course()
    take(alice, course)
    assigning.enrol(Assignment.objects.create(course=course, person=alice, repeats="rolling", every_months=12))
    for day, number in ((18, 1), (19, 2)):
        on(clock, 2027, 1, day)
        assigning.settle_all()
        assert len(rounds(alice)) == number
    assert rounds(alice)[1] == (2, "2027-03-02", "not started")


def test_at_most_one_round_is_the_newest(clock, alice):
    course = a_short_course()
    yearly(course, person=alice)
    for year in (2027, 2028, 2029):
        on(clock, year, 1, 5)
        assigning.settle_all()
        take(alice, course)
    assert list(Enrolment.objects.values_list("round", "superseded")) == [(1, True), (2, True), (3, False)]


def test_overdue_is_after_the_grace(clock, alice):
    assign(CourseFactory(), SOON, person=alice, grace_days=7)
    for day, late in ((11, False), (17, False), (18, True)):
        on(clock, 2027, 1, day)
        assert Enrolment.objects.overdue(timezone.now()).exists() == late


def test_recommended_is_never_overdue(clock, alice):
    assign(CourseFactory(), SOON, person=alice, mandatory=False)
    on(clock, 2028, 1, 1)
    assert rounds(alice) == [(1, "2027-01-10", "not started")]


def test_course_that_waits_for_another_is_open_once_that_is_completed(clock, alice):
    first, second = a_short_course(title="Welcome"), a_short_course()
    given = Assignment.objects.create(course=second, person=alice, due="assignment", due_days=30)
    given.after.add(first)
    assigning.enrol(given)
    waiting = Enrolment.objects.waiting().get()
    assert (str(waiting.why), waiting.due_on) == ("Opens once “Welcome” is completed.", None)
    on(clock, 2026, 6, 1)
    take(alice, first)
    found = Enrolment.objects.current().get(course=second)
    assert str(found.why) == "Due 1 July 2026: 30 days after “Welcome” was completed on 1 June 2026."


def absent(person, kind, starts, ends, **more):
    Absence.objects.create(person=person, kind=kind, reason="Told us", starts_on=starts, ends_on=ends, **more)
    assigning.settle(everybody())


def test_exempt_person_is_not_asked_and_asked_again_afterwards(clock, alice, bob):
    course = CourseFactory()
    for person in (alice, bob):
        assign(course, SOON, person=person)
    absent(alice, "exemption", SOON - 5 * DAY, SOON + 50 * DAY)
    on(clock, 2027, 1, 8)
    assigning.settle_all()
    assert rounds(alice) == [(1, "2027-03-31", "not open yet")]
    assert enrolled() == [("Bob Supervisor", SOON)]
    on(clock, 2027, 3, 2)
    assigning.settle_all()
    assert rounds(alice) == [(1, "2027-03-31", "not started")]


@pytest.mark.parametrize("kind", ["exemption", "leave"])
@pytest.mark.parametrize("ends_on", ["9999-12-31", "2101-01-01"])
def test_absence_without_an_end_is_not_one_until_the_end_of_days(as_, erin, alice, kind, ends_on):
    assign(a_short_course(), SOON, person=alice)
    said = {"person": alice.pk, "kind": kind, "reason": "-", "starts_on": "2026-03-01", "confirmed": "1"}
    shown = as_(erin).post("/admin/courses/absence/add/", said | {"ends_on": ends_on}).content.decode()
    assert ("Take a day from 1900 to 2100." in shown, Absence.objects.count()) == (True, 0)
    as_(erin).post("/admin/courses/absence/add/", said | {"ends_on": "2100-12-31"})
    assert Absence.objects.count() == 1


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_date_from_which_no_rule_can_count_is_refused(as_, erin, alice, day):
    said = {"course": a_short_course().pk, "person": alice.pk, "due": "date", "due_on": day, "repeats": "no"}
    shown = as_(erin).post("/admin/courses/assignment/add/", said | {"grace_days": "0", "confirmed": "1"})
    assert "Take a day from 1900 to 2100." in shown.content.decode()
    assert Assignment.objects.count() == 0


def test_leave_of_one_course_is_of_that_course(alice):
    first, second = CourseFactory(), CourseFactory()
    for course in (first, second):
        assign(course, SOON, person=alice)
    absent(alice, "leave", SOON - 9 * DAY, SOON, course=second)
    assert [due for _, due in enrolled()] == [SOON, SOON + 10 * DAY]


# A new edition that asks again.


def test_new_edition_asks_again_those_who_completed_an_older_one(clock, alice, bob, dave):
    course = a_short_course()
    for person in (alice, dave):
        take(person, course)
    ActivityFactory(module=course.modules.get(), required=False)
    publish(course, by=None)
    course.refresh_from_db()
    people = Person.objects.filter(unit__path__startswith=alice.unit.path)
    asked = [assigning.ask_again(course, people, because="edition 2 has new rules", due_on=SOON) for _ in range(2)]
    assert asked == [1, 0]
    on(clock, 2026, 3, 3)
    assigning.settle_all()
    assert rounds(alice) == [(1, None, "completed"), (2, "2027-01-10", "not started")]
    assert str(Enrolment.objects.get(person=alice, round=2).why) == "Due 10 January 2027: edition 2 has new rules."
    take(alice, course)
    assert (len(rounds(alice)), len(rounds(dave)), rounds(bob)) == (2, 1, [])
    assert assigning.ask_again(course, people, because="edition 2 has new rules") == 0


def test_round_that_was_asked_again_and_taken_up_by_oneself_meanwhile_settles(alice):
    """Who left and came back may begin before the roster that says so is settled."""
    course = a_short_course()
    take(alice, course)
    ActivityFactory(module=course.modules.get(), required=False)
    publish(course, by=None)
    course.refresh_from_db()
    assigning.ask_again(course, everybody(), because="edition 2 has new rules")
    alice.is_active = False
    alice.save()
    Person.objects.filter(pk=alice.pk).update(is_active=True)
    progressing.arrive(alice, course.modules.get().activities.first())
    assign(course, SOON, unit=alice.unit)
    assigning.settle_all()
    assert rounds(alice)[0] == (1, None, "completed")


# Where the day ends.


@pytest.mark.parametrize(
    ("zone", "day", "end"),
    [
        ("America/New_York", "2027-03-13", "2027-03-14T05:00"),
        ("America/New_York", "2027-03-14", "2027-03-15T04:00"),
        ("America/New_York", "2027-11-07", "2027-11-08T05:00"),
        ("Europe/Berlin", "2027-03-28", "2027-03-28T22:00"),
        ("Europe/Berlin", "2027-10-31", "2027-10-31T23:00"),
        ("Pacific/Kiritimati", "2027-03-14", "2027-03-14T10:00"),
        ("America/Santiago", "2027-09-04", "2027-09-05T04:00"),
    ],
)
def test_day_ends_where_the_unit_is(alice, units, zone, day, end):
    """The unit is asked for its time zone, or the nearest above it that has one."""
    units.north.time_zone = zone
    units.north.save()
    assign(CourseFactory(), datetime.date.fromisoformat(day), person=alice)
    assert Enrolment.objects.get().due_at == datetime.datetime.fromisoformat(f"{end}+00:00")


def test_changed_time_zone_moves_the_end_of_the_day(alice, units):
    assign(CourseFactory(), SOON, unit=units.system)
    ends = [Enrolment.objects.get().due_at]
    units.circulation.time_zone = "Pacific/Kiritimati"
    units.circulation.save()
    ends.append(Enrolment.objects.get().due_at)
    assert ends[0] - ends[1] == datetime.timedelta(hours=19)


def test_today_is_where_the_unit_is(clock, alice, dave, units):
    units.south.time_zone = "Pacific/Kiritimati"
    units.south.save()
    yearly(CourseFactory(), unit=units.system)
    on(clock, 2026, 12, 31, 12)
    assigning.settle_all()
    assert enrolled() == [("Dave Stranger", datetime.date(2027, 1, 31))]
    on(clock, 2027, 1, 1, 12)
    assigning.settle_all()
    assert len(enrolled()) == 2


# Settling.


def a_busy_library(chance, people):
    first, second = a_short_course(slug="one"), a_short_course(slug="two")
    unit = Unit.objects.get(name="City Library")
    rules = [
        {"course": first, "unit": unit, "repeats": "window", "window_from": 1, "window_to": 2},
        {"course": first, "person": people[2], "due": "hire", "due_days": 30},
        {"course": first, "person": people[0], "repeats": "rolling", "every_months": 6, "grace_days": 5},
        {"course": second, "unit": unit, "due": "assignment", "due_days": 60},
        {"course": second, "unit": people[1].unit, "repeats": "rolling", "every_months": 9, "mandatory": False},
    ]  # fmt: skip
    for rule in rules:
        assigning.enrol(Assignment.objects.create(**rule))
    Assignment.objects.get(due="assignment").after.add(first)
    for person in people:
        start = datetime.date(2028, chance.randint(1, 3), 1)
        kind = chance.choice(["leave", "exemption"])
        Absence.objects.create(person=person, kind=kind, reason="…", starts_on=start, ends_on=start + 40 * DAY)
    return first, second


def everything():
    fields = (
        "person",
        "course",
        "round",
        "superseded",
        "due_on",
        "overdue_at",
        "is_open",
        "why",
        "completed_at",
        "closed_at",
    )
    return sorted(map(repr, Enrolment.objects.values_list(*fields)))


def lived_through(clock, doings, people, *, every):
    """What is stored after 150 days with a leap day among them; taken back afterwards."""
    start, chance = timezone.now(), random.Random(every)
    with transaction.atomic():
        for day in range(150):
            clock.move_to(start + day * DAY)
            if day in doings:
                assigning.settle_all()
                take(*doings[day])
            if day % every == 0:
                for person in chance.sample(people, len(people)):
                    assigning.settle(Person.objects.filter(pk=person.pk))
        assigning.settle_all()
        found = everything()
        assert assigning.settle_all() == 0
        assert everything() == found
        transaction.set_rollback(True)
    clock.move_to(start)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_settling_daily_or_seldom_and_in_any_order_comes_to_the_same(clock, alice, bob, dave, units, seed):
    chance, people = random.Random(seed), [alice, bob, dave]
    on(clock, 2027, 12, 1)
    courses = a_busy_library(chance, people)
    doings = {chance.randrange(150): (chance.choice(people), chance.choice(courses)) for _ in range(6)}
    daily, seldom = (lived_through(clock, doings, people, every=every) for every in (1, 45))
    assert daily == seldom
    assert len(daily) > 6


def test_settling_takes_as_many_queries_for_many_as_for_one(alice, units, django_assert_num_queries):
    course = CourseFactory()
    assign(course, unit=units.north)
    for _ in range(2):
        Enrolment.objects.all().delete()
        with django_assert_num_queries(11):
            assigning.settle(everybody(), courses=[course.pk])
        PersonFactory.create_batch(9, unit=units.circulation)
    assert Enrolment.objects.count() == 19


def test_settling_goes_on_after_a_batch(alice, units, monkeypatch):
    monkeypatch.setattr(assigning, "BATCH", 2)
    PersonFactory.create_batch(4, unit=units.circulation)
    assign(CourseFactory(), unit=units.north)
    assert Enrolment.objects.count() == 5


def test_command_settles(clock, alice, capsys):
    yearly(CourseFactory(), person=alice)
    on(clock, 2027, 1, 1)
    call_command("daily")
    call_command("daily")
    assert capsys.readouterr().out.splitlines() == [
        "Rounds settled: 1. Reminders sent: 0. Digests: 0. Questions: 0.",
        "Rounds settled: 0. Reminders sent: 0. Digests: 0. Questions: 0.",
    ]
    assert enrolled() == [("Alice Learner", datetime.date(2027, 1, 31))]
    assert Enrolment.objects.get().due_at.astimezone(ZoneInfo("America/New_York")).hour == 0


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        ({"repeats": "rolling", "every_months": 12}, datetime.date(2028, 7, 3)),
        ({"repeats": "window", "window_from": 1, "window_to": 1}, datetime.date(2029, 1, 31)),
    ],
)
def test_rule_that_comes_when_the_day_has_passed_makes_nobody_overdue(alice, clock, rule, due):
    """Assigned and completed once in 2026; two years later it is asked again and again."""
    course = a_short_course()
    assign(course, person=alice)
    take(alice, course)
    on(clock, 2028, 6, 3)
    assigning.enrol(Assignment.objects.create(course=course, person=alice, **rule))
    on(clock, 2028, 6, 20)
    assigning.settle_all()
    newest = Enrolment.objects.newest().get()
    assert (Enrolment.objects.overdue(timezone.now()).count(), newest.due_on if newest.round == 2 else due) == (0, due)


def leaves(person):
    person.is_active = False
    person.save()


def comes_back(person):
    person.is_active = True
    person.save()


def comes_back_by_roster(person):
    import_roster(f"email\n{person.email}\n".encode(), Options(), today=timezone.localdate())


@pytest.mark.parametrize("back", [comes_back, comes_back_by_roster])
def test_who_was_away_when_a_round_opened_has_time_from_their_return(alice, clock, back):
    """Completed in March 2026, due half a year later, gone from May to the next January."""
    course = a_short_course()
    assign(course, None, person=alice, repeats="rolling", every_months=6)
    take(alice, course)
    on(clock, 2026, 5, 1)
    leaves(alice)
    on(clock, 2027, 1, 10)
    back(Person.objects.get())
    for day in (11, 20):
        on(clock, 2027, 1, day)
        assigning.settle_all()
        newest = Enrolment.objects.newest().get()
        assert (newest.round, newest.due_on) == (2, datetime.date(2027, 2, 9))
