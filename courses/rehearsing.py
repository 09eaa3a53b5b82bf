"""What a change of the rules would do, before it is made: who gains, loses or moves a due date."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Person
from courses.assigning import batches
from courses.models import Course
from courses.outlook import Courses, Rulebook, prospects

SHOWN = 50
NOT_ASKED = datetime.date.min
# What is asked of whom in which course: its due day, if it has one.
Standing = dict[tuple[int, int], datetime.date | None]


@dataclass(frozen=True)
class Line:
    """``before`` and ``after`` are None where it is not asked, and empty where it has no date."""

    person: Person
    course: Course
    before: datetime.date | str | None
    after: datetime.date | str | None


@dataclass(frozen=True)
class Difference:
    """How many due dates come, go and move; ``lines`` are the first of them."""

    gains: int
    loses: int
    moves: int
    lines: list[Line]

    @property
    def total(self) -> int:
        return self.gains + self.loses + self.moves


def standing(people: QuerySet[Person], courses: Courses, book: Rulebook) -> Standing:
    """What the rules ask of these people, now or next: by the code that settling writes from."""
    now = timezone.now()
    return {
        (found.person.pk, found.course): found.asked.due_on
        for batch in batches(people)
        for found in prospects(batch, book, now, courses)
        if found.asked
    }


def compare(before: Standing, after: Standing) -> Difference:
    """Two queries."""
    changed = [key for key in {**before, **after} if before.get(key, NOT_ASKED) != after.get(key, NOT_ASKED)]
    kinds = Counter("gains" if key not in before else "loses" if key not in after else "moves" for key in changed)
    shown = changed[:SHOWN]
    people = Person.objects.select_related("unit").in_bulk([person for person, _ in shown])
    courses = Course.objects.in_bulk([course for _, course in shown])
    lines = [Line(people[key[0]], courses[key[1]], _words(before, key), _words(after, key)) for key in shown]
    lines.sort(key=lambda line: (line.person.name, line.course.title))
    return Difference(kinds["gains"], kinds["loses"], kinds["moves"], lines)


def _words(found: Standing, key: tuple[int, int]) -> datetime.date | str | None:
    return (found[key] or "") if key in found else None
