"""One course: by unit, how confidence changed, how the knowledge checks went."""

from dataclasses import dataclass

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from courses.models import Activity, ConfidenceAnswer, Course, Enrolment, Submission, Use

# A mean of fewer people could tell what one of them answered.
FEWEST_FOR_A_MEAN = 5
MOST_UNITS = 50


@dataclass(frozen=True)
class UnitLine:
    unit: str
    enrolled: int
    completed: int
    overdue: int


@dataclass(frozen=True)
class Confidence:
    """The means of one statement before and after, from 1 to 5, over the people who answered both."""

    statement: str
    people: int
    before: float
    after: float

    @property
    def is_shown(self) -> bool:
        return self.people >= FEWEST_FOR_A_MEAN

    @property
    def start(self) -> int:
        return _along(self.before)

    @property
    def end(self) -> int:
        return _along(self.after)


def _along(rating: float) -> int:
    """Where a rating stands on a line from 4 to 96."""
    return round(4 + 92 * (rating - 1) / 4)


@dataclass(frozen=True)
class CheckLine:
    """How many people answered a knowledge check, passed it, and passed it at their first try."""

    activity: str
    answered: int
    passed: int
    first_time: int


def by_unit(course: Course, people: QuerySet[Person]) -> list[UnitLine]:
    """In the order of the tree; of more than MOST_UNITS those in which most people are overdue. One query."""
    overdue = Q(completed_at__isnull=True, overdue_at__lte=timezone.now())
    found = Enrolment.objects.current().filter(course=course, person__in=people).values_list("person__unit__name")
    counted = found.annotate(n=Count("pk"), done=Count("completed_at"), late=Count("pk", filter=overdue))
    lines = [UnitLine(unit or _("No unit"), *counts) for unit, *counts in counted.order_by("person__unit__path")]
    return lines if len(lines) <= MOST_UNITS else sorted(lines, key=lambda line: -line.overdue)[:MOST_UNITS]


def confidence(course: Course, people: QuerySet[Person]) -> list[Confidence]:
    """One query."""
    after = ConfidenceAnswer.objects.filter(
        enrolment=OuterRef("enrolment"), statement=OuterRef("statement"), moment=Activity.Moment.AFTER
    )
    both = ConfidenceAnswer.objects.filter(
        enrolment__course=course, enrolment__person__in=people, moment=Activity.Moment.BEFORE
    ).annotate(later=Subquery(after.values("rating")[:1]))
    found = both.filter(later__isnull=False).values_list("statement__text")
    means = found.annotate(people=Count("pk"), before=Avg("rating"), after=Avg("later"))
    return [Confidence(*row) for row in means.order_by("statement__position", "statement__pk")]


def checks(course: Course, people: QuerySet[Person]) -> list[CheckLine]:
    """One query."""
    earlier = Submission.objects.filter(
        enrolment=OuterRef("enrolment"), activity=OuterRef("activity"), pk__lt=OuterRef("pk")
    )
    found = Submission.objects.filter(enrolment__course=course, enrolment__person__in=people)
    found = found.annotate(is_first=~Exists(earlier)).values_list("activity__title")
    counted = found.annotate(
        answered=Count("enrolment", distinct=True),
        passes=Count("enrolment", distinct=True, filter=Q(passed=True)),
        first_time=Count("pk", filter=Q(passed=True, is_first=True)),
    )
    return [CheckLine(*row) for row in counted.order_by("activity__title")]


def uses(course: Course, people: QuerySet[Person]) -> list[tuple[str, int]]:
    """How many of these people answered what, some weeks later; nothing of fewer than a group. One query."""
    found = Use.objects.of_course(course.slug).filter(person__in=people).values_list("answer")
    counted = dict(found.annotate(n=Count("pk")).order_by())
    if sum(counted.values()) < FEWEST_FOR_A_MEAN:
        return []
    return [(str(answer.label), counted.get(answer.value, 0)) for answer in Use.Answer]


def scenarios_of(course: Course) -> list[tuple[str, str]]:
    """The slugs and titles of the scenarios that it plays, in its order: one query."""
    found = Activity.objects.filter(module__course=course, scenario__isnull=False)
    return list(
        dict.fromkeys(found.order_by("module__position", "position").values_list("scenario__slug", "scenario__title"))
    )
