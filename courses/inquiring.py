"""Some weeks after a course its learner is asked by mail, once: did you use it? The answer is given on a page."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.db.models import Q, QuerySet

from accounts.models import Person, Unit
from courses.assigning import batches
from courses.models import Delivery, TrainingRecord, Use
from courses.models.use import AFTER, UNTIL
from courses.posting import Telling, claim, post, reach
from courses.reminding import MONDAY, PRESSING, Tally, Zones
from training.lib.sentences import Sentence, sentence

Reminders, Occasion = Person.Reminders, Delivery.Occasion
# What could not be asked by mail in that time stands on My training only.
BY_MAIL = timedelta(weeks=3)
# Longer than any day, also when clocks change.
DAY = timedelta(hours=26)


@dataclass(frozen=True)
class Question:
    """That a person is asked about a course that they completed, in whichever of their profiles."""

    person: Person
    record: TrainingRecord

    @property
    def telling(self) -> Telling:
        return Telling(Occasion.USE, f"{self.record.course_slug} {self.record.completed_at:%Y-%m-%d}")

    @property
    def subject(self) -> Sentence:
        return sentence("Did you use “{course}”?", course=self.record.course_title)


def inquire(now: datetime) -> Tally:
    """One mail to each person who is to be asked today, about one course. Harmless twice. Raises Unreachable."""
    tally, zones, server = Tally(), Unit.objects.all().time_zones(), get_connection()
    for before in waiting(now, zones):
        if not (question := questions([before.person.pk], now, zones).get(before.person.pk)):
            continue
        reach(server)
        if claimed := claim(question.person, [question.telling], now):
            went = post(
                question.person, claimed, subject=question.subject, template="courses/mail/use.txt",
                context={"record": question.record}, now=now, server=server,
            )  # fmt: skip
            tally.note(went=went)
    return tally


def waiting(now: datetime, zones: Zones) -> Iterator[Question]:
    """Everybody who is to be asked today, looked at in batches."""
    for batch in batches(Person.objects.working().exclude(reminders=Reminders.MANDATORY)):
        yield from questions(batch, now, zones).values()


def questions(people: Collection[int], now: datetime, zones: Zones) -> dict[int, Question]:
    """What each of these people (by id) is asked today: about the oldest completion. Three queries.

    Nobody is written to on a day on which they were reminded or asked already, nor twice about one course.
    """
    profiles = {found.pk: found for found in Person.objects.in_profiles(people)}
    records = list(_records(profiles, now))
    told, asked = _told(profiles, now) if records else {}, dict[int, Question]()
    for record in records:
        whose = profiles[record.person_id]
        person = profiles[whose.merged_into_id or whose.pk]
        here = now.astimezone(zones[person.unit_id])
        if person.pk not in asked and _wants(person, here) and not _was_said(record, told.get(person.pk, ()), here):
            asked[person.pk] = Question(person, record)
    return asked


def _records(profiles: Collection[int], now: datetime) -> QuerySet[TrainingRecord]:
    lately = Use.objects.open_in(profiles, now).filter(completed_at__gt=now - AFTER - BY_MAIL)
    return lately.order_by("completed_at", "pk")


def _told(profiles: Mapping[int, Person], now: datetime) -> Mapping[int, Iterable[tuple[str, datetime]]]:
    """By person: what they were asked before, in whichever of their profiles, and of what they were reminded lately."""
    told = defaultdict(list)
    before = Q(occasion=Occasion.USE, claimed_at__gt=now - UNTIL)
    lately = Q(occasion__in=PRESSING, claimed_at__gt=now - DAY)
    said = Delivery.objects.filter(before | lately, person__in=profiles).exclude(sent_at=None, error__gt="")
    for pk, occasion, about, at in said.values_list("person", "occasion", "about", "claimed_at"):
        course = about.partition(" ")[0] if occasion == Occasion.USE else ""
        told[profiles[pk].merged_into_id or pk].append((course, at))
    return told


def _wants(person: Person, here: datetime) -> bool:
    wants = person.is_active and person.reminders != Reminders.MANDATORY
    return wants and (person.reminders != Reminders.WEEKLY or here.weekday() == MONDAY)


def _was_said(record: TrainingRecord, told: Iterable[tuple[str, datetime]], here: datetime) -> bool:
    """Also where any of these mails went today already."""
    return any(course == record.course_slug or at.astimezone(here.tzinfo).date() == here.date() for course, at in told)
