"""Hours of a year: from records, from what was entered with proof, from what a team took together."""

import csv
import datetime
import io
from decimal import Decimal
from uuid import uuid4
from zipfile import ZipFile

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Person
from courses.correcting import correct
from courses.models import Credit, Enrolment, HoursTarget, TrainingRecord, Waiver
from courses.reports.hours import HEADER, ledgers
from courses.together import withdraw
from tests.admin_pages import page, said
from tests.courses.test_assigning import a_short_course
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
TOGETHER, HOURS = "/reports/together/", "/reports/hours/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime.datetime(2026, 11, 26, 15, tzinfo=datetime.UTC), tick=False) as clock:
        yield clock


def record(person, day, minutes=60, **more):
    at = datetime.datetime.combine(day, datetime.time(23, 30), timezone.get_current_timezone())
    return TrainingRecord.objects.create(
        person=person, name=person.name, edition=1, contents=[], minutes=minutes, started_at=at, completed_at=at, **more
    )


def entered(person, day, minutes=60, category="technology", **more):
    return Credit.objects.create(
        person=person, title="Printers", conducted_by="Vendor", category=category, minutes=minutes, on=day,
        proof="In the file", entered_by=person, **more,
    )  # fmt: skip


def day(month, day, year=2026):
    return datetime.date(year, month, day)


def ledger(person, year=2026):
    [found] = ledgers(Person.objects.filter(pk=person.pk), year)
    return found


def test_hours_are_those_of_the_year_by_category(alice):
    record(alice, day(12, 31), 90)
    record(alice, day(12, 31, 2025), 500)
    entered(alice, day(1, 1), 30)
    entered(alice, day(1, 1, 2027), 500)
    found = ledger(alice)
    assert (found.earned, dict(found.by_category)) == (120, {"service": 90, "technology": 30})
    assert [line[1:4] for line in found.lines] == [("Printers", "technology", 30), ("", "service", 90)]


def test_what_was_withdrawn_or_corrected_counts_no_more(alice, erin):
    withdraw(entered(alice, day(5, 5)), because="Twice")
    correct(record(alice, day(5, 5), 60), by=erin, note="x", minutes=45)
    assert ledger(alice).earned == 45


@pytest.mark.parametrize(
    ("year", "carried", "missing"),
    [
        (2025, 0, 0),  # 15 of 10
        (2026, 3, 5),  # of the 5 over, 3 are carried; 2 of 10 are earned
    ],
)
def test_what_is_over_counts_for_the_next_year_up_to_a_limit(alice, year, carried, missing):
    HoursTarget.objects.create(hours=10, carry_over=3)
    entered(alice, day(5, 5, 2025), 15 * 60)
    entered(alice, day(5, 5), 2 * 60)
    found = ledger(alice, year)
    assert (found.hours["carried"], found.hours["missing"]) == (carried, missing)


def test_what_is_over_goes_on_from_year_to_year(alice):
    HoursTarget.objects.create(hours=10, carry_over=10)
    entered(alice, day(5, 5, 2024), 20 * 60)
    entered(alice, day(5, 5, 2025), 10 * 60)
    assert [ledger(alice, year).hours["carried"] for year in (2024, 2025, 2026, 2027)] == [0, 10, 10, 0]


def test_waiver_lowers_what_is_asked(alice):
    HoursTarget.objects.create(hours=10)
    Waiver.objects.create(person=alice, year=2026, hours=Decimal("7.5"), reason="Leave")
    assert (ledger(alice).hours["missing"], ledger(alice, 2025).hours["missing"]) == (2.5, 10)


def test_nearest_target_above_holds(alice, dave, units):
    HoursTarget.objects.create(hours=10)
    HoursTarget.objects.create(unit=units.north, hours=20)
    assert (ledger(alice).hours["asked"], ledger(dave).hours["asked"]) == (20, 10)


def test_year_may_begin_in_another_month(alice):
    HoursTarget.objects.create(hours=10, from_month=7)
    entered(alice, day(6, 30), 1)
    entered(alice, day(7, 1), 20)
    entered(alice, day(6, 30, 2027), 300)
    assert (ledger(alice).earned, ledger(alice, 2025).earned) == (320, 1)


