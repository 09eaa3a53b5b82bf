"""The register: training records of the people whom one oversees, as an auditor asks for them."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Person, Unit
from courses.models import TrainingRecord
from courses.outlook import prospects, rulebook
from courses.reports.counted import named
from courses.reports.table import day

HEADER = (
    "Person", "Job title", "Unit then", "Course", "Edition", "Contents", "Minutes", "Trainer", "Qualification",
    "Begun", "Completed", "Outcome", "To be renewed by", "Code", "Corrects",
)  # fmt: skip
COLUMNS = (
    "person", "name", "job_title", "unit", "course_title", "edition", "contents", "minutes", "trainer",
    "trainer_qualification", "started_at", "completed_at", "outcome", "is_last", "course_slug", "code",
    "corrects__old__code",
)  # fmt: skip
DAY = datetime.timedelta(days=1)
BATCH = 1000


@dataclass(frozen=True)
class WantedRecords:
    """What a supervisor asked for; ``unit`` is where the person works now, ``since`` and ``until`` are days."""

    unit: Unit | None = None
    course: str = ""
    name: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def words(self) -> str:
        """Such as “North Branch; since 1 January 2026”; for all of them, nothing."""
        said = [self.unit.name if self.unit else "", self.course, f"“{self.name}”" if self.name else ""]
        said += [
            f"since {self.since:%-d %B %Y}" if self.since else "",
            f"until {self.until:%-d %B %Y}" if self.until else "",
        ]
        return "; ".join(filter(None, said))


@dataclass(frozen=True)
class RecordRow:
    """One record. ``contents`` are the titles of its modules; ``corrects`` is the code of one that it puts right."""

    person: int
    name: str
    job_title: str
    unit: str
    course: str
    edition: int
    contents: str
    minutes: int
    trainer: str
    qualification: str
    begun_on: datetime.date | None
    completed_on: datetime.date | None
    outcome: str
    renew_by: datetime.date | None
    code: str
    corrects: str

    @property
    def cells(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__dataclass_fields__ if name != "person")


def register(supervisor: Person, wanted: WantedRecords) -> "QuerySet[TrainingRecord, tuple[Any, ...]]":
    """The records that stand, the newest first, as tuples to be read with ``read``: one query when it is run."""
    found = TrainingRecord.objects.standing()
    if not supervisor.is_superuser:
        found = found.filter(person__in=named(Person.objects.visible_to(supervisor)))
    if wanted.unit:
        found = found.filter(person__unit__path__startswith=wanted.unit.path)
    if wanted.course:
        found = found.filter(course_slug=wanted.course)
    if wanted.name:
        found = found.filter(name__icontains=wanted.name)
    if wanted.since:
        found = found.filter(completed_at__gte=_start(wanted.since))
    if wanted.until:
        found = found.filter(completed_at__lt=_start(wanted.until + DAY))
    later = TrainingRecord.objects.standing().filter(
        person=OuterRef("person"), course_slug=OuterRef("course_slug"), completed_at__gt=OuterRef("completed_at")
    )
    return found.annotate(is_last=~Exists(later)).order_by("-completed_at", "-pk").values_list(*COLUMNS)  # type: ignore[no-any-return]


def read(
    found: "QuerySet[TrainingRecord, tuple[Any, ...]]", courses: Mapping[int, str], now: datetime.datetime
) -> Iterator[RecordRow]:
    """The rows, BATCH at a time, each batch with six queries more for when its records are to be renewed.

    ``courses`` are the slugs of all courses by id.
    """
    rows = found.iterator(BATCH)
    while batch := [dict(zip(COLUMNS, row, strict=True)) for row in islice(rows, BATCH)]:
        renewals = _renewals({said["person"] for said in batch}, courses, now)
        for said in batch:
            yield _row(said, renewals.get((said["person"], said["course_slug"])) if said["is_last"] else None)


def _row(said: dict[str, Any], renew_by: datetime.date | None) -> RecordRow:
    return RecordRow(
        person=said["person"],
        name=said["name"],
        job_title=said["job_title"],
        unit=said["unit"],
        course=said["course_title"],
        edition=said["edition"],
        contents="; ".join(str(module.get("title", "")) for module in said["contents"] or ()),
        minutes=said["minutes"],
        trainer=said["trainer"],
        qualification=said["trainer_qualification"],
        begun_on=day(said["started_at"]),
        completed_on=day(said["completed_at"]),
        outcome=said["outcome"],
        renew_by=renew_by,
        code=said["code"],
        corrects=said["corrects__old__code"] or "",
    )


def _renewals(
    people: set[int], courses: Mapping[int, str], now: datetime.datetime
) -> dict[tuple[int, str], datetime.date]:
    """By when these people are to take a course again, by person and the course's slug."""
    found = prospects(people, rulebook(), now)
    return {
        (prospect.person.pk, courses[prospect.course]): prospect.asked.due_on
        for prospect in found
        if prospect.asked and prospect.asked.due_on
    }


def _start(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.min, timezone.get_current_timezone())
