"""What needs doing stands first on the page of reports, and those who are late can be nudged from it."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from courses.models import Delivery
from courses.reports.charts import chart, completions
from courses.reports.summaries import staff
from courses.reports.summaries.counts import added
from courses.reports.summaries.whom import Whom
from tests.admin_pages import said
from tests.factories import EnrolmentFactory, PersonFactory, a_course, end_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return a_course(title="Welcome")


def asked(person, course, days, **more):
    due = timezone.localdate() + datetime.timedelta(days=days)
    return EnrolmentFactory(
        person=person, course=course, due_on=due, due_at=end_of(due), overdue_at=end_of(due), **more
    )


def nudge(browser, *rows, kept=""):
    return browser.post(reverse("courses:nudge"), {"enrolment": [row.pk for row in rows], "kept": kept}, follow=True)


def test_what_needs_doing_names_the_longest_overdue_first(as_, bob, alice, units, course):
    asked(alice, course, -3)
    asked(PersonFactory(name="Zoe Late", unit=units.north), course, -30)
    asked(PersonFactory(unit=units.north), course, 5)
    context = as_(bob).get(reverse("courses:reports")).context
    assert [row.name for row in context["overdue"]] == ["Zoe Late", "Alice Learner"]
    assert (context["figures"].overdue, context["figures"].due_soon) == (2, 1)


def test_where_nothing_needs_doing_the_page_says_so(as_, bob, alice, course):
    asked(alice, course, 30, started_at=timezone.now())
    assert "Nothing: nobody is overdue" in as_(bob).get(reverse("courses:reports")).content.decode()


def test_list_goes_by_due_date_if_one_likes(as_, bob, alice, units, course):
    asked(alice, course, 9)
    asked(PersonFactory(name="Zoe Soon", unit=units.north), course, 2)
    names = [row.name for row in as_(bob).get(reverse("courses:reports") + "?sort=due").context["page"].rows]
    assert names[:2] == ["Zoe Soon", "Alice Learner"]


def test_nudge_stops_where_the_mail_server_does_not_answer(as_, bob, alice, course, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = nudge(as_(bob), asked(alice, course, -3))
    assert said(response) == ["0 people were nudged. The mail server does not answer: nudge the others later."]
    assert Delivery.objects.count() == 0


def test_nudge_writes_to_those_chosen(as_, bob, alice, units, course):
    row = asked(alice, course, -3)
    asked(PersonFactory(unit=units.north), course, -3)
    response = nudge(as_(bob), row, kept="state=overdue&unit=")
    assert said(response) == ["1 person was nudged."]
    assert response.redirect_chain[0][0] == "/reports/?state=overdue&unit="
    [message] = mail.outbox
    assert (message.to, message.subject) == ([alice.email], "Bob Supervisor asks you to go on with “Welcome”")


def test_second_nudge_of_a_day_writes_nothing(as_, bob, alice, course):
    row = asked(alice, course, -3)
    nudge(as_(bob), row)
    assert said(nudge(as_(bob), row)) == ["0 people were nudged. 1 had been today already."]
    assert (len(mail.outbox), Delivery.objects.count()) == (1, 1)


def test_nobody_else_is_nudged(as_, bob, alice, dave, course):
    done = asked(alice, course, -3, completed_at=timezone.now())
    foreign = asked(dave, course, -3)
    nudge(as_(bob), done, foreign)
    assert mail.outbox == []


@pytest.mark.parametrize("rows", [[], ["x"], ["-1", "9" * 30, "\0"], ["1"] * 500])
def test_garbage_nudges_nobody(as_, bob, rows):
    response = as_(bob).post(reverse("courses:nudge"), {"enrolment": rows, "kept": "\0&x=//evil"}, follow=True)
    assert (response.status_code, mail.outbox) == (200, [])
    assert response.redirect_chain[0][0].startswith("/reports/?")


@pytest.mark.parametrize(("role", "status"), [("alice", 404), ("carol", 404), ("dave", 404)])
def test_only_supervisors_nudge(as_, request, alice, course, role, status):
    row = asked(alice, course, -3)
    browser = as_(request.getfixturevalue(role))
    assert browser.post(reverse("courses:nudge"), {"enrolment": [row.pk]}).status_code == status
    assert mail.outbox == []


def test_completions_stand_in_their_months(alice, units, course):
    here = timezone.get_current_timezone()
    now = datetime.datetime(2026, 3, 31, 23, 30, tzinfo=here)
    for year, month, day in ((2026, 3, 1), (2026, 3, 31), (2026, 2, 28), (2025, 4, 1), (2025, 3, 31)):
        at = datetime.datetime(year, month, day, 23, tzinfo=here)
        asked(PersonFactory(unit=units.north), course, 0, completed_at=at)
    counts = added(staff.count(Whom(), None, now).values())
    found = {bar.label: bar.value for bar in completions(staff.completed(counts, now)).bars if bar.value}
    assert found == {"Mar 2026": 2, "Feb 2026": 1, "Apr 2025": 1}


def test_highest_bar_is_as_high_as_the_chart():
    bars = chart([("a", 2), ("b", 4), ("c", 0)]).bars
    assert [(bar.x, bar.y, bar.height) for bar in bars] == [(0, 45, 45), (30, 0, 90), (60, 90, 0)]


def test_chart_of_nothing_is_empty():
    assert chart([("a", 0)]).is_empty
