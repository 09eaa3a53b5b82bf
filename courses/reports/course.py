"""One course: by unit, how confidence changed, how the knowledge checks went."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from courses.models import Activity, ConfidenceAnswer, Course, Enrolment, Submission, Use
from courses.reports.grouping import FEWEST, paths_within
from courses.reports.profiles import owner, path

MOST_UNITS = 50


@dataclass(frozen=True)
class UnitLine:
    unit: str
    enrolled: int
    completed: int
    overdue: int


@dataclass(frozen=True)
class Confidence:
    """The means of one statement before and after, from 1 to 5, over the people who answered both and can be shown."""

    statement: str
    people: int
    before: float
    after: float

    @property
    def is_shown(self) -> bool:
        return self.people >= FEWEST

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


def confidence(course: Course, people: QuerySet[Person], units: Sequence[str]) -> list[Confidence]:
    """Of these people, all in these units (paths) and below: in whole groups, and each counts once. One query."""
    both = _both(course)
    later = both.filter(
        enrolment__person=OuterRef("enrolment__person"),
        statement=OuterRef("statement"),
        enrolment__round__gt=OuterRef("enrolment__round"),
    )
    here = both.filter(~Exists(later), enrolment__person__in=people).annotate(unit_path=path("enrolment__person"))
    found = here.values_list("statement", "statement__text", "unit_path")
    sums = found.annotate(people=Count("pk"), before=Sum("rating"), after=Sum("later"))
    by_statement: dict[tuple[int, str], dict[str, tuple[int, int, int]]] = defaultdict(dict)
    for statement, text, at, *counts in sums.order_by("statement__position", "statement__pk"):
        by_statement[statement, text][at] = tuple(counts)
    return [_means(text, by_unit, units) for (_, text), by_unit in by_statement.items()]


def _both(course: Course) -> QuerySet[ConfidenceAnswer]:
    """The ratings before the course, each with the one after it as ``later``, where there is one."""
    after = ConfidenceAnswer.objects.filter(
        enrolment=OuterRef("enrolment"), statement=OuterRef("statement"), moment=Activity.Moment.AFTER
    )
    before = ConfidenceAnswer.objects.filter(enrolment__course=course, moment=Activity.Moment.BEFORE)
    return before.annotate(later=Subquery(after.values("rating")[:1])).filter(later__isnull=False)


def _means(statement: str, by_unit: Mapping[str, tuple[int, int, int]], units: Sequence[str]) -> Confidence:
    shown = paths_within({at: people for at, (people, _, _) in by_unit.items()}, units)
    people, before, after = (sum(by_unit[at][which] for at in shown) for which in range(3))
    return Confidence(statement, people, before / max(1, people), after / max(1, people))


def checks(course: Course, people: QuerySet[Person]) -> list[CheckLine]:
    """These people in all their profiles and rounds. One query."""
    theirs = Submission.objects.filter(
        enrolment__course=course, enrolment__person__in=Person.objects.in_profiles(people)
    )
    found = theirs.annotate(owner=owner("enrolment__person"))
    first = found.order_by().values("owner", "activity").annotate(first=Min("pk")).values("first")
    counted = found.values_list("activity__title").annotate(
        answered=Count("owner", distinct=True),
        passes=Count("owner", distinct=True, filter=Q(passed=True)),
        first_time=Count("pk", filter=Q(passed=True, pk__in=first)),
    )
    return [CheckLine(*row) for row in counted.order_by("activity__title")]


def uses(course: Course, people: QuerySet[Person], units: Sequence[str]) -> list[tuple[str, int]]:
    """How many of these people, all in these units (paths) and below, answered what, some weeks
    later: each once, by their newest answer, and in whole groups. One query."""
    answers, kept = Use.objects.of_course(course.slug), OuterRef("person__merged_into")
    newer = answers.filter(pk__gt=OuterRef("pk"))
    found = answers.filter(
        ~Exists(newer.filter(person=OuterRef("person"))),
        ~Exists(answers.filter(person=kept)),
        ~Exists(newer.filter(person__merged_into=kept)),
        person__in=Person.objects.in_profiles(people),
    ).annotate(unit_path=path())
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    rows = found.values_list("unit_path", "answer").annotate(n=Count("pk"))
    for at, answer, number in rows.order_by():
        counts[at][answer] = number
    shown = paths_within({at: sum(of_unit.values()) for at, of_unit in counts.items()}, units)
    if not shown:
        return []
    return [(str(answer.label), sum(counts[at][answer.value] for at in shown)) for answer in Use.Answer]


def scenarios_of(course: Course) -> list[tuple[str, str]]:
    """The slugs and titles of the scenarios that it plays, in its order: one query."""
    found = Activity.objects.filter(module__course=course, scenario__isnull=False)
    return list(
        dict.fromkeys(found.order_by("module__position", "position").values_list("scenario__slug", "scenario__title"))
    )
