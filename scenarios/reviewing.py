"""The debrief of an ended attempt, as its page shows it: the path as a transcript, and what each decision did."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from scenarios.engine.debrief import Review, Tally, review, skills
from scenarios.engine.graph import TENSION, Choice, Ending, Meter, Scene
from scenarios.engine.play import place, replay
from scenarios.models import Attempt


@dataclass(frozen=True)
class Move:
    """How a decision moved one meter."""

    label: str
    before: int
    after: int

    @property
    def direction(self) -> str:
        return "up" if self.after > self.before else "down"


@dataclass(frozen=True)
class Line:
    """One decision of the transcript. ``quoted`` has the policy values that were on screen then."""

    sequence: int
    scene: Scene
    choice: Choice
    moves: tuple[Move, ...]
    learned: tuple[str, ...]
    review: Review
    policy: str
    quoted: Mapping[str, str]


@dataclass(frozen=True)
class SkillShown:
    name: str
    tally: Tally


@dataclass(frozen=True)
class Debrief:
    ending: Ending
    lines: tuple[Line, ...]
    skills: tuple[SkillShown, ...]
    figure: int

    @property
    def is_best(self) -> bool:
        return self.figure == 100

    def texts(self) -> tuple[str, ...]:
        """The prose that was not on a page of a decision: the ending, and the best lines."""
        best = (choice.text for line in self.lines for choice in line.review.best)
        return (self.ending.title, self.ending.text, *best)


def called(meter: Meter) -> str:
    """What a reader calls a meter: tension in their own language, any other as its scenario does."""
    return gettext("Tension") if meter.key == TENSION else meter.label


def debrief_of(attempt: Attempt) -> Debrief:
    """The debrief of an attempt that has ended. One query, for its decisions."""
    edition = attempt.edition
    graph = attempt.graph
    decisions = list(attempt.decisions.order_by("sequence"))
    steps = replay(graph, [decision.choice for decision in decisions])
    lines = []
    for decision, looked_at in zip(decisions, review(attempt.exploration, steps), strict=True):
        step = looked_at.step
        moves = [Move(called(graph.meters[key]), *values) for key, values in looked_at.moved.items()]
        lines.append(
            Line(
                sequence=decision.sequence,
                scene=graph.scenes[decision.scene],
                choice=step.choice,
                moves=tuple(moves),
                learned=tuple(graph.flags[flag] for flag in sorted(step.after.flags - step.before.flags)),
                review=looked_at,
                policy=edition.names.get("policies", {}).get(step.choice.policy, step.choice.policy),
                quoted=decision.quoted,
            )
        )
    ending = place(graph, steps[-1].after)
    assert isinstance(ending, Ending)
    assert attempt.figure is not None
    return Debrief(ending, tuple(lines), _skills_shown(attempt, skills(steps)), attempt.figure)


def _skills_shown(attempt: Attempt, tallies: Mapping[str, Tally]) -> tuple[SkillShown, ...]:
    """Strengths first."""
    names = attempt.edition.names.get("skills", {})
    shown = [SkillShown(names.get(slug, slug), tally) for slug, tally in tallies.items()]
    return tuple(sorted(shown, key=lambda skill: (skill.tally.hurt - skill.tally.helped, skill.name)))
