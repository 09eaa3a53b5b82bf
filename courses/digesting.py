"""What supervisors are mailed each Monday: who of theirs is overdue, is due this week, and completed something."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts.models import Person, Unit
from courses.assigning import batches
from courses.due_rules import words
from courses.mailing import NOTHING, Claim, Mail, Postbox, Tally, link
from courses.models import Delivery, Enrolment
from courses.reminding import MONDAY, WEEK, Zones
from courses.reports.people import overseen

# So many people are named in each part; the page has them all.
NAMED = 10
UNITS_NAMED = 3


@dataclass(frozen=True)
class Monday:
    """The week that begins where the supervisor works, and the one that has ended."""

    now: datetime.datetime
    day: datetime.date
    zone: ZoneInfo

    @classmethod
    def of(cls, now: datetime.datetime, zone: ZoneInfo) -> Self | None:
        """None on other days."""
        day = now.astimezone(zone).date()
        return cls(now, day, zone) if day.weekday() == MONDAY else None

    @property
    def key(self) -> str:
        year, week, _ = self.day.isocalendar()
        return f"{year}-W{week:02}"

    @property
    def last_week(self) -> tuple[datetime.datetime, datetime.datetime]:
        start, end = (
            datetime.datetime.combine(day, datetime.time.min, self.zone) for day in (self.day - WEEK, self.day)
        )
        return start, end


@dataclass(frozen=True)
class Part:
    """One list of the mail: ``count`` of them, of whom the first are named in ``lines``."""

    heading: str
    count: int
    lines: list[str]

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def send_digests(now: datetime.datetime, postbox: Postbox) -> Tally:
    """Once a week to each supervisor whose people have something to tell. Harmless twice. Raises Unreachable."""
    done = NOTHING
    for person, monday, mail in digests(now, Unit.objects.all().time_zones()):
        claims = [Claim(Delivery.Kind.DIGEST, monday.key)]
        done += postbox.deliver(person, claims, lambda told, mail=mail: mail, now)  # type: ignore[misc]
    return done


def digests(now: datetime.datetime, zones: Zones) -> Iterator[tuple[Person, Monday, Mail]]:
    """Those that are not sent yet, each written when it is asked for: who supervises what is looked at then."""
    supervisors = Person.objects.working().filter(pk__in=Unit.supervisors.through.objects.values("person"))
    for batch in batches(supervisors):
        had = set(_had(batch, now))
        for pk in batch:
            person = supervisors.filter(pk=pk).first()
            monday = Monday.of(now, zones[person.unit_id]) if person else None
            if person and monday and (pk, monday.key) not in had and (mail := digest(person, monday)):
                yield person, monday, mail


def _had(people: list[int], now: datetime.datetime) -> "QuerySet[Delivery, tuple[int, str]]":
    rows = Delivery.objects.filter(person__in=people, kind=Delivery.Kind.DIGEST, claimed_at__gt=now - 2 * WEEK)
    return rows.values_list("person", "key")


def digest(supervisor: Person, monday: Monday) -> Mail | None:
    """None where there is nothing to tell. At most eight queries."""
    units = list(Unit.objects.filter(supervisors=supervisor))
    parts = _parts(_people(supervisor, units), monday)
    if not units or not any(part.count for part in parts):
        return None
    names = _named([unit.name for unit in units])
    subject = f"{names}: " + ", ".join(f"{part.count} {part.heading}" for part in parts if part.count)
    context = {"units": names, "parts": [part for part in parts if part.count], "reports": link("courses:reports")}
    return Mail(subject, "courses/mail/digest.txt", context)


def _people(supervisor: Person, units: list[Unit]) -> QuerySet[Person]:
    """An administrator oversees everybody, and is told of the units that name them."""
    here = Q(pk__in=[])
    for unit in units:
        here |= Q(unit__path__startswith=unit.path)
    return overseen(supervisor).filter(here)


def _parts(people: QuerySet[Person], monday: Monday) -> list[Part]:
    rounds = Enrolment.objects.filter(person__in=people)
    asked = rounds.current().unfinished().filter(mandatory=True)
    due = asked.filter(due_at__gt=monday.now, due_on__lt=monday.day + WEEK)
    start, end = monday.last_week
    done = rounds.filter(completed_at__gte=start, completed_at__lt=end)
    return [
        _part("overdue", rounds.overdue(monday.now).order_by("overdue_at", "pk"), "was due"),
        _part("due this week", due.order_by("due_at", "pk"), "due"),
        _part("completed last week", done.order_by("completed_at", "pk"), ""),
    ]


def _part(heading: str, rounds: QuerySet[Enrolment], due: str) -> Part:
    rows = list(rounds.select_related("person", "course")[: NAMED + 1])
    count = len(rows) if len(rows) <= NAMED else rounds.count()
    return Part(heading, count, [_line(row, due) for row in rows[:NAMED]])


def _line(row: Enrolment, due: str) -> str:
    when = f", {due} {words(row.due_on)}" if due and row.due_on else ""
    return f"{row.person.name}: {row.course.title}{when}"


def _named(names: list[str]) -> str:
    """Such as “North Branch, South Branch and 3 more units”."""
    if len(names) > UNITS_NAMED + 1:
        names = [*names[:UNITS_NAMED], f"{len(names) - UNITS_NAMED} more units"]
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
