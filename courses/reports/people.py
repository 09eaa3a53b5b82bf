"""People by courses: who has done the training, who is overdue, who never started."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Unit
from courses.models import Course, Enrolment
from courses.models.enrolment import current
from courses.reports.summaries.counts import Counts
from courses.reports.summaries.reading import Places, Summaries
from courses.reports.summaries.rounds import SOON, due_soon, overdue
from courses.reports.summaries.staff import NO_COURSE
from courses.reports.table import day
from courses.reports.team import Team
from training.lib.database import Unindexed

PAGE = 50
STATES = {
    "completed": _("Completed"),
    "in-progress": _("In progress"),
    "overdue": _("Overdue"),
    "due-soon": _("Due within two weeks"),
    "never-started": _("Never started"),
    "no-course": _("Without a course"),
}
VIEWS = ("matrix", "list")
SORTS = {"": _("Name"), "due": _("Due date")}
NAMED = 5
# Before anything is due. From a comparison SQLite sees that no row without a date is wanted; not from IS NOT NULL.
EVER = datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)
HEADER = (
    _("Person"), _("Job title"), _("Unit"), _("Course"), _("State"), _("Due"), _("Started"), _("Completed"),
)  # fmt: skip
COLUMNS = (
    "pk", "name", "job_title", "unit__name", "rounds__course__slug", "rounds__course__title",
    "rounds__due_on", "rounds__overdue_at", "rounds__started_at", "rounds__completed_at", "rounds__pk",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a supervisor asked for. Whatever is not theirs, or makes no sense, is as if it had not been asked."""

    unit: Unit | None = None
    course: str = ""
    state: str = ""
    name: str = ""
    unit_name: str = ""
    sort: str = ""
    view: str = ""

    @property
    def is_matrix(self) -> bool:
        """Unless they asked for the list, or for what only the list has: an order, or single rounds by their state."""
        return not self.sort and (self.view == "matrix" or not (self.view or self.state))


@dataclass(frozen=True)
class PersonRow:
    """One person in one course; without one where they have none."""

    person: int
    name: str
    job_title: str
    unit: str
    course: str
    course_title: str
    state: str
    due_on: datetime.date | None
    started_on: datetime.date | None
    completed_on: datetime.date | None
    enrolment: int | None

    @property
    def can_be_nudged(self) -> bool:
        return self.enrolment is not None and self.completed_on is None

    @property
    def cells(self) -> tuple[Any, ...]:
        dates = (self.due_on, self.started_on, self.completed_on)
        return (self.name, self.job_title, self.unit, self.course_title, self.state, *dates)


@dataclass(frozen=True)
class Figures:
    """How many people, and how many enrolments in each state. Who never started may be overdue as well."""

    people: int
    completed: int
    in_progress: int
    overdue: int
    due_soon: int
    never_started: int
    no_course: int


def matching(people: QuerySet[Person], wanted: Wanted, now: datetime.datetime) -> QuerySet[Person]:
    """People joined with their current ``rounds``, those of the course and in the state wanted.

    One join, so that it is about one enrolment.
    """
    joined = people.alias(rounds=FilteredRelation("enrolments", condition=current("enrolments__")))
    # Conditions are on these only: one on ``rounds`` itself may be a second join, about another enrolment.
    joined = joined.alias(**plain("rounds__"), due_at=F("rounds__due_at"))
    condition = Q()
    if wanted.course:
        # By id, which the database reads once: it can then walk the people by name and stop after a page of them.
        condition &= Q(of=Course.objects.filter(slug=wanted.course).order_by().values("pk")[:1])
    if wanted.state == "no-course":
        condition &= Q(pk__in=without_course(people).values("pk"))
    elif wanted.state:
        condition &= in_state(wanted, now)
    return joined.filter(condition)


def without_course(people: QuerySet[Person]) -> QuerySet[Person]:
    """Found first, in one go: they are few, and to look for them by name is slow."""
    return people.filter(~Exists(Enrolment.objects.current().filter(person=OuterRef("pk")))).order_by()


def in_state(wanted: Wanted, now: datetime.datetime) -> Q:
    """Of rounds, or of people joined with them, with what ``plain`` makes of their moments."""
    if wanted.state == "completed":
        return Q(done__isnull=False)
    unfinished = Q(taken__isnull=False, done__isnull=True)
    if wanted.state == "overdue":
        return unfinished & Q(late__lte=now)
    if wanted.state == "due-soon":
        due = "due_at" if wanted.sort else "due"
        return unfinished & Q(**{f"{due}__gt": now, f"{due}__lte": now + SOON})
    return unfinished & Q(begun__isnull=wanted.state == "never-started")


