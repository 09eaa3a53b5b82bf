"""Who is reminded of what: a course that is new to them, lapses, is due soon, or is overdue.

What stands is looked up for many people at once, and looked up again for each of them when their mail is sent, so that
nobody is reminded of what is done, closed or no longer theirs.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Person, Unit
from courses.assigning import batches
from courses.mailing import NOTHING, Claim, Mail, Postbox, Tally, link
from courses.models import Delivery, Enrolment

Kind = Delivery.Kind
Zones = Mapping[int | None, ZoneInfo]

# For so long after it opened, a round is news.
NEWS = datetime.timedelta(days=14)
SOON = datetime.timedelta(days=7)
WEEK = datetime.timedelta(days=7)
# Where days are told apart by time zone, so much more or less than a day has to be looked at.
DAY = datetime.timedelta(days=1)
MONDAY = 0

# The most urgent first: what several are about is told once, under the first of them.
HEADINGS = {
    Kind.OVERDUE: "Overdue",
    Kind.DUE_SOON: "Due soon",
    Kind.LAPSING: "Time to take it again",
    Kind.ASSIGNED: "New for you",
}
COUNTED = {
    Kind.OVERDUE: "overdue",
    Kind.DUE_SOON: "due soon",
    Kind.LAPSING: "to take again",
    Kind.ASSIGNED: "new",
}


@dataclass(frozen=True)
class Reminder:
    """One thing to tell one person about a round of theirs."""

    enrolment: Enrolment
    kind: Delivery.Kind
    key: str

    @property
    def claim(self) -> Claim:
        return Claim(self.kind, self.key, self.enrolment.pk)

    @property
    def is_urgent(self) -> bool:
        return self.enrolment.mandatory and self.kind in (Kind.OVERDUE, Kind.DUE_SOON)


def remind_all(now: datetime.datetime, postbox: Postbox) -> Tally:
    """Remind everybody of what stands and was not told before: one mail a person. Harmless twice.

    In batches, each with three queries to look, and a fixed number for each mail that is sent; memory does not grow
    with people. Raises Unreachable.
    """
    zones, done = Unit.objects.all().time_zones(), NOTHING
    for person in people_to_remind(now, zones):
        done += remind(person, now, zones, postbox)
    return done


def people_to_remind(now: datetime.datetime, zones: Zones) -> Iterator[int]:
    for batch in batches(Person.objects.working()):
        yield from reminders(batch, now, zones)


def remind(person: int, now: datetime.datetime, zones: Zones, postbox: Postbox) -> Tally:
    """Look at this person once more, and tell them what stands."""
    found = reminders([person], now, zones).get(person)
    if not found:
        return NOTHING
    whom, claims = found[0].enrolment.person, [one.claim for one in found]

    def write(told: Sequence[Claim]) -> Mail:
        return written([one for one in found if one.claim in told])

    return postbox.deliver(whom, claims, write, now)


def reminders(people: Collection[int], now: datetime.datetime, zones: Zones) -> dict[int, list[Reminder]]:
    """What stands for these people (by id) and was not told before, as often as they want to hear. Two queries."""
    rounds = list(_rounds(people, now))
    told, last = _told([row.pk for row in rounds], now)
    found: dict[int, list[Reminder]] = defaultdict(list)
    for row in rounds:
        zone = zones[row.person.unit_id]
        for kind, key in _standing(row, now, zone):
            is_new = (row.pk, kind, key) not in told
            rested = kind != Kind.OVERDUE or _rested(last.get(row.pk), now, zone)
            one = Reminder(row, kind, key)
            if is_new and rested and _wanted(one, now.astimezone(zone).date()):
                found[row.person_id].append(one)
    return dict(found)


def _rounds(people: Collection[int], now: datetime.datetime) -> QuerySet[Enrolment]:
    """The rounds of people who work here, of published courses, that there may be something to tell about."""
    overdue = Q(overdue_at__lte=now)
    due_soon = Q(due_at__gt=now, due_at__lte=now + SOON + 2 * DAY)
    is_new = Q(opened__gt=now - NEWS, started_at__isnull=True)
    rows = Enrolment.objects.current().unfinished().alias(opened=Coalesce("opened_at", "assigned_at"))
    rows = rows.filter(overdue | due_soon | is_new, person__in=people, assigned_at__isnull=False)
    rows = rows.filter(person__is_active=True, course__current__isnull=False)
    return rows.select_related("person", "course").order_by("due_at", "pk")


def _standing(row: Enrolment, now: datetime.datetime, zone: ZoneInfo) -> Iterator[tuple[Delivery.Kind, str]]:
    """The kinds of reminder that the dates of a round ask for, with the key that tells each from its like."""
    today, opened_at = now.astimezone(zone).date(), row.opened_at or row.assigned_at
    if row.overdue_at and row.overdue_at <= now:
        since = row.overdue_at.astimezone(zone).date()
        yield Kind.OVERDUE, f"{row.pk} {since}, week {(today - since) // WEEK}"
    if row.due_on and row.due_at and now < row.due_at and row.due_on - SOON <= today:
        yield Kind.DUE_SOON, f"{row.pk} {row.due_on}"
    if opened_at and opened_at > now - NEWS and not row.started_at:
        again = row.round > 1 and not row.asked_again
        yield Kind.LAPSING if again else Kind.ASSIGNED, f"{row.pk} {opened_at.astimezone(datetime.UTC).date()}"


def _told(
    rounds: list[int], now: datetime.datetime
) -> tuple[set[tuple[int, Delivery.Kind, str]], dict[int, datetime.datetime]]:
    """What was told of these rounds, and when each was last called overdue. Of long ago, that is not asked."""
    long_ago = Q(kind=Kind.OVERDUE, claimed_at__lt=now - WEEK - 2 * DAY)
    rows = Delivery.objects.filter(enrolment__in=rounds).exclude(long_ago).order_by("claimed_at")
    told, last = set[tuple[int, Delivery.Kind, str]](), dict[int, datetime.datetime]()
    for row, kind, key, at in rows.values_list("enrolment", "kind", "key", "claimed_at"):
        told.add((row or 0, Kind(kind), key))
        if kind == Kind.OVERDUE:
            last[row or 0] = at
    return told, last


def _rested(last: datetime.datetime | None, now: datetime.datetime, zone: ZoneInfo) -> bool:
    """Whether a week of days has gone by, also where runs were missed or the date moved in between."""
    return last is None or now.astimezone(zone).date() - last.astimezone(zone).date() >= WEEK


def _wanted(one: Reminder, today: datetime.date) -> bool:
    """Whether the person wants to hear of it today. What is mandatory and urgent nobody can turn off."""
    often = one.enrolment.person.reminders
    if often == Person.Reminders.WEEKLY:
        return one.is_urgent or today.weekday() == MONDAY
    return one.enrolment.mandatory or often != Person.Reminders.MANDATORY


@dataclass(frozen=True)
class Line:
    """A course in the mail."""

    title: str
    why: str
    link: str


def written(told: Sequence[Reminder]) -> Mail:
    """The mail about these. A round stands in it once."""
    first: dict[int, Reminder] = {}
    for one in sorted(told, key=lambda one: list(HEADINGS).index(one.kind)):
        first.setdefault(one.enrolment.pk, one)
    by_kind = {kind: [one.enrolment for one in first.values() if one.kind == kind] for kind in HEADINGS}
    parts = {HEADINGS[kind]: list(map(_line, rows)) for kind, rows in by_kind.items() if rows}
    return Mail(_subject(by_kind), "courses/mail/reminder.txt", {"parts": parts, "count": len(first)})


def _subject(by_kind: Mapping[Delivery.Kind, list[Enrolment]]) -> str:
    some = {kind: rows for kind, rows in by_kind.items() if rows}
    (kind, rows), *others = some.items()
    if len(rows) == 1 and not others:
        return f"{HEADINGS[kind]}: {rows[0].course.title}"
    return "Your training: " + ", ".join(f"{len(rows)} {COUNTED[kind]}" for kind, rows in some.items())


def _line(row: Enrolment) -> Line:
    return Line(row.course.title, row.why, link("courses:course", row.course.slug))
