"""People by courses: who has done the training, who is overdue, who never started."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Unit
from courses.models import Course, Enrolment
from courses.models.enrolment import current
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
SOON = datetime.timedelta(weeks=2)
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

    @property
    def scope(self) -> str:
        """What the figures depend on: everything but the state and the order."""
        return f"{self.unit.pk if self.unit else ''} {self.course!r} {self.unit_name!r} {self.name!r}"


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
    for person, name, job_title, unit, course, title, due_on, overdue, started, completed, pk in found.iterator(2000):
        enrolment = Enrolment(overdue_at=overdue, started_at=started, completed_at=completed)
        state = enrolment.state(now) if course else "no course"
        yield PersonRow(
            person, name, job_title, unit or "", course or "", title or "", state, due_on, day(started), day(completed),
            pk,
        )  # fmt: skip


def figures(people: QuerySet[Person], wanted: Wanted) -> Figures:
    """The counts for the course wanted, whatever the state: one query."""
    now = timezone.now()
    found = matching(people, replace(wanted, state=""), now)
    unfinished = Q(rounds__isnull=False, rounds__completed_at__isnull=True)
    counted = found.aggregate(
        people=Count("pk", distinct=True),
        completed=Count("rounds__completed_at"),
        in_progress=Count("rounds__started_at", filter=unfinished),
        overdue=Count("rounds__overdue_at", filter=unfinished & Q(rounds__overdue_at__lte=now)),
        due_soon=Count("rounds__pk", filter=unfinished & Q(rounds__due_at__gt=now, rounds__due_at__lte=now + SOON)),
        never_started=Count("rounds__pk", filter=unfinished & Q(rounds__started_at__isnull=True)),
        no_course=Count("pk", filter=Q(rounds__isnull=True)),
    )
    return Figures(**counted)


def longest_overdue(people: QuerySet[Person], wanted: Wanted) -> list[Enrolment]:
    """The first few of the rounds that are overdue, whatever the state wanted: one query."""
    found = Enrolment.objects.current().filter(person__in=people).alias(**plain())
    found = found.filter(Q(done__isnull=True, late__lte=timezone.now()))
    found = found.filter(course__slug=wanted.course) if wanted.course else found
    return list(found.select_related("person", "course").order_by("due_at", "person__name", "pk")[:NAMED])


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


def courses_in_short(people: QuerySet[Person]) -> list[CourseLine]:
    """Each course that any of these people take, with how far they are in it: one query."""
    unfinished = Q(completed_at__isnull=True)
    overdue = unfinished & Q(overdue_at__lte=timezone.now())
    found = Enrolment.objects.current().filter(person__in=people).values_list("course__slug", "course__title")
    counted = found.annotate(
        enrolled=Count("pk"),
        completed=Count("completed_at"),
        overdue=Count("pk", filter=overdue),
        never_started=Count("pk", filter=unfinished & Q(started_at__isnull=True)),
    )
    return [CourseLine(*row) for row in counted.order_by("course__title")]
