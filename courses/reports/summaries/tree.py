"""Which units are below which, as whoever looks may see them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from courses.models.summary import NOWHERE


class Placed(Protocol):
    pk: int
    path: str
    parent_id: int | None


@dataclass(frozen=True)
class Tree:
    """``tops`` are the places below which everything is seen; of a whole library that is NOWHERE, which also has the
    people of no unit. ``below`` has the places right below each."""

    tops: tuple[int, ...]
    below: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Iterable[Placed], *, everything: bool) -> "Tree":
        """``units`` in the order of their paths, with all that are below any of them."""
        below: dict[int, list[int]] = defaultdict(list)
        tops, seen = [NOWHERE] if everything else [], set()
        for unit in sorted(units, key=lambda unit: unit.path):
            seen.add(unit.pk)
            if unit.parent_id in seen or everything:
                below[unit.parent_id or NOWHERE].append(unit.pk)
            else:
                tops.append(unit.pk)
        return cls(tuple(tops), dict(below))

    def within(self, place: int) -> Iterator[int]:
        """The place, and all below it, from above downwards."""
        yield place
        for under in self.below.get(place, ()):
            yield from self.within(under)

    @property
    def places(self) -> list[int]:
        return [place for top in self.tops for place in self.within(top)]
