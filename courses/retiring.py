"""Training records whose retention has ended: written to a file, and only then, if told so, taken away."""

import csv
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import chain
from typing import TextIO

from django.db import transaction
from django.db.models import Q

from courses.models import Correction, TrainingRecord, Use
from courses.reports.table import day
from training.lib.spreadsheets import guarded

FIELDS = (
    "code", "name", "job_title", "unit", "course_slug", "course_title", "edition", "minutes", "trainer",
    "trainer_qualification", "outcome",
)  # fmt: skip
HEADER = (*FIELDS, "contents", "begun", "completed", "corrected by")
BATCH = 500


def ended(now: datetime, years: int) -> list[int]:
    """The ids of the records completed more than so many years ago, the oldest first.

    A record and what corrects it go together, when the last of them has ended: else the wrong one would stand again.
    """
    before = now.replace(year=now.year - years, day=min(now.day, 28))
    ids = TrainingRecord.objects.filter(completed_at__lt=before).order_by("completed_at", "pk")
    found = list(ids.values_list("pk", flat=True))
    gone = set(found)
    kept = set(chain.from_iterable(some for some in _corrected_together() if not some <= gone))
    return [pk for pk in found if pk not in kept]


def _corrected_together() -> Iterator[set[int]]:
    """The ids of each record that was corrected and of all that correct it, one after the other."""
    newer = dict(Correction.objects.values_list("old", "new"))
    for first in newer.keys() - set(newer.values()):
        line = [first]
        while line[-1] in newer:
            line.append(newer[line[-1]])
        yield set(line)


def write(ids: Collection[int], file: TextIO) -> int:
    """One line for each, in this order; returns how many."""
    writer = csv.writer(file)
    writer.writerow(HEADER)
    for some in _batches(ids):
        records = TrainingRecord.objects.select_related("corrected_by__new").in_bulk(some)
        writer.writerows(_line(records[pk]) for pk in some)
    return len(ids)


def _line(record: TrainingRecord) -> list[object]:
    contents = "; ".join(str(module.get("title", "")) for module in record.contents)
    by = record.corrected_by.new.code if hasattr(record, "corrected_by") else ""
    said = [getattr(record, name) for name in FIELDS]
    return [guarded(cell) for cell in (*said, contents, day(record.started_at), day(record.completed_at), by)]


@transaction.atomic
def remove(ids: Collection[int]) -> int:
    """Take them away for good, with what names them. The one place that does: law, and not this site, ended them."""
    for some in _batches(ids):
        Use.objects.filter(record__in=some)._raw_delete(Use.objects.db)
        Correction.objects.filter(Q(old__in=some) | Q(new__in=some))._raw_delete(Correction.objects.db)
    for some in _batches(ids):
        TrainingRecord.objects.filter(pk__in=some)._raw_delete(TrainingRecord.objects.db)
    return len(ids)


def _batches(ids: Collection[int]) -> Iterator[list[int]]:
    found = list(ids)
    return (found[start : start + BATCH] for start in range(0, len(found), BATCH))
