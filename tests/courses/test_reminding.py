"""Each reminder is sent once, to whom it still concerns, as often as they want to hear."""

import datetime
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Person, Unit
from courses import assigning, mailing, progressing, reminding
from courses.models import Absence, Activity, Assignment, Course, Delivery, Enrolment
from courses.publishing import publish
from tests.factories import ActivityFactory, CourseFactory, ModuleFactory, PersonFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    """A Tuesday morning in New York."""
    with time_machine.travel(datetime.datetime(2027, 1, 5, 12, tzinfo=datetime.UTC), tick=False) as clock:
        yield clock


def on(clock, month, day, hour=12, year=2027):
    clock.move_to(datetime.datetime(year, month, day, hour, tzinfo=datetime.UTC))


def a_short_course(title="Welcome", **changes) -> Course:
    course = CourseFactory(title=title, **changes)
    ActivityFactory(module=ModuleFactory(course=course))
    publish(course, by=None)
    course.refresh_from_db()
    return course


def assign(due_on=None, course=None, **to) -> Course:
    course = course or a_short_course()
    rule = {"due": "date", "due_on": due_on} if due_on else {}
    assigning.enrol(Assignment.objects.create(course=course, **rule | to))
    return course


def take(person, course):
    for activity in Activity.objects.filter(module__course=course).select_related("module__course"):
        progressing.complete(person, activity)


def a_day():
    """What cron does once a day: the mails of it, as address and subject."""
    mail.outbox.clear()
    assigning.settle_all()
    call_command("remind", verbosity=0)
    return [(message.to[0], message.subject) for message in mail.outbox]


def days(clock, start, count, hour=12):
    """The subjects of each day on which there was a mail, by month and day."""
    found = {}
    for number in range(count):
        day = start + number * DAY
        on(clock, day.month, day.day, hour, day.year)
        if subjects := [subject for _, subject in a_day()]:
            found[f"{day:%m-%d}"] = subjects
    return found


def test_assigned_due_soon_and_overdue_come_once_each_and_overdue_each_week(clock, alice):
    assign(datetime.date(2027, 2, 1), person=alice)
    assert days(clock, datetime.date(2027, 1, 5), 45) == {
        "01-05": ["New for you: Welcome"],
        "01-25": ["Due soon: Welcome"],
        "02-02": ["Overdue: Welcome"],
        "02-09": ["Overdue: Welcome"],
        "02-16": ["Overdue: Welcome"],
    }
    kinds = Delivery.objects.sent().order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["assigned", "due-soon", "overdue", "overdue", "overdue"]


def test_twice_on_one_day_sends_nothing_more(alice):
    assign(datetime.date(2027, 1, 8), person=alice)
    assert (len(a_day()), a_day()) == (1, [])


def test_mail_says_why_where_and_how_to_hear_less(alice, settings):
    settings.SITE_URL = "https://training.example.org"
    course = assign(datetime.date(2027, 2, 1), course=a_short_course("Q & A at the desk"), person=alice)
    a_day()
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["alice@example.org"], "New for you: Q & A at the desk")
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert message.body.splitlines() == [
        "Hello Alice,",
        "",
        "this course is for you. You can stop at any point and go on later, also on your phone.",
        "",
        "",
        "NEW FOR YOU",
        "",
        "Q & A at the desk",
        Enrolment.objects.get().why,
        f"https://training.example.org/courses/{course.slug}/",
        "",
        "If you have done it by now: thank you, there is nothing more to do.",
        "",
        "All of your training: https://training.example.org/",
        "",
        "You get this because your library gave you this course. How often you get such mails you can choose at"
        " https://training.example.org/accounts/",
    ]


def test_several_reminders_of_a_person_are_one_mail(alice):
    for title, due_on in (("One", None), ("Two", datetime.date(2027, 1, 8)), ("Three", datetime.date(2027, 1, 4))):
        assign(due_on, course=a_short_course(title), person=alice)
    assert a_day() == [("alice@example.org", "Your training: 1 overdue, 1 due soon, 1 new")]
    assert [mail.outbox[0].body.count(title) for title in ("One", "Two", "Three")] == [1, 1, 1]
    assert Delivery.objects.values("mail").distinct().count() == 1


