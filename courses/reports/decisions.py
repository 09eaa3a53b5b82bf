"""What a team chose in a scenario: the share of first recorded attempts that took each choice, and what came of it.

Figures are of groups of people (see ``summaries.counts``), never of one, and of whole groups only.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from courses.reports.summaries.counts import PEOPLE, Counts, Value
from courses.reports.summaries.plays import FIRST, SECOND, TAKEN
from scenarios.engine.debrief import Tally
from scenarios.engine.explore import Exploration
from scenarios.engine.graph import Choice
from scenarios.models import Edition

HEADER = (_("Edition"), _("Scene"), _("Choice"), _("Times chosen"), _("Share"), _("Helped or hurt"))
WORDS = {1: gettext_noop("helped"), 0: gettext_noop("neutral"), -1: gettext_noop("hurt")}
MOST_WRONG_TURNS = 3
SPANS = {
    "": "", "1": _("January to March"), "2": _("April to June"), "3": _("July to September"),
    "4": _("October to December"),
}  # fmt: skip


@dataclass(frozen=True)
class ChoiceLine:
    """How often a choice was taken at a scene that ``met`` first attempts came to, whole percents."""

    edition: int
    scene_key: str
    scene: str
    choice_key: str
    choice: str
    times: int
    met: int
    hurts: bool
    rating: str

    @property
    def share(self) -> int:
        return round(100 * self.times / self.met) if self.met else 0

    @property
    def cells(self) -> tuple[object, ...]:
        return (self.edition, self.scene, self.choice, self.times, f"{self.share} %", self.rating)


@dataclass(frozen=True)
class WrongTurn:
    """A scene in which many first attempts took a choice that hurt, and a choice there that helps."""

    scene: str
    share: int
    better: str
    coaching: str


@dataclass(frozen=True)
class SkillLine:
    name: str
    tally: Tally


@dataclass(frozen=True)
class SecondTries:
    """How the second recorded attempt of the same people went, against their first; in percent of the best."""

    people: int
    better: int
    same: int
    worse: int
    first: int
    second: int


@dataclass(frozen=True)
class Chosen:
    """What ``people`` chose. ``hidden`` more are in groups too small to show; without an edition there is nothing."""

    edition: Edition | None
    people: int
    hidden: int
    choices: tuple[ChoiceLine, ...]
    wrong_turns: tuple[WrongTurn, ...]
    skills: tuple[SkillLine, ...]
    second: SecondTries | None


def asked_for(text: str) -> str:
    """The period that the text names, a year or a quarter of one; empty for anything else."""
    return text if re.fullmatch(r"20[0-9]{2}(-[1-4])?", text) else ""


def periods(counts: Counts, asked: str) -> list[tuple[str, str]]:
    """The years and quarters in which anyone first played it, and the one asked for, with their names, newest first."""
    quarters = {quarter for by_quarter in counts.by("first").values() for quarter in by_quarter}
    either = {*quarters, *(quarter[:4] for quarter in quarters), *filter(None, [asked])}
    found = sorted(either, key=_newest, reverse=True)
    return [(period, f"{SPANS[period[5:]]} {period[:4]}".strip()) for period in found]


def chosen(counts: Counts, editions: Mapping[int, Edition], period: str = "") -> Chosen:
    """What was chosen, in the newest edition that enough people have played.

    One query for an edition that this process has not read yet.
    """
    for pk in sorted(editions, key=lambda pk: -editions[pk].number):
        if people := counts.group(FIRST.format(edition=pk), period).get(PEOPLE, 0):
            return _chosen(counts, editions[pk], people, period)
    return Chosen(None, 0, sum(_asked(counts, edition, period) for edition in counts.by("first")), (), (), (), None)


def _chosen(counts: Counts, edition: Edition, people: int, period: str) -> Chosen:
    taken = _taken(counts, edition.pk, period)
    lines = _lines(edition, taken)
    return Chosen(
        edition=edition,
        people=people,
        hidden=_asked(counts, str(edition.pk), period) - people,
        choices=lines,
        wrong_turns=_wrong_turns(edition.exploration, lines),
        skills=_skills(edition, taken),
        second=_second(counts.group(SECOND, period)),
    )


def _asked(counts: Counts, edition: str, period: str) -> int:
    return sum(people for quarter, people in counts.by("first", edition).items() if quarter.startswith(period))


def _taken(counts: Counts, edition: int, period: str) -> Counter[tuple[str, str]]:
    """How often each choice of each scene was taken, by whole groups of those who came to the scene.

    The groups are of each scene's own people: else two pages could differ by the few who came to it.
    """
    taken: Counter[tuple[str, str]] = Counter()
    scenes = TAKEN.format(edition=edition, scene="")
    for scene in counts.figures(scenes):
        value = counts.group(f"{scenes}{scene}", period)
        taken.update({(scene, choice): number for choice, number in value.items() if choice != PEOPLE})
    return taken


def _newest(period: str) -> tuple[str, str]:
    return (period[:4], period[5:] or "9")


def _lines(edition: Edition, taken: Counter[tuple[str, str]]) -> tuple[ChoiceLine, ...]:
    """Every choice of every scene that a group met, taken or not, in the author's order."""
    lines = []
    for scene in edition.graph.scenes.values():
        met = sum(taken[scene.key, choice.key] for choice in scene.choices)
        for choice in scene.choices if met else ():
            times = taken[scene.key, choice.key]
            rating = _rating(choice)
            lines.append(
                ChoiceLine(
                    edition.number, scene.key, scene.title, choice.key, choice.text, times, met, choice.hurts, rating
                )
            )
    return tuple(lines)


