"""Rows that a screen shows and a download holds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.utils import timezone


class Row(Protocol):
    @property
    def cells(self) -> Sequence[Any]: ...


@dataclass(frozen=True)
class Page:
    """A part of a report's rows: page ``number`` (from 1), and whether there is more after it."""

    rows: list[Any]
    number: int
    has_next: bool

    @classmethod
    def of(cls, found: "list[Any]", number: int, size: int) -> "Page":
        """Of what was found from its first row on: one row more than the page holds says that there is more."""
        return cls(found[:size], number, len(found) > size)

    @property
    def next(self) -> int:
        return self.number + 1

    @property
    def previous(self) -> int:
        return self.number - 1


def day(moment: datetime | None) -> date | None:
    """The day here of a moment."""
    return timezone.localtime(moment).date() if moment else None


def cells(rows: Iterable[Row]) -> Iterator[list[Any]]:
    """The rows for a download: an empty cell for what there is not."""
    for row in rows:
        yield ["" if cell is None else cell for cell in row.cells]
