"""Proof: the register of records, certificates on paper, and corrections that change nothing."""

import csv
import datetime
import io
import zipfile

import pytest
from django.utils import timezone

from accounts.merging import merge
from accounts.models import Person, Unit
from courses import progressing
from courses.correcting import CannotCorrect, correct
from courses.models import Activity, Assignment, Correction, TrainingRecord
from courses.reports.records import HEADER
from tests.admin_pages import page
from tests.courses.test_assigning import a_short_course, assign
from tests.factories import PersonFactory, a_course
from training.lib.immutable import ImmutableError

pytestmark = pytest.mark.django_db
REGISTER = "/reports/records/"
DAY = datetime.timedelta(days=1)


def record(person, *, ago=0, **said):
    at = timezone.now() - ago * DAY
    fields = {
        "name": person.name, "job_title": "Assistant", "unit": "North Branch", "course_slug": "welcome",
        "course_title": "Welcome", "edition": 1, "contents": [{"title": "First", "outcomes": ["Greet"]}], "minutes": 90,
        "trainer": "Pat", "trainer_qualification": "Librarian", "outcome": "Completed", "started_at": at - DAY,
        "completed_at": at,
    }  # fmt: skip
    return TrainingRecord.objects.create(person=person, **fields | said)


def codes(browser, query=""):
    return [row.code for row in browser.get(REGISTER + query).context["page"].rows]


def downloaded(browser, query=""):
    answer = browser.get(f"{REGISTER}?format=csv{query}")
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline="")))


def test_register_has_the_records_of_ones_units_newest_first(as_, bob, alice, dave):
    older, newer = record(alice, ago=9), record(alice, ago=1)
    record(dave)
    assert codes(as_(bob)) == [newer.code, older.code]


def test_who_left_stays_in_the_register(as_, bob, alice):
    kept = record(alice)
    alice.is_active = False
    alice.save()
    assert codes(as_(bob)) == [kept.code]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?name=learn", ["alice"]),
        ("?course=other", ["eve"]),
        ("?since=2026-03-01&until=2026-03-31", ["eve"]),
        ("?since=2026-04-01", ["alice"]),
        ("?until=2026-03-30", []),
        ("?since=nonsense&until=9999-99-99&unit=x&page=-1", ["alice", "eve"]),
        ("?name=%00&course=%00", ["alice", "eve"]),
    ],
)
def test_register_is_narrowed_down(as_, bob, alice, units, query, found):
    here = timezone.get_current_timezone()
    eve = PersonFactory(name="Eve", unit=units.north)
    late = datetime.datetime(2026, 3, 31, 23, 30, tzinfo=here)
    made = {
        "alice": record(alice, completed_at=datetime.datetime(2026, 4, 1, 0, 30, tzinfo=here)).code,
        "eve": record(eve, completed_at=late, course_slug="other").code,
    }
    assert codes(as_(bob), query) == [made[name] for name in found]


def test_unit_narrows_down_to_where_people_are_now(as_, bob, alice, units):
    kept = record(alice)
    record(PersonFactory(unit=units.north))
    assert codes(as_(bob), f"?unit={units.circulation.pk}") == [kept.code]
    assert len(codes(as_(bob), f"?unit={units.south.pk}")) == 2


def test_downloads_hold_what_an_auditor_asks_for(as_, bob, alice):
    made = record(alice)
    heads, row = downloaded(as_(bob))
    today = str(timezone.localdate())
    assert tuple(heads) == HEADER
    assert row == [
        "Alice Learner", "Assistant", "North Branch", "Welcome", "1", "First", "90", "Pat", "Librarian",
        str(timezone.localdate() - DAY), today, "Completed", "", made.code, "",
    ]  # fmt: skip


