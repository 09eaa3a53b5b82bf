"""Assignments become enrolments, for those who are here and those who join."""

import datetime

import pytest

from courses import assigning
from courses.models import Assignment, Enrolment
from tests.factories import CourseFactory, PersonFactory

pytestmark = pytest.mark.django_db
SOON, LATER = datetime.date(2027, 1, 10), datetime.date(2027, 3, 1)


def assign(course, due_on=LATER, **to):
    return assigning.enrol(Assignment.objects.create(course=course, due_on=due_on, **to))


def enrolled():
    return sorted(Enrolment.objects.values_list("person__name", "due_on"))


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
    course = CourseFactory()
    assign(course, unit=units.system)
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
    day = datetime.date(2027, 1, 10)
    now = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)
    enrolment = Enrolment(due_on=day)
    assert enrolment.state(day) == "not started"
    assert enrolment.state(day + datetime.timedelta(days=1)) == "overdue"
    enrolment.started_at = now
    assert enrolment.state(day) == "in progress"
    enrolment.completed_at = now
    assert enrolment.state(day + datetime.timedelta(days=1)) == "completed"


def test_date_that_was_put_off_is_put_off_for_all(alice, bob, units):
    assignment = Assignment.objects.create(course=CourseFactory(), due_on=SOON, unit=units.north)
    assigning.enrol(assignment)
    assignment.due_on = LATER
    assignment.save()
    assigning.enrol(assignment)
    assert enrolled() == [("Alice Learner", LATER), ("Bob Supervisor", LATER)]


def test_withdrawing_frees_who_has_not_begun_and_keeps_what_was_done(alice, bob, units):
    assignment = Assignment.objects.create(course=CourseFactory(), due_on=SOON, unit=units.north)
    assigning.enrol(assignment)
    Enrolment.objects.filter(person=alice).update(started_at=assignment.assigned_at)
    assigning.withdraw(assignment)
    assert enrolled() == [("Alice Learner", None)]


def test_withdrawing_one_of_two_leaves_the_other(alice, units):
    course = CourseFactory()
    first = Assignment.objects.create(course=course, due_on=SOON, unit=units.north)
    assigning.enrol(first)
    assign(course, LATER, person=alice)
    assigning.withdraw(first)
    assert enrolled() == [("Alice Learner", LATER)]