def test_nothing_is_said_to_who_has_none(alice, bob, dave):
    left = assign(datetime.date(2027, 1, 4), person=bob)
    assign(datetime.date(2027, 1, 4), course=a_short_course("Withdrawn"), person=dave)
    assigning.withdraw(Assignment.objects.get(person=dave))
    take(alice, left)
    bob.is_active = False
    bob.save()
    assert a_day() == []


def test_unpublished_course_and_what_one_took_up_oneself_are_not_chased(alice, bob):
    assign(datetime.date(2027, 1, 4), course=CourseFactory(), person=alice)
    Enrolment.objects.create(person=bob, course=a_short_course())
    assert a_day() == []


def test_old_assignment_is_no_news(clock, alice):
    assign(person=alice)
    on(clock, 1, 20)
    assert a_day() == []


def test_course_that_was_begun_is_no_news(alice):
    course = assign(person=alice)
    Enrolment.objects.filter(course=course).update(started_at=timezone.now())
    assert a_day() == []


def test_course_that_waited_for_another_is_new_when_it_opens(clock, alice):
    first, second = a_short_course("First"), a_short_course("Second")
    given = Assignment.objects.create(course=second, person=alice)
    given.after.add(first)
    assigning.enrol(given)
    assert a_day() == []
    on(clock, 3, 1)
    take(alice, first)
    assert a_day() == [("alice@example.org", "New for you: Second")]


def test_round_that_opens_again_is_lapsing_once(clock, alice):
    course = a_short_course()
    assign(course=course, person=alice, repeats="rolling", every_months=12)
    take(alice, course)
    assert days(clock, datetime.date(2027, 11, 1), 60) == {
        "11-24": ["Time to take it again: Welcome"],
        "12-29": ["Due soon: Welcome"],
    }


def test_date_that_moved_is_told_anew(clock, alice):
    assign(datetime.date(2027, 2, 1), person=alice)
    a_day()
    on(clock, 1, 28)
    assert a_day() == [("alice@example.org", "Due soon: Welcome")]
    day = datetime.date(2027, 1, 27)
    Absence.objects.create(person=alice, kind="leave", reason="-", starts_on=day, ends_on=day + 3 * DAY)
    assert a_day() == []
    on(clock, 1, 29)
    assert a_day() == [("alice@example.org", "Due soon: Welcome")]


def test_missed_runs_are_not_made_up_for_all_at_once(clock, alice):
    assign(datetime.date(2027, 1, 4), person=alice)
    a_day()
    on(clock, 2, 1)
    assert (len(a_day()), a_day()) == (1, [])
    on(clock, 2, 2)
    assert a_day() == []
    on(clock, 2, 8)
    assert len(a_day()) == 1


# What happens between the look and the mail.


class Meddling(locmem.EmailBackend):
    """A mail server on which something happens at the first mail."""

    deed = staticmethod(lambda: None)

    def send_messages(self, messages):
        deed, Meddling.deed = Meddling.deed, lambda: None
        deed()
        return super().send_messages(messages)


