"""Who is reminded of what: looked at again for each person when the mail goes, so that nobody hears of what is done."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.mail import get_connection
from django.db.models import Q, QuerySet

from accounts.models import Person, Unit
from courses.assigning import batches
from courses.models import Delivery, Enrolment
from courses.posting import Telling, claim, post

Occasion = Delivery.Occasion
# A round is new for so long; who could not be written to in that time is not surprised by old news.
NEW = timedelta(days=14)
SOON = timedelta(days=7)
WEEK = timedelta(weeks=1)
MONDAY = 0
# The most pressing of what is to be said about one course goes into the mail.
PRESSING = (Occasion.OVERDUE, Occasion.DUE_SOON, Occasion.LAPSING, Occasion.ASSIGNED)
Told = set[tuple[int, str, str]]


@dataclass
class Tally:
    """How many mails went, and how many could not be sent."""

    sent: int = 0
    failed: int = 0


def due_tellings(enrolment: Enrolment, now: datetime) -> Iterator[Telling]:
    """Everything that there is to say about one open round today; whether it was said already is not looked at."""
    key = str(enrolment.pk)
    if enrolment.opened_at and now - NEW < enrolment.opened_at <= now:
        occasion = Occasion.LAPSING if enrolment.round > 1 else Occasion.ASSIGNED
        yield Telling(occasion, f"{key} {enrolment.opened_at:%Y-%m-%d}", enrolment)
    if enrolment.overdue_at and enrolment.overdue_at <= now:
        week = (now - enrolment.overdue_at) // WEEK
        yield Telling(Occasion.OVERDUE, f"{key} {enrolment.due_on} week {week}", enrolment)
    elif enrolment.due_at and now < enrolment.due_at <= now + SOON:
        yield Telling(Occasion.DUE_SOON, f"{key} {enrolment.due_on}", enrolment)


def remind(now: datetime) -> Tally:
    """One mail to everybody who has something to be told that they were not told yet. Harmless twice, and side by side.

    Three queries for a batch of people, and five for each who is written to.
    """
    tally, zones = Tally(), Unit.objects.all().time_zones()
    server = get_connection()
    for batch in batches(Person.objects.working()):
        rounds, told = _rounds(Person.objects.filter(pk__in=batch), now), _told(batch)
        for found in rounds.values():
            tellings = [telling for enrolment in found for telling in due_tellings(enrolment, now)]
            person = found[0].person
            if _is_his_day(person, zones[person.unit_id], now) and not all(_key(person, t) in told for t in tellings):
                _write_to(person, now, tally, server)
    server.close()
    return tally


def _write_to(person: Person, now: datetime, tally: Tally, server: object) -> None:
    """The state of this moment: it may have changed since the batch was read."""
    rounds = _rounds(Person.objects.filter(pk=person.pk), now).get(person.pk, [])
    tellings = [telling for enrolment in rounds for telling in due_tellings(enrolment, now)]
    claimed = claim(person, tellings, now) if tellings else []
    if not claimed:
        return
    lines = _lines(claimed, {enrolment.pk: enrolment for enrolment in rounds})
    went = post(
        person, claimed, subject=_subject(lines), template="courses/mail/reminder.txt",
        context={"lines": lines}, now=now, server=server,  # type: ignore[arg-type]
    )  # fmt: skip
    tally.sent += went
    tally.failed += not went


def _rounds(people: QuerySet[Person], now: datetime) -> dict[int, list[Enrolment]]:
    """What is asked of those of these people who work here, and there may be something to say about, by person."""
    something = Q(opened_at__gt=now - NEW) | Q(overdue_at__lte=now) | Q(due_at__gt=now, due_at__lte=now + SOON)
    asked = Enrolment.objects.current().unfinished().filter(something, person__in=people, person__is_active=True)
    asked = asked.filter(assigned_at__isnull=False, course__current__isnull=False)
    wants_all = Q(mandatory=True) | ~Q(person__reminders=Person.Reminders.MANDATORY)
    found: dict[int, list[Enrolment]] = defaultdict(list)
    for enrolment in asked.filter(wants_all).select_related("person", "course").order_by("person", "due_at", "pk"):
        found[enrolment.person_id].append(enrolment)
    return found


def _told(people: list[int]) -> Told:
    """What these people were told already; what could not be sent is to be tried again."""
    said = Delivery.objects.filter(person__in=people).exclude(pk__in=Delivery.objects.failed().values("pk"))
    return set(said.values_list("person", "occasion", "about"))


def _key(person: Person, telling: Telling) -> tuple[int, str, str]:
    return (person.pk, telling.occasion.value, telling.about)


def _is_his_day(person: Person, zone: ZoneInfo, now: datetime) -> bool:
    return person.reminders != Person.Reminders.WEEKLY or now.astimezone(zone).weekday() == MONDAY


@dataclass(frozen=True)
class Line:
    """What the mail says about one course."""

    enrolment: Enrolment
    occasion: str

    @property
    def words(self) -> str:
        return {
            Occasion.OVERDUE: "is overdue",
            Occasion.DUE_SOON: "is due soon",
            Occasion.LAPSING: "is to be renewed",
            Occasion.ASSIGNED: "was given to you",
        }[Occasion(self.occasion)]


def _lines(claimed: Iterable[Delivery], rounds: dict[int, Enrolment]) -> list[Line]:
    """One for each course, the most pressing first."""
    found: dict[int, str] = {}
    for occasion in PRESSING:
        for row in claimed:
            if row.occasion == occasion and row.enrolment_id in rounds:
                found.setdefault(row.enrolment_id, occasion)
    return [Line(rounds[pk], occasion) for pk, occasion in found.items()]


def _subject(lines: list[Line]) -> str:
    first = f"“{lines[0].enrolment.course.title}” {lines[0].words}"
    return first if len(lines) == 1 else f"{first}, and {len(lines) - 1} more"
