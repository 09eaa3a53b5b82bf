"""How many people there are, how many of them take no course, and what they completed in each month."""

import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Person
from courses.models import Enrolment
from courses.reports.profiles import own_place
from courses.reports.summaries.counts import Counts
from courses.reports.summaries.whom import Whom

MONTHS = 12
NO_COURSE = "no_course"


def count(whom: Whom, subject: int | None, now: datetime.datetime) -> dict[tuple[int, int], Counts]:
    """Of each place. Two queries."""
    idle = ~Exists(Enrolment.objects.current().filter(person=OuterRef("pk")))
    people = Person.objects.filter(pk__in=whom.working)
    placed = people.order_by().annotate(place=own_place("")).values_list("place")
    counted = placed.annotate(people=Count("pk"), idle=Count("pk", filter=idle))
    found = {(0, place): Counts({"people": people, NO_COURSE: idle}) for place, people, idle in counted}
    starts = months(now)
    spans = {
        f"m{start:%Y_%m}": Count("pk", filter=Q(completed_at__gte=start, completed_at__lt=end))
        for start, end in pairwise(starts)
    }
    done: Any = Enrolment.objects.filter(person__in=whom.working, completed_at__gte=starts[0]).order_by()
    done = done.annotate(place=own_place())
    for row in done.values("place").annotate(**spans):
        numbers = {name[1:]: number for name, number in row.items() if name in spans and number}
        found[0, row["place"]].sums["months"] = numbers
    return found


def months(now: datetime.datetime) -> list[datetime.datetime]:
    """The first moments of the last twelve months and of the next one."""
    here = timezone.localtime(now)
    first = here.year * 12 + here.month - 1
    numbers = range(first - MONTHS + 1, first + 2)
    return [datetime.datetime(number // 12, number % 12 + 1, 1, tzinfo=here.tzinfo) for number in numbers]


def completed(counts: Counts, now: datetime.datetime) -> list[tuple[datetime.datetime, int]]:
    """The first moment of each of the last twelve months, with how many rounds were completed in it."""
    done = counts.by("months")
    return [(start, done.get(f"{start:%Y_%m}", 0)) for start in months(now)[:-1]]
