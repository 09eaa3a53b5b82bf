"""The counts of very many people, kept: what has changed since is counted again, and so is what is above it.

A trigger notes each change in its own transaction (see ``watching``), so that a page never shows what was before one.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Person, Unit
from courses.models import Course, RecordName, TrainingRecord
from courses.models.summary import NOWHERE, TREE, Outdated, Summary
from courses.reports.summaries import answers, plays, rounds, staff
from courses.reports.summaries.counts import Counts, whole
from courses.reports.summaries.tree import Tree
from courses.reports.summaries.watching import NOTES
from courses.reports.summaries.whom import Whom
from courses.reports.team import MANY
from scenarios.models import Scenario
from training.lib import triggers
from training.lib.database import insert_rows, one_at_a_time

Subject = tuple[str, int]
Count = Callable[[Whom, int | None, datetime.datetime], Mapping[tuple[int, int], Counts]]

KINDS: dict[str, Count] = {
    "staff": staff.count, "rounds": rounds.count, "answers": answers.count, "plays": plays.count,
}  # fmt: skip
# Of more places than these all are counted.
MANY_PLACES = 500
# Rounds are counted so long before now, lest a clock that was put back finds them overdue.
MARGIN = datetime.timedelta(days=1)


def subjects() -> list[Subject]:
    """Everything that is summed up. Two queries."""
    courses = list(Course.objects.order_by("pk").values_list("pk", flat=True))
    scenarios = Scenario.objects.order_by("pk").values_list("pk", flat=True)
    return [("staff", 0), *((kind, pk) for kind in ("rounds", "answers") for pk in courses),
            *(("plays", pk) for pk in scenarios)]  # fmt: skip


def refresh(wanted: Collection[Subject]) -> None:
    """Count what of these is outdated, or was never counted: one query where nothing is."""
    notes = Outdated.objects.filter(kind=OuterRef("kind"), subject=OuterRef("subject"))
    built = Summary.objects.filter(place=NOWHERE, kind__in={kind for kind, _ in wanted})
    fine = set(built.filter(~Exists(notes)).values_list("kind", "subject"))
    for kind, subject in wanted:
        if (kind, subject) not in fine:
            _refresh(kind, subject)


def catch_up() -> None:
    """Have everything ready for whoever looks next. In a library of few people nothing is kept."""
    if Person.objects.working().count() > MANY:
        refresh(subjects())
    else:
        forget()


def rebuild(say: Callable[[Subject], object] = lambda subject: None) -> None:
    """Count everything anew."""
    gather_names()
    for kind, subject in subjects():
        with transaction.atomic(), one_at_a_time(Summary):
            Summary.objects.filter(kind=kind, subject=subject).delete()
            _refresh(kind, subject)
        say((kind, subject))


@transaction.atomic
def gather_names() -> None:
    """Have the names that are in training records, and no others."""
    RecordName.objects.all().delete()
    names = TrainingRecord.objects.order_by().values_list("name").distinct()
    insert_rows(RecordName, ["name"], list(names))


def forget() -> None:
    """Have everything counted anew when somebody looks."""
    with transaction.atomic(), one_at_a_time(Summary):
        Summary.objects.all().delete()
        Outdated.objects.all().delete()


@contextmanager
def unnoted() -> Iterator[None]:
    """A transaction for very many rows, faster by half: nothing of it is noted, and everything is counted anew."""
    with transaction.atomic(), one_at_a_time(Summary):
        triggers.take_away("notes")
        yield
        triggers.put("notes", NOTES)
        forget()


def _refresh(kind: str, subject: int) -> None:
    """In one transaction, one at a time. What others have not committed yet leaves its own note."""
    with transaction.atomic(), one_at_a_time(Summary):
        notes = list(Outdated.objects.filter(kind=kind, subject=subject).values_list("pk", "place"))
        kept = Summary.objects.filter(kind=kind, subject=subject)
        is_built = kept.filter(place=NOWHERE).exists()
        places = {place for _, place in notes}
        everywhere = not is_built or len(places) > MANY_PLACES
        changed = None if everywhere else places - {TREE}
        if changed is None or changed:
            found = KINDS[kind](Whom(changed), subject, timezone.now() - MARGIN)
            _keep(kind, subject, changed, {place: counts for (_, place), counts in found.items()})
        _sum_up(kind, subject, None if changed is None or TREE in places else changed)
        for numbers in _parts([pk for pk, _ in notes]):
            Outdated.objects.filter(pk__in=numbers).delete()


def _keep(kind: str, subject: int, places: Collection[int] | None, found: Mapping[int, Counts]) -> None:
    kept = Summary.objects.filter(kind=kind, subject=subject)
    (kept if places is None else kept.filter(place__in=places)).delete()
    everybody = {NOWHERE: Counts(), **found} if places is None or NOWHERE in places else found
    rows = [(kind, subject, place, counts.dump(), "") for place, counts in everybody.items()]
    insert_rows(Summary, ["kind", "subject", "place", "own", "whole"], rows)


def _sum_up(kind: str, subject: int, changed: Collection[int] | None) -> None:
    """Write what is whole again, of every unit above a changed one, from below upwards."""
    tree = Tree.of(Unit.objects.only("path", "parent"), everything=True)
    above = {place: unit for unit, places in tree.below.items() for place in places}
    outdated = set(tree.below) if changed is None else {up for place in changed for up in _above(place, above)}
    outdated &= set(tree.below)
    needed = outdated | {place for up in outdated for place in tree.below[up]}
    kept = Summary.objects.filter(kind=kind, subject=subject)
    if changed is None:
        kept.exclude(place__in=tree.below).exclude(whole="").update(whole="")
    texts = kept.filter(place__in=needed).values_list("place", "own", "whole")
    rows = {place: (own, summed) for place, own, summed in texts}
    made: dict[int, Counts] = {}

    def sum_of(place: int) -> Counts:
        own, summed = rows.get(place, ("", ""))
        if place in made:
            return made[place]
        if place in outdated:
            made[place] = whole(Counts.load(own), map(sum_of, tree.below[place]))
            return made[place]
        return Counts.load(summed) if summed else whole(Counts.load(own), ())

    for place in outdated:
        sum_of(place)
    for place, counts in made.items():
        Summary.objects.update_or_create(
            kind=kind, subject=subject, place=place,
            defaults={"whole": counts.dump()}, create_defaults={"own": Counts().dump(), "whole": counts.dump()},
        )  # fmt: skip


def places_with(kind: str, subject: int, name: str) -> list[int]:
    """The places whose own counts have something of this name, as they were kept last. One query."""
    found = Summary.objects.filter(kind=kind, subject=subject, own__contains=f'"{name}":')
    return list(found.values_list("place", flat=True))


def _above(place: int, above: Mapping[int, int]) -> Iterator[int]:
    """The place, and all above it."""
    yield place
    while place in above:
        place = above[place]
        yield place


def _parts(numbers: list[int], size: int = 5_000) -> Iterable[list[int]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


def read(wanted: Collection[Subject], places: Collection[int]) -> dict[tuple[str, int, int], tuple[str, str]]:
    """What is kept of these places, by kind, subject and place: its own, and whole. One query."""
    kept = Summary.objects.filter(kind__in={kind for kind, _ in wanted}, subject__in={pk for _, pk in wanted})
    kept = kept.filter(place__in=places)
    rows: Any = kept.values_list("kind", "subject", "place", "own", "whole")
    found: dict[tuple[str, int, int], tuple[str, str]] = defaultdict(lambda: ("", ""))
    found.update({(kind, subject, place): (own, summed) for kind, subject, place, own, summed in rows.iterator(2000)})
    return found
