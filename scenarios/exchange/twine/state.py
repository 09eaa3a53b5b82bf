"""Twine's variables as flags and meters of ours, as far as they can be that.

A variable that is only ever set to a literal has a flag for each value but its first, so that no flag set means the
first. One that is added to is a meter. Any other is not known: what asks for it may hold or not, and both are offered.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from scenarios.engine.graph import TENSION, Document
from scenarios.exchange.source import shortened
from scenarios.exchange.twine.cases import NOTHING, Cases, Requires, few, meets, product
from scenarios.exchange.twine.expressions import number_of
from scenarios.exchange.twine.nodes import Been, Change, Condition, Every, Guess, Not, Some, Test
from scenarios.naming import free_name

MOST_VALUES, MOST_FLAGS, MOST_METERS = 12, 150, 15
LEAST, MOST = -1_000, 1_000
BEEN = "been:"


@dataclass(frozen=True)
class Flagged:
    """``flags``: the flag of each value other than the ``first``."""

    first: str
    flags: Mapping[str, str]


@dataclass(frozen=True)
class Metered:
    key: str
    label: str
    start: int
    minimum: int
    maximum: int


@dataclass
class Declared:
    """What a story of our own says of its variables: the key and label of each flag, and each meter."""

    flags: dict[str, tuple[str, str]] = field(default_factory=dict)
    meters: dict[str, Metered] = field(default_factory=dict)


class State:
    """``initial``: what each variable is when a play begins. ``unsure``: variables of which too little is known."""

    def __init__(
        self,
        changes: Iterable[Change],
        initial: Mapping[str, str],
        tests: Iterable[Test],
        unsure: Iterable[str],
        declared: Declared | None = None,
        resets: Iterable[Change] = (),
    ) -> None:
        self.initial, self.unsure = dict(initial), set(unsure)
        self.declared = declared or Declared()
        self.changes: dict[str, list[Change]] = defaultdict(list)
        self.tests: dict[str, list[Test]] = defaultdict(list)
        self.resets = {(change.variable, change.at, change.code) for change in resets}
        for change in changes:
            self.changes[change.variable].append(change)
        for test in tests:
            self.tests[test.variable].append(test)
        self.known: dict[str, Flagged | Metered] = {}
        self.flags: dict[str, str] = {}
        self.meters: dict[str, Metered] = {}
        for name in dict.fromkeys((*self.declared.flags, *self.declared.meters, *self.changes, *self.initial)):
            self._learn(name)

    def _learn(self, name: str) -> None:
        if name in self.declared.meters:
            self._declared_meter(name)
            return
        if name in self.declared.flags:
            key, label = self.declared.flags[name]
            self.known[name] = Flagged("false", {"true": key})
            self.flags[key] = label
            return
        changes = self.changes[name]
        if name in self.unsure or any(change.kind == "unknown" for change in changes):
            self.unsure.add(name)
        elif any(change.kind == "add" for change in changes):
            self._meter(name, changes)
        elif name in self.tests or all(change.literal in ("true", "false", "null") for change in changes):
            self._flag(name, changes)

    def _declared_meter(self, name: str) -> None:
        meter = self.declared.meters[name]
        start = number_of(self.initial.get(name, ""))
        if start is not None and meter.minimum <= start <= meter.maximum:
            meter = replace(meter, start=start)
        self.known[name] = self.meters[meter.key] = meter

    def _flag(self, name: str, changes: list[Change]) -> None:
        values = list(dict.fromkeys(change.literal for change in changes))
        first = self.initial.get(name, "null")
        if first == "null" and "false" in values:
            first = "false"
        others = [value for value in values if value != first and not (first == "false" and value == "null")]
        if len(others) > MOST_VALUES or len(self.flags) + len(others) > MOST_FLAGS:
            self.unsure.add(name)
            return
        keys = {}
        for value in others:
            words, label = _words(name, value, first)
            key = free_name(words, self.flags, "flag")
            self.flags[key] = label
            keys[value] = key
        self.known[name] = Flagged(first, keys)

    def _meter(self, name: str, changes: list[Change]) -> None:
        meter = _meter(name, self.initial.get(name, "null"), changes, self.tests[name], self.meters)
        at_ends = (meter.minimum, meter.maximum) if meter else ()
        sets = [change for change in changes if change.kind == "set" and self._counts(change)]
        if meter is None or len(self.meters) >= MOST_METERS or any(number_of(c.literal) not in at_ends for c in sets):
            self.unsure.add(name)
            return
        self.known[name] = self.meters[meter.key] = meter

    def _counts(self, change: Change) -> bool:
        return (change.variable, change.at, change.code) not in self.resets

    # ---- Asked

    def cases(self, condition: Condition) -> Cases:
        """The cases in which a condition holds, no two at once where that can be told. Raises TooMany."""
        return self._cases(condition, holds=True)

    def _cases(self, condition: Condition, *, holds: bool) -> Cases:
        if isinstance(condition, Not):
            return self._cases(condition.part, holds=not holds)
        if isinstance(condition, Every | Some):
            if isinstance(condition, Every) == holds:
                found = [NOTHING]
                for part in condition.parts:
                    found = product(found, self._cases(part, holds=holds))
                return found
            return self._either(condition.parts, holds=holds)
        if isinstance(condition, Guess):
            return [NOTHING]
        if isinstance(condition, Been):
            condition = Test(BEEN + condition.passage, "is", "true")
        return self._tested(condition, holds=holds)

    def _either(self, parts: Iterable[Condition], *, holds: bool) -> Cases:
        found: Cases = []
        rest = [NOTHING]
        for part in parts:
            found += product(rest, self._cases(part, holds=holds))
            rest = product(rest, self._cases(part, holds=not holds))
        return few(found)

    def _tested(self, test: Test, *, holds: bool) -> Cases:
        known = self.known.get(test.variable)
        if known is None:
            return [NOTHING]
        return _flagged(known, test, holds=holds) if isinstance(known, Flagged) else _metered(known, test, holds=holds)

    def is_known(self, condition: Condition) -> bool:
        """Whether nothing in it is a guess."""
        if isinstance(condition, Not):
            return self.is_known(condition.part)
        if isinstance(condition, Every | Some):
            return all(self.is_known(part) for part in condition.parts)
        if isinstance(condition, Been):
            return BEEN + condition.passage in self.known
        return isinstance(condition, Test) and condition.variable in self.known

    # ---- Done

    def effects(self, changes: Iterable[Change]) -> Document:
        """``sets``, ``clears`` and ``effects`` of a choice that makes these changes in turn."""
        flags: dict[str, bool] = {}
        moved: dict[str, int] = {}
        for change in changes:
            known = self.known.get(change.variable)
            if isinstance(known, Flagged) and change.kind == "set":
                flags |= {key: value == change.literal for value, key in known.flags.items()}
            elif isinstance(known, Metered):
                moved[known.key] = self._moved(known, change, moved.get(known.key, 0))
        said = {
            "effects": {key: max(LEAST, min(MOST, amount)) for key, amount in moved.items() if amount},
            "sets": sorted(key for key, is_set in flags.items() if is_set),
            "clears": sorted(key for key, is_set in flags.items() if not is_set),
        }
        return {name: value for name, value in said.items() if value}

    def _moved(self, meter: Metered, change: Change, before: int) -> int:
        if change.kind == "add":
            return before + change.amount
        number, span = number_of(change.literal), meter.maximum - meter.minimum
        if change.kind != "set" or number is None:
            return before
        return -span if number == meter.minimum else span if number == meter.maximum else before


def _flagged(known: Flagged, test: Test, *, holds: bool) -> Cases:
    wanted = [key for value, key in known.flags.items() if meets(value, test) == holds]
    if meets(known.first, test) != holds:
        return [Requires(has=frozenset([key])) for key in wanted]
    return [Requires(lacks=frozenset(key for key in known.flags.values() if key not in wanted))]


def _metered(meter: Metered, test: Test, *, holds: bool) -> Cases:
    wanted = list(_spans(meter, test, holds=holds))
    spans = [(max(low, meter.minimum), min(high, meter.maximum)) for low, high in wanted]
    found = []
    for low, high in spans:
        if low > high:
            continue
        bound = (meter.key, low if low > meter.minimum else None, high if high < meter.maximum else None)
        found.append(Requires(bounds=(bound,)) if bound[1:] != (None, None) else NOTHING)
    return found


def _spans(meter: Metered, test: Test, *, holds: bool) -> Iterator[tuple[int, int]]:
    least, most = meter.minimum, meter.maximum
    number = 0 if test.operator == "true" else number_of(test.literal)
    if number is None:
        # It is a number, so it is no text, and not false.
        if not holds:
            yield least, most
    elif test.operator == "at-least":
        yield (number, most) if holds else (least, number - 1)
    elif test.operator == "at-most":
        yield (least, number) if holds else (number + 1, most)
    elif (test.operator == "is") == holds:
        yield number, number
    else:
        yield least, number - 1
        yield number + 1, most


def _words(name: str, value: str, first: str) -> tuple[str, str]:
    """What a flag is named after, and its label."""
    if name.startswith(BEEN):
        return f"been {name[len(BEEN) :]}", shortened(f"Was at: {name[len(BEEN) :]}", 120)
    if name.startswith("did:"):
        words = name.split(":", 3)[3]
        return f"did {words}", shortened(f"Did: {words}", 120)
    spoken = _spaced(name)
    if value == "true" and first in ("false", "null"):
        return spoken, shortened(spoken, 120)
    said = value.strip('"')
    return f"{spoken} {said}", shortened(f"{spoken} is {said}", 120)


def _spaced(name: str) -> str:
    """“has key” for ``hasKey`` and ``has_key``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").lower().strip() or name


