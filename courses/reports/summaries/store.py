"""The counts of very many people, kept: what has changed since is counted again, and so is what is above it.

A trigger notes each change in its own transaction (see ``watching``), so that a page never shows what was before one.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.importing import batches
from accounts.models import Person, Unit
from courses.models import Course, RecordName, TrainingRecord
from courses.models.summary import NOWHERE, TREE, Outdated, Summary
from courses.reports.summaries import answers, plays, rounds, staff
from courses.reports.summaries.counts import Counts, added, whole
from courses.reports.summaries.tree import Tree
from courses.reports.summaries.watching import NOTES
from courses.reports.summaries.whom import MANY, Whom
from scenarios.models import Scenario
from training.lib import triggers
from training.lib.database import insert_rows, one_at_a_time, update_rows

Subject = tuple[str, int]
Count = Callable[[Whom, int | None, datetime.datetime], Mapping[tuple[int, int], Counts]]

KINDS: dict[str, Count] = {
    "staff": staff.count, "rounds": rounds.count, "answers": answers.count, "plays": plays.count,
}  # fmt: skip
# Of more places than these all are counted.
MANY_PLACES = 500
BATCH = 5_000


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
        places = {place for _, place in notes}
        if len(places) > MANY_PLACES or not _rows(kind, subject).filter(place=NOWHERE).exists():
            _recount(kind, subject, None)
            _sum_all(kind, subject)
        else:
            changes = _recount(kind, subject, places - {TREE}) if places - {TREE} else {}
            _sum_all(kind, subject) if TREE in places else _sum_up(kind, subject, changes)
        for numbers in batches([pk for pk, _ in notes], BATCH):
            Outdated.objects.filter(pk__in=numbers).delete()


def _rows(kind: str, subject: int) -> QuerySet[Summary]:
    return Summary.objects.filter(kind=kind, subject=subject)


def _recount(kind: str, subject: int, places: Collection[int] | None) -> dict[int, Counts]:
    """Count these places, or all, and write it; returns by how much each of these places has changed."""
    whom = Whom() if places is None else Whom.by_name(places)
    found = {at: counts for (_, at), counts in KINDS[kind](whom, subject, timezone.now()).items()}
    if places is None:
        _rows(kind, subject).delete()
        everywhere = {NOWHERE: Counts(), **found}
        rows = [(kind, subject, place, counts.dump(), "") for place, counts in everywhere.items()]
        insert_rows(Summary, ["kind", "subject", "place", "own", "total"], rows)
        return {}
    columns = _rows(kind, subject).filter(place__in=places).values_list("place", "pk", "own")
    before = {place: (pk, own) for place, pk, own in columns}
    now = {place: found.get(place, Counts()) for place in places}
    update_rows(Summary, ["own"], [(pk, now[place].dump()) for place, (pk, _) in before.items()])
    new = [(kind, subject, place, now[place].dump(), "") for place in now if place not in before]
    insert_rows(Summary, ["kind", "subject", "place", "own", "total"], new)
    return {
        place: added([counts], but=[Counts.load(before[place][1])] if place in before else ())
        for place, counts in now.items()
    }


def _sum_up(kind: str, subject: int, changes: Mapping[int, Counts]) -> None:
    """Have the totals above these places follow by how much each has changed, from below upwards: two queries."""
    paths = dict(Unit.objects.filter(pk__in=changes).values_list("pk", "path"))
    lines = [[NOWHERE, *map(int, filter(None, paths.get(place, "").split("/")))] for place in changes]
    above = {place: up for line in lines for up, place in pairwise(line)}
    depths = {place: depth for line in lines for depth, place in enumerate(line)}
    columns = _rows(kind, subject).filter(place__in=depths).values_list("place", "pk", "own", "total")
    rows = {place: (pk, own, total) for place, pk, own, total in columns}
    if rows.keys() != depths.keys() or not changes.keys() <= depths.keys():
        _sum_all(kind, subject)
        return
    more, totals = defaultdict(list, {place: [change] for place, change in changes.items()}), []
    for place in sorted(depths, key=lambda place: -depths[place]):
        pk, own, total = rows[place]
        change = added(more[place])
        # Where nothing is below, what is its own has been written already.
        before = Counts.load(total) if total else added([Counts.load(own)], but=[change])
        after = added([before, change])
        totals += [(pk, after.dump())] if total else []
        if place in above:
            more[above[place]].append(added([whole(after)], but=[whole(before)]))
    update_rows(Summary, ["total"], totals)


def _sum_all(kind: str, subject: int) -> None:
    """Add up the totals of all units that have others below them."""
    below = Tree.of(Unit.objects.only("path", "parent"), everything=True).below
    rows = {place: (pk, own) for place, pk, own in _rows(kind, subject).values_list("place", "pk", "own")}
    totals: dict[int, Counts] = {}

    def total_of(place: int) -> Counts:
        own = Counts.load(rows[place][1]) if place in rows else Counts()
        if place not in below:
            return own
        totals[place] = added([own, *(whole(total_of(under)) for under in below[place])])
        return totals[place]

    total_of(NOWHERE)
    _rows(kind, subject).exclude(total="").update(total="")
    update_rows(
        Summary, ["total"], [(rows[place][0], found.dump()) for place, found in totals.items() if place in rows]
    )
    new = [
        (kind, subject, place, Counts().dump(), found.dump()) for place, found in totals.items() if place not in rows
    ]
    insert_rows(Summary, ["kind", "subject", "place", "own", "total"], new)


def places_with(kind: str, subject: int, name: str) -> list[int]:
    """The places whose own counts have something of this name, as they were kept last. One query."""
    found = Summary.objects.filter(kind=kind, subject=subject, own__contains=f'"{name}":')
    return list(found.values_list("place", flat=True))


def read(wanted: Collection[Subject], places: Collection[int]) -> dict[tuple[str, int, int], tuple[str, str]]:
    """What is kept of these places, by kind, subject and place: its own, and its total. One query."""
    kept = Summary.objects.filter(kind__in={kind for kind, _ in wanted}, subject__in={pk for _, pk in wanted})
    kept = kept.filter(place__in=places)
    rows: Any = kept.values_list("kind", "subject", "place", "own", "total")
    found: dict[tuple[str, int, int], tuple[str, str]] = defaultdict(lambda: ("", ""))
    found.update({(kind, subject, place): (own, total) for kind, subject, place, own, total in rows.iterator(2000)})
    return found