@pytest.fixture
def meddle(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Meddling"
    mail.outbox = []

    def at_the_first_mail(deed):
        Meddling.deed = staticmethod(deed)

    yield at_the_first_mail
    Meddling.deed = staticmethod(lambda: None)


def overdue_both(alice, dave):
    course = a_short_course()
    for person in (alice, dave):
        assign(datetime.date(2027, 1, 4), course=course, person=person)
    return course


def test_who_completed_it_meanwhile_is_not_reminded(meddle, alice, dave):
    course = overdue_both(alice, dave)
    meddle(lambda: take(dave, course))
    assert [address for address, _ in a_day()] == ["alice@example.org"]
    assert Delivery.objects.filter(person=dave).count() == 0


def test_who_left_meanwhile_is_not_reminded(meddle, alice, dave):
    overdue_both(alice, dave)
    meddle(lambda: Person.objects.filter(pk=dave.pk).update(is_active=False))
    assert [address for address, _ in a_day()] == ["alice@example.org"]


def test_course_withdrawn_meanwhile_is_not_chased(meddle, alice, dave):
    overdue_both(alice, dave)
    meddle(lambda: assigning.withdraw(Assignment.objects.get(person=dave)))
    assert [address for address, _ in a_day()] == ["alice@example.org"]


def test_killed_midway_sends_the_rest_the_next_time_and_nothing_twice(meddle, alice, dave):
    overdue_both(alice, dave)

    def kill():
        raise KeyboardInterrupt

    meddle(kill)
    with pytest.raises(KeyboardInterrupt):
        a_day()
    assert Delivery.objects.interrupted().values("person").distinct().get()["person"] == alice.pk
    assert [address for address, _ in a_day()] == ["dave@example.org"]
    assert a_day() == []


def test_another_machine_at_the_same_time_sends_the_rest_and_nothing_twice(meddle, alice, dave):
    overdue_both(alice, dave)
    meddle(lambda: call_command("remind", verbosity=0))
    assert sorted(address for address, _ in a_day()) == ["alice@example.org", "dave@example.org"]


def test_claim_is_refused_to_the_second(alice):
    claims = [mailing.Claim(Delivery.Kind.OVERDUE, "1"), mailing.Claim(Delivery.Kind.OVERDUE, "2")]
    first = mailing.claim(alice, claims[:1], timezone.now())
    second = mailing.claim(alice, claims, timezone.now())
    assert [[row.key for row in rows] for rows in (first, second)] == [["1"], ["2"]]


def test_mail_that_was_refused_is_in_the_log_and_the_others_are_sent(meddle, alice, dave):
    overdue_both(alice, dave)

    def refuse():
        raise SMTPRecipientsRefused({"alice@example.org": (550, b"No such user")})

    meddle(refuse)
    assert [address for address, _ in a_day()] == ["dave@example.org"]
    failed = Delivery.objects.failed().order_by().values_list("person__name", "error").distinct()
    assert list(failed) == [
        ("Alice Learner", "SMTPRecipientsRefused: {'the address': (550, b'No such user')}"),
    ]


def test_server_that_does_not_answer_claims_nothing(settings, alice):
    assign(person=alice)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1
    )  # fmt: skip
    with pytest.raises(CommandError, match=r"cannot be reached.*sent by the next run"):
        call_command("remind")
    assert Delivery.objects.count() == 0


# How often.


@pytest.mark.parametrize(
    ("often", "mandatory", "expected"),
    [
        ("each", False, {"01-05": "New for you", "01-15": "Due soon"}),
        ("weekly", False, {"01-11": "New for you", "01-18": "Due soon"}),
        ("mandatory", False, {}),
        ("weekly", True, {"01-11": "New for you", "01-15": "Due soon", "01-23": "Overdue", "01-30": "Overdue"}),
        ("mandatory", True, {"01-05": "New for you", "01-15": "Due soon", "01-23": "Overdue", "01-30": "Overdue"}),
    ],
)
def test_person_says_how_often_and_mandatory_ones_stay(clock, alice, often, mandatory, expected):
    Person.objects.filter(pk=alice.pk).update(reminders=often)
    assign(datetime.date(2027, 1, 22), person=alice, mandatory=mandatory)
    found = days(clock, datetime.date(2027, 1, 5), 30)
    assert found == {day: [f"{heading}: Welcome"] for day, heading in expected.items()}


# Where the day begins.


@pytest.mark.parametrize(
    ("zone", "utc_hour", "expected"),
    [
        ("Pacific/Auckland", 10, ["03-07", "03-15", "03-22"]),
        ("America/Los_Angeles", 10, ["03-07", "03-15", "03-22"]),
        # Half an hour into, or before, the day.
        ("America/New_York", 5, ["03-07", "03-15", "03-22"]),
        ("America/New_York", 4, ["03-08", "03-15", "03-22"]),
    ],
)
def test_days_are_those_of_the_unit_also_when_clocks_change(clock, alice, units, zone, utc_hour, expected):
    """Clocks go forward in New York on 14 March 2027, the day on which this is due."""
    units.system.time_zone = zone
    units.system.save()
    assign(datetime.date(2027, 3, 14), person=alice)
    found = days(clock, datetime.date(2027, 2, 20), 35, utc_hour)
    assert list(found) == expected
    assert list(found.values()) == [["Due soon: Welcome"], ["Overdue: Welcome"], ["Overdue: Welcome"]]