def _meter(name: str, first: str, changes: list[Change], tests: list[Test], taken: Iterable[str]) -> Metered | None:
    """The meter that a variable becomes, from the least to the most that it may be; None where it is no number."""
    start = 0 if first == "null" else number_of(first)
    sets = [number_of(change.literal) for change in changes if change.kind == "set"]
    if start is None or None in sets:
        return None
    asked = [int(test.literal) for test in tests if number_of(test.literal) is not None]
    adds = [change for change in changes if change.kind == "add"]
    numbers = [start, *(number for number in sets if number is not None)]
    around = numbers + [number - 1 for number in asked] + [number + 1 for number in asked]
    least = _end(numbers, around, [c.low for c in adds if c.amount < 0], [c.amount for c in adds if c.amount < 0], min)
    most = _end(numbers, around, [c.high for c in adds if c.amount > 0], [c.amount for c in adds if c.amount > 0], max)
    least = min(least, 0)
    if least < LEAST or most > MOST or least >= most:
        return None
    label = shortened(_spaced(name), 60)
    if name.lower() == TENSION and TENSION not in taken and least >= 0 and most <= 10:
        return Metered(TENSION, "Tension", start, 0, 10)
    key = free_name(label, {*taken, TENSION}, "meter")
    return Metered(key, label[:1].upper() + label[1:], start, least, most)


def _end(numbers: list[int], around: list[int], stops: list[int | None], steps: list[int], furthest: object) -> int:
    """How far a meter can go one way: to where it is stopped each time, or by all its steps."""
    pick = min if furthest is min else max
    if steps and all(stop is not None for stop in stops):
        return pick([*numbers, *(stop for stop in stops if stop is not None)])
    if not steps:
        return pick(numbers)
    return pick(pick(around), numbers[0] + sum(steps))
