"""How far people are in a course, and when that changes by itself."""

import datetime
from collections import defaultdict
from typing import Any

from django.db.models import Count, Q

from courses.models import Enrolment
from courses.reports.profiles import own_place
from courses.reports.summaries.counts import Counts, add
from courses.reports.summaries.whom import Whom
from training.lib.database import Unindexed

SOON = datetime.timedelta(weeks=2)
# Of what became overdue before it was counted: so long before, lest a clock that was put back finds it overdue.
PAST, MARGIN = "0", datetime.timedelta(days=1)
UNFINISHED = Q(completed_at__isnull=True)
TOTALS = {
    "enrolled": Count("pk"),
    "completed": Count("completed_at"),
    "begun": Count("started_at", filter=UNFINISHED),
    "never_started": Count("pk", filter=UNFINISHED & Q(started_at__isnull=True)),
}


def count(whom: Whom, course: int | None, now: datetime.datetime) -> dict[tuple[int, int], Counts]:
    """Of each course (one, or all) and place, what holds at any time: two queries."""
    rounds, since = _rounds(whom, course), now - MARGIN
    found = _totals(rounds, overdue=Q(overdue_at__lte=since), soon=Q(pk__in=[]), until=since)
    ahead = rounds.filter(UNFINISHED & (Q(overdue_at__gt=since) | Q(due_at__gt=since)))
    for course_id, place, overdue, due, number in ahead.values_list("course", "place", "overdue_at", "due_at").annotate(
        number=Count("pk")
    ):
        for name, at in (("late", overdue), ("due", due)):
            if at and at > since:
                add(found[course_id, place].sums, {name: {moment(at): number}})
    return found


def count_now(whom: Whom, course: int | None, now: datetime.datetime) -> dict[tuple[int, int], Counts]:
    """The same, for a page that is shown now: one query."""
    soon = Q(due_at__gt=now, due_at__lte=now + SOON)
    return _totals(_rounds(whom, course), overdue=Q(overdue_at__lte=now), soon=soon, until=now + SOON)


def _rounds(whom: Whom, course: int | None) -> Any:
    rounds = Enrolment.objects.current().filter(person__in=whom.working)
    if course:
        # Of people who are named it begins with them, not with all who take the course.
        rounds = (
            rounds.alias(of=Unindexed("course_id")).filter(of=course) if whom.named else rounds.filter(course=course)
        )
    return rounds.annotate(place=own_place()).order_by()


def _totals(rounds: Any, *, overdue: Q, soon: Q, until: datetime.datetime) -> dict[tuple[int, int], Counts]:
    found: dict[tuple[int, int], Counts] = defaultdict(Counts)
    counted = rounds.values_list("course", "place").annotate(
        **TOTALS, overdue=Count("pk", filter=UNFINISHED & overdue), soon=Count("pk", filter=UNFINISHED & soon)
    )
    for course, place, *numbers, late, due in counted:
        sums: dict[str, Any] = dict(zip(TOTALS, numbers, strict=True))
        sums |= {"late": {PAST: late} if late else {}, "due": {moment(until): due} if due else {}}
        found[course, place] = Counts(sums)
    return found


def overdue(counts: Counts, now: datetime.datetime) -> int:
    until = moment(now)
    return sum(number for at, number in counts.by("late").items() if at <= until)


def due_soon(counts: Counts, now: datetime.datetime) -> int:
    start, end = moment(now), moment(now + SOON)
    return sum(number for at, number in counts.by("due").items() if start < at <= end)


def moment(at: datetime.datetime) -> str:
    """In an order that is that of time."""
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
