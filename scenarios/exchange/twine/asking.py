"""Conditions put together, taken apart, and moved to before what is set."""

from collections.abc import Iterable, Iterator

from scenarios.exchange.twine.cases import meets
from scenarios.exchange.twine.nodes import ALWAYS, Been, Change, Condition, Every, Guess, Not, Some, Test


def every(conditions: Iterable[Condition]) -> Condition:
    parts = tuple(condition for condition in conditions if condition != ALWAYS)
    return parts[0] if len(parts) == 1 else Every(parts)


def parts_of(condition: Condition) -> Iterator[Test | Been | Guess]:
    """Everything that a condition asks, whatever it makes of it."""
    if isinstance(condition, Not):
        yield from parts_of(condition.part)
    elif isinstance(condition, Every | Some):
        for part in condition.parts:
            yield from parts_of(part)
    else:
        yield condition


def after(condition: Condition, changes: Iterable[Change]) -> Condition:
    """What the condition means before these changes, if it is asked after them."""
    for change in reversed(list(changes)):
        condition = _after(condition, change)
    return condition


def _after(condition: Condition, change: Change) -> Condition:
    if isinstance(condition, Not):
        return Not(_after(condition.part, change))
    if isinstance(condition, Every | Some):
        return type(condition)(tuple(_after(part, change) for part in condition.parts))
    if not isinstance(condition, Test) or condition.variable != change.variable:
        return condition
    if change.kind == "add" and condition.literal.lstrip("-").isdigit():
        return Test(condition.variable, condition.operator, str(int(condition.literal) - change.amount))
    if change.kind == "set":
        return ALWAYS if meets(change.literal, condition) else Some(())
    return Guess(condition.variable)
