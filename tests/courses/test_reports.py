"""Supervisors see what people did: all of it, exactly, and nobody else's."""

import csv
import datetime
import io
import random
import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from courses import progressing
from courses.models import Activity, ConfidenceAnswer, Enrolment
from scenarios import playing
from scenarios.engine.play import offer
from scenarios.models import Attempt
from tests.factories import CourseFactory, EnrolmentFactory, PersonFactory, UnitFactory, a_course

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("both_ways")]


@pytest.fixture
def course():
    return a_course()


def activity(course, slug) -> Activity:
    return course.modules.get().activities.select_related("module__course", "policy").get(slug=slug)


def text(html):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def figures(html):
    return {text(name): int(count) for name, count in re.findall(r"<div><dt>(.*?)</dt><dd>(\d+)</dd></div>", html)}


def table(html, caption):
    """The cells of each row of the table with this caption."""
    found = next(part for part in re.findall(r"<table.*?</table>", html, re.S) if caption in part)
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", found.split("<tbody>")[1], re.S)
    return [[text(cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.S)] for row in rows]


def downloaded(browser, url):
    answer = browser.get(url)
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body, newline="")))


def in_every_state(units, course):
    """One person of the north branch in each state."""
    today, now = timezone.localdate(), timezone.now()
    past, future = today - datetime.timedelta(days=3), today + datetime.timedelta(days=3)
    states = {
        "Ann Completed": {"due_on": past, "started_at": now, "completed_at": now},
        "Ben Progress": {"due_on": future, "started_at": now},
        "Cho Overdue": {"due_on": past, "started_at": now},
        "Dee Never": {"due_on": future},
        "Eve Both": {"due_on": past},
    }
    for name, dates in states.items():
        EnrolmentFactory(person=PersonFactory(name=name, unit=units.north), course=course, **dates)


def test_figures_count_each_state(as_, bob, units, course):
    in_every_state(units, course)
    shown = as_(bob).get("/reports/").content.decode()
    assert figures(shown) == {
        "People": 6,
        "Completed": 1,
        "In progress": 2,
        "Overdue": 2,
        "Never started": 2,
        "Without a course": 1,
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=completed", ["Ann Completed"]),
        ("state=in-progress", ["Ben Progress", "Cho Overdue"]),
        ("state=overdue", ["Cho Overdue", "Eve Both"]),
        ("state=never-started", ["Dee Never", "Eve Both"]),
        ("state=no-course", ["Bob Supervisor"]),
        ("name=chO", ["Cho Overdue"]),
        ("course=welcome&state=overdue&name=eve", ["Eve Both"]),
        ("course=no-such-course&state=overdue", ["Cho Overdue", "Eve Both"]),
    ],
)
def test_filters(as_, bob, units, course, query, names):
    in_every_state(units, course)
    assert [row[0] for row in downloaded(as_(bob), f"/reports/?{query}&format=csv")[1:]] == names


def test_filter_is_about_one_enrolment_at_a_time(as_, bob, alice, course):
    """Overdue in one course and completed in another is neither overdue nor completed in both."""
    past, now = timezone.localdate() - datetime.timedelta(days=1), timezone.now()
    EnrolmentFactory(person=alice, course=course, due_on=past)
    EnrolmentFactory(person=alice, course=CourseFactory(slug="other"), due_on=past, completed_at=now)
    rows = downloaded(as_(bob), "/reports/?course=welcome&state=completed&format=csv")[1:]
    assert rows == []


@pytest.mark.parametrize(
    "query",
    [
        "unit=99999",
        "unit=x",
        "state=nonsense",
        "page=0",
        "page=-1",
        "page=99999999",
        "page=x",
        "name=%00",
        "format=pdf",
    ],
)
def test_garbage_in_the_query_is_as_if_it_were_not_there(as_, bob, alice, query):
    assert as_(bob).get(f"/reports/?{query}").status_code == 200


def test_foreign_unit_changes_nothing_that_is_shown(as_, bob, alice, dave, units):
    browser = as_(bob)
    own = figures(browser.get("/reports/").content.decode())
    assert figures(browser.get(f"/reports/?unit={units.south.pk}").content.decode()) == own


def test_nobody_outside_is_counted_or_named_anywhere(as_, bob, alice, dave, course):
    for person in (alice, dave):
        EnrolmentFactory(person=person, course=course)
        play(person, course, random.Random(1), upto=9)
        progressing.submit(person, activity(course, "knowledge-check"), {})
    browser = as_(bob)
    for url in ("/reports/", "/reports/courses/welcome/", "/reports/scenarios/desk/"):
        assert "Dave" not in browser.get(url).content.decode()
        assert "Dave" not in str(downloaded(browser, f"{url}?format=csv"))
    assert table(browser.get("/reports/courses/welcome/").content.decode(), "Knowledge checks")[0][1] == "1"
    assert figures(browser.get("/reports/scenarios/desk/").content.decode())["Person"] == 1


