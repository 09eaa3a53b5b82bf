"""What is done once a day, and what that would be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import Person, Unit
from courses import digesting, inquiring, reminding, retiring
from courses.assigning import settle_all
from courses.reminding import Tally
from courses.reports.summaries import store


@dataclass(frozen=True)
class Done:
    """How many rounds were settled, and the mails of each kind."""

    settled: int
    reminders: Tally
    digests: Tally
    questions: Tally

    @property
    def failed(self) -> int:
        return self.reminders.failed + self.digests.failed + self.questions.failed


def do(now: datetime) -> Done:
    """Settle everybody, sum up, remind, tell supervisors, and ask who used what they learned. Raises Unreachable."""
    settled = settle_all(at=now)
    store.catch_up()
    return Done(settled, reminding.remind(now), digesting.digest(now), inquiring.inquire(now))


def foresee(now: datetime) -> Iterator[str]:
    """A line for each mail that ``do`` would send, then what it would settle. Nothing is sent, and nothing is kept.

    What the mails depend on is settled in one transaction that is rolled back: with SQLite, who writes waits for it.
    """
    with transaction.atomic():
        settled = settle_all(at=now)
        yield from _mails(now)
        transaction.set_rollback(True)
    yield f"Rounds to settle: {settled}."
    if years := settings.RECORDS_KEPT_YEARS:
        yield f"Records kept no longer, for retire_records: {len(retiring.ended(now, years))}."


def _mails(now: datetime) -> Iterator[str]:
    zones, reminded = Unit.objects.all().time_zones(), set[int]()
    for pk, tellings in reminding.waiting(now, zones):
        reminded.add(pk)
        yield f"Reminder to {Person.objects.get(pk=pk).email}: {reminding.in_short(tellings)}"
    for supervisor, _, found in digesting.waiting(now):
        yield f"Digest to {supervisor.email}: {digesting.subject(found)}"
    for question in inquiring.waiting(now, zones):
        if question.person.pk not in reminded:
            yield f"Question to {question.person.email}: {question.subject}"