def test_last_record_says_by_when_it_is_to_be_renewed(as_, bob, alice, dave):
    course = a_short_course(title="Welcome")
    for person in (alice, dave):
        assign(course, person=person, due_on=None, repeats="rolling", every_months=12)
    old = record(alice, ago=400, course_slug=course.slug)
    progressing.complete(alice, Activity.objects.get(module__course=course))
    new = TrainingRecord.objects.get(course_title="Welcome", person=alice, minutes=5)
    found = {row.code: row.renew_by for row in as_(bob).get(REGISTER).context["page"].rows}
    today = timezone.localdate()
    assert found == {old.code: None, new.code: today.replace(year=today.year + 1)}


def test_renewal_stands_on_the_last_record_of_either_profile(as_, bob, alice, dave):
    course = a_short_course(title="Welcome")
    assign(course, person=alice, due_on=None, repeats="rolling", every_months=12)
    progressing.complete(alice, Activity.objects.get(module__course=course))
    newest = TrainingRecord.objects.get(person=alice)
    merged = record(dave, ago=30, course_slug=course.slug)
    Person.objects.filter(pk=dave.pk).update(is_active=False, merged_into=alice)
    found = {row.code: bool(row.renew_by) for row in as_(bob).get(REGISTER).context["page"].rows}
    assert found == {newest.code: True, merged.code: False}


def test_unit_finds_the_records_of_merged_profiles(as_, bob, alice, dave, units):
    kept = record(dave)
    Person.objects.filter(pk=dave.pk).update(is_active=False, merged_into=alice)
    assert codes(as_(bob), f"?unit={units.circulation.pk}") == [kept.code]
    assert codes(as_(bob), "?unit_name=circ") == [kept.code]


@pytest.fixture
def many_units(units):
    desks = (Unit(name=f"Desk {n}", parent=units.north, path=f"{units.north.path}d{n}/") for n in range(201))
    Unit.objects.bulk_create(desks)


@pytest.mark.parametrize(
    "address",
    [
        REGISTER,
        "/reports/",
        "/reports/hours/",
        "/reports/together/",
        "/reports/courses/welcome/",
        "/reports/scenarios/desk/",
    ],
)
def test_every_report_asks_for_a_name_where_units_are_many(as_, bob, many_units, address):
    a_course()
    for query in ("", "?unit_name=North", "?unit_name=desk", "?unit_name=%00"):
        answer = as_(bob).get(address + query)
        assert (answer.status_code, 'name="unit_name"' in answer.content.decode()) == (200, True)


def test_with_very_many_units_one_writes_the_name(as_, bob, alice, many_units):
    kept = record(alice)
    assert codes(as_(bob), "?unit_name=CIRC") == [kept.code]
    shown = as_(bob).get(f"{REGISTER}?unit_name=desk").content.decode()
    assert "No unit, or more than one, has “desk” in its name" in shown
    assert as_(bob).get(f"{REGISTER}?unit_name=South&format=csv").status_code == 302


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("since=31/12", "“Completed since”: “31/12” is no day. Write it like 2026-05-31."),
        ("until=2026-02-30", "“Until”: “2026-02-30” is no day. Write it like 2026-05-31."),
        ("until=0001-01-01", "“Until”: the year 1 is out of reach. Take one from 1900 to 2200."),
        ("since=2026-05-02&until=2026-05-01", "“Completed since” is after “Until”, so nothing can be between them."),
        ("since=%00", None),
        ("since=" + "9" * 5000, "is no day"),
    ],
)
def test_what_is_wrong_with_a_day_is_said_and_no_proof_leaves_by_mistake(as_, bob, alice, query, said):
    record(alice)
    shown = as_(bob).get(f"{REGISTER}?{query}").content.decode()
    assert said is None or said in shown
    for form in ("csv", "xlsx", "pdf"):
        assert as_(bob).get(f"{REGISTER}?{query}&format={form}").status_code == (302 if said else 200)


def sheet(answer):
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_workbook_holds_text_numbers_and_no_formula(as_, bob, alice):
    record(alice, name='=HYPERLINK("http://evil")')
    found = sheet(as_(bob).get(f"{REGISTER}?format=xlsx"))
    assert ("HYPERLINK" in found, "<f>" in found, "<v>90</v>" in found) == (True, False, True)


