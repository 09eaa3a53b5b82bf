"""Who has to take what by when: assignments become enrolments, for those who are here and those who join."""

import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import Person
from courses.models import Assignment, Enrolment


@transaction.atomic
def enrol(assignment: Assignment) -> int:
    """Enrol everyone whom the assignment reaches, and set their dates; returns how many people it reaches.

    Where several assignments give one person a course, the earliest date holds. Also for an assignment that changed.
    """
    people = reached(assignment)
    _settle(assignment.course_id, people)
    return len(people)


@transaction.atomic
def withdraw(assignment: Assignment) -> None:
    """Take the assignment back. Who has begun keeps what they did; who has not, and was asked by no other, is free."""
    people, course = reached(assignment), assignment.course_id
    assignment.delete()
    asked = _asked(course, people)
    unasked = [person.pk for person in people if person.pk not in asked]
    mine = Enrolment.objects.filter(course=course, person__in=unasked, completed_at__isnull=True)
    mine.filter(started_at__isnull=True).delete()
    mine.update(due_on=None, assigned_at=None)
    _settle(course, [person for person in people if person.pk in asked])


def reached(assignment: Assignment) -> list[Person]:
    """The people who work here now and are in the assignment's unit or below it, or are its person."""
    people = Person.objects.working().select_related("unit")
    if assignment.unit:
        return list(people.filter(unit__path__startswith=assignment.unit.path))
    return list(people.filter(pk=assignment.person_id))


def enrol_joiner(person: Person) -> None:
    """Give a person who is new, or new to a unit, the courses that their units have been given."""
    if not (person.is_active and person.unit):
        return
    ancestors = [int(pk) for pk in person.unit.path.strip("/").split("/")]
    courses = Assignment.objects.filter(Q(unit__in=ancestors) | Q(person=person)).values_list("course", flat=True)
    for course in set(courses):
        _settle(course, [person])


def _settle(course: int, people: list[Person]) -> None:
    """Make the enrolments of these people what the assignments of the course say; completed ones stay as they are."""
    asked = _asked(course, people)
    existing = {found.person_id: found for found in Enrolment.objects.filter(course=course, person__in=people)}
    new, changed = [], []
    for person in people:
        due_on, assigned_at = asked[person.pk]
        enrolment = existing.get(person.pk)
        if enrolment is None:
            new.append(Enrolment(person=person, course_id=course, assigned_at=assigned_at, due_on=due_on))
        elif not enrolment.completed_at and (enrolment.due_on != due_on or enrolment.assigned_at is None):
            enrolment.due_on, enrolment.assigned_at = due_on, enrolment.assigned_at or assigned_at
            changed.append(enrolment)
    Enrolment.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    Enrolment.objects.bulk_update(changed, ["due_on", "assigned_at"], batch_size=500)


def _asked(course: int, people: list[Person]) -> dict[int, tuple[datetime.date | None, datetime.datetime]]:
    """The earliest date, and when it was first asked, of each person whom an assignment of the course reaches."""
    assignments = list(Assignment.objects.filter(course=course).select_related("unit"))
    found = {}
    for person in people:
        mine = [given for given in assignments if _reaches(given, person)]
        if mine:
            dates = [given.due_on for given in mine if given.due_on]
            found[person.pk] = (min(dates, default=None), min(given.assigned_at for given in mine))
    return found


def _reaches(assignment: Assignment, person: Person) -> bool:
    if assignment.unit:
        return bool(person.unit and person.unit.path.startswith(assignment.unit.path))
    return assignment.person_id == person.pk
