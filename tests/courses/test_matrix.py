"""The matrix of people by courses: who stands in it, what its cells say, and that no other unit shows through."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Enrolment
from courses.reports.people import PAGE
from tests.factories import CourseFactory, EnrolmentFactory, PersonFactory, a_course

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def team(alice, bob, dave, units):
    """Alice completed one course and is overdue in another; Bob has begun one; Dave works elsewhere."""
    welcome, renewal = a_course(title="Welcome"), a_course("renewal", title="Renewal")
    now = timezone.now()
    EnrolmentFactory(person=alice, course=welcome, started_at=now - 9 * DAY, completed_at=now)
    EnrolmentFactory(person=alice, course=renewal, due_on=now.date(), due_at=now - DAY, overdue_at=now - DAY)
    EnrolmentFactory(person=bob, course=welcome, started_at=now)
    EnrolmentFactory(person=dave, course=a_course("elsewhere", title="Elsewhere"))
    PersonFactory(name="Zoe New", unit=units.north)


def seen(browser, query=""):
    """The courses and, by name, the states of the page's matrix; None where it is a list."""
    matrix = browser.get(f"/reports/{query}").context.get("matrix")
    if matrix is None:
        return None
    lines = {line.person.name: [cell and cell.state for cell in line.cells] for line in matrix.page.rows}
    return [course.title for course in matrix.courses], lines


def test_matrix_has_a_row_for_each_person_and_a_column_for_each_course(team, as_, bob):
    assert seen(as_(bob)) == (
        ["Renewal", "Welcome"],
        {"Alice Learner": ["overdue", "completed"], "Bob Supervisor": [None, "in progress"], "Zoe New": [None, None]},
    )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?name=ali", ["Alice Learner"]),
        ("?course=welcome", ["Alice Learner", "Bob Supervisor"]),
        ("?state=overdue&view=matrix", ["Alice Learner"]),
        ("?state=completed&course=renewal&view=matrix", []),
        ("?state=in-progress&view=matrix", ["Bob Supervisor"]),
        ("?state=never-started&view=matrix", ["Alice Learner"]),
        ("?state=no-course&view=matrix", ["Zoe New"]),
        ("?name=dave", []),
        ("?course=elsewhere", []),
    ],
)
def test_matrix_is_narrowed_down_like_the_list(team, as_, bob, query, names):
    _courses, lines = seen(as_(bob), query)
    assert list(lines) == names


def test_one_course_wanted_is_the_only_column(team, as_, bob):
    assert seen(as_(bob), "?course=welcome")[0] == ["Welcome"]


@pytest.mark.parametrize("query", ["?view=list", "?state=overdue", "?sort=due", "?sort=due&view=matrix"])
def test_what_is_about_single_rounds_is_a_list(team, as_, bob, query):
    assert seen(as_(bob), query) is None


def test_view_is_kept_in_the_address(team, as_, bob):
    content = as_(bob).get("/reports/?name=a&view=matrix").content.decode()
    assert '<input type="hidden" name="view" value="matrix">' in content
    assert 'href="?name=a&amp;view=list#people"' in content


def test_round_that_is_open_is_chosen_in_its_cell(team, as_, bob, alice):
    content = as_(bob).get("/reports/").content.decode()
    open_rounds = Enrolment.objects.filter(completed_at=None, person__name__in=["Alice Learner", "Bob Supervisor"])
    chosen = {f'name="enrolment" value="{pk}"' in content for pk in open_rounds.values_list("pk", flat=True)}
    assert (chosen, content.count('name="enrolment"')) == ({True}, 2)
    assert 'aria-label="Choose Alice Learner, Renewal"' in content


def test_matrix_goes_on_after_a_page(units, as_, bob):
    for number in range(PAGE + 3):
        PersonFactory(name=f"Person {number:03}", unit=units.north)
    browser = as_(bob)
    pages = [list(seen(browser, f"?page={number}")[1]) for number in (1, 2)]
    assert [len(page) for page in pages] == [PAGE, 4]  # the fourth is Bob
    assert sorted(pages[0] + pages[1]) == pages[0] + pages[1]


@pytest.mark.parametrize("people", [1, 3])
def test_matrix_takes_the_same_queries_however_many_there_are(units, as_, bob, people):
    for _ in range(people):
        person = PersonFactory(unit=units.north)
        for _ in range(people):
            EnrolmentFactory(person=person, course=CourseFactory())
    browser = as_(bob)
    with CaptureQueriesContext(connection) as queries:
        browser.get("/reports/")
    assert len(queries) == 12
