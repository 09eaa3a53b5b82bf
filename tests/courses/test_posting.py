"""A mail goes out at most once, whatever happens to the server, the connection or the machine."""

import datetime
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Person, Unit
from courses import assigning, progressing
from courses.models import Activity, Assignment, Delivery
from courses.posting import Telling, claim
from courses.reminding import remind, untold
from tests.courses.test_assigning import a_short_course
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return a_short_course(title="Welcome")


@pytest.fixture
def both(alice, dave, course):
    """Alice, who is written to first, and Dave."""
    for person in (alice, dave):
        assigning.enrol(Assignment.objects.create(course=course, person=person))
    return alice, dave


@pytest.fixture
def at_the_first_mail(monkeypatch):
    """Have something happen while the first mail is handed over; what is raised keeps that mail from going."""

    def arrange(deed, *, accepted=False):
        real = EmailBackend.send_messages

        def meddle(server, messages):
            monkeypatch.setattr(EmailBackend, "send_messages", real)
            if accepted:
                real(server, messages)
            deed()
            return 1 if accepted else real(server, messages)

        monkeypatch.setattr(EmailBackend, "send_messages", meddle)

    return arrange


def fails(error):
    def deed():
        raise error

    return deed


def reminded():
    mail.outbox.clear()
    remind(timezone.now())
    return sorted(message.to[0].split("@")[0] for message in mail.outbox)


@pytest.mark.parametrize(
    "deed",
    [
        lambda dave, course: progressing.complete(dave, Activity.objects.get(module__course=course)),
        lambda dave, course: Person.objects.filter(pk=dave.pk).update(is_active=False),
        lambda dave, course: assigning.withdraw(Assignment.objects.get(person=dave)),
    ],
    ids=["completed", "left", "withdrawn"],
)
def test_what_changes_after_the_look_and_before_the_mail_counts(both, course, at_the_first_mail, deed):
    at_the_first_mail(lambda: deed(both[1], course))
    assert reminded() == ["alice"]
    assert Delivery.objects.filter(person=both[1]).count() == 0


def test_another_machine_at_the_same_time_sends_nothing_twice(both, at_the_first_mail):
    at_the_first_mail(lambda: remind(timezone.now()))
    assert reminded() == ["alice", "dave"]


def test_killed_midway_sends_the_rest_the_next_time(both, at_the_first_mail):
    at_the_first_mail(fails(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        reminded()
    assert Delivery.objects.cut_off().get().person == both[0]
    assert (reminded(), reminded()) == (["dave"], [])


def test_connection_lost_after_the_mail_was_accepted_sends_it_once(both, at_the_first_mail):
    at_the_first_mail(fails(SMTPServerDisconnected("after the last byte")), accepted=True)
    assert reminded() == ["alice", "dave"]
    assert Delivery.objects.cut_off().get().person == both[0]
    assert reminded() == []


def test_refused_address_is_in_the_log_without_it_and_the_others_are_written_to(both, at_the_first_mail):
    at_the_first_mail(fails(SMTPRecipientsRefused({"alice@example.org": (550, b"No such user")})))
    assert reminded() == ["dave"]
    assert Delivery.objects.failed().get().error == "{'…': (550, b'No such user')}"


def test_server_that_does_not_answer_ends_the_run_and_claims_nothing(both, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(CommandError, match=r"cannot be reached: .* What was not sent is sent the next time\."):
        call_command("daily")
    assert Delivery.objects.count() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert reminded() == ["alice", "dave"]


def test_claim_in_a_transaction_that_could_be_rolled_back_is_refused(alice):
    telling = Telling(Delivery.Occasion.TEST, "1")
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        claim(alice, [telling], timezone.now())


def test_no_holiday_notice_answers(both):
    reminded()
    assert {message.extra_headers["Auto-Submitted"] for message in mail.outbox} == {"auto-generated"}


def test_looking_takes_as_many_queries_for_many_people_and_each_mail_a_fixed_number(units, course):
    zones, found = Unit.objects.all().time_zones(), []
    for people in (3, 30):
        made = [PersonFactory(unit=units.north).pk for _ in range(people)]
        assigning.enrol(Assignment.objects.create(course=course, unit=units.north))
        look = queries_of(lambda made=made: untold(made, timezone.now(), zones))
        sending = queries_of(reminded)
        assert len(mail.outbox) == people
        found.append((look, (sending - look - 3) / people))
    assert found == [(2, 6.0), (2, 6.0)]


def queries_of(deed):
    with CaptureQueriesContext(connection) as queries:
        deed()
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


def test_what_was_sent_long_ago_does_not_lengthen_the_look(both):
    """Only what was said of the rounds that are looked at is read, not every mail that a person ever had."""
    long_ago = timezone.now() - datetime.timedelta(days=900)
    Delivery.objects.create(person=both[0], occasion="digest", about="2024 week 1", run="1", claimed_at=long_ago)
    with CaptureQueriesContext(connection) as queries:
        untold([both[0].pk], timezone.now(), Unit.objects.all().time_zones())
    assert [query["sql"] for query in queries if "enrolment_id" in query["sql"] and "run" in query["sql"]] == []
