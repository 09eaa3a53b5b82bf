"""How a scenario plays: ``begin``, ``offer``, ``choose``; and ``replay``, which is all three in a row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scenarios.engine.graph import Choice, Ending, Graph, Scene


class NotOffered(Exception):
    """The choice is not on offer in this state."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything that a play remembers. ``meters`` are in the graph's order; ``at`` is a scene or an ending."""

    at: str
    meters: tuple[int, ...]
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One decision in a replay: the state that it was taken in, the choice, and the state that it led to."""

    before: State
    choice: Choice
    after: State


def begin(graph: Graph) -> State:
    """The state in which every play of this graph begins."""
    return State(graph.start, tuple(meter.start for meter in graph.meters.values()), graph.sets)


def readings(graph: Graph, state: State) -> Mapping[str, int]:
    """The value of each meter by its key."""
    return dict(zip(graph.meters, state.meters, strict=True))


def place(graph: Graph, state: State) -> Scene | Ending:
    """The scene or ending that the state is in."""
    return graph.node(state.at)


def offer(graph: Graph, state: State) -> tuple[Choice, ...]:
    """The choices that can be taken now, in the author's order; none at an ending."""
    scene = graph.scenes.get(state.at)
    if scene is None:
        return ()
    values = readings(graph, state)
    return tuple(choice for choice in scene.choices if _allowed(choice, values, state.flags))


def choose(graph: Graph, state: State, key: str) -> State:
    """The state after taking the choice named ``key``.

    Raises NotOffered if it cannot be taken now, or leads to a scene that does not exist.
    """
    choice = next((choice for choice in offer(graph, state) if choice.key == key), None)
    if choice is None or choice.to not in graph:
        raise NotOffered(key)
    return follow(graph, state, choice)


def follow(graph: Graph, state: State, choice: Choice) -> State:
    """Where a choice that is on offer leads: effects first, then flags, then whoever takes over."""
    before = readings(graph, state)
    after = {key: meter.clamp(before[key] + choice.effects.get(key, 0)) for key, meter in graph.meters.items()}
    flags = (state.flags - choice.clears) | choice.sets
    return State(_destination(graph, choice, before, after), tuple(after.values()), flags)


def replay(graph: Graph, keys: Iterable[str], start: State | None = None) -> tuple[Step, ...]:
    """The steps of a play from the beginning, or from ``start``; raises NotOffered at the first that cannot be."""
    steps: list[Step] = []
    state = start or begin(graph)
    for key in keys:
        after = choose(graph, state, key)
        scene = graph.scenes[state.at]
        choice = scene.choice(key)
        assert choice is not None
        steps.append(Step(state, choice, after))
        state = after
    return tuple(steps)


def _allowed(choice: Choice, values: Mapping[str, int], flags: frozenset[str]) -> bool:
    return (
        choice.has <= flags
        and not choice.lacks & flags
        and all(bound.meter in values and bound.holds(values[bound.meter]) for bound in choice.bounds)
    )


def _destination(graph: Graph, choice: Choice, before: Mapping[str, int], after: Mapping[str, int]) -> str:
    if choice.to in graph.endings:
        return choice.to
    for node in graph.usurpers:
        threshold = node.takes_over
        if (
            threshold
            and threshold.meter in after
            and threshold.crossed(before[threshold.meter], after[threshold.meter])
        ):
            return node.key
    return choice.to
