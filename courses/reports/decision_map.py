"""The map of a scenario with how often each way was taken."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from courses.reports.decisions import ChoiceLine
from scenarios.engine.drawing import Arrow, Box, Drawing
from scenarios.engine.graph import Graph
from scenarios.mapping import map_of

HEAVIEST = 5


@dataclass(frozen=True)
class BoxShown:
    box: Box
    url: str
    faults: int = 0


@dataclass(frozen=True)
class ArrowShown:
    """``share`` of those who came to its start, in percent; ``weight`` from 1 to HEAVIEST is how broad to draw it."""

    arrow: Arrow
    url: str
    share: int
    weight: int


@dataclass(frozen=True)
class DecisionMap:
    drawing: Drawing
    boxes: tuple[BoxShown, ...]
    arrows: tuple[ArrowShown, ...]


def decision_map(graph: Graph, lines: Iterable[ChoiceLine]) -> DecisionMap:
    """The drawing of the graph; each box and arrow leads to its scene in the table (``#scene-<key>``)."""
    drawing = map_of(graph)
    times, met = Counter[tuple[str, str]](), dict[str, int]()
    for line in lines:
        times[line.scene_key, line.choice_key] += line.times
        met[line.scene_key] = line.met
    return DecisionMap(
        drawing=drawing,
        boxes=tuple(BoxShown(box, f"#scene-{box.key}") for box in drawing.boxes),
        arrows=tuple(_arrow(arrow, times, met.get(arrow.start, 0)) for arrow in drawing.arrows),
    )


def _arrow(arrow: Arrow, times: Counter[tuple[str, str]], met: int) -> ArrowShown:
    taken = sum(times[arrow.start, choice] for choice in arrow.choices)
    share = round(100 * taken / met) if met else 0
    return ArrowShown(arrow, f"#scene-{arrow.start}", share, 1 + share * (HEAVIEST - 1) // 100 if taken else 0)
