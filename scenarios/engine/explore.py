"""Every state that a play can reach, and what can still happen from each.

A graph is finite, so this is exact up to the stated limit. Meters and flags that nothing tests cannot change
where a play goes; they are held at their start, which keeps the number of states small without losing a claim.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import heappop, heappush

from scenarios.engine.graph import Choice, Graph
from scenarios.engine.play import State, begin, follow, offer

LIMIT = 200_000
STEPS_A_STATE = 5
COST_OF_HURT = 5


@dataclass(frozen=True, slots=True, order=True)
class Outlook:
    """The best that is still possible: the value of that play, and minus the decisions that it takes."""

    value: int
    haste: int

    @property
    def decisions(self) -> int:
        return -self.haste


@dataclass(frozen=True)
class Exploration:
    """The reachable states of a graph. ``steps`` has each state's choices and where they lead, in the author's order.

    ``complete`` is False where the limit was met first: then what is listed can be reached, and nothing is
    known of what is not listed.
    """

    graph: Graph
    start: State
    steps: Mapping[State, tuple[tuple[Choice, State], ...]]
    complete: bool

    def of(self, state: State) -> State:
        """The explored state that stands for ``state``, which may carry meters and flags that nothing tests."""
        return _essence(self.graph, state, *self._tested)

    @cached_property
    def _tested(self) -> tuple[frozenset[str], frozenset[str]]:
        return tested(self.graph)

    @cached_property
    def arrivals(self) -> Mapping[State, tuple[tuple[Choice, State], ...]]:
        """The steps turned round: for each state the choices that lead to it, and from where."""
        found: dict[State, list[tuple[Choice, State]]] = {state: [] for state in self.steps}
        for state, steps in self.steps.items():
            for choice, after in steps:
                if after in found:
                    found[after].append((choice, state))
        return {state: tuple(steps) for state, steps in found.items()}

    @cached_property
    def endings(self) -> tuple[State, ...]:
        return tuple(state for state in self.steps if state.at not in self.graph.scenes)

    @cached_property
    def outlook(self) -> Mapping[State, Outlook]:
        """For each state from which an ending can be reached, the best play from there.

        Dijkstra's algorithm from the endings backwards: a play's value only falls as decisions are put before it.
        """
        queue: list[tuple[int, int, int, State]] = []
        for state in self.endings:
            heappush(queue, (-self.graph.endings[state.at].score, 0, len(queue), state))
        settled: dict[State, Outlook] = {}
        order = len(queue)
        while queue:
            worth, decisions, _, state = heappop(queue)
            if state in settled:
                continue
            settled[state] = Outlook(-worth, -decisions)
            for choice, before in self.arrivals[state]:
                if before not in settled:
                    order += 1
                    heappush(queue, (worth + cost(choice), decisions + 1, order, before))
        return settled

    @cached_property
    def shortest(self) -> Mapping[State, int]:
        """The fewest decisions from each state to an ending; a state without a way to one is absent."""
        found = dict.fromkeys(self.endings, 0)
        queue = deque(self.endings)
        while queue:
            state = queue.popleft()
            for _, before in self.arrivals[state]:
                if before not in found:
                    found[before] = found[state] + 1
                    queue.append(before)
        return found

    @cached_property
    def longest(self) -> Mapping[State, int]:
        """The most decisions from each state to the end of a play; a state that can go round in a circle is absent."""
        waiting = {state: len(steps) for state, steps in self.steps.items()}
        found: dict[State, int] = {state: 0 for state, count in waiting.items() if not count}
        queue = deque(found)
        while queue:
            state = queue.popleft()
            for _, before in self.arrivals[state]:
                waiting[before] -= 1
                if not waiting[before]:
                    found[before] = 1 + max(found[after] for _, after in self.steps[before])
                    queue.append(before)
        return found

    @property
    def backwards(self) -> list[State] | None:
        """The states, each after all that follow it; None where a play can go round in a circle."""
        order = sorted(self.longest, key=self.longest.__getitem__)
        return order if len(order) == len(self.steps) else None

    def best(self, state: State) -> Choice | None:
        """The first decision of the best line from an explored state; None at an ending or without a way out."""
        ways = [(self._after(choice, after), choice) for choice, after in self.steps[state] if after in self.outlook]
        return max(ways, key=lambda way: way[0])[1] if ways else None

    def _after(self, choice: Choice, after: State) -> Outlook:
        outlook = self.outlook[after]
        return Outlook(outlook.value - cost(choice), outlook.haste - 1)

    def way_to(self, goal: State) -> tuple[Choice, ...]:
        """A shortest play from the beginning that reaches an explored state."""
        trail: dict[State, tuple[Choice, State] | None] = {self.start: None}
        queue = deque([self.start])
        while queue and goal not in trail:
            state = queue.popleft()
            for choice, after in self.steps.get(state, ()):
                if after not in trail:
                    trail[after] = (choice, state)
                    queue.append(after)
        way: list[Choice] = []
        while step := trail.get(goal):
            way.append(step[0])
            goal = step[1]
        return tuple(reversed(way))


def cost(choice: Choice) -> int:
    """What a decision takes off the value of a play."""
    return COST_OF_HURT if choice.hurts else 0


def explore(graph: Graph, limit: int = LIMIT, begun: State | None = None) -> Exploration:
    """Walk the graph breadth first, as far as ``limit`` states; a choice that leads to no scene is not taken.

    ``begun`` is where to begin, if not at the beginning.

    States that are equal are one object, and the steps are bounded as well, so that no graph takes more than about a
    gigabyte or a minute.
    """
    meters, flags = tested(graph)
    start = _essence(graph, begun or begin(graph), meters, flags)
    steps: dict[State, tuple[tuple[Choice, State], ...]] = {}
    seen = {start: start}
    queue = deque([start])
    left = limit * STEPS_A_STATE
    while queue and len(steps) < limit and len(seen) <= limit and left > 0:
        state = queue.popleft()
        ways = []
        for choice in offer(graph, state):
            if choice.to in graph:
                after = _essence(graph, follow(graph, state, choice), meters, flags)
                if after not in seen:
                    seen[after] = after
                    queue.append(after)
                ways.append((choice, seen[after]))
        steps[state] = tuple(ways)
        left -= len(ways)
    return Exploration(graph, start, steps, complete=not queue)


def tested(graph: Graph) -> tuple[frozenset[str], frozenset[str]]:
    """The meters and the flags that decide where a play can go."""
    choices = [choice for _, choice in graph.choices()]
    bounds = [bound for choice in choices for bound in choice.bounds]
    thresholds = [node.takes_over for node in graph.usurpers if node.takes_over]
    meters = frozenset(bound.meter for bound in (*bounds, *thresholds))
    return meters, _union(choice.has | choice.lacks for choice in choices)


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _essence(graph: Graph, state: State, meters: frozenset[str], flags: frozenset[str]) -> State:
    values = tuple(
        value if meter.key in meters else meter.start
        for meter, value in zip(graph.meters.values(), state.meters, strict=True)
    )
    return replace(state, meters=values, flags=state.flags & flags)
