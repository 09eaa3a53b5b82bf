"""Who is reminded of what: looked at again for each person when the mail goes, so that nobody hears of what is done."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q, QuerySet

from accounts.models import Person, Unit
from courses.assigning import batches
from courses.models import Delivery, Enrolment
from courses.posting import Telling, claim, post, reach
from training.lib.sentences import Sentence, sentence

Occasion = Delivery.Occasion
# A round is new for so long; who could not be written to in that time is not surprised by old news.
NEW = timedelta(days=14)
# Due soon from the sixth day before the last one on; the query looks at an hour more, for the clocks that change.
SOON = timedelta(days=7)
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
MONDAY = 0
# The most pressing of what is to be said about one course goes into the mail.
PRESSING = (Occasion.OVERDUE, Occasion.DUE_SOON, Occasion.LAPSING, Occasion.ASSIGNED)
Said = tuple[Delivery.Occasion, str]
Told = defaultdict[int, dict[Said, datetime]]
Zones = Mapping[int | None, ZoneInfo]


@dataclass
class Tally:
    """How many mails went, and how many could not be sent."""

    sent: int = 0
    failed: int = 0

    def note(self, *, went: bool) -> None:
        self.sent += went
        self.failed += not went


def due_tellings(enrolment: Enrolment, now: datetime, zone: ZoneInfo) -> Iterator[Telling]:
    """Everything that there is to say about one open round today; whether it was said already is not looked at.

    Days are those of ``zone``, where the person works: a week has seven of them, also when clocks change.
    """
    key = str(enrolment.pk)
    if enrolment.opened_at and now - NEW < enrolment.opened_at <= now:
        occasion = Occasion.LAPSING if enrolment.round > 1 else Occasion.ASSIGNED
        yield Telling(occasion, f"{key} {enrolment.opened_at:%Y-%m-%d}", enrolment)
    if enrolment.overdue_at and enrolment.overdue_at <= now:
        week = (_day(now, zone) - _day(enrolment.overdue_at, zone)) // WEEK
        yield Telling(Occasion.OVERDUE, f"{key} {enrolment.due_on} week {week}", enrolment)
    elif enrolment.due_at and now < enrolment.due_at and _day(enrolment.due_at, zone) - _day(now, zone) <= SOON:
        yield Telling(Occasion.DUE_SOON, f"{key} {enrolment.due_on}", enrolment)


def remind(now: datetime) -> Tally:
    """One mail to everybody who has something to be told that they were not told yet. Harmless twice, and side by side.

    Three queries for a batch of people, and six for each who is written to; memory does not grow with people. Raises
    Unreachable, having claimed nothing for those who are still to be written to.
    """
    tally, zones, server = Tally(), Unit.objects.all().time_zones(), get_connection()
    for person, _ in waiting(now, zones):
        _write_to(person, now, zones, tally, server)
    return tally


def waiting(now: datetime, zones: Zones) -> Iterator[tuple[int, list[Telling]]]:
    """Everybody (by id) who has something to be told, and what; looked at in batches."""
    for batch in batches(Person.objects.working()):
        yield from untold(batch, now, zones).items()


def _write_to(person: int, now: datetime, zones: Zones, tally: Tally, server: BaseEmailBackend) -> None:
    """The state of this moment: it may have changed since the batch was read."""
    tellings = untold([person], now, zones).get(person, [])
    rounds = {found.enrolment.pk: found.enrolment for found in tellings if found.enrolment}
    if not rounds:
        return
    reach(server)
    whom = next(iter(rounds.values())).person
    if not (claimed := claim(whom, tellings, now)):
        return
    lines = _lines(claimed, rounds)
    went = post(
        whom, claimed, subject=_subject(lines), template="courses/mail/reminder.txt",
        context={"lines": lines}, now=now, server=server,
    )  # fmt: skip
    tally.note(went=went)


def untold(people: Collection[int], now: datetime, zones: Zones) -> dict[int, list[Telling]]:
    """What there is to say today to each of these people (by id) and was not said. Two queries."""
    rounds, found = list(_rounds(people, now)), defaultdict[int, list[Telling]](list)
    told = _told([enrolment.pk for enrolment in rounds])
    for enrolment in rounds:
        zone = zones[enrolment.person.unit_id]
        if _is_their_day(enrolment, zone, now):
            tellings = due_tellings(enrolment, now, zone)
            new = [telling for telling in tellings if not _was_said(telling, told[enrolment.pk], now, zone)]
            found[enrolment.person_id] += new
    return {person: tellings for person, tellings in found.items() if tellings}


def _rounds(people: Collection[int], now: datetime) -> QuerySet[Enrolment]:
    """What is asked of those of these people who work here, and there may be something to say about."""
    something = Q(opened_at__gt=now - NEW) | Q(overdue_at__lte=now) | Q(due_at__gt=now, due_at__lte=now + SOON + HOUR)
    asked = Enrolment.objects.current().unfinished().filter(something, person__in=people, person__is_active=True)
    asked = asked.filter(assigned_at__isnull=False, course__current__isnull=False)
    wants_all = Q(mandatory=True) | ~Q(person__reminders=Person.Reminders.MANDATORY)
    return asked.filter(wants_all).select_related("person", "course").order_by("person", "due_at", "pk")


def _told(rounds: Collection[int]) -> Told:
    """What was said of each of these rounds, and when; what could not be sent is to be tried again."""
    told: Told = defaultdict(dict)
    said = Delivery.objects.filter(enrolment__in=rounds).exclude(sent_at=None, error__gt="").order_by("claimed_at")
    for enrolment, occasion, about, at in said.values_list("enrolment", "occasion", "about", "claimed_at"):
        told[enrolment or 0][Occasion(occasion), about] = at
    return told


def _was_said(telling: Telling, told: Mapping[Said, datetime], now: datetime, zone: ZoneInfo) -> bool:
    """Also where it was called overdue within a week of days, which runs that were missed or a moved date can bring."""
    if (telling.occasion, telling.about) in told:
        return True
    last = max((at for (occasion, _), at in told.items() if occasion == Occasion.OVERDUE), default=None)
    return telling.occasion == Occasion.OVERDUE and bool(last and _day(now, zone) - _day(last, zone) < WEEK)


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _is_their_day(enrolment: Enrolment, zone: ZoneInfo, now: datetime) -> bool:
    """Only what is recommended waits for Monday, where the person wants it once a week."""
    waits = enrolment.person.reminders == Person.Reminders.WEEKLY and not enrolment.mandatory
    return not waits or now.astimezone(zone).weekday() == MONDAY


@dataclass(frozen=True)
class Line:
    """What the mail says about one course."""

    enrolment: Enrolment
    occasion: str

    @property
    def words(self) -> Sentence:
        title = self.enrolment.course.title
        return {
            Occasion.OVERDUE: sentence("“{title}” is overdue", title=title),
            Occasion.DUE_SOON: sentence("“{title}” is due soon", title=title),
            Occasion.LAPSING: sentence("“{title}” is to be renewed", title=title),
            Occasion.ASSIGNED: sentence("“{title}” was given to you", title=title),
        }[Occasion(self.occasion)]


def _lines(claimed: Iterable[Delivery], rounds: dict[int, Enrolment]) -> list[Line]:
    """One for each course, the most pressing first."""
    found: dict[int, str] = {}
    for occasion in PRESSING:
        for row in claimed:
            if row.occasion == occasion and row.enrolment_id in rounds:
                found.setdefault(row.enrolment_id, occasion)
    return [Line(rounds[pk], occasion) for pk, occasion in found.items()]


def in_short(tellings: Iterable[Telling]) -> Sentence:
    """What a mail that says this has on top."""
    rounds = {found.enrolment.pk: found.enrolment for found in tellings if found.enrolment}
    rows = [Delivery(occasion=found.occasion, enrolment=found.enrolment) for found in tellings]
    return _subject(_lines(rows, rounds))


def _subject(lines: list[Line]) -> Sentence:
    first = lines[0].words
    return first if len(lines) == 1 else sentence("{first}, and {number} more", first=first, number=len(lines) - 1)
