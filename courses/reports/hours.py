"""The ledger of hours: what each person has in a year, by category, against what is asked of them."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import Person
from courses.models import Credit, HoursTarget, TrainingRecord, Waiver
from courses.models.hours import Category

BATCH = 1000
HEADER = ("Person", "Unit", *(str(category.label) for category in Category), "Hours", "Carried over", "Asked for",
          "Let off", "Missing")  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """One person's year, in minutes: ``asked`` for, ``waived`` off it, and ``carried`` over from the year before.

    ``lines`` are what counts: the day, what it was, its category and its minutes.
    """

    person: int
    name: str
    unit: str
    asked: int
    waived: int = 0
    carried: int = 0
    lines: tuple[tuple[datetime.date, str, str, int], ...] = ()
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


def _ledgers(people: list[Person], year: int, targets: Mapping[str, HoursTarget]) -> Iterator[Ledger]:
    ids = [person.pk for person in people]
    lines = _lines(ids, year) if ids else {}
    waived = {(waiver.person_id, waiver.year): _minutes(waiver.hours)
              for waiver in Waiver.objects.filter(person__in=ids, year__in=(year - 1, year))}  # fmt: skip
    for person in people:
        target, mine = _target_of(person, targets), lines.get(person.pk, [])
        before = _year_of(person, target, year - 1, mine, waived, 0)
        most = _minutes(target.carry_over) if target else 0
        yield _year_of(person, target, year, mine, waived, min(before.over, most))


def _year_of(
    person: Person,
    target: HoursTarget | None,
    year: int,
    lines: list[tuple[datetime.date, str, str, int]],
    waived: Mapping[tuple[int, int], int],
    carried: int,
) -> Ledger:
    month = target.from_month if target else 1
    start, end = datetime.date(year, month, 1), datetime.date(year + 1, month, 1)
    mine = tuple(line for line in lines if start <= line[0] < end)
    split: Counter[str] = Counter()
    for _, _, category, minutes in mine:
        split[category] += minutes
    return Ledger(
        person.pk, person.name, person.unit.name if person.unit else "", _minutes(target.hours) if target else 0,
        waived.get((person.pk, year), 0), carried, mine, split,
    )  # fmt: skip


def _lines(people: Iterable[int], year: int) -> dict[int, list[tuple[datetime.date, str, str, int]]]:
    """What these people did from the year before to the one after, by person: three queries.

    Of a profile that was merged, it is the other profile's. A record that was corrected does not count any more.
    """
    found: dict[int, list[tuple[datetime.date, str, str, int]]] = defaultdict(list)
    owners = {pk: pk for pk in people}
    merged = Person.objects.filter(merged_into__isnull=False).order_by().values_list("pk", "merged_into")
    owners |= {pk: into for pk, into in merged if into in owners}
    records = TrainingRecord.objects.standing().filter(
        person__in=list(owners), completed_at__year__gte=year - 1, completed_at__year__lte=year + 1
    )  # fmt: skip
    for pk, at, title, minutes in records.values_list("person", "completed_at", "course_title", "minutes"):
        found[owners[pk]].append((timezone.localtime(at).date(), title, Category.SERVICE.value, minutes))
    credits = Credit.objects.standing().filter(
        person__in=list(owners), on__year__gte=year - 1, on__year__lte=year + 1
    )  # fmt: skip
    for pk, *line in credits.values_list("person", "on", "title", "category", "minutes"):
        found[owners[pk]].append(tuple(line))  # type: ignore[arg-type]
    return {pk: sorted(lines) for pk, lines in found.items()}


def _targets() -> dict[str, HoursTarget]:
    """Each by its unit's path; that for everybody by an empty one."""
    found = HoursTarget.objects.annotate(path=F("unit__path"))
    return {target.path or "": target for target in found}


def _target_of(person: Person, targets: Mapping[str, HoursTarget]) -> HoursTarget | None:
    """That of the person's unit, or of the nearest above it."""
    path = person.unit.path if person.unit else ""
    while path and path != "/":
        if path in targets:
            return targets[path]
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return targets.get("")


def _minutes(hours: Decimal) -> int:
    return round(hours * 60)