def rows(people: QuerySet[Person], wanted: Wanted) -> "QuerySet[Person, tuple[Any, ...]]":
    """The rows, as tuples to be read with ``read``: one query when it is run."""
    order = (F("rounds__due_at").asc(nulls_last=True),) if wanted.sort == "due" else ()
    return _ordered(matching(people, wanted, timezone.now()), *order)


def part(team: Team, wanted: Wanted, first: int, last: int) -> list[PersonRow]:
    """The rows from ``first`` up to ``last``, for a screen: one query.

    Of many people by due date those with one come first, in a query that the database can walk by an index; where they
    end, two more queries go on with the others.
    """
    if not (team.is_many and wanted.sort):
        return list(read(rows(team.people, wanted)[first:last]))
    found = matching(team.people, wanted, timezone.now())
    dated = _ordered(found.filter(Q(due_at__gt=EVER)), "due_at")
    shown = list(read(dated[first:last]))
    if len(shown) < last - first:
        before = first + len(shown) if shown or not first else dated.count()
        others = _ordered(found.filter(Q(due__isnull=True)))
        shown += read(others[max(0, first - before) : last - before])
    return shown


def _ordered(found: QuerySet[Person], *order: Any) -> "QuerySet[Person, tuple[Any, ...]]":
    order = (*order, "name", "pk", "rounds__course__title", "rounds__pk")
    return found.order_by(*order).values_list(*COLUMNS)


def read(found: "QuerySet[Person, tuple[Any, ...]]") -> Iterator[PersonRow]:
    now = timezone.now()
    for person, name, job_title, unit, course, title, due_on, late, started, completed, pk in found.iterator(2000):
        enrolment = Enrolment(overdue_at=late, started_at=started, completed_at=completed)
        state = enrolment.state(now) if course else "no course"
        yield PersonRow(
            person, name, job_title, unit or "", course or "", title or "", state, due_on, day(started), day(completed),
            pk,
        )  # fmt: skip


def figures(
    found: Summaries, courses: Iterable[int], places: Places, now: datetime.datetime, *, of_one: bool
) -> Figures:
    """Of the people in these places the counts of these courses (ids), whatever the state.

    ``of_one``: of the people who take the course, not of everybody.
    """
    rounds = [found.total("rounds", course, places) for course in courses]
    everybody = Counts() if of_one else found.total("staff", 0, places)
    return Figures(
        people=sum(counts.total("enrolled") for counts in rounds) if of_one else everybody.total("people"),
        completed=sum(counts.total("completed") for counts in rounds),
        in_progress=sum(counts.total("begun") for counts in rounds),
        overdue=sum(overdue(counts, now) for counts in rounds),
        due_soon=sum(due_soon(counts, now) for counts in rounds),
        never_started=sum(counts.total("never_started") for counts in rounds),
        no_course=everybody.total(NO_COURSE),
    )


def longest_overdue(people: QuerySet[Person], wanted: Wanted) -> list[PersonRow]:
    """The first few of the rounds that are overdue, whatever the state wanted: one query."""
    found = matching(people, replace(wanted, state="overdue", sort="due"), timezone.now())
    return list(read(_ordered(found.filter(Q(due_at__gt=EVER)), "due_at")[:NAMED]))


def plain(prefix: str = "") -> dict[str, Unindexed]:
    """What conditions look at, for queries that do not begin with all such rounds of the library."""
    columns = {"late": "overdue_at", "done": "completed_at", "due": "due_at", "begun": "started_at", "of": "course_id"}
    columns |= {"taken": "pk"}
    return {name: Unindexed(f"{prefix}{column}") for name, column in columns.items()}


@dataclass(frozen=True)
class CourseLine:
    slug: str
    title: str
    enrolled: int
    completed: int
    overdue: int
    never_started: int


def courses_in_short(
    found: Summaries, courses: Iterable[Course], places: Places, now: datetime.datetime
) -> list[CourseLine]:
    """Of these courses each that any of the people take, with how far they are in it."""
    counted = ((course, found.total("rounds", course.pk, places)) for course in courses)
    return [
        CourseLine(
            course.slug, course.title, counts.total("enrolled"), counts.total("completed"), overdue(counts, now),
            counts.total("never_started"),
        )
        for course, counts in counted
        if counts.total("enrolled")
    ]  # fmt: skip
