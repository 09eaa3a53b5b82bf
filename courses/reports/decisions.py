"""What a team chose in a scenario: the share of first recorded attempts that took each choice, and what came of it.

Figures are of groups of people (see ``grouping``), never of one, and of whole groups only.
"""

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Person, Unit
from courses.reports.grouping import FEWEST, TOP, Group, Part, grouped, within
from scenarios.engine.debrief import Tally
from scenarios.engine.explore import Exploration
from scenarios.engine.graph import Choice
from scenarios.models import Attempt, Decision, Edition, Scenario
from scenarios.models.attempt import AttemptQuerySet

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


@dataclass(frozen=True)
class Firsts:
    """First recorded attempts of the people in these units (paths) and below, those of merged profiles left out."""

    scenario: Scenario
    paths: tuple[str, ...]
    attempts: AttemptQuerySet
    rows: "tuple[FirstRow, ...]"

    @property
    def people(self) -> int:
        """How many of them work here."""
        return sum(row.works_here for row in self.rows)

    def parts(self, edition: int) -> Counter[Part]:
        return Counter(row.part for row in self.rows if row.edition == edition)


class FirstRow(NamedTuple):
    """A first attempt: where its person works, its quarter, its figure and that of the second one, once they ended."""

    edition: int
    path: str
    quarter: str
    works_here: bool
    figure: int | None
    second: int | None

    @property
    def part(self) -> Part:
        return (self.path, self.quarter)


def firsts(scenario: Scenario, supervisor: Person, units: Sequence[Unit], unit: Unit | None) -> Firsts:
    """Of all in ``units``, which the supervisor oversees, or of those in one of them and below it. One query.

    Groups are made from the leaves of the tree upwards, so that these people's are the same whoever looks.
    """
    attempts = _first(scenario)
    if supervisor.is_superuser and unit is None:
        return Firsts(scenario, (TOP,), attempts, _rows(scenario, attempts))
    here = [each for each in units if unit is None or each.path.startswith(unit.path)]
    attempts = attempts.filter(person__unit__in=[each.pk for each in here])
    return Firsts(scenario, tuple(each.path for each in here), attempts, _rows(scenario, attempts))


def _rows(scenario: Scenario, attempts: AttemptQuerySet) -> tuple[FirstRow, ...]:
    later = Attempt.objects.recorded().ended().filter(scenario=scenario, person=OuterRef("person"))
    later = later.filter(pk__gt=OuterRef("pk")).order_by("pk")
    columns = ("edition", "person__unit__path", "started_at", "person__is_active", "figure", "second")
    found = attempts.order_by().annotate(second=Subquery(later.values("figure")[:1])).values_list(*columns)
    return tuple(
        FirstRow(edition, path or TOP, _quarter(at), works_here, figure, second)
        for edition, path, at, works_here, figure, second in found.iterator(2000)
    )


def asked_for(text: str) -> str:
    """The period that the text names, a year or a quarter of one; empty for anything else."""
    return text if re.fullmatch(r"20[0-9]{2}(-[1-4])?", text) else ""


def periods(seen: Iterable[str], asked: str) -> list[tuple[str, str]]:
    """The years and quarters of these quarters, and what was asked for, with their names, newest first."""
    quarters = set(seen)
    either = {*quarters, *(quarter[:4] for quarter in quarters), *filter(None, [asked])}
    found = sorted(either, key=_newest, reverse=True)
    return [(period, f"{SPANS[period[5:]]} {period[:4]}".strip()) for period in found]


def chosen(first: Firsts, editions: Mapping[int, Edition], period: str = "") -> Chosen:
    """What was chosen in the newest edition that enough of these people have played.

    One query, and one for each edition that this process has not read yet.
    """
    for pk in sorted(editions, key=lambda pk: -editions[pk].number):
        parts = first.parts(pk)
        if groups := within(grouped(parts), first.paths, period):
            return _chosen(first, editions[pk], parts, groups, period)
    hidden = sum(row.quarter.startswith(period) for row in first.rows)
    return Chosen(None, 0, hidden, (), (), (), None)


