"""One scenario: how recorded attempts ended, and what was chosen in them. Counts of decisions, never names."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import Person
from scenarios.engine.debrief import Tally
from scenarios.models import Attempt, Decision, Edition, Scenario

HEADER = ("Edition", "Scene", "Choice", "Times chosen")


@dataclass(frozen=True)
class ChoiceLine:
    """How often a choice was taken, in one edition."""

    edition: int
    scene: str
    choice: str
    times: int

    @property
    def cells(self) -> tuple[object, ...]:
        return (self.edition, self.scene, self.choice, self.times)


@dataclass(frozen=True)
class SkillLine:
    name: str
    tally: Tally


@dataclass(frozen=True)
class Played:
    """What the recorded attempts at a scenario come to. ``decisions`` includes those of unfinished attempts."""

    people: int
    ended: int
    unfinished: int
    decisions: int
    endings: list[tuple[str, str, str, int]]
    choices: list[ChoiceLine]
    skills: list[SkillLine]


def played(scenario: Scenario, people: QuerySet[Person]) -> Played:
    """Four queries, and one for each edition that this process has not read yet."""
    attempts = Attempt.objects.recorded().filter(scenario=scenario, person__in=people)
    totals = attempts.aggregate(
        people=Count("person", distinct=True),
        ended=Count("pk", filter=Q(ended_at__isnull=False)),
        unfinished=Count("pk", filter=Q(ended_at__isnull=True)),
    )
    editions = {edition.pk: edition for edition in Edition.objects.filter(scenario=scenario).defer("document", "page")}
    taken = Counter(
        {
            (edition, scene, choice): times
            for edition, scene, choice, times in Decision.objects.filter(attempt__in=attempts)
            .values_list("attempt__edition", "scene", "choice")
            .annotate(times=Count("pk"))
        }
    )
    return Played(
        **totals,
        decisions=sum(taken.values()),
        endings=_endings(attempts, editions),
        choices=_choices(taken, editions),
        skills=_skills(taken, editions),
    )


def _endings(attempts: QuerySet[Attempt], editions: dict[int, Edition]) -> list[tuple[str, str, str, int]]:
    """The title, the kind, the kind in words, and the number of each ending reached, most often first."""
    found = attempts.filter(ended_at__isnull=False).values_list("edition", "ending", "ending_kind")
    counts: Counter[tuple[str, str]] = Counter()
    for edition, ending, kind, times in found.annotate(times=Count("pk")).order_by():
        counts[editions[edition].graph.endings[ending].title, kind] += times
    return [(title, kind, kind.replace("-", " ").capitalize(), times) for (title, kind), times in counts.most_common()]


def _choices(taken: Counter[tuple[int, str, str]], editions: dict[int, Edition]) -> list[ChoiceLine]:
    """Every choice of every scene that was met, taken or not, in the author's order; the newest edition first."""
    met = {(edition, scene) for edition, scene, _ in taken}
    lines = []
    for pk, edition in sorted(editions.items(), key=lambda item: -item[1].number):
        if not any(pk == met_edition for met_edition, _ in met):
            continue
        for scene in edition.graph.scenes.values():
            if (pk, scene.key) in met:
                lines += [
                    ChoiceLine(edition.number, scene.title, choice.text, taken[pk, scene.key, choice.key])
                    for choice in scene.choices
                ]
    return lines


def _skills(taken: Counter[tuple[int, str, str]], editions: dict[int, Edition]) -> list[SkillLine]:
    """What the decisions are evidence of, strengths first."""
    ratings: dict[str, Counter[int]] = defaultdict(Counter)
    names: dict[str, str] = {}
    for (pk, scene, key), times in taken.items():
        choice = editions[pk].graph.scenes[scene].choice(key)
        names |= editions[pk].names.get("skills", {})
        for skill, rating in choice.skills.items() if choice else ():
            ratings[skill][rating] += times
    lines = [SkillLine(names.get(slug, slug), _tally(count)) for slug, count in ratings.items()]
    return sorted(lines, key=lambda line: (-line.tally.helped / line.tally.decisions, line.name))


def _tally(count: Counter[int]) -> Tally:
    return Tally(helped=count[1], neutral=count[0], hurt=count[-1])


def texts(lines: Iterable[ChoiceLine]) -> tuple[str, ...]:
    """All prose of the lines, for the policy values that it quotes."""
    return tuple(f"{line.scene} {line.choice}" for line in lines)
