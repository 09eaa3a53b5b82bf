"""What an author wants to know of a graph in numbers: how long, how hard, how fair, how readable."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scenarios.engine.debrief import Tally, best_line, tally
from scenarios.engine.explore import Exploration, cost
from scenarios.engine.graph import Choice, Ending
from scenarios.engine.play import State, offer
from scenarios.engine.reading import Reading, reading

# How often a thoughtful learner finds the best choice; otherwise any of those on offer.
CARE = 0.75
NEGLIGIBLE = 1e-6
# A play that goes round in a circle may never end; so many steps are followed, and what is left is left out.
MOST_STEPS = 500_000


@dataclass(frozen=True, slots=True)
class Reach:
    """How an ending is come by: the fewest decisions to it (None where no play gets there), and how often."""

    ending: Ending
    decisions: int | None
    at_random: float
    with_care: float
    is_best: bool


@dataclass(frozen=True, slots=True)
class Tell:
    """In how many of the scenes that have a best choice something gives it away."""

    told: int
    scenes: int

    @property
    def is_loud(self) -> bool:
        """More than half of at least four: a learner would notice."""
        return self.scenes >= 4 and 2 * self.told > self.scenes


@dataclass(frozen=True, slots=True)
class Numbers:
    """One graph in numbers. ``plays`` and ``longest`` are None where a play can go round in a circle.

    ``wrong_turns`` counts the choices that put something out of reach, ``recoverable`` those of them after which the
    best kind of ending can still be got to.
    """

    plays: int | None
    shortest: int | None
    longest: int | None
    reaches: tuple[Reach, ...]
    wrong_turns: int
    recoverable: int
    longest_is_best: Tell
    first_is_best: Tell
    skills: Mapping[str, Tally]
    reading: Reading


def measure(exploration: Exploration) -> Numbers:
    """The numbers of a graph that has a scene."""
    graph, start = exploration.graph, exploration.start
    wrong = _wrong_turns(exploration)
    return Numbers(
        plays=_plays(exploration),
        shortest=exploration.shortest.get(start),
        longest=exploration.longest.get(start),
        reaches=_reaches(exploration),
        wrong_turns=len(wrong),
        recoverable=sum(wrong.values()),
        longest_is_best=_tell(exploration, _is_longest),
        first_is_best=_tell(exploration, lambda best, offered: offered[0] is best),
        skills=tally(choice for _, choice in graph.choices()),
        reading=reading(exploration),
    )


def chances(exploration: Exploration, care: float = 0.0) -> Mapping[str, float]:
    """The chance of each ending for a learner who finds the best choice ``care`` of the time, and else takes any."""
    found = dict.fromkeys(exploration.graph.endings, 0.0)
    present = {exploration.start: 1.0}
    left = MOST_STEPS
    while present and left > 0:
        following: dict[State, float] = {}
        left -= len(present)
        for state, chance in present.items():
            if state.at in found:
                found[state.at] += chance
            for after, share in _shares(exploration, state, care):
                following[after] = following.get(after, 0.0) + chance * share
        present = {state: chance for state, chance in following.items() if chance > NEGLIGIBLE}
    return found


def _shares(exploration: Exploration, state: State, care: float) -> list[tuple[State, float]]:
    ways = exploration.steps.get(state, ())
    best = exploration.best(state) if care and ways else None
    care = care if best else 0.0
    return [(after, (1 - care) / len(ways) + (care if choice is best else 0.0)) for choice, after in ways]


def _reaches(exploration: Exploration) -> tuple[Reach, ...]:
    at_random, with_care = chances(exploration), chances(exploration, CARE)
    line = best_line(exploration, exploration.start)
    best = line[-1][1].at if line else ""
    fewest = _fewest(exploration)
    return tuple(
        Reach(ending, fewest.get(key), at_random[key], with_care[key], key == best)
        for key, ending in exploration.graph.endings.items()
    )


def _fewest(exploration: Exploration) -> dict[str, int]:
    """The fewest decisions to each ending."""
    found: dict[str, int] = {}
    present, seen, decisions = [exploration.start], {exploration.start}, 0
    while present:
        for state in present:
            found.setdefault(state.at, decisions)
        following = dict.fromkeys(after for state in present for _, after in exploration.steps.get(state, ()))
        present = [state for state in following if state not in seen]
        seen.update(present)
        decisions += 1
    return found


def _wrong_turns(exploration: Exploration) -> dict[tuple[str, str], bool]:
    """Each choice that costs something, with whether the best kind of ending can still be reached after it."""
    line = best_line(exploration, exploration.start)
    if not line:
        return {}
    kind = exploration.graph.endings[line[-1][1].at].kind
    hopeful = _can_reach(exploration, kind)
    found: dict[tuple[str, str], bool] = {}
    for state, ways in exploration.steps.items():
        for choice, after in ways:
            if _is_wrong(exploration, state, choice, after):
                found.setdefault((state.at, choice.key), after in hopeful)
    return found


def _is_wrong(exploration: Exploration, state: State, choice: Choice, after: State) -> bool:
    outlook = exploration.outlook
    return state in outlook and (after not in outlook or outlook[after].value - cost(choice) < outlook[state].value)


def _can_reach(exploration: Exploration, kind: str) -> set[State]:
    """The states from which an ending of this kind can be reached."""
    queue = [state for state in exploration.endings if exploration.graph.endings[state.at].kind == kind]
    found = set(queue)
    while queue:
        for _, before in exploration.arrivals[queue.pop()]:
            if before not in found:
                found.add(before)
                queue.append(before)
    return found


def _tell(exploration: Exploration, gives_away: Callable[[Choice, tuple[Choice, ...]], bool]) -> Tell:
    """Each scene once, as it is first come to, where there is something to choose and one choice is the best."""
    told, scenes = 0, set()
    for state in exploration.steps:
        best = exploration.best(state)
        offered = offer(exploration.graph, state)
        if best is not None and len(offered) > 1 and state.at not in scenes:
            scenes.add(state.at)
            told += gives_away(best, offered)
    return Tell(told, len(scenes))


def _is_longest(best: Choice, offered: tuple[Choice, ...]) -> bool:
    return all(len(best.text) > len(choice.text) for choice in offered if choice is not best)


def _plays(exploration: Exploration) -> int | None:
    """How many different plays there are."""
    found: dict[State, int] = {}
    for state in exploration.backwards or ():
        found[state] = sum(found[after] for _, after in exploration.steps[state]) or 1
    return found.get(exploration.start)
