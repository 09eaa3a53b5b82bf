"""Who has to take what by when: assignments become enrolments, for those who are here and those who join."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from courses.models import Assignment, Enrolment


@transaction.atomic
def enrol(assignment: Assignment) -> int:
    """Enrol everyone whom the assignment reaches; returns how many people it reaches.

    Where several assignments give one person a course, the earliest date holds.
    """
    people = reached(assignment)
    existing = {
        found.person_id: found for found in Enrolment.objects.filter(course=assignment.course, person__in=people)
    }
    new, sooner = [], []
    for person in people:
        enrolment = existing.get(person.pk)
        if enrolment is None:
            new.append(_enrolment(assignment, person))
        elif _brings_forward(assignment, enrolment):
            enrolment.due_on = assignment.due_on or enrolment.due_on
            enrolment.assigned_at = enrolment.assigned_at or assignment.assigned_at
            sooner.append(enrolment)
    Enrolment.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    Enrolment.objects.bulk_update(sooner, ["due_on", "assigned_at"], batch_size=500)
    return len(people)


def reached(assignment: Assignment) -> list[Person]:
    """The people who work here now and are in the assignment's unit or below it, or are its person."""
    people = Person.objects.working()
    if assignment.unit:
        return list(people.filter(unit__path__startswith=assignment.unit.path))
    return list(people.filter(pk=assignment.person_id))


def enrol_joiner(person: Person) -> None:
    """Give a person who is new, or new to a unit, the courses that their units have been given."""
    if not (person.is_active and person.unit):
        return
    ancestors = [int(pk) for pk in person.unit.path.strip("/").split("/")]
    for assignment in Assignment.objects.filter(Q(unit__in=ancestors) | Q(person=person)).select_related("unit"):
        _enrol_one(assignment, person)


def _enrol_one(assignment: Assignment, person: Person) -> None:
    enrolment, new = Enrolment.objects.get_or_create(
        person=person,
        course_id=assignment.course_id,
        defaults={"assigned_at": timezone.now(), "due_on": assignment.due_on},
    )
    if not new and _brings_forward(assignment, enrolment):
        enrolment.due_on = assignment.due_on or enrolment.due_on
        enrolment.assigned_at = enrolment.assigned_at or timezone.now()
        enrolment.save(update_fields=["due_on", "assigned_at"])


def _enrolment(assignment: Assignment, person: Person) -> Enrolment:
    return Enrolment(
        person=person, course_id=assignment.course_id, assigned_at=assignment.assigned_at, due_on=assignment.due_on
    )


def _brings_forward(assignment: Assignment, enrolment: Enrolment) -> bool:
    """Whether the assignment changes an enrolment: it is not done, and was not asked for, or not so soon."""
    if enrolment.completed_at:
        return False
    sooner = assignment.due_on and (enrolment.due_on is None or assignment.due_on < enrolment.due_on)
    return bool(sooner) or enrolment.assigned_at is None