@pytest.mark.parametrize(("month", "year"), [(1, 2026), (11, 2026), (12, 2025)])
def test_pages_open_on_the_year_that_is_running(as_, alice, bob, units, month, year):
    HoursTarget.objects.create(unit=units.north, hours=10, from_month=month)
    assert (as_(alice).get("/hours/").context["year"], as_(bob).get(HOURS).context["year"]) == (year, year)


@pytest.mark.parametrize("people", [1, 5])
def test_page_takes_the_same_queries_for_any_number(as_, bob, units, people, django_assert_num_queries):
    for _ in range(people):
        entered(PersonFactory(unit=units.north), day(5, 5))
    browser = as_(bob)
    browser.get(HOURS)
    with django_assert_num_queries(11):
        browser.get(HOURS)


def test_download_says_what_the_page_says(as_, bob, alice):
    entered(alice, day(5, 5), 90)
    answer = as_(bob).get(f"{HOURS}?format=csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == HEADER
    said = dict(zip(rows[0], rows[1], strict=True))
    assert (said["Person"], said["Technology"], said["Hours"]) == ("Alice Learner", "1.5", "1.5")


def words_in(answer):
    """What a download says, whatever its format is."""
    content = answer.getvalue()
    if answer["Content-Type"] == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if answer["Content-Type"].startswith("text/csv"):
        return content.decode("utf-8-sig")
    with ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
def test_downloads_hold_those_whom_one_oversees_and_no_others(as_, alice, bob, dave, form):
    said = words_in(as_(bob).get(f"{HOURS}?format={form}"))
    assert (alice.name in said, dave.name in said) == (True, False)


@pytest.mark.parametrize("form", ["csv", "pdf"])
def test_person_can_be_proved_line_by_line(as_, alice, bob, dave, form):
    entered(alice, day(5, 5), 90)
    code = record(alice, day(6, 6)).code
    address = reverse("courses:person-hours", args=[alice.pk])
    for answer in (as_(bob).get(f"{address}?format={form}"), as_(alice).get(f"/hours/?format={form}")):
        said = words_in(answer)
        assert [part in said for part in ("Printers", "Vendor: In the file", code)] == [True] * 3
    assert as_(dave).get(f"{address}?format={form}").status_code == 404


@pytest.mark.parametrize("query", ["?year=1", "?year=%00", "?unit=9999999999999999999", "?page=99999", "?format=exe"])
def test_garbage_in_the_address_is_as_if_it_were_not_there(as_, bob, query):
    assert as_(bob).get(HOURS + query).status_code == 200


def test_people_see_their_own(as_, alice):
    HoursTarget.objects.create(hours=10)
    entered(alice, day(5, 5), 90)
    content = as_(alice).get(reverse("courses:my-hours")).content.decode()
    assert ("1.5 hours of 10.0 asked for" in content, "8.5 to go" in content) == (True, True)


# Together.


def session(people, **more):
    said = {"key": uuid4(), "on": "2026-11-25", "title": "De-escalation", "conducted_by": "Pat", "category": "service",
            "minutes": 90, "proof": "Minutes of the meeting", "course": ""}  # fmt: skip
    return said | {"people": [person.pk for person in people]} | more


def test_everyone_who_was_there_is_credited_once(as_, bob, alice):
    browser, sent = as_(bob), session([alice, bob])
    for _ in range(2):
        response = browser.post(TOGETHER, sent, follow=True)
        assert said(response) == ["“De-escalation” is credited to 2 people."]
    credits = Credit.objects.filter(person=alice).values_list("title", "minutes", "on", "entered_by__name")
    assert list(credits) == [("De-escalation", 90, day(11, 25), "Bob Supervisor")]


def test_people_of_one_name_are_told_apart(as_, bob, alice):
    PersonFactory(name=alice.name, email="alice.too@example.org", unit=alice.unit)
    choices = as_(bob).get(TOGETHER).context["form"].fields["people"].choices
    names = [name for _, name in choices if name.startswith(alice.name)]
    assert sorted(names) == [f"{alice.name} (alice.too@example.org)", f"{alice.name} ({alice.email})"]


def test_nobody_elses_people_are_credited(as_, bob, dave):
    response = as_(bob).post(TOGETHER, session([dave]))
    assert (response.status_code, Credit.objects.count()) == (422, 0)


def test_course_taken_together_is_completed_and_says_who_confirmed_it(as_, bob, alice):
    course = a_short_course(title="Welcome")
    sent = session([alice], title="", course=course.pk)
    assert said(as_(bob).post(TOGETHER, sent, follow=True)) == ["1 person completed “Welcome” by this."]
    made = TrainingRecord.objects.get()
    assert made.outcome == "Taken together on 25 November 2026, confirmed by Bob Supervisor"
    assert Enrolment.objects.get(person=alice).completed_at
    as_(bob).post(TOGETHER, sent)
    assert TrainingRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "9" * 30}, "minutes"),
        ({"on": "2026-11-27"}, "on"),
        ({"on": "31/31"}, "on"),
        ({"on": "0001-01-01"}, "on"),
        ({"people": []}, "people"),
        ({"people": ["x"]}, "people"),
        ({"proof": ""}, "proof"),
        ({"key": "x"}, "key"),
        ({"course": "999999"}, "course"),
        ({"title": "\0"}, "title"),
        ({"category": "fun"}, "category"),
    ],
)
def test_what_is_wrong_is_named_and_credits_nobody(as_, bob, alice, wrong, field):
    response = as_(bob).post(TOGETHER, session([alice]) | wrong)
    assert (response.status_code, list(response.context["form"].errors), Credit.objects.count()) == (422, [field], 0)