@pytest.mark.parametrize("name", ["Alice", "Ωμέγα Ґалина", "أليس", "🦄" * 30, "x" * 150, "a\x07b", ""])
def test_any_name_goes_on_paper(as_, bob, alice, name):
    made = record(alice, name=name, unit="Unit " * 60, outcome="")
    for address in (f"{REGISTER}?format=pdf", f"{made.get_absolute_url()}?format=pdf"):
        answer = as_(bob).get(address)
        assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")


def test_register_too_long_for_paper_says_so(as_, bob, alice, monkeypatch):
    monkeypatch.setattr("courses.views.register.MOST_IN_PDF", 1)
    record(alice)
    record(alice)
    answer = as_(bob).get(f"{REGISTER}?format=pdf&name=alice", follow=True)
    assert "too many for a PDF" in answer.content.decode()
    assert answer.redirect_chain[0][0] == f"{REGISTER}?name=alice"


def test_register_of_very_many_is_no_workbook(as_, bob, alice, monkeypatch):
    """The page says so beforehand, and offers what streams."""
    monkeypatch.setattr("courses.views.register.MOST_AT_ONCE", 1)
    record(alice)
    browser = as_(bob)
    assert browser.get(f"{REGISTER}?format=xlsx").status_code == 200
    record(alice)
    answer = browser.get(f"{REGISTER}?format=xlsx&name=alice", follow=True)
    assert "too many for Excel" in answer.content.decode()
    assert answer.redirect_chain[0][0] == f"{REGISTER}?name=alice"
    assert len(downloaded(browser)) == 3
    assert "Excel up to 1." in browser.get(REGISTER).content.decode()


@pytest.mark.parametrize("count", [1, 5])
def test_register_takes_the_same_queries_for_any_number(as_, bob, alice, units, count, django_assert_num_queries):
    """At its most expensive: courses that repeat, with others that come first."""
    for number in range(count):
        course, first = (a_short_course(slug=f"{name}-{number}") for name in ("course", "first"))
        assign(course, unit=units.north, due_on=None, repeats="rolling", every_months=12)
        Assignment.objects.get(course=course).after.add(first)
        for done in (first, course):
            progressing.complete(alice, Activity.objects.get(module__course=done))
    browser = as_(bob)
    browser.get(REGISTER)
    with django_assert_num_queries(12):
        assert len(browser.get(REGISTER).context["page"].rows) == 2 * count


def test_list_goes_on_after_fifty(as_, bob, alice):
    for _ in range(53):
        record(alice)
    assert [len(codes(as_(bob), f"?page={number}")) for number in (1, 2, 3)] == [50, 3, 0]


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
@pytest.mark.parametrize("role", ["alice", "carol", "dave"])
def test_nobody_else_takes_it_away(as_, request, alice, role, form):
    record(alice)
    assert as_(request.getfixturevalue(role)).get(f"{REGISTER}?format={form}").status_code == 404


# Corrections.


def test_correction_is_a_new_record_and_the_old_one_stays(as_, bob, alice, erin):
    old = record(alice, job_title="Page")
    before = TrainingRecord.objects.filter(pk=old.pk).values().get()
    new = correct(old, by=erin, note="Wrong title", job_title="Clerk")
    assert TrainingRecord.objects.filter(pk=old.pk).values().get() == before
    assert (new.job_title, new.name, new.code != old.code) == ("Clerk", "Alice Learner", True)
    [row] = as_(bob).get(REGISTER).context["page"].rows
    assert (row.code, row.corrects) == (new.code, old.code)


def test_each_certificate_names_the_other(as_, alice, erin):
    old = record(alice)
    new = correct(old, by=erin, note="Wrong day.", minutes=60)
    pages = [as_(alice).get(found.get_absolute_url()).content.decode() for found in (old, new)]
    assert "This record was corrected" in pages[0]
    assert new.code in pages[0]
    assert old.code in pages[1]
    assert [as_(alice).get(f"{found.get_absolute_url()}?format=pdf").status_code for found in (old, new)] == [200, 200]