def test_who_left_is_not_listed_and_their_page_stays(as_, bob, alice, course):
    EnrolmentFactory(person=alice, course=course)
    alice.is_active = False
    alice.save()
    browser = as_(bob)
    assert "Alice" not in browser.get("/reports/").content.decode()
    assert "has left" in browser.get(reverse("courses:person-report", args=[alice.pk])).content.decode()


def day(cell):
    return datetime.date.fromisoformat(cell).strftime("%-d %b %Y") if cell else ""


def test_download_of_people_is_what_the_screen_shows(as_, bob, units, course):
    in_every_state(units, course)
    browser = as_(bob)
    screen = table(browser.get("/reports/?view=list").content.decode(), "People by courses")
    csv_rows = downloaded(browser, "/reports/?format=csv")[1:]
    expected = [
        [f"{name} {job}".strip(), title, state.capitalize(), day(due), day(started), day(completed), unit]
        for name, job, unit, title, state, due, started, completed in csv_rows
    ]
    assert screen == expected
    assert len(screen) == 6


def test_download_of_a_course_is_what_the_screen_shows(as_, bob, units, course):
    in_every_state(units, course)
    browser = as_(bob)
    screen = table(browser.get("/reports/courses/welcome/?state=overdue").content.decode(), "People in this course")
    csv_rows = downloaded(browser, "/reports/courses/welcome/?state=overdue&format=csv")[1:]
    assert [row[0].split()[0] for row in screen] == [row[0].split()[0] for row in csv_rows] == ["Cho", "Eve"]
    assert [row[2:5] for row in screen] == [[day(cell) for cell in row[5:]] for row in csv_rows]


def test_download_of_a_person_is_what_the_screen_shows(as_, bob, alice, course):
    EnrolmentFactory(person=alice, course=course)
    play(alice, course, random.Random(1), upto=9)
    progressing.submit(alice, activity(course, "knowledge-check"), {})
    url = reverse("courses:person-report", args=[alice.pk])
    browser = as_(bob)
    html = browser.get(url).content.decode()
    screen = [row for what in ("Course", "Recorded attempt", "Knowledge check") for row in table(html, what)]
    csv_rows = downloaded(browser, f"{url}?format=csv")[1:]
    assert screen == [[title, state.capitalize(), day(on), details] for _, title, state, on, details in csv_rows]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_name_that_is_a_formula_is_harmless_in_a_download(as_, bob, units, name):
    PersonFactory(name=name, unit=units.north)
    names = [row[0] for row in downloaded(as_(bob), "/reports/?format=csv")]
    assert f"'{name}" in names


def play(person, course, chance, *, upto):
    """A recorded attempt with up to so many random decisions."""
    attempt = playing.start(person, activity(course, "scenario").scenario, mode="recorded")
    for sequence in range(1, upto + 1):
        if attempt.ended_at:
            break
        choice = chance.choice(offer(attempt.edition.graph, attempt.state))
        playing.decide(attempt.pk, person, choice=choice.key, sequence=sequence)
        attempt = Attempt.objects.get(pk=attempt.pk)
    return attempt


@pytest.mark.parametrize("seed", [1, 2])
def test_n_synthetic_plays_give_exactly_n(as_, bob, units, course, seed):
    chance = random.Random(seed)
    people = [PersonFactory(unit=chance.choice([units.north, units.circulation, units.south])) for _ in range(12)]
    attempts = [play(person, course, chance, upto=chance.randint(0, 2)) for person in people for _ in range(2)]
    playing.start(people[0], activity(course, "scenario").scenario, mode="practice")
    mine = {attempt.pk: attempt for attempt in attempts if attempt.person.unit != units.south}.values()
    taken = [(step.before.at, step.choice.text) for attempt in mine for step in attempt.steps]
    browser = as_(bob)
    shown = browser.get("/reports/scenarios/desk/").content.decode()
    counts = figures(shown)
    assert (counts["Attempts finished"], counts["Not finished"], counts["Decisions"]) == (
        sum(bool(attempt.ended_at) for attempt in mine),
        sum(not attempt.ended_at for attempt in mine),
        len(taken),
    )


def test_unfinished_attempt_is_shown_as_what_it_is(as_, bob, alice, course):
    play(alice, course, random.Random(1), upto=1)
    shown = text(as_(bob).get(reverse("courses:person-report", args=[alice.pk])).content.decode())
    assert "Not finished" in shown
    assert "1 decision" in shown


def test_page_of_a_person_says_which_attempt_counts(as_, bob, alice, course):
    for choices in (("rush", "argue"), ("listen", "agree"), ("rush", "sorry")):
        attempt = playing.start(alice, activity(course, "scenario").scenario, mode="recorded")
        for sequence, choice in enumerate(choices, 1):
            playing.decide(attempt.pk, alice, choice=choice, sequence=sequence)
    shown = text(as_(bob).get(reverse("courses:person-report", args=[alice.pk])).content.decode())
    assert shown.count("this one counts") == 1
    assert "100 % of the best possible, this one counts" in shown


