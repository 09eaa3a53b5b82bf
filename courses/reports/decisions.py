"""What a team chose in a scenario: the share of first recorded attempts that took each choice, and what came of it.

Figures are of groups of people (see ``grouping``), never of one, and of whole groups only.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Person, Unit
from courses.reports.grouping import TOP, Group, Part, grouped, within
from courses.reports.team import MANY
from courses.reports.tries import Tries
from scenarios.engine.debrief import Tally
from scenarios.engine.explore import Exploration
from scenarios.engine.graph import Choice
from scenarios.models import Attempt, Decision, Edition

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


def paths_of(supervisor: Person, units: Iterable[Unit]) -> list[str]:
    """The paths below which everyone is the supervisor's to see; an administrator's are all, and those of no unit."""
    found: list[str] = [TOP] if supervisor.is_superuser else []
    for at in sorted(unit.path for unit in units):
        if not found or not at.startswith(found[-1]):
            found.append(at)
    return found


def asked_for(text: str) -> str:
    """The period that the text names, a year or a quarter of one; empty for anything else."""
    return text if re.fullmatch(r"20[0-9]{2}(-[1-4])?", text) else ""


def periods(played: Tries, asked: str) -> list[tuple[str, str]]:
    """The years and quarters in which anyone first played it, and the one asked for, with their names, newest first."""
    quarters = {quarter for _, (_, quarter) in played.counts}
    either = {*quarters, *(quarter[:4] for quarter in quarters), *filter(None, [asked])}
    found = sorted(either, key=_newest, reverse=True)
    return [(period, f"{SPANS[period[5:]]} {period[:4]}".strip()) for period in found]


def chosen(played: Tries, editions: Mapping[int, Edition], units: Sequence[str], period: str = "") -> Chosen:
    """What was chosen in these units (paths) and below, in the newest edition that enough people there have played.

    Two queries, and one for each edition that this process has not read yet.
    """
    paths = tuple(units)
    for pk in sorted(editions, key=lambda pk: -editions[pk].number):
        parts = {part: count for (edition, part), count in played.counts.items() if edition == pk}
        if groups := within(grouped(parts), paths, period):
            return _chosen(played, editions[pk], parts, groups, paths, period)
    hidden = sum(count for (_, part), count in played.counts.items() if _asked(part, paths, period))
    return Chosen(None, 0, hidden, (), (), (), None)


def _chosen(
    played: Tries,
    edition: Edition,
    parts: dict[Part, int],
    groups: tuple[Group, ...],
    units: tuple[str, ...],
    period: str,
) -> Chosen:
    taken = _taken(played, edition, units, period)
    lines = _lines(edition, taken)
    people = sum(group.people for group in groups)
    asked = sum(count for part, count in parts.items() if _asked(part, units, period))
    return Chosen(
        edition=edition,
        people=people,
        hidden=asked - people,
        choices=lines,
        wrong_turns=_wrong_turns(edition.exploration, lines),
        skills=_skills(edition, taken),
        second=_second(played, units, period),
    )


def _taken(played: Tries, edition: Edition, units: Sequence[str], period: str) -> Counter[tuple[str, str]]:
    """How often each choice of each scene was taken, by whole groups of those who came to the scene. One query.

    The groups are of each scene's own people: else two pages could differ by the few who came to it.
    """
    times: dict[str, dict[Part, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for attempt, scene, choice in _decisions(played, edition):
        if first := played.rows.get(attempt):
            times[scene][first.part][choice] += 1
    taken: Counter[tuple[str, str]] = Counter()
    for scene, by_part in times.items():
        groups = within(grouped({part: found.total() for part, found in by_part.items()}), units, period)
        for part in chain.from_iterable(group.parts for group in groups):
            taken.update({(scene, choice): number for choice, number in by_part[part].items()})
    return taken


def _decisions(played: Tries, edition: Edition) -> Iterator[tuple[int, str, str]]:
    """Of the first attempts at the edition, and of others where they are too many to be named."""
    attempts = [pk for pk, row in played.rows.items() if row.edition == edition.pk]
    of_edition = Q(attempt__edition=edition.pk, attempt__mode=Attempt.Mode.RECORDED)
    found = Decision.objects.filter(of_edition if len(attempts) > MANY else Q(attempt__in=attempts)).order_by()
    yield from found.values_list("attempt", "scene", "choice").iterator(5000)


def _newest(period: str) -> tuple[str, str]:
    return (period[:4], period[5:] or "9")


def _asked(part: Part, units: tuple[str, ...], period: str) -> bool:
    at, quarter = part
    return at.startswith(units) and quarter.startswith(period)


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


def _second(played: Tries, units: Sequence[str], period: str) -> SecondTries | None:
    """Those who finished it twice or more, in groups of their own; None where they are too few."""
    by_part: dict[Part, list[tuple[int, int]]] = defaultdict(list)
    for part, first, second in played.pairs():
        by_part[part].append((first, second))
    groups = within(grouped({part: len(found) for part, found in by_part.items()}), units, period)
    found = [pair for group in groups for part in group.parts for pair in by_part[part]]
    if not found:
        return None
    return SecondTries(
        people=len(found),
        better=sum(second > first for first, second in found),
        same=sum(second == first for first, second in found),
        worse=sum(second < first for first, second in found),
        first=round(sum(first for first, _ in found) / len(found)),
        second=round(sum(second for _, second in found) / len(found)),
    )


def texts(seen: Chosen) -> tuple[str, ...]:
    """All prose on the page, for the policy values that it quotes."""
    turns = (f"{turn.scene} {turn.better} {turn.coaching}" for turn in seen.wrong_turns)
    return (*(f"{line.scene} {line.choice}" for line in seen.choices), *turns)