def _rating(choice: Choice) -> str:
    ratings = choice.skills.values()
    return WORDS[-1 if choice.hurts else max(ratings)] if ratings else ""


def _wrong_turns(exploration: Exploration, lines: Iterable[ChoiceLine]) -> tuple[WrongTurn, ...]:
    """The scenes in which the largest shares took a choice that hurt, largest first."""
    hurt: Counter[str] = Counter()
    scenes = {}
    for line in lines:
        hurt[line.scene_key] += line.times if line.hurts else 0
        scenes[line.scene_key] = line
    shares = Counter({key: times / scenes[key].met for key, times in hurt.items()})
    found = []
    for key, share in shares.most_common(MOST_WRONG_TURNS):
        helping = [choice for choice in exploration.graph.scenes[key].choices if not choice.hurts and choice.skills]
        better = max(helping, key=lambda choice: sum(choice.skills.values()), default=None)
        if share and better:
            found.append(WrongTurn(scenes[key].scene, round(100 * share), better.text, better.coaching))
    return tuple(found)


def _skills(edition: Edition, taken: Counter[tuple[str, str]]) -> tuple[SkillLine, ...]:
    """What the decisions are evidence of, strengths first."""
    ratings: dict[str, Counter[int]] = defaultdict(Counter)
    names = edition.names.get("skills", {})
    for (scene, key), times in taken.items():
        choice = edition.graph.scenes[scene].choice(key)
        for skill, rating in choice.skills.items() if choice else ():
            ratings[skill][rating] += times
    lines = [
        SkillLine(names.get(slug, slug), Tally(helped=count[1], neutral=count[0], hurt=count[-1]))
        for slug, count in ratings.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.tally.helped / line.tally.decisions, line.name)))


def _second(value: Value) -> SecondTries | None:
    """Of those who finished it twice or more, in groups of their own; None where they are too few."""
    if not value:
        return None
    better, same, worse = (value.get(way, 0) for way in ("better", "same", "worse"))
    first, second = (round(value.get(which, 0) / value[PEOPLE]) for which in ("first", "second"))
    return SecondTries(value[PEOPLE], better, same, worse, first, second)


def texts(seen: Chosen) -> tuple[str, ...]:
    """All prose on the page, for the policy values that it quotes."""
    turns = (f"{turn.scene} {turn.better} {turn.coaching}" for turn in seen.wrong_turns)
    return (*(f"{line.scene} {line.choice}" for line in seen.choices), *turns)