def _chosen(first: Firsts, edition: Edition, parts: Counter[Part], groups: tuple[Group, ...], period: str) -> Chosen:
    attempts = first.attempts.filter(_members(groups), edition=edition)
    found = Decision.objects.filter(attempt__in=attempts.order_by().values("pk")).values_list("scene", "choice")
    taken = Counter({(scene, choice): times for scene, choice, times in found.annotate(times=Count("pk")).order_by()})
    lines = _lines(edition, taken)
    people = sum(group.people for group in groups)
    asked = sum(count for (_, quarter), count in parts.items() if quarter.startswith(period))
    return Chosen(
        edition=edition,
        people=people,
        hidden=asked - people,
        choices=lines,
        wrong_turns=_wrong_turns(edition.exploration, lines),
        skills=_skills(edition, taken),
        second=_second(first, period),
    )


def _first(scenario: Scenario) -> AttemptQuerySet:
    """Each person's first recorded attempt at the scenario, finished or not.

    Those of profiles that were merged into another are left out: nobody counts for two.
    """
    recorded = Attempt.objects.recorded().filter(scenario=scenario)
    earlier = recorded.filter(person=OuterRef("person"), pk__lt=OuterRef("pk"))
    return recorded.filter(~Exists(earlier), person__merged_into__isnull=True)


def _quarter(moment: datetime.datetime) -> str:
    here = timezone.localtime(moment)
    return f"{here.year}-{(here.month + 2) // 3}"


def _newest(period: str) -> tuple[str, str]:
    return (period[:4], period[5:] or "9")


def _members(groups: Iterable[Group]) -> Q:
    """A condition on attempts: those of the people in these groups."""
    by_quarter: dict[str, list[str]] = defaultdict(list)
    for group in groups:
        for path, quarter in group.parts:
            by_quarter[quarter].append(path)
    condition = Q(pk__in=[])
    for quarter, paths in by_quarter.items():
        start, end = _span(quarter)
        of_unit = Q(person__unit__path__in=paths)
        condition |= Q(started_at__gte=start, started_at__lt=end) & (
            of_unit | Q(person__unit__isnull=True) if TOP in paths else of_unit
        )
    return condition


def _span(quarter: str) -> tuple[datetime.datetime, datetime.datetime]:
    """The first moment of the quarter here, and the first after it."""
    year, number = map(int, quarter.split("-"))
    starts = [(year, 3 * number - 2), (year + number // 4, 3 * number % 12 + 1)]
    here = timezone.get_current_timezone()
    first, after = (datetime.datetime(year, month, 1, tzinfo=here) for year, month in starts)
    return first, after


def _lines(edition: Edition, taken: Counter[tuple[str, str]]) -> tuple[ChoiceLine, ...]:
    """Every choice of every scene that enough people met, taken or not, in the author's order."""
    lines = []
    for scene in edition.graph.scenes.values():
        met = sum(taken[scene.key, choice.key] for choice in scene.choices)
        for choice in scene.choices if met >= FEWEST else ():
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
    titles = {}
    for line in lines:
        hurt[line.scene_key] += line.share if line.hurts else 0
        titles[line.scene_key] = line.scene
    found = []
    for key, share in hurt.most_common(MOST_WRONG_TURNS):
        helping = [choice for choice in exploration.graph.scenes[key].choices if not choice.hurts and choice.skills]
        better = max(helping, key=lambda choice: sum(choice.skills.values()), default=None)
        if share and better:
            found.append(WrongTurn(titles[key], share, better.text, better.coaching))
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


def _second(first: Firsts, period: str) -> SecondTries | None:
    """Those who finished it twice or more, in groups of their own; None where they are too few."""
    twice = [row for row in first.rows if row.figure is not None and row.second is not None]
    groups = within(grouped(Counter(row.part for row in twice)), first.paths, period)
    parts = {part for group in groups for part in group.parts}
    found = [(row.figure or 0, row.second or 0) for row in twice if row.part in parts]
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
