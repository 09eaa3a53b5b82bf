"""Scenarios played by brute force, straight from the document and from what fixtures/README.md says.

Nothing here imports the engine: the two are written apart, so that they can be compared.
"""

from dataclasses import dataclass, field
from typing import Any

Position = tuple[str, tuple[tuple[str, int], ...], frozenset[str]]


@dataclass
class Brute:
    """All positions that any play can reach, found by playing."""

    document: dict[str, Any]
    moves: dict[Position, list[tuple[str, Position]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.first: Position = (
            next(iter(self.document["scenes"])),
            tuple((meter, value["start"]) for meter, value in self.document["meters"].items()),
            frozenset(),
        )
        waiting = [self.first]
        while waiting:
            position = waiting.pop()
            if position not in self.moves:
                self.moves[position] = list(self.play_on(position))
                waiting += [after for _, after in self.moves[position]]

    def play_on(self, position: Position):
        scene, readings, flags = position
        if self.is_ending(scene):
            return
        values = dict(readings)
        for key, choice in self.document["scenes"][scene].get("choices", {}).items():
            if self.is_offered(choice, values, flags) and self.exists(choice["to"]):
                yield key, self.after(choice, values, flags)

    def is_offered(self, choice: dict[str, Any], values: dict[str, int], flags: frozenset[str]) -> bool:
        needs = choice.get("requires", {})
        for meter, bound in needs.get("meters", {}).items():
            if not self.within(bound, values[meter]):
                return False
        return all(flag in flags for flag in needs.get("has", [])) and not any(
            f in flags for f in needs.get("lacks", [])
        )

    def within(self, bound: dict[str, int], value: int) -> bool:
        return bound.get("at_least", value) <= value <= bound.get("at_most", value)

    def after(self, choice: dict[str, Any], values: dict[str, int], flags: frozenset[str]) -> Position:
        moved = dict(values)
        for meter, change in choice.get("effects", {}).items():
            low, high = self.span(meter)
            moved[meter] = min(high, max(low, moved[meter] + change))
        now = frozenset((flags - set(choice.get("clears", []))) | set(choice.get("sets", [])))
        return self.led_to(choice["to"], values, moved), tuple(moved.items()), now

    def led_to(self, to: str, before: dict[str, int], after: dict[str, int]) -> str:
        if self.is_ending(to):
            return to
        for key, node in (self.document["scenes"] | self.document["endings"]).items():
            threshold = node.get("takes_over")
            if threshold:
                meter = threshold["meter"]
                if self.within(threshold, after[meter]) and not self.within(threshold, before[meter]):
                    return key
        return to

    def span(self, meter: str) -> tuple[int, int]:
        found = self.document["meters"][meter]
        return (0, 10) if meter == "tension" else (found["minimum"], found["maximum"])

    def exists(self, key: str) -> bool:
        return key in self.document["scenes"] or key in self.document["endings"]

    def is_ending(self, key: str) -> bool:
        return key in self.document["endings"] and key not in self.document["scenes"]

    @property
    def places(self) -> set[str]:
        return {position[0] for position in self.moves}

    @property
    def taken(self) -> set[tuple[str, str]]:
        return {(position[0], key) for position, moves in self.moves.items() for key, _ in moves}

    @property
    def stuck(self) -> set[str]:
        """Scenes in which a play can stand with nothing to choose."""
        return {position[0] for position, moves in self.moves.items() if not moves and not self.is_ending(position[0])}

    def worth(self, position: Position) -> int:
        score = {"resolved": 100, "partly-resolved": 60, "escalated": 30, "unsafe": 0}
        ending = self.document["endings"][position[0]]
        return ending.get("score", score[ending["kind"]])

    def hurts(self, position: Position, key: str) -> bool:
        skills = self.document["scenes"][position[0]]["choices"][key].get("skills", {})
        return any(rating < 0 for rating in skills.values())

    def best(self) -> dict[Position, tuple[int, int]]:
        """The best value from each position and minus its decisions, by going round until nothing improves."""
        found = {position: (self.worth(position), 0) for position in self.moves if self.is_ending(position[0])}
        changed = True
        while changed:
            changed = False
            for position, moves in self.moves.items():
                for key, after in moves:
                    if after in found:
                        value, haste = found[after]
                        offer = (value - 5 * self.hurts(position, key), haste - 1)
                        if offer > found.get(position, (-(10**9), 0)):
                            found[position] = offer
                            changed = True
        return found

    def fewest(self) -> dict[Position, int]:
        """The fewest decisions to an ending."""
        found = {position: 0 for position in self.moves if self.is_ending(position[0])}
        changed = True
        while changed:
            changed = False
            for position, moves in self.moves.items():
                for _, after in moves:
                    if after in found and found[after] + 1 < found.get(position, 10**9):
                        found[position] = found[after] + 1
                        changed = True
        return found

    def most(self, position: Position, trail: tuple[Position, ...] = ()) -> int | None:
        """The most decisions from here to the end of a play, stuck ones included; None where it can go in a circle."""
        if position in trail:
            return None
        lengths = [self.most(after, (*trail, position)) for _, after in self.moves[position]]
        if any(length is None for length in lengths):
            return None
        return max((length + 1 for length in lengths if length is not None), default=0)
