"""The ledger of hours: what each person has in a year, by category, against what is asked of them."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Unit
from courses.models import Credit, HoursTarget, TrainingRecord, Waiver
from courses.models.hours import Category
from training.lib.database import Unindexed

BATCH = 1000
LINES = (_("Day"), _("Training"), _("Category"), _("Minutes"), _("Proof"))
HEADER = (
    _("Person"), _("Unit"), *(capfirst(category.label) for category in Category), _("Hours"), _("Carried over"),
    _("Asked for"), _("Let off"), _("Missing"),
)  # fmt: skip


class Line(NamedTuple):
    """One thing that counts. ``proof`` is the code of a record, or who conducted it and where that is kept."""

    on: datetime.date
    title: str
    category: str
    minutes: int
    proof: str

    @property
    def category_label(self) -> str:
        return str(Category(self.category).label)

    @property
    def cells(self) -> tuple[Any, ...]:
        return (self.on, self.title, self.category_label, self.minutes, self.proof)


@dataclass(frozen=True)
class Ledger:
    """One person's year, in minutes: ``asked`` for, ``waived`` off it, and ``carried`` over from the year before.

    ``lines`` are what counts, ``start`` its first day and ``end`` its last.
    """

    person: int
    name: str
    unit: str
    asked: int
    waived: int = 0
    carried: int = 0
    start: datetime.date = datetime.date.min
    end: datetime.date = datetime.date.max
    lines: tuple[Line, ...] = ()
    by_category: Mapping[str, int] = field(default_factory=Counter)

    @property
    def earned(self) -> int:
        return sum(self.by_category.values())

    @property
    def missing(self) -> int:
        return max(0, self.asked - self.waived - self.carried - self.earned)

    @property
    def over(self) -> int:
        """What is more than asked for: what was carried in is used up first."""
        return max(0, self.earned - max(0, self.asked - self.waived - self.carried))

    @property
    def hours(self) -> dict[str, float]:
        names = ("earned", "carried", "asked", "waived", "missing")
        return {name: in_hours(getattr(self, name)) for name in names}

    @property
    def cells(self) -> tuple[Any, ...]:
        said = self.hours
        split = (in_hours(self.by_category.get(category.value, 0)) for category in Category)
        return (self.name, self.unit, *split, said["earned"], said["carried"], said["asked"], said["waived"],
                said["missing"])  # fmt: skip


def in_hours(minutes: int) -> float:
    return round(minutes / 60, 1)


def ledgers(people: QuerySet[Person], year: int) -> Iterator[Ledger]:
    """One for each of these people in their order: two queries, and four for each thousand of them."""
    targets = _targets()
    found = people.select_related("unit").iterator(BATCH)
    batch: list[Person] = []
    for person in found:
        batch.append(person)
        if len(batch) == BATCH:
            yield from _ledgers(batch, year, targets)
            batch = []
    yield from _ledgers(batch, year, targets)


def running_year(unit: Unit | None, today: datetime.date) -> int:
    """The year of hours that is running for the people of this unit: one begun in July has last year's name in May."""
    target = _target_of(unit, _targets())
    return today.year - (target is not None and today.month < target.from_month)


def _ledgers(people: list[Person], year: int, targets: Mapping[str, HoursTarget]) -> Iterator[Ledger]:
    ids = [person.pk for person in people]
    carries = any(target.carry_over for target in targets.values())
    lines = _lines(ids, 1 if carries else year, year + 1) if ids else {}
    found = Waiver.objects.filter(person__in=ids, year__lte=year)
    waived = {(waiver.person_id, waiver.year): _minutes(waiver.hours) for waiver in found}
    for person in people:
        yield _ledger(person, _target_of(person.unit, targets), year, lines.get(person.pk, []), waived)


def _ledger(
    person: Person, target: HoursTarget | None, year: int, lines: list[Line], waived: Mapping[tuple[int, int], int]
) -> Ledger:
    """The year, with what came into it: what is over goes on from year to year, so it begins at the first line."""
    most = _minutes(target.carry_over) if target else 0
    first = lines[0].on.year - 1 if most and lines else year
    carried = 0
    for earlier in range(first, year):
        carried = min(_year_of(person, target, earlier, lines, waived, carried).over, most)
    return _year_of(person, target, year, lines, waived, carried)


def _year_of(
    person: Person,
    target: HoursTarget | None,
    year: int,
    lines: list[Line],
    waived: Mapping[tuple[int, int], int],
    carried: int,
) -> Ledger:
    month = target.from_month if target else 1
    start, end = datetime.date(year, month, 1), datetime.date(year + 1, month, 1)
    mine = tuple(line for line in lines if start <= line.on < end)
    split: Counter[str] = Counter()
    for line in mine:
        split[line.category] += line.minutes
    return Ledger(
        person.pk, person.name, person.unit.name if person.unit else "", _minutes(target.hours) if target else 0,
        waived.get((person.pk, year), 0), carried, start, end - datetime.timedelta(days=1), mine, split,
    )  # fmt: skip


def _lines(people: Iterable[int], first: int, last: int) -> dict[int, list[Line]]:
    """What these people did in these calendar years, by person, in the order of its days: three queries.

    Of a profile that was merged, it is the other profile's. A record that was corrected does not count any more.
    """
    found: dict[int, list[Line]] = defaultdict(list)
    owners = {pk: pk for pk in people}
    merged = Person.objects.filter(merged_into__isnull=False).order_by().values_list("pk", "merged_into")
    owners |= {pk: into for pk, into in merged if into in owners}
    since, until = datetime.date(first, 1, 1), datetime.date(last, 12, 31)
    # By person, and not by way of all records of the year.
    records = TrainingRecord.objects.standing().filter(person__in=list(owners)).alias(at=Unindexed("completed_at"))
    records = records.filter(at__lt=_midnight(last + 1))
    records = records.filter(at__gte=_midnight(first)) if first > 1 else records
    for pk, at, *said in records.values_list("person", "completed_at", "course_title", "minutes", "code"):
        title, minutes, code = said
        line = Line(timezone.localtime(at).date(), title, Category.SERVICE.value, minutes, code)
        found[owners[pk]].append(line)
    credits = Credit.objects.standing().filter(person__in=list(owners), on__range=(since, until))
    for pk, on, title, category, minutes, by, proof in credits.values_list(
        "person", "on", "title", "category", "minutes", "conducted_by", "proof"
    ):
        found[owners[pk]].append(Line(on, title, category, minutes, f"{by}: {proof}"))
    return {pk: sorted(lines) for pk, lines in found.items()}


def _midnight(year: int) -> datetime.datetime:
    """When the year begins here."""
    return datetime.datetime(year, 1, 1, tzinfo=timezone.get_current_timezone())


def _targets() -> dict[str, HoursTarget]:
    """Each by its unit's path; that for everybody by an empty one."""
    found = HoursTarget.objects.annotate(path=F("unit__path"))
    return {target.path or "": target for target in found}


def _target_of(unit: Unit | None, targets: Mapping[str, HoursTarget]) -> HoursTarget | None:
    """That of the unit, or of the nearest above it."""
    path = unit.path if unit else ""
    while path and path != "/":
        if path in targets:
            return targets[path]
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return targets.get("")


def _minutes(hours: Decimal) -> int:
    return round(hours * 60)
