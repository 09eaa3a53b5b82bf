"""The register: training records of the people whom one oversees, as an auditor asks for them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Unit
from courses.models import Course, Enrolment, RecordName, TrainingRecord
from courses.outlook import Rulebook, prospects_in, rulebook
from courses.reports.profiles import owner
from courses.reports.table import day

HEADER = (
    _("Person"), _("Job title"), _("Unit then"), _("Course"), _("Edition"), _("Contents"), _("Minutes"), _("Trainer"),
    _("Qualification"), _("Begun"), _("Completed"), _("Outcome"), _("To be renewed by"), _("Code"), _("Corrects"),
)  # fmt: skip
COLUMNS = (
    "person", "owner", "name", "job_title", "unit", "course_title", "edition", "contents", "minutes", "trainer",
    "trainer_qualification", "started_at", "completed_at", "outcome", "course_slug", "code",
    "corrects__old__code",
)  # fmt: skip
DAY = datetime.timedelta(days=1)
BATCH = 1000
FEW_UNITS = 100
FEW_NAMES = 200


@dataclass(frozen=True)
class WantedRecords:
    """What a supervisor asked for; the unit is where the person works now, ``since`` and ``until`` are days."""

    unit: Unit | None = None
    course: str = ""
    course_title: str = ""
    name: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def words(self) -> str:
        """Such as “North Branch; since 1 January 2026”; for all of them, nothing."""
        said = [self.unit.name if self.unit else "", self.course_title or self.course]
        said += [gettext("people called “%(name)s”") % {"name": self.name} if self.name else ""]
        said += [
            gettext("since %(day)s") % {"day": date_format(self.since)} if self.since else "",
            gettext("until %(day)s") % {"day": date_format(self.until)} if self.until else "",
        ]
        return "; ".join(filter(None, said))


class CourseName(NamedTuple):
    pk: int
    slug: str
    title: str


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
    def proof(self) -> str:
        """The code, and that of the record that it puts right."""
        said = gettext("%(code)s corrects %(old)s") % {"code": self.code, "old": self.corrects}
        return said if self.corrects else self.code

    @property
    def cells(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__dataclass_fields__ if name != "person")


def register(
    supervisor: Person, wanted: WantedRecords, units: Iterable[Unit]
) -> "QuerySet[TrainingRecord, tuple[Any, ...]]":
    """The records that stand, the newest first, as tuples to be read with ``read``: one query when it is run, and one
    before where a name is asked for.

    ``units`` are those that the supervisor oversees. Where it is about few of them it begins with their people; else it
    walks all records from the newest on and passes over those of others.
    """
    found = TrainingRecord.objects.standing()
    here = [unit for unit in units if not wanted.unit or unit.path.startswith(wanted.unit.path)]
    begins_with_people = len(here) <= FEW_UNITS and (wanted.unit or not supervisor.is_superuser)
    if begins_with_people:
        found = found.filter(person__in=_working_in(here))
    else:
        found = found.visible_to(supervisor)
        found = found.below(wanted.unit) if wanted.unit else found
    if wanted.course:
        found = found.filter(course_slug=wanted.course)
    if wanted.name and begins_with_people:
        found = found.filter(name__icontains=wanted.name)
    elif wanted.name:
        found = _named(found, wanted.name)
    if wanted.since:
        found = found.filter(completed_at__gte=_start(wanted.since))
    if wanted.until:
        found = found.filter(completed_at__lt=_start(wanted.until + DAY))
    found = found.annotate(owner=owner())
    return found.order_by("-completed_at", "-pk").values_list(*COLUMNS)  # type: ignore[no-any-return]


def _named(found: Any, name: str) -> Any:
    """Those of a name: one query. Of few names the database is given them, and begins with their records; of many the
    next page is soon found from the newest record on."""
    names = RecordName.objects.filter(Q(folded__contains=name.lower()) | Q(name__contains=name))
    few = list(names.values_list("name", flat=True)[: FEW_NAMES + 1])
    return found.filter(name__in=few) if len(few) <= FEW_NAMES else found.filter(name__icontains=name)


def _working_in(units: Iterable[Unit]) -> "QuerySet[Person, Any]":
    """The profiles of the people in these units."""
    ids = [unit.pk for unit in units]
    merged = Person.objects.filter(merged_into__unit__in=ids).order_by().values("pk")
    own = Person.objects.filter(unit__in=ids, merged_into__isnull=True).order_by().values("pk")
    return own.union(merged)  # type: ignore[no-any-return]


def read(
    found: "QuerySet[TrainingRecord, tuple[Any, ...]]", courses: Iterable[CourseName], now: datetime.datetime
) -> Iterator[RecordRow]:
    """The rows, BATCH at a time: four queries, and four more for each batch in which some may be to be renewed."""
    rows = found.iterator(BATCH)
    asked: _Asked | None = None
    while batch := [dict(zip(COLUMNS, row, strict=True)) for row in islice(rows, BATCH)]:
        asked = asked or _asked(courses)
        renewals = asked.renewals(batch, now)
        for said in batch:
            yield _row(said, renewals.get(said["code"]))


@dataclass(frozen=True)
class _Asked:
    """What the rules ask for again: ``courses`` are the ids of those courses, by slug."""

    book: Rulebook
    courses: Mapping[str, int]

    def renewals(self, batch: Iterable[dict[str, Any]], now: datetime.datetime) -> dict[str, datetime.date]:
        """By when those of these records that are a person's last in their course are to be renewed, by code."""
        asked = [said for said in batch if said["course_slug"] in self.courses]
        newest = _newest({said["owner"] for said in asked}) if asked else {}
        last = {
            (said["owner"], self.courses[said["course_slug"]]): said["code"]
            for said in asked
            if newest[said["owner"], said["course_slug"]] == said["completed_at"]
        }
        named: dict[int, set[int]] = defaultdict(set)
        for person, course in last:
            named[person].add(course)
        found = prospects_in(named, self.book, now) if named else ()
        return {
            last[prospect.person.pk, prospect.course]: prospect.asked.due_on
            for prospect in found
            if prospect.asked and prospect.asked.due_on
        }


def _asked(courses: Iterable[CourseName]) -> _Asked:
    book = rulebook()
    return _Asked(book, {course.slug: course.pk for course in courses if course.pk in book.repeating})


def _newest(people: set[int]) -> dict[tuple[int, str], datetime.datetime]:
    """When these people completed each course (by slug) last, in whichever of their profiles. One query."""
    records = TrainingRecord.objects.standing().in_profiles(people)
    records = records.annotate(owner=owner())
    found = records.order_by().values_list("owner", "course_slug").annotate(last=Max("completed_at"))
    return {(owner, slug): last for owner, slug, last in found}


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
        outcome=said["outcome"] and gettext(said["outcome"]),
        renew_by=renew_by,
        code=said["code"],
        corrects=said["corrects__old__code"] or "",
    )


def courses_completed() -> list[CourseName]:
    """The courses that anybody completed: one query, whatever the number of records."""
    completed = Enrolment.objects.completed().filter(course=OuterRef("pk"))
    found = Course.objects.filter(Exists(completed)).order_by("title", "slug")
    return [CourseName(*row) for row in found.values_list("pk", "slug", "title")]


def _start(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.min, timezone.get_current_timezone())
