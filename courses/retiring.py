"""Training records whose retention has ended: written to a file, and only then, if told so, taken away."""

import csv
from datetime import datetime
from typing import TextIO

from django.db import transaction
from django.db.models import Q, QuerySet

from courses.models import Correction, TrainingRecord, Use
from courses.reports.table import day
from training.lib.spreadsheets import guarded

FIELDS = (
    "code", "name", "job_title", "unit", "course_slug", "course_title", "edition", "minutes", "trainer",
    "trainer_qualification", "outcome",
)  # fmt: skip
HEADER = (*FIELDS, "contents", "begun", "completed", "corrected by")


def ended(now: datetime, years: int) -> QuerySet[TrainingRecord]:
    """Those completed more than so many years ago."""
    before = now.replace(year=now.year - years, day=min(now.day, 28))
    found: QuerySet[TrainingRecord] = TrainingRecord.objects.filter(completed_at__lt=before).order_by(
        "completed_at", "pk"
    )
    return found


def write(records: QuerySet[TrainingRecord], file: TextIO) -> int:
    """One line for each, the oldest first; returns how many."""
    writer, count = csv.writer(file), 0
    writer.writerow(HEADER)
    for record in records.select_related("corrected_by__new").iterator(1000):
        contents = "; ".join(str(module.get("title", "")) for module in record.contents)
        by = record.corrected_by.new.code if hasattr(record, "corrected_by") else ""
        said = [getattr(record, name) for name in FIELDS]
        writer.writerow(
            [guarded(cell) for cell in (*said, contents, day(record.started_at), day(record.completed_at), by)]
        )
        count += 1
    return count


@transaction.atomic
def remove(records: QuerySet[TrainingRecord]) -> int:
    """Take them away for good, with what names them. The one place that does: law, and not this site, ended them."""
    ids = list(records.values_list("pk", flat=True))
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        for rows in (
            Use.objects.filter(record__in=some),
            Correction.objects.filter(Q(old__in=some) | Q(new__in=some)),
            TrainingRecord.objects.filter(pk__in=some),
        ):
            rows._raw_delete(rows.db)
    return len(ids)