# A year.


def test_year_day_by_day(clock, alice, bob, dave, units):
    """Alice is always early, Bob joins in March and leaves in June without doing anything, Dave is late once."""
    on(clock, 12, 1, year=2027)
    Person.objects.filter(pk=bob.pk).update(unit=None)
    course = a_short_course()
    assign(course=course, unit=units.system, repeats="window", window_from=1, window_to=1, grace_days=14)
    safety = assign(course=a_short_course("Safety"), unit=units.north, due="assignment", due_days=60)
    events = {
        "2028-01-10": lambda: take(alice, course),
        "2028-03-01": lambda: _move(bob, unit=units.north),
        "2028-06-01": lambda: _move(bob, is_active=False),
        "2028-02-29": lambda: take(dave, course),
        "2027-12-10": lambda: take(alice, safety),
    }
    found = {"alice": [], "bob": [], "dave": [], "digests": []}
    day = datetime.date(2027, 12, 1)
    while day <= datetime.date(2028, 12, 31):
        on(clock, day.month, day.day, 10, day.year)
        events.get(day.isoformat(), lambda: None)()
        for address, subject in a_day():
            whom = "digests" if subject.startswith("North Branch") else address.split("@")[0]
            found[whom].append(f"{day} {subject}")
        day += DAY
    assert found == {
        "alice": ["2027-12-01 New for you: Safety", "2028-01-01 New for you: Welcome"],
        "bob": [
            "2028-03-01 New for you: Safety",
            "2028-04-23 Due soon: Safety",
            *(f"2028-05-{day} Overdue: Safety" for day in ("01", "08", "15", "22", "29")),
        ],
        "dave": [
            "2028-01-01 New for you: Welcome",
            "2028-01-24 Due soon: Welcome",
            "2028-02-15 Overdue: Welcome",
            "2028-02-22 Overdue: Welcome",
        ],
        "digests": [
            "2027-12-13 North Branch: 1 completed last week",
            "2028-01-17 North Branch: 1 completed last week",
            "2028-04-24 North Branch: 1 due this week",
            *(f"2028-05-{day} North Branch: 1 overdue" for day in ("01", "08", "15", "22", "29")),
        ],
    }
    assert Delivery.objects.filter(sent_at=None).count() == 0


def _move(person, **changes):
    for name, value in changes.items():
        setattr(person, name, value)
    person.save()


# At any size.


def queries_of(deed):
    with CaptureQueriesContext(connection) as queries:
        deed()
    return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]


def test_looking_takes_as_many_queries_for_many_people_and_each_mail_a_fixed_number(units):
    course, zones = a_short_course(), Unit.objects.all().time_zones()
    found = []
    for people in (3, 30):
        for _ in range(people):
            PersonFactory(unit=units.north)
        assign(datetime.date(2027, 1, 8), course=course, unit=units.north)
        look = queries_of(lambda: list(reminding.people_to_remind(timezone.now(), zones)))
        mail.outbox.clear()
        sending = queries_of(lambda: call_command("remind", verbosity=0))
        assert len(mail.outbox) == people
        found.append((len(look), (len(sending) - len(look) - 3) / people))
    assert found == [(4, 5.0), (4, 5.0)]


def test_dry_run_sends_nothing_and_says_how_much(capsys, alice, dave):
    overdue_both(alice, dave)
    call_command("remind", dry_run=True)
    assert (len(mail.outbox), Delivery.objects.count()) == (0, 0)
    call_command("remind")
    call_command("remind")
    assert capsys.readouterr().out.splitlines() == [
        "Would send 2 reminders and 0 digests.",
        "Sent 2 reminders and 0 digests.",
        "Sent 0 reminders and 0 digests.",
    ]