# In admin.


def test_administrator_enters_and_withdraws_outside_training(as_, alice, erin):
    browser = as_(erin)
    words = {"person": alice.pk, "title": "First aid", "conducted_by": "Red Cross", "category": "safety",
             "minutes": 240, "on": "2026-05-05", "proof": "Certificate in the file"}  # fmt: skip
    assert browser.post(reverse("admin:courses_credit_add"), words).status_code == 302
    entry = Credit.objects.get()
    assert (entry.entered_by, ledger(alice).earned) == (erin, 240)
    assert said(browser.post(page(entry, "withdraw"), {"because": " "}, follow=True))[-1] == "Say why it is withdrawn."
    browser.post(page(entry, "withdraw"), {"because": "Another person's"})
    assert ledger(alice).earned == 0
    assert "Another person&#x27;s" in browser.get(page(entry)).content.decode()


@pytest.mark.parametrize("thing", ["credit", "waiver"])
@pytest.mark.parametrize("person", ["a\0b", "x", "9" * 25, "-1"])
def test_person_who_is_none_is_a_fault_of_the_form(as_, erin, thing, person):
    address = f"/admin/courses/{thing}/add/"
    assert as_(erin).get(address, {"person": person}).status_code == 200
    assert as_(erin).post(address, {"person": person}).status_code == 200


def test_there_is_one_target_for_everybody(as_, erin):
    for expected in (302, 200):
        words = {"unit": "", "hours": "10", "carry_over": "0", "from_month": "1"}
        assert as_(erin).post(reverse("admin:courses_hourstarget_add"), words).status_code == expected
    assert HoursTarget.objects.count() == 1


def test_hours_of_very_many_are_no_workbook(as_, bob, alice, monkeypatch):
    monkeypatch.setattr("courses.views.hours.MOST_AT_ONCE", 1)
    answer = as_(bob).get(f"{HOURS}?format=xlsx", follow=True)
    assert "too many for Excel" in answer.content.decode()
    assert "format" not in answer.redirect_chain[0][0]


def test_page_in_spanish_offers_today_and_writes_numbers_its_way(as_, bob):
    bob.language = "es"
    bob.save()
    browser = as_(bob)
    assert 'type="date" name="on" value="2026-' in browser.get(TOGETHER).content.decode().replace("  ", " ")
    assert "hasta 3,000" in browser.get(HOURS).content.decode()
    assert "Página 1 de 1" in words_in(browser.get(f"{HOURS}?format=pdf"))


def test_categories_all_begin_alike():
    assert all(str(title)[0].isupper() for title in HEADER)


def test_who_completed_it_together_is_not_said_to_have_done_nothing(as_, bob, alice):
    as_(bob).post(TOGETHER, session([alice], title="", course=a_short_course().pk))
    shown = as_(bob).get(f"/reports/people/{alice.pk}/").content.decode()
    assert ("Completed" in shown, "activities done" in shown) == (True, False)


def test_heads_on_paper_are_whole_words_in_spanish(as_, bob):
    bob.language = "es"
    bob.save()
    words = words_in(as_(bob).get(f"{HOURS}?format=pdf")).split()
    assert {"Traspaso", "Dispensas"} <= set(words)
