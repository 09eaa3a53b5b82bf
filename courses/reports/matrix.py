"""People by courses as a matrix: a row for each person, a column for each course that any of them takes."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Person
from courses.models import Course, Enrolment
from courses.reports.people import PAGE, PersonRow, Wanted, in_state, plain, without_course
from courses.reports.table import Page, day


@dataclass(frozen=True)
class Line:
    """One person; ``cells`` has their current round of each of the courses, and None where they have none."""

    person: Person
    cells: tuple[PersonRow | None, ...]


@dataclass(frozen=True)
class Matrix:
    courses: tuple[Course, ...]
    page: Page


def matrix(people: QuerySet[Person], wanted: Wanted, number: int, now: datetime.datetime) -> Matrix:
    """Page ``number`` of those of these people that were wanted, by name: three queries, whatever there is."""
    first = (number - 1) * PAGE
    found = _wanted(people, wanted, now).select_related("unit").only("name", "job_title", "unit__name")
    listed = list(found.order_by("name", "pk")[first : first + PAGE + 1])
    shown = listed[:PAGE]
    rounds = _rounds(shown, wanted)
    courses = tuple(Course.objects.filter(pk__in={pk for row in rounds.values() for pk in row}).order_by("title", "pk"))
    lines = [Line(person, _cells(person, courses, rounds[person.pk], now)) for person in shown]
    return Matrix(courses, Page(lines, number, len(listed) > PAGE))


def _wanted(people: QuerySet[Person], wanted: Wanted, now: datetime.datetime) -> QuerySet[Person]:
    """By what any of their rounds is: the others stand in the row as well."""
    rounds = Enrolment.objects.current().filter(person=OuterRef("pk")).alias(**plain())
    if wanted.state == "no-course":
        return people.filter(pk__in=without_course(people).values("pk"))
    if wanted.course:
        rounds = rounds.filter(course__slug=wanted.course)
    if wanted.state:
        rounds = rounds.filter(in_state(wanted, now))
    return people.filter(Exists(rounds)) if wanted.course or wanted.state else people


def _rounds(people: Iterable[Person], wanted: Wanted) -> Mapping[int, Mapping[int, Enrolment]]:
    """By person and course; of one course only, where one is wanted."""
    rows = Enrolment.objects.current().filter(person__in=[person.pk for person in people])
    found: dict[int, dict[int, Enrolment]] = defaultdict(dict)
    for row in rows.filter(course__slug=wanted.course) if wanted.course else rows:
        found[row.person_id][row.course_id] = row
    return found


def _cells(
    person: Person, courses: Sequence[Course], rounds: Mapping[int, Enrolment], now: datetime.datetime
) -> tuple[PersonRow | None, ...]:
    return tuple(_cell(person, course, rounds.get(course.pk), now) for course in courses)


def _cell(person: Person, course: Course, row: Enrolment | None, now: datetime.datetime) -> PersonRow | None:
    if row is None:
        return None
    return PersonRow(
        person.pk, person.name, person.job_title, person.unit.name if person.unit else "", course.slug, course.title,
        row.state(now), row.due_on, day(row.started_at), day(row.completed_at), row.pk,
    )  # fmt: skip
