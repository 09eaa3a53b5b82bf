"""The register: training records of the people whom one oversees, as an auditor asks for them."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import Person, Unit
from courses.models import Enrolment, TrainingRecord
from courses.reports.table import day

HEADER = (
    "Person", "Job title", "Unit then", "Course", "Edition", "Contents", "Minutes", "Trainer", "Qualification",
    "Begun", "Completed", "Outcome", "To be renewed by", "Code", "Corrects",
)  # fmt: skip
COLUMNS = (
    "person", "name", "job_title", "unit", "course_title", "edition", "contents", "minutes", "trainer",
    "trainer_qualification", "started_at", "completed_at", "outcome", "renew_by", "code", "corrects__old__code",
)  # fmt: skip
DAY = datetime.timedelta(days=1)


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
    found = TrainingRecord.objects.visible_to(supervisor).standing()
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
    return found.annotate(renew_by=_renew_by()).order_by("-completed_at", "-pk").values_list(*COLUMNS)  # type: ignore[no-any-return]


def read(found: "QuerySet[TrainingRecord, tuple[Any, ...]]") -> Iterator[RecordRow]:
    for row in found.iterator(1000):
        said = dict(zip(COLUMNS, row, strict=True))
        yield RecordRow(
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
            renew_by=said["renew_by"],
            code=said["code"],
            corrects=said["corrects__old__code"] or "",
        )


def courses_in(supervisor: Person) -> list[tuple[str, str]]:
    """The slugs and titles of the courses that there are records of: one query."""
    found = TrainingRecord.objects.visible_to(supervisor).order_by("course_title")
    return list(dict(found.values_list("course_slug", "course_title").distinct()).items())


def _renew_by() -> Subquery:
    """When the next round is due, for the last record of a person and course."""
    later = TrainingRecord.objects.filter(
        Q(completed_at__gt=OuterRef(OuterRef("completed_at"))),
        person=OuterRef("person"), course_slug=OuterRef("course__slug"), corrected_by__isnull=True,
    )  # fmt: skip
    following = Enrolment.objects.newest().filter(
        ~Exists(later), person=OuterRef("person"), course__slug=OuterRef("course_slug"),
        round__gt=1, completed_at=None, closed_at=None,
    )  # fmt: skip
    return Subquery(following.values(renew_by=F("due_on"))[:1])


def _start(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.min, timezone.get_current_timezone())
