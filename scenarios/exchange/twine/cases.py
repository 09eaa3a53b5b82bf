"""The cases in which something holds: each a set of flags and bounds that a choice of ours can require."""

from dataclasses import dataclass

from scenarios.engine.graph import Document
from scenarios.exchange.twine.expressions import is_true, number_of
from scenarios.exchange.twine.nodes import Test

MOST_CASES = 16


class TooMany(Exception):
    """A condition with more cases than are written out."""


@dataclass(frozen=True)
class Requires:
    """What has to hold all at once. Each bound is a meter, its least, and its most."""

    has: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    bounds: tuple[tuple[str, int | None, int | None], ...] = ()

    def document(self) -> Document:
        meters = {
            meter: {name: value for name, value in (("at_least", low), ("at_most", high)) if value is not None}
            for meter, low, high in self.bounds
        }
        said = {"meters": meters, "has": sorted(self.has), "lacks": sorted(self.lacks)}
        return {name: value for name, value in said.items() if value}

    def covers(self, other: "Requires") -> bool:
        """Whether this holds wherever the other does."""
        bounds = {meter: (low, high) for meter, low, high in other.bounds}
        return (
            self.has <= other.has
            and self.lacks <= other.lacks
            and all(meter in bounds and _within(bounds[meter], (low, high)) for meter, low, high in self.bounds)
        )


NOTHING = Requires()
Cases = list[Requires]


def _within(inner: tuple[int | None, int | None], outer: tuple[int | None, int | None]) -> bool:
    low = outer[0] is None or (inner[0] is not None and inner[0] >= outer[0])
    return low and (outer[1] is None or (inner[1] is not None and inner[1] <= outer[1]))


def both(one: Requires, other: Requires) -> Requires | None:
    """What holds where both do; None where they cannot."""
    bounds = {meter: (low, high) for meter, low, high in one.bounds}
    for meter, low, high in other.bounds:
        known_low, known_high = bounds.get(meter, (None, None))
        low = max((value for value in (low, known_low) if value is not None), default=None)
        high = min((value for value in (high, known_high) if value is not None), default=None)
        if low is not None and high is not None and low > high:
            return None
        bounds[meter] = (low, high)
    has, lacks = one.has | other.has, one.lacks | other.lacks
    return None if has & lacks else Requires(has, lacks, tuple((meter, *found) for meter, found in bounds.items()))


def product(one: Cases, other: Cases) -> Cases:
    found = [together for a in one for b in other if (together := both(a, b)) is not None]
    return few(found)


def few(cases: Cases) -> Cases:
    """The cases, without those that others cover. Raises TooMany."""
    kept: Cases = []
    for case in dict.fromkeys(cases):
        if not any(other.covers(case) for other in kept):
            kept = [other for other in kept if not case.covers(other)] + [case]
    if len(kept) > MOST_CASES:
        raise TooMany
    return kept


def meets(literal: str, test: Test) -> bool:
    """Whether a value is what a test asks for."""
    if test.operator == "true":
        return is_true(literal)
    if test.operator == "is":
        return literal == test.literal or (
            not is_true(literal) and test.literal in ("false", "null") and literal in ("false", "null")
        )
    number, bound = number_of(literal), int(test.literal)
    if literal == "null":
        number = 0
    if number is None:
        return False
    return number >= bound if test.operator == "at-least" else number <= bound
