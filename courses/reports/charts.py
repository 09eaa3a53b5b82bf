"""Small charts as numbers and geometry: the template draws the SVG, and a table beside it says the same."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Person
from courses.models import Enrolment

MONTHS = 12
WIDTH, HEIGHT, GAP = 30, 90, 6


@dataclass(frozen=True)
class Bar:
    """One value. ``x``, ``y`` and ``height`` are where it stands, in units of the chart's view box."""

    label: str
    value: int
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + (WIDTH - GAP) // 2


@dataclass(frozen=True)
class Chart:
    bars: tuple[Bar, ...]

    @property
    def width(self) -> int:
        return WIDTH * len(self.bars)

    @property
    def is_empty(self) -> bool:
        return not any(bar.value for bar in self.bars)


def chart(values: Sequence[tuple[str, int]]) -> Chart:
    """Bars side by side, the highest as high as the chart."""
    most = max((value for _, value in values), default=0) or 1
    heights = [round(HEIGHT * value / most) for _, value in values]
    return Chart(
        tuple(
            Bar(label, value, number * WIDTH, HEIGHT - height, height)
            for number, ((label, value), height) in enumerate(zip(values, heights, strict=True))
        )
    )


def completions(people: QuerySet[Person], now: datetime.datetime) -> Chart:
    """How many rounds these people completed in each of the last twelve months, this one too: one query."""
    starts = _months(timezone.localtime(now))
    months = {
        f"m{number}": Count("pk", filter=Q(completed_at__gte=start, completed_at__lt=end))
        for number, (start, end) in enumerate(pairwise(starts))
    }
    counted = Enrolment.objects.filter(person__in=people, completed_at__gte=starts[0]).aggregate(**months)
    return chart([(date_format(start, "M Y"), counted[f"m{number}"]) for number, start in enumerate(starts[:-1])])


def _months(now: datetime.datetime) -> list[datetime.datetime]:
    """The first moments of the last twelve months and of the next one."""
    first = now.year * 12 + now.month - 1
    numbers = range(first - MONTHS + 1, first + 2)
    return [datetime.datetime(number // 12, number % 12 + 1, 1, tzinfo=now.tzinfo) for number in numbers]
