"""Small charts as numbers and geometry: the template draws the SVG, and a table beside it says the same."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

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


def completions(months: Sequence[tuple[datetime.datetime, int]]) -> Chart:
    """How many rounds were completed in each month, by its first moment."""
    return chart([(date_format(start, "M Y"), number) for start, number in months])
