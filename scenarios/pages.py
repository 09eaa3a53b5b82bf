"""What the pages of a play show: page-shaped reads, shared by the learner's play and the author's preview."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext as _

from scenarios.engine.debrief import remaining
from scenarios.engine.explore import Exploration
from scenarios.engine.graph import TENSION, Choice, Ending, Scene
from scenarios.engine.play import State, Step, begin, offer, place, readings

# The stages of the crisis-development models that trainers use; each with the highest tension that it covers.
STAGES = (
    (2, gettext_noop("settled")), (4, gettext_noop("anxious")), (6, gettext_noop("defensive")),
    (8, gettext_noop("losing control")), (10, gettext_noop("danger")),
)  # fmt: skip
NUMBERS = gettext_noop("no one two three four five six seven eight nine ten eleven twelve")


@dataclass(frozen=True)
class Tension:
    """Tension as words and as ten blocks, those that are filled first."""

    value: int
    stage: str
    blocks: tuple[tuple[int, bool], ...]
    moved: str


@dataclass(frozen=True)
class Turn:
    """One page of a play. ``last`` is the choice that led here; ``node`` is an ending when ``is_over``."""

    last: Choice | None
    node: Scene | Ending
    is_over: bool
    choices: tuple[Choice, ...]
    sequence: int
    tension: Tension
    left: str

    def texts(self) -> tuple[str, ...]:
        """All prose on the page, for the policy values that it quotes."""
        node, last = self.node, self.last
        told = (node.text,) if isinstance(node, Ending) else (node.description, node.speech)
        before = (last.text, last.consequence, last.coaching) if last else ()
        return (node.title, *told, *before, *(choice.text for choice in self.choices))


def turn(exploration: Exploration, steps: tuple[Step, ...], start: State | None = None) -> Turn:
    """The page that a play stands at after these steps from the beginning, or from ``start``."""
    graph = exploration.graph
    last = steps[-1] if steps else None
    state = last.after if last else start or begin(graph)
    node = place(graph, state)
    before = readings(graph, last.before)[TENSION] if last else None
    return Turn(
        last=last.choice if last else None,
        node=node,
        is_over=isinstance(node, Ending),
        choices=offer(graph, state),
        sequence=len(steps) + 1,
        tension=tension(readings(graph, state)[TENSION], before),
        left=decisions_left(exploration, state),
    )


def tension(value: int, before: int | None = None) -> Tension:
    moved = "" if before is None or before == value else ("up" if value > before else "down")
    blocks = tuple((number * 12, number < value) for number in range(10))
    return Tension(value, stage(value), blocks, moved)


def stage(value: int) -> str:
    return next(name for highest, name in STAGES if value <= highest)


def decisions_left(exploration: Exploration, state: State) -> str:
    """How far the end is, as honestly as a branching path allows: “about two to four decisions left”."""
    if exploration.of(state) not in exploration.shortest:
        return ""
    return _("%(decisions)s left") % {"decisions": _span(*remaining(exploration, state))}


def length_of(explorations: Iterable[Exploration]) -> str:
    """How long a play is on whichever of these days: “about four to six decisions”."""
    spans = [remaining(exploration, exploration.start) for exploration in explorations]
    longest = [most for _, most in spans if most is not None]
    return _span(min(least for least, _ in spans), max(longest) if len(longest) == len(spans) else None)


def _span(least: int, most: int | None) -> str:
    if most is None:
        return _("at least %(decisions)s") % {"decisions": _decisions(least)}
    if least == most:
        return _decisions(least)
    return _("about %(least)s to %(most)s") % {"least": _number(least), "most": _decisions(most)}


def _number(count: int) -> str:
    words = gettext(NUMBERS).split()
    return words[count] if count < len(words) else str(count)


def _decisions(count: int) -> str:
    return ngettext("%(number)s decision", "%(number)s decisions", count) % {"number": _number(count)}