def test_passes_at_the_first_try_are_told_apart(as_, bob, units, course):
    check = activity(course, "knowledge-check")
    right = {"single": ["yes"], "several": ["one", "two"]}
    for tries in ([right], [{}, right], [{}]):
        person = PersonFactory(unit=units.north)
        for answers in tries:
            progressing.submit(person, check, answers)
    html = as_(bob).get("/reports/courses/welcome/").content.decode()
    assert table(html, "Knowledge checks") == [["A check", "3", "2", "1"]]


@pytest.mark.parametrize(("people", "shown"), [(4, False), (5, True)])
def test_confidence_is_shown_for_a_group_only(as_, bob, units, course, people, shown):
    statement = course.confidence_statements.get()
    for _ in range(people):
        enrolment = EnrolmentFactory(person=PersonFactory(unit=units.north), course=course)
        for moment, rating in (("before", 2), ("after", 4)):
            ConfidenceAnswer.objects.create(
                enrolment=enrolment, statement=statement, moment=moment, rating=rating, answered_at=timezone.now()
            )
    html = text(as_(bob).get("/reports/courses/welcome/").content.decode())
    assert ("2.0 4.0 5" in html, "fewer than 5 people so far" in html) == (shown, not shown)


@pytest.mark.parametrize("size", [1, 5])
@pytest.mark.parametrize("name", ["reports", "course-report", "person-report", "scenario-report"])
def test_report_takes_at_most_12_queries(as_, bob, alice, units, course, name, size, django_assert_max_num_queries):
    for person in [alice, *(PersonFactory(unit=units.north) for _ in range(size))]:
        EnrolmentFactory(person=person, course=course)
        for _ in range(size):
            play(person, course, random.Random(size), upto=9)
            progressing.submit(person, activity(course, "knowledge-check"), {})
    arguments = {"course-report": ["welcome"], "person-report": [alice.pk], "scenario-report": ["desk"]}
    url = reverse(f"courses:{name}", args=arguments.get(name, []))
    browser = as_(bob)
    browser.get(url)
    with django_assert_max_num_queries(12):
        assert browser.get(url).status_code == 200


def test_list_goes_on_after_fifty(as_, bob, units):
    for number in range(55):
        PersonFactory(name=f"Person {number:03}", unit=units.north)
    browser = as_(bob)
    first, second = (browser.get(f"/reports/?page={page}").content.decode() for page in (1, 2))
    assert (len(table(first, "People by courses")), len(table(second, "People by courses"))) == (50, 6)
    assert ("page=2#people" in first, "page=3" in second) == (True, False)
    assert Enrolment.objects.count() == 0


@pytest.mark.parametrize("many", [0, 5000])
def test_rounds_of_courses_with_one_title_have_an_order(as_, erin, alice, many, monkeypatch):
    monkeypatch.setattr("courses.reports.team.MANY", many)
    days = [timezone.localdate() + datetime.timedelta(days=ahead) for ahead in (9, 5, 7, 3)]
    courses = CourseFactory.create_batch(4, title="Same title")
    rounds = [
        EnrolmentFactory(person=alice, course=course, due_on=day).pk for course, day in zip(courses, days, strict=True)
    ]
    rows = as_(erin).get("/reports/?state=due-soon").context["page"].rows
    assert [row.enrolment for row in rows] == rounds


def test_search_by_name_shows_people_and_no_figures(as_, bob, alice, units):
    EnrolmentFactory(person=alice, course=a_course(), due_on=timezone.localdate())
    for page in ("/reports/", "/reports/courses/welcome/"):
        shown = as_(bob).get(page, {"name": "alice"}).content.decode()
        assert ("Alice Learner" in shown, figures(shown)) == (True, {})


def test_figures_are_of_the_units_whose_name_was_written(as_, bob, units):
    for branch in ("Ärger", "East"):
        PersonFactory(unit=UnitFactory(name=branch, parent=units.north))
    found = [
        as_(bob).get("/reports/", {"unit_name": name}).context["figures"].people for name in ("ärger", "EAST", "x", "")
    ]
    assert found == [1, 1, 0, 3]


# What the learner is shown of it.


def test_learner_sees_what_the_supervisor_sees(as_, bob, alice, course):
    EnrolmentFactory(person=alice, course=course)
    play(alice, course, random.Random(1), upto=9)
    progressing.submit(alice, activity(course, "knowledge-check"), {})
    mine = as_(alice).get(reverse("courses:seen"))
    theirs = as_(bob).get(reverse("courses:person-report", args=[alice.pk]))
    assert mine.context["entries"] == theirs.context["entries"] != []


def test_learner_is_told_who_oversees_them(as_, bob, alice, dave, units):
    units.south.supervisors.add(dave)
    gone = PersonFactory(name="Gone Away", is_active=False)
    units.system.supervisors.add(gone)
    page = as_(alice).get(reverse("courses:seen"))
    assert list(page.context["supervisors"]) == [bob]
    assert "Seen by Bob Supervisor, and by the administrators" in text(page.content.decode())


def test_whoever_is_overseen_by_nobody_is_told_so(as_, units):
    page = as_(PersonFactory(unit=None)).get(reverse("courses:seen")).content.decode()
    assert "Nobody oversees your unit" in page
