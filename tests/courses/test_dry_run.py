"""`daily --dry-run` says what `daily` does, and does none of it."""

import datetime
import io

import pytest
import time_machine
from django.core import mail, serializers
from django.core.management import call_command

from courses.models import Absence, Delivery, Enrolment
from tests.courses.test_assigning import a_short_course
from tests.courses.test_register import record
from tests.courses.test_reminding import give

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(datetime.datetime(2026, 3, 2, 15, tzinfo=datetime.UTC), tick=False):
        yield


def run(*options):
    out = io.StringIO()
    call_command("daily", *options, stdout=out)
    return out.getvalue().splitlines()


def kept():
    return serializers.serialize("json", [*Enrolment.objects.order_by("pk"), *Delivery.objects.order_by("pk")])


@pytest.fixture
def _library(alice, bob, dave, settings):
    """Alice is overdue and would be asked about a course tomorrow; Dave is asked, and what he waits for opens today."""
    settings.RECORDS_KEPT_YEARS = 7
    welcome = a_short_course(title="Welcome")
    give(welcome, alice, datetime.date(2026, 2, 20))
    record(alice, ago=80)
    record(dave, ago=80)
    record(bob, ago=9 * 366)
    pause = Absence.objects.create(
        person=bob, kind="exemption", reason="-", starts_on=datetime.date(2026, 2, 1), ends_on=datetime.date(2026, 3, 9)
    )
    give(welcome, bob)
    Absence.objects.filter(pk=pause.pk).update(ends_on=datetime.date(2026, 3, 1))


@pytest.mark.usefixtures("_library")
def test_dry_run_says_what_is_done_and_does_nothing():
    before = kept()
    assert run("--dry-run") == [
        "Reminder to alice@example.org: “Welcome” is overdue",
        "Reminder to bob@example.org: “Welcome” was given to you",
        "Digest to bob@example.org: Training at North Branch: 1 overdue",
        "Question to dave@example.org: Did you use “Welcome”?",
        "Rounds to settle: 1.",
        "Records kept no longer, for retire_records: 1.",
    ]
    assert (kept(), mail.outbox) == (before, [])


@pytest.mark.usefixtures("_library")
def test_what_it_says_is_what_is_sent():
    said = run("--dry-run")
    assert run() == ["Rounds settled: 1. Reminders sent: 2. Digests: 1. Questions: 1."]
    sent = [f"to {message.to[0]}: {message.subject}" for message in mail.outbox]
    assert [line.partition(" ")[2] for line in said[:-2]] == sent
    assert run("--dry-run") == ["Rounds to settle: 0.", "Records kept no longer, for retire_records: 1."]
