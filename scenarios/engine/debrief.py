"""What a play was worth: the best line, what each decision cost, and the skills that it showed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scenarios.engine.explore import Exploration, cost
from scenarios.engine.graph import Choice, Ending
from scenarios.engine.play import State, Step, place, readings


@dataclass(frozen=True, slots=True)
class Review:
    """One decision looked back on.

    ``moved`` has each meter's value before and after, where they differ. ``best`` is the best line from there, its
    choices in order, and ``best_ending`` where it ends. ``cost`` is the worth that this decision put out of reach,
    in points of an ending's score.
    """

    step: Step
    moved: Mapping[str, tuple[int, int]]
    best: tuple[Choice, ...]
    best_ending: Ending
    cost: int

    @property
    def was_best(self) -> bool:
        return self.cost == 0


@dataclass(frozen=True, slots=True)
class Tally:
    """What the decisions of a play showed of one skill."""

    helped: int = 0
    neutral: int = 0
    hurt: int = 0

    @property
    def decisions(self) -> int:
        return self.helped + self.neutral + self.hurt


def remaining(exploration: Exploration, state: State) -> tuple[int, int | None]:
    """The fewest and the most decisions left; the most is None where a play can go round in a circle."""
    here = exploration.of(state)
    return exploration.shortest[here], exploration.longest.get(here)


def review(exploration: Exploration, steps: Iterable[Step]) -> tuple[Review, ...]:
    """Each decision of a play on a graph that passed the check, looked back on."""
    return tuple(_review(exploration, step) for step in steps)


def _review(exploration: Exploration, step: Step) -> Review:
    graph = exploration.graph
    before, after = readings(graph, step.before), readings(graph, step.after)
    here, there = exploration.of(step.before), exploration.of(step.after)
    line = best_line(exploration, here)
    possible = exploration.outlook[here].value
    still = exploration.outlook[there].value - cost(step.choice)
    return Review(
        step=step,
        moved={key: (before[key], after[key]) for key in before if before[key] != after[key]},
        best=tuple(choice for choice, _ in line),
        best_ending=graph.endings[line[-1][1].at],
        cost=possible - still,
    )


def best_line(exploration: Exploration, state: State) -> tuple[tuple[Choice, State], ...]:
    """The best play from a state: each choice with the state that it leads to."""
    state = exploration.of(state)
    line: list[tuple[Choice, State]] = []
    while choice := exploration.best(state):
        state = next(after for taken, after in exploration.steps[state] if taken.key == choice.key)
        line.append((choice, state))
    return tuple(line)


def figure(exploration: Exploration, steps: tuple[Step, ...]) -> int:
    """A finished play's value in percent of the best that the graph allows, rounded down: 100 only for that best."""
    best = exploration.outlook[exploration.start].value
    ending = place(exploration.graph, steps[-1].after)
    assert isinstance(ending, Ending)
    value = ending.score - sum(cost(step.choice) for step in steps)
    if value >= best:
        return 100
    return max(0, 100 * value // best) if best > 0 else 0


def skills(steps: Iterable[Step]) -> Mapping[str, Tally]:
    """How often a play helped, touched, or hurt each skill, by the skill's slug, in the order of first appearance."""
    return tally(step.choice for step in steps)


def tally(choices: Iterable[Choice]) -> Mapping[str, Tally]:
    ratings: dict[str, Counter[int]] = {}
    for choice in choices:
        for skill, rating in choice.skills.items():
            ratings.setdefault(skill, Counter())[rating] += 1
    return {skill: Tally(helped=count[1], neutral=count[0], hurt=count[-1]) for skill, count in ratings.items()}
