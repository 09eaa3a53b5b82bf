"""What was played in a scenario: how recorded attempts ended, and of each person's first one what was chosen in it."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import Person
from courses.reports.profiles import owner, place
from courses.reports.summaries.counts import PEOPLE, Counts, add
from courses.reports.summaries.whom import MANY, Whom
from scenarios.models import Attempt, Decision
from scenarios.models.attempt import AttemptQuerySet

FIRST, TAKEN, SECOND = "first {edition}", "taken {edition} {scene}", "second"

Found = dict[tuple[int, int], Counts]


class Try(NamedTuple):
    """A first attempt, finished or not: its edition, whose unit and which quarter it is of; and, of attempts that
    ended, its figure and that of the person's second one."""

    edition: int
    place: int
    quarter: str
    figure: int | None
    second: int | None


def count(whom: Whom, scenario: int | None, now: datetime.datetime) -> Found:
    """Of each place: four queries, and one more where anybody played it in a merged profile. ``scenario`` is one."""
    found: Found = defaultdict(Counts)
    tries = _tries(whom, scenario or 0)
    for row in tries.values():
        counts = found[scenario or 0, row.place]
        add(counts.sums, {"first": {str(row.edition): {row.quarter: 1}}})
        counts.count(FIRST.format(edition=row.edition), row.quarter, {})
        if row.figure is not None and row.second is not None:
            way = "better" if row.second > row.figure else "same" if row.second == row.figure else "worse"
            counts.count(SECOND, row.quarter, {"first": row.figure, "second": row.second, way: 1})
    for (edition, at, quarter, scene, choice), times in _taken(tries, scenario or 0).items():
        figure = TAKEN.format(edition=edition, scene=scene)
        add(found[scenario or 0, at].left, {figure: {quarter: {PEOPLE: times, choice: times}}})
    _endings(found, whom, scenario or 0)
    return found


def _endings(found: Found, whom: Whom, scenario: int) -> None:
    """Of whoever works here, in all their profiles, every attempt."""
    theirs = _recorded(scenario).filter(person__in=whom.profiles).order_by()
    placed = theirs.annotate(place=place())
    for at, kind, number in placed.values_list("place", "ending_kind").annotate(number=Count("pk")):
        add(found[scenario, at].sums, {"endings": {kind: number}})
    counted = placed.annotate(owner=owner()).values_list("place")
    for at, people, taken in counted.annotate(people=Count("owner", distinct=True), taken=Count("decisions")):
        add(found[scenario, at].sums, {"people": people, "decisions": taken})


def _recorded(scenario: int) -> AttemptQuerySet:
    return Attempt.objects.recorded().filter(scenario=scenario)


def _tries(whom: Whom, scenario: int) -> dict[int, Try]:
    """The first attempts by their ids, of whoever is of these places, also those who have left."""
    recorded = _recorded(scenario)
    owners, several = _merged(scenario)
    earlier = recorded.filter(person=OuterRef("person"), pk__lt=OuterRef("pk"))
    first = Q(~Exists(earlier), person__merged_into__isnull=True) & whom.theirs("person")
    theirs = [those for those in several if whom.places is None or those[0].place in whom.places]
    if owners:
        first = (first & ~Q(person__in=owners)) | Q(pk__in=[those[0].pk for those in theirs])
    later = recorded.ended().filter(person=OuterRef("person"), pk__gt=OuterRef("pk")).order_by("pk")
    found = recorded.filter(first).annotate(place=place(), second=Subquery(later.values("figure")[:1])).order_by()
    again = {those[0].pk: _second(those) for those in theirs}
    columns: Any = found.values_list("pk", "edition", "place", "started_at", "figure", "second")
    return {
        pk: Try(edition, at, quarter_of(started), figure, again.get(pk, second))
        for pk, edition, at, started, figure, second in columns.iterator(2000)
    }


def _merged(scenario: int) -> tuple[set[int | None], list[list[Any]]]:
    """Who played it in a profile that was merged into theirs; and all attempts of each of them, in their order."""
    recorded = _recorded(scenario)
    merged = recorded.filter(person__in=Person.objects.merged().order_by()).order_by()
    owners = set(merged.values_list("person__merged_into", flat=True))
    several: dict[int, list[Any]] = defaultdict(list)
    whose = Q(person__in=owners) | Q(person__merged_into__in=owners)
    placed = recorded.filter(whose).annotate(place=place()).select_related("person").order_by("pk")
    for attempt in placed if owners else ():
        several[attempt.person.merged_into_id or attempt.person_id].append(attempt)
    return owners, list(several.values())


def _second(attempts: list[Any]) -> int | None:
    return next((attempt.figure for attempt in attempts[1:] if attempt.ended_at), None)


def _taken(tries: dict[int, Try], scenario: int) -> Counter[tuple[int, int, str, str, str]]:
    """How often each choice was taken, by edition, place, quarter and scene; of whoever came to the scene."""
    taken: Counter[tuple[int, int, str, str, str]] = Counter()
    for attempt, scene, choice in _decisions(tries, scenario):
        if first := tries.get(attempt):
            taken[first.edition, first.place, first.quarter, scene, choice] += 1
    return taken


def _decisions(tries: dict[int, Try], scenario: int) -> Iterator[tuple[int, str, str]]:
    """Of these attempts, and of others where they are too many to be named."""
    of_all = Q(attempt__scenario=scenario, attempt__mode=Attempt.Mode.RECORDED)
    named = Q(attempt__in=list(tries)) if len(tries) <= MANY else of_all
    found = Decision.objects.filter(named).order_by()
    yield from found.values_list("attempt", "scene", "choice").iterator(5000)


def quarter_of(moment: datetime.datetime) -> str:
    """Such as 2026-4, by the days here."""
    here = timezone.localtime(moment)
    return f"{here.year}-{(here.month + 2) // 3}"
