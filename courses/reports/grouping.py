"""Groups that are large enough to be shown: every figure of a team's choices is a sum over whole groups.

People are put together by unit and by the quarter in which they first played, from the leaves of the tree upwards: in
each unit those of one quarter, if they are enough; then those whose quarters were too small, together; and who is left
goes up to the unit above. Whoever looks, and whatever they filter by, sees whole groups or nothing of them. So what two
pages differ by is whole groups as well, and never fewer people than FEWEST.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

FEWEST = 5
TOP = "/"

# The path of a unit, and a quarter such as 2026-4.
Part = tuple[str, str]


@dataclass(frozen=True)
class Group:
    """People who are shown together or not at all. ``at`` is the path of the unit that they all work in or below.

    ``quarter`` is empty where they are of several: then they show only where no period is asked for.
    """

    at: str
    quarter: str
    parts: tuple[Part, ...]
    people: int


def grouped(people: Mapping[Part, int], fewest: int = FEWEST) -> tuple[Group, ...]:
    """Everyone who can be shown, each in one group; of a whole library at most ``fewest`` - 1 people are left out."""
    waiting: dict[str, dict[Part, int]] = defaultdict(dict)
    for part, count in people.items():
        waiting[part[0]][part] = count
    groups: list[Group] = []
    for path in sorted(_units(people), key=lambda path: (-path.count("/"), path)):
        left = waiting.pop(path, {})
        for group in _large_enough(path, left, fewest):
            groups.append(group)
            for part in group.parts:
                del left[part]
        if left and path != TOP:
            waiting[_above(path)].update(left)
    return tuple(groups)


def within(groups: Iterable[Group], units: Iterable[str], period: str = "") -> tuple[Group, ...]:
    """The groups that lie wholly in these units (their paths) and in the period: empty, a year, or a quarter."""
    paths = tuple(units)
    return tuple(
        group
        for group in groups
        if group.at.startswith(paths) and (not period or group.quarter == period or group.quarter[:4] == period)
    )


def paths_within(people: Mapping[str, int], units: Iterable[str]) -> set[str]:
    """The same of people who are counted by unit (its path) alone: the paths of those that are shown."""
    groups = within(grouped({(path, ""): count for path, count in people.items()}), units)
    return {path for group in groups for path, _ in group.parts}


def _large_enough(path: str, left: Mapping[Part, int], fewest: int) -> Iterator[Group]:
    by_quarter: dict[str, list[Part]] = defaultdict(list)
    for part in left:
        by_quarter[part[1]].append(part)
    rest: list[Part] = []
    for quarter, parts in sorted(by_quarter.items()):
        count = sum(left[part] for part in parts)
        if count >= fewest:
            yield Group(path, quarter, tuple(sorted(parts)), count)
        else:
            rest += parts
    count = sum(left[part] for part in rest)
    if count >= fewest:
        yield Group(path, "", tuple(sorted(rest)), count)


def _units(people: Mapping[Part, int]) -> set[str]:
    """The units that people are in, and all above them."""
    found = {TOP}
    for path, _ in people:
        while path != TOP and path not in found:
            found.add(path)
            path = _above(path)
    return found


def _above(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0] + "/"
