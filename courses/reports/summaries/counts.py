"""Counts that can be added up: nested numbers, and figures of which only groups of people are shown.

A figure of a team's choices is a sum over whole groups, and each figure has groups of its own. Its people are put
together by unit and by the quarter that they belong to, from the leaves of the tree upwards: in each unit those of one
quarter, if they are FEWEST or more; then those whose quarters were too small, together; and who is left goes up to the
unit above. Whoever looks, and whatever they filter by, sees whole groups or nothing of them. So what two pages differ
by is whole groups as well, and never fewer people than FEWEST.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

FEWEST = 5
# How many people a value is about, beside what else it counts of them.
PEOPLE = ""
# Of a group whose people are of several quarters: it shows only where no period is asked for.
SEVERAL = ""

Value = dict[str, int]
# By quarter, such as 2026-4.
Cells = dict[str, Value]


@dataclass
class Counts:
    """``sums`` are numbers, nested by their names. Of each figure, ``shown`` are groups that are large enough, by
    quarter, and ``left`` whoever has no group yet."""

    sums: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, Cells] = field(default_factory=dict)
    left: dict[str, Cells] = field(default_factory=dict)

    def count(self, figure: str, quarter: str, numbers: Value) -> None:
        """One more person, or one more of whatever the figure is about, with these numbers."""
        add(self.left.setdefault(figure, {}).setdefault(quarter, {}), {PEOPLE: 1} | numbers)

    def total(self, name: str) -> int:
        found: int = self.sums.get(name, 0)
        return found

    def by(self, *names: str) -> dict[str, Any]:
        """What is counted under a name, by names; nothing where nothing is."""
        found = self.sums
        for name in names:
            found = found.get(name, {})
        return found

    def group(self, figure: str, period: str = "") -> Value:
        """The sum over the groups of the figure that lie in the period: empty, a year or a quarter."""
        value: Value = {}
        for quarter, found in self.shown.get(figure, {}).items():
            if not period or quarter == period or quarter[:4] == period:
                add(value, found)
        return value

    def figures(self, prefix: str) -> list[str]:
        """The names of the figures that begin so and have a group, without the beginning."""
        return [name.removeprefix(prefix) for name in self.shown if name.startswith(prefix)]

    def dump(self) -> str:
        return json.dumps([_full(self.sums), _full(self.shown), _full(self.left)], separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> "Counts":
        return cls(*json.loads(text)) if text else cls()


def add(numbers: dict[str, Any], others: dict[str, Any], times: int = 1) -> None:
    """Add to nested numbers those of the same names; or take them away, ``times`` -1."""
    for name, value in others.items():
        if isinstance(value, dict):
            add(numbers.setdefault(name, {}), value, times)
        else:
            numbers[name] = numbers.get(name, 0) + times * value


def added(parts: Iterable[Counts], but: Iterable[Counts] = ()) -> Counts:
    """Of places that do not overlap: what is left in one makes no group with what is left in another.

    Without what ``but`` counts, which has to be in the parts.
    """
    total = Counts()
    for times, some in ((1, parts), (-1, but)):
        for part in some:
            add(total.sums, part.sums, times)
            add(total.shown, part.shown, times)
            add(total.left, part.left, times)
    return total


def whole(total: Counts) -> Counts:
    """Of what a unit and all below it, each of which is whole, add up to: with groups of those who are left."""
    found = added([total])
    for figure, cells in total.left.items():
        shown, found.left[figure] = _grouped(cells)
        add(found.shown.setdefault(figure, {}), shown)
    return found


def _grouped(cells: Cells) -> tuple[Cells, Cells]:
    shown = {quarter: value for quarter, value in cells.items() if value.get(PEOPLE, 0) >= FEWEST}
    small = {quarter: value for quarter, value in cells.items() if quarter not in shown}
    if sum(value.get(PEOPLE, 0) for value in small.values()) < FEWEST:
        return shown, small
    together: Value = {}
    for value in (*small.values(), shown.get(SEVERAL, {})):
        add(together, value)
    return shown | {SEVERAL: together}, {}


def _full(numbers: dict[str, Any]) -> dict[str, Any]:
    """Without what is nought, and names of nothing."""
    found = {name: _full(value) if isinstance(value, dict) else value for name, value in numbers.items()}
    return {name: value for name, value in found.items() if value}
