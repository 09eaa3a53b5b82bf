"""Who is reminded of what, and that nobody is told anything twice, or of what is done."""

import datetime
from smtplib import SMTPResponseException

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person, Unit
from courses import assigning, progressing
from courses.digesting import digest
from courses.models import Activity, Assignment, Delivery, Enrolment
from courses.posting import Telling, claim
from courses.reminding import remind
from tests.admin_pages import said
from tests.courses.test_assigning import a_short_course, on
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    """A Monday."""
    with time_machine.travel(datetime.datetime(2026, 3, 2, 15, tzinfo=datetime.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def course():
    return a_short_course(title="Welcome")


def give(course, person, due_on=None, **rule):
    due = {"due": "date", "due_on": due_on} if due_on else {}
    assigning.enrol(Assignment.objects.create(course=course, person=person, **due | rule))


def told():
    """What went since the last time that somebody looked: to whom, and what of."""
    found = sorted((message.to[0].split("@")[0], message.subject) for message in mail.outbox)
    mail.outbox.clear()
    return found


def reminded():
    remind(timezone.now())
    return told()


def test_course_that_was_given_is_told_once(alice, course):
    give(course, alice)
    assert reminded() == [("alice", "“Welcome” was given to you")]
    assert reminded() == []


def test_mail_says_why_and_leads_there(alice, course):
    give(course, alice, datetime.date(2026, 3, 6))
    remind(timezone.now())
    body = mail.outbox[0].body
    assert "Due 6 March 2026" in body
    assert f"http://127.0.0.1:8000{course.get_absolute_url()}" in body
    assert f"http://127.0.0.1:8000{reverse('accounts:me')}" in body


def test_due_date_is_told_a_week_before_and_after_it_each_week(alice, course, clock):
    give(course, alice, datetime.date(2026, 4, 30))
    days = {}
    for number in range(90):
        clock.move_to(datetime.datetime(2026, 3, 2, 15, tzinfo=datetime.UTC) + number * DAY)
        for _, subject in reminded():
            days[str(timezone.localdate())] = subject
    assert days == {
        "2026-03-02": "“Welcome” was given to you",
        "2026-04-24": "“Welcome” is due soon",
        "2026-05-01": "“Welcome” is overdue",
        "2026-05-08": "“Welcome” is overdue",
        "2026-05-15": "“Welcome” is overdue",
        "2026-05-22": "“Welcome” is overdue",
        "2026-05-29": "“Welcome” is overdue",
    }


def test_several_courses_are_one_mail(alice, course):
    give(course, alice, datetime.date(2026, 3, 6))
    give(a_short_course(title="More"), alice)
    assert reminded() == [("alice", "“Welcome” is due soon, and 1 more")]
    assert Delivery.objects.filter(person=alice).count() == 3


def done(course, person):
    progressing.complete(person, Activity.objects.get(module__course=course))


def test_what_is_done_is_not_reminded_of(alice, course):
    give(course, alice, datetime.date(2026, 3, 6))
    done(course, alice)
    assert reminded() == []


def test_what_is_done_between_the_look_and_the_mail_is_not_reminded_of(alice, course, monkeypatch):
    give(course, alice, datetime.date(2026, 3, 6))
    from courses import reminding

    real = reminding._told

    def meanwhile(batch):
        done(course, alice)
        return real(batch)

    monkeypatch.setattr(reminding, "_told", meanwhile)
    assert reminded() == []


@pytest.mark.parametrize("change", ["left", "withdrawn", "unpublished", "waits"])
def test_what_is_no_longer_theirs_is_not_reminded_of(alice, course, change):
    give(course, alice, datetime.date(2026, 3, 6))
    if change == "left":
        alice.is_active = False
        alice.save()
    elif change == "withdrawn":
        assigning.withdraw(Assignment.objects.get())
    elif change == "unpublished":
        course.current = None
        course.save()
    else:
        Enrolment.objects.update(is_open=False)
    assert reminded() == []


def test_what_one_took_up_by_oneself_is_not_reminded_of(alice, course):
    progressing.arrive(alice, Activity.objects.get(module__course=course))
    assert reminded() == []


def test_who_wants_only_what_is_mandatory_hears_of_nothing_else(alice, course):
    Person.objects.update(reminders="mandatory")
    give(course, alice, datetime.date(2026, 3, 6), mandatory=False)
    assert reminded() == []
    give(a_short_course(title="More"), alice, datetime.date(2026, 3, 6))
    assert reminded() == [("alice", "“More” is due soon")]


def test_who_wants_one_mail_a_week_gets_what_is_recommended_on_monday(alice, course, clock):
    Person.objects.update(reminders="weekly")
    on(clock, 2026, 3, 3)
    give(course, alice, datetime.date(2026, 3, 14), mandatory=False)
    heard = []
    for number in range(14):
        on(clock, 2026, 3, 3 + number)
        heard += [(str(timezone.localdate()), subject) for _, subject in reminded()]
    assert heard == [("2026-03-09", "“Welcome” is due soon")]


def test_what_is_mandatory_does_not_wait_for_monday(alice, course, clock):
    """Given on a Tuesday, due on a Saturday, and overdue on the Sunday."""
    Person.objects.update(reminders="weekly")
    on(clock, 2026, 3, 3)
    give(course, alice, datetime.date(2026, 3, 14))
    give(a_short_course(title="More"), alice, mandatory=False)
    heard = {}
    for number in range(14):
        on(clock, 2026, 3, 3 + number)
        heard |= {str(timezone.localdate()): subject for _, subject in reminded()}
    assert heard == {
        "2026-03-03": "“Welcome” was given to you",
        "2026-03-08": "“Welcome” is due soon",
        "2026-03-09": "“More” was given to you",
        "2026-03-15": "“Welcome” is overdue",
    }


def test_round_that_opens_again_is_to_be_renewed(alice, course, clock):
    give(course, alice, repeats="rolling", every_months=12)
    done(course, alice)
    told()
    on(clock, 2027, 2, 1)
    call_command("daily", verbosity=0)
    assert told() == [("alice", "“Welcome” is to be renewed")]


# Once, whatever happens.


def test_mail_that_could_not_be_sent_is_tried_again(alice, course, monkeypatch):
    give(course, alice)

    def refuse(self, messages):
        raise SMTPResponseException(451, "busy")

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", refuse)
        with pytest.raises(CommandError, match="Not sent: 1"):
            call_command("daily", verbosity=0)
    assert Delivery.objects.get().error == "(451, 'busy')"
    assert reminded() == [("alice", "“Welcome” was given to you")]
    assert (Delivery.objects.get().error, reminded()) == ("", [])


def test_run_that_was_killed_between_claim_and_mail_sends_nothing_twice(alice, course, monkeypatch):
    give(course, alice)

    def killed(self, messages):
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", killed)
        with pytest.raises(SystemExit):
            remind(timezone.now())
    assert reminded() == []


def test_only_one_of_two_claims_what_both_want(alice, course):
    give(course, alice)
    telling = Telling(Delivery.Occasion.ASSIGNED, "1 2026-03-02", Enrolment.objects.get())
    claims = [claim(alice, [telling], timezone.now()) for _ in range(2)]
    assert [len(found) for found in claims] == [1, 0]


@pytest.mark.parametrize("people", [1, 5])
def test_people_with_nothing_to_be_told_take_the_same_queries(course, units, people, django_assert_num_queries):
    for _ in range(people):
        give(course, PersonFactory(unit=units.north))
    remind(timezone.now())
    with django_assert_num_queries(5):
        remind(timezone.now())


# The digest.


def late(person, course, days=3):
    give(course, person, timezone.localdate() - days * DAY)


def test_supervisor_is_told_on_monday_how_the_unit_stands(alice, bob, dave, course):
    late(alice, course)
    late(dave, course)
    assert digest(timezone.now()).sent == 1
    [message] = mail.outbox
    assert (message.to, message.subject) == ([bob.email], "Training at North Branch: 1 overdue")
    assert "Alice Learner: “Welcome”, due 27 February 2026" in message.body
    assert "Dave" not in message.body
    assert "because you supervise North Branch" in message.body


def test_administrator_hears_of_the_units_that_name_them(alice, dave, erin, units, course):
    late(alice, course)
    late(dave, course)
    assert digest(timezone.now()).sent == 0
    units.south.supervisors.add(erin)
    assert digest(timezone.now()).sent == 1
    assert ("Dave" in mail.outbox[0].body, "Alice" in mail.outbox[0].body) == (True, False)


def test_supervisor_who_left_or_was_relieved_meanwhile_hears_nothing(
    alice, bob, erin, dave, units, course, monkeypatch
):
    """Of three, the first to be written to sees the other two go."""
    units.south.supervisors.add(dave)
    units.north.supervisors.add(erin)
    late(alice, course)
    late(dave, course)
    first, *others = sorted((bob, erin, dave), key=lambda person: person.pk)
    real = EmailBackend.send_messages

    def meanwhile(self, messages):
        Person.objects.filter(pk=others[0].pk).update(is_active=False)
        Unit.supervisors.through.objects.filter(person=others[1]).delete()
        return real(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", meanwhile)
    assert digest(timezone.now()).sent == 1
    assert [address for address, _ in told()] == [first.email.split("@")[0]]


def test_digest_comes_once_a_week(alice, bob, course, clock):
    late(alice, course)
    sent = []
    for number in range(15):
        on(clock, 2026, 3, 2 + number)
        sent += [str(timezone.localdate())] * sum(digest(timezone.now()).sent for _ in range(2))
    assert sent == ["2026-03-02", "2026-03-09", "2026-03-16"]


def test_where_there_is_nothing_to_say_there_is_no_digest(bob, clock):
    assert digest(timezone.now()).sent == 0


def test_monday_is_where_the_supervisor_is(alice, bob, units, course, clock):
    units.system.time_zone = "Pacific/Auckland"
    units.system.save()
    late(alice, course)
    on(clock, 2026, 3, 8, hour=15)
    assert (timezone.localdate().weekday(), digest(timezone.now()).sent) == (6, 1)


# The pages.


def test_people_choose_how_often(as_, alice):
    browser = as_(alice)
    assert said(browser.post(reverse("accounts:me"), {"reminders": "weekly"}, follow=True)) == ["Kept."]
    alice.refresh_from_db()
    assert alice.reminders == "weekly"


@pytest.mark.parametrize("reminders", ["", "never", "\0", "x" * 5000])
def test_choice_that_there_is_not_is_refused(as_, alice, reminders):
    response = as_(alice).post(reverse("accounts:me"), {"reminders": reminders, "email": "other@example.org"})
    alice.refresh_from_db()
    assert (response.status_code, alice.reminders, alice.email) == (422, "each", "alice@example.org")


def test_administrators_read_the_log_and_send_themselves_a_test(as_, alice, erin, course):
    give(course, alice)
    remind(timezone.now())
    told()
    browser = as_(erin)
    content = browser.get(reverse("admin:courses_delivery_changelist")).content.decode()
    assert ("Alice Learner" in content, "Welcome" in content) == (True, True)
    response = browser.post(reverse("admin:courses_delivery_test"), follow=True)
    assert (said(response), told()) == (["A test was sent to erin@example.org."], [("erin", "A test")])


def test_test_that_fails_says_why(as_, erin, monkeypatch):
    def refuse(self, messages):
        raise ConnectionRefusedError("no mail server here")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    response = as_(erin).post(reverse("admin:courses_delivery_test"), follow=True)
    assert said(response) == ["The test could not be sent: no mail server here"]


def test_log_is_for_administrators_and_nobody_writes_in_it(as_, carol, erin):
    log = reverse("admin:courses_delivery_changelist")
    assert (as_(carol).get(log).status_code, as_(carol).post(reverse("admin:courses_delivery_test")).status_code) == (
        403,
        403,
    )
    assert as_(erin).get(reverse("admin:courses_delivery_add")).status_code == 403