def test_learner_has_the_one_that_stands(as_, alice, erin):
    old = record(alice)
    new = correct(old, by=erin, note="x", name="Alice A. Learner")
    content = as_(alice).get("/").content.decode()
    assert (old.code in content, new.code in content) == (False, True)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "Nothing is different"),
        ({"name": "Alice Learner"}, "Nothing is different"),
        ({"completed_at": timezone.now() - 99 * DAY}, "before it was begun"),
        ({"completed_at": timezone.now() + 2 * DAY}, "still to come"),
    ],
)
def test_what_corrects_nothing_or_cannot_be_is_refused(alice, erin, changes, reason):
    old = record(alice)
    with pytest.raises(CannotCorrect, match=reason):
        correct(old, by=erin, note="x", **changes)
    assert TrainingRecord.objects.count() == 1


def test_corrected_record_is_corrected_no_more(alice, erin):
    old = record(alice)
    correct(old, by=erin, note="x", minutes=1)
    with pytest.raises(CannotCorrect, match="corrected already"):
        correct(old, by=erin, note="x", minutes=2)


def test_correction_never_changes(alice, erin):
    correct(record(alice), by=erin, note="x", minutes=1)
    made = Correction.objects.get()
    with pytest.raises(ImmutableError):
        made.save()
    with pytest.raises(ImmutableError):
        Correction.objects.update(note="y")


def test_administrator_corrects_on_a_page(as_, alice, erin):
    old = record(alice)
    browser = as_(erin)
    address = browser.get(page(old)).context["correct_url"]
    form = browser.get(address).context["form"]
    said = {name: form[name].value() for name in form.fields} | {"note": "Her name", "name": "Alice Lerner"}
    response = browser.post(address, said)
    new = TrainingRecord.objects.exclude(pk=old.pk).get()
    assert (response.url, new.name, new.completed_at) == (page(new), "Alice Lerner", old.completed_at)
    assert "Her name" in browser.get(page(old)).content.decode()


def test_page_of_a_correction_answers_garbage(as_, alice, erin):
    address = page(record(alice), "correct")
    for said in ({}, {"name": "x" * 999, "minutes": "-1", "completed_on": "31/31", "note": "\0"}):
        assert as_(erin).post(address, {"x": "y"} | said).status_code == 200
    assert TrainingRecord.objects.count() == 1


@pytest.mark.parametrize(("role", "status"), [("alice", 302), ("bob", 302), ("carol", 403)])
def test_only_administrators_correct(as_, request, alice, role, status):
    address = page(record(alice), "correct")
    assert as_(request.getfixturevalue(role)).get(address).status_code == status


@pytest.mark.parametrize(
    ("name", "count"), [("circulation", 1), ("Circ", 1), ("branch", 2), ("", 2), ("nowhere", 2), ("South Branch", 2)]
)
def test_unit_is_named_where_there_are_too_many_to_choose_from(as_, bob, alice, units, name, count):
    record(alice)
    record(PersonFactory(unit=units.north))
    units.north.children.create(name="Branch Office", kind="department", path="x")
    assert len(codes(as_(bob), f"?unit_name={name}")) == count


def test_records_of_a_merged_profile_are_seen_where_its_person_works(as_, bob, dave, erin, units):
    twin = PersonFactory(unit=units.north)
    code = record(twin).code
    units.south.supervisors.add(supervisor := PersonFactory(unit=units.south))
    assert codes(as_(bob)) == [code]
    merge(twin, into=dave, by=erin, at=timezone.now())
    found = [
        codes(as_(viewer), query)
        for viewer, query in (
            (bob, ""),
            (supervisor, ""),
            (erin, ""),
            (erin, f"?unit={units.north.pk}"),
            (erin, f"?unit={units.south.pk}"),
        )
    ]
    assert found == [[], [code], [code], [], [code]]
    for address in (f"/reports/people/{twin.pk}/", f"/reports/people/{twin.pk}/hours/"):
        assert as_(bob).get(address).status_code == 404
        assert as_(supervisor).get(address).context["person"] == dave
