"""The figures of the reports are what plain SQL finds, written from the meaning of the words and not from the code."""

import datetime
import itertools

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Person, Unit
from courses.models import Correction, Credit, Enrolment, TrainingRecord
from scenarios.models import Attempt, Scenario
from tests.courses.test_reports import downloaded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("both_ways")]
# Whose a row is, in which state, in the words of the design: one's newest round, which is open and was not closed.
ROUNDS = """
  FROM courses_enrolment e JOIN accounts_person p ON p.id = e.person_id JOIN accounts_unit u ON u.id = p.unit_id
  JOIN courses_course c ON c.id = e.course_id
  WHERE p.is_active AND u.path LIKE %s AND NOT e.superseded AND e.is_open AND e.closed_at IS NULL
"""
STATES = {
    "completed": "e.completed_at IS NOT NULL",
    "overdue": "e.completed_at IS NULL AND e.overdue_at <= %s",
    "due-soon": "e.completed_at IS NULL AND e.due_at > %s AND e.due_at <= %s",
    "in-progress": "e.completed_at IS NULL AND e.started_at IS NOT NULL",
    "never-started": "e.completed_at IS NULL AND e.started_at IS NULL",
}


@pytest.fixture
def library(db):
    """Synthetic, with people who left, rounds that ended, and one who takes nothing."""
    call_command("populate", units=5, staff=200, courses=3, seed=5, verbosity=0)
    staff = list(Person.objects.filter(email__startswith="person").order_by("pk"))
    Person.objects.filter(pk__in=[person.pk for person in staff[::17]]).update(is_active=False)
    ids = list(Enrolment.objects.unfinished().order_by("pk").values_list("pk", flat=True))
    Enrolment.objects.filter(pk__in=ids[::9]).update(closed_at=timezone.now(), closed_because="Left the unit.")
    Enrolment.objects.filter(pk__in=ids[1::9]).update(superseded=True)
    Enrolment.objects.filter(pk__in=ids[2::9]).update(is_open=False)
    soon = timezone.now() + datetime.timedelta(days=5)
    Enrolment.objects.filter(pk__in=ids[3::9]).update(due_at=soon, overdue_at=soon)
    Person.objects.create_user("nothing@example.org", None, name="Nothing", unit=staff[0].unit)
    return Unit.objects.get(kind=Unit.Kind.SYSTEM)


@pytest.fixture(params=["one branch", "two branches", "everybody"])
def seen(request, as_, library):
    """A browser in which somebody looks, and the pattern of the paths that are theirs to see."""
    branches = list(Unit.objects.filter(parent=library).order_by("path"))
    lead = Person.objects.create_user("lead@example.org", None, name="Lead", unit=library)
    if request.param == "everybody":
        return as_(Person.objects.get(is_superuser=True)), [f"{library.path}%"]
    mine = branches[: 1 if request.param == "one branch" else 2]
    for branch in mine:
        branch.supervisors.add(lead)
    return as_(lead), [f"{branch.path}%" for branch in mine]


def moment(at):
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S")


def sql(query, *given):
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return cursor.fetchall()


def of_all(paths, query, *given):
    """The rows of the query for each of the paths; its first parameter is the path."""
    return [row for path in paths for row in sql(query, path, *given)]


def limits(state):
    now = timezone.now()
    return {"overdue": [moment(now)], "due-soon": [moment(now), moment(now + datetime.timedelta(weeks=2))]}.get(
        state, []
    )


def test_who_is_in_each_state(seen):
    browser, paths = seen
    for state, condition in STATES.items():
        query = f"SELECT p.name, c.title {ROUNDS} AND {condition}"
        expected = sorted(of_all(paths, query, *limits(state)))
        rows = downloaded(browser, f"/reports/?state={state}&format=csv")[1:]
        assert expected
        assert sorted((name, course) for name, _job, _unit, course, *_ in rows) == expected
        assert sorted(downloaded(browser, f"/reports/?state={state}&sort=due&format=csv")[1:]) == sorted(rows)


def test_figures(seen):
    browser, paths = seen
    figures = browser.get("/reports/").context["figures"]
    expected = {
        state: sum(count for (count,) in of_all(paths, f"SELECT count(*) {ROUNDS} AND {condition}", *limits(state)))
        for state, condition in STATES.items()
    }
    assert {state: getattr(figures, state.replace("-", "_")) for state in STATES} == expected
    people = "SELECT count(*) FROM accounts_person p JOIN accounts_unit u ON u.id = p.unit_id"
    # The administrator is of no unit, and hers to see are those of no unit too.
    beside = 1 if browser.get("/admin/").status_code == 200 else 0
    here = sum(count for (count,) in of_all(paths, f"{people} WHERE p.is_active AND u.path LIKE %s"))
    assert figures.people == here + beside


def test_counts_of_each_course_and_unit(seen):
    browser, paths = seen
    query = f"""SELECT c.slug, u.name, count(*), count(e.completed_at),
      count(CASE WHEN e.completed_at IS NULL AND e.overdue_at <= '{moment(timezone.now())}' THEN 1 END)
      {ROUNDS} GROUP BY c.slug, u.name"""
    expected = {(slug, unit): tuple(counts) for slug, unit, *counts in of_all(paths, query)}
    courses = browser.get("/reports/").context["courses"]
    assert len(courses) == len({slug for slug, _ in expected}) > 0
    for line in courses:
        mine = [counts for (slug, _), counts in expected.items() if slug == line.slug]
        assert [sum(column) for column in zip(*mine, strict=True)] == [line.enrolled, line.completed, line.overdue]
        shown = browser.get(f"/reports/courses/{line.slug}/").context["by_unit"]
        found = {(line.slug, unit.unit): (unit.enrolled, unit.completed, unit.overdue) for unit in shown}
        assert found == {key: counts for key, counts in expected.items() if key[0] == line.slug}


def test_completions_of_each_month(seen):
    browser, paths = seen
    query = """SELECT count(*) FROM courses_enrolment e JOIN accounts_person p ON p.id = e.person_id
      JOIN accounts_unit u ON u.id = p.unit_id
      WHERE p.is_active AND u.path LIKE %s AND e.completed_at >= %s AND e.completed_at < %s"""
    today = timezone.localdate()
    firsts = [
        datetime.date(today.year + number // 12, number % 12 + 1, 1)
        for number in range(today.month - 12, today.month + 1)
    ]
    expected = [
        sum(count for (count,) in of_all(paths, query, str(first), str(after)))
        for first, after in itertools.pairwise(firsts)
    ]
    assert [bar.value for bar in browser.get("/reports/").context["completions"].bars] == expected
    assert sum(expected) > 0


def test_hours_of_each_person(seen, library):
    """What stands of the records, and of the training outside, of this year; a corrected record is its correction."""
    browser, paths = seen
    old = list(TrainingRecord.objects.order_by("pk")[:20])
    for record in old:
        fields = {field.name: getattr(record, field.name) for field in record._meta.concrete_fields}
        del fields["id"], fields["code"]
        new = TrainingRecord.objects.create(**fields | {"minutes": 7})
        Correction.objects.create(old=record, new=new, note="It was shorter.", by=record.person)
        common = {"conducted_by": "X", "proof": "Y", "entered_by": record.person, "on": timezone.localdate()}
        Credit.objects.create(person=record.person, title="Talk", minutes=90, **common)
        Credit.objects.create(person=record.person, title="No", minutes=90, withdrawn_at=timezone.now(), **common)
    year = timezone.localdate().year
    query = """SELECT p.name,
      (SELECT coalesce(sum(r.minutes), 0) FROM courses_trainingrecord r
        LEFT JOIN courses_correction k ON k.old_id = r.id
        WHERE r.person_id = p.id AND k.id IS NULL AND r.completed_at >= %s AND r.completed_at < %s)
      + (SELECT coalesce(sum(o.minutes), 0) FROM courses_credit o
        WHERE o.person_id = p.id AND o.withdrawn_at IS NULL AND o."on" >= %s AND o."on" < %s)
      FROM accounts_person p JOIN accounts_unit u ON u.id = p.unit_id WHERE p.is_active AND u.path LIKE %s"""
    spans = (f"{year}-01-01", f"{year + 1}-01-01") * 2
    expected = {name: minutes for path in paths for name, minutes in sql(query, *spans, path)}
    rows = downloaded(browser, "/reports/hours/?format=csv")
    place = rows[0].index("Hours")
    found = {row[0]: float(row[place]) for row in rows[1:] if row[1]}
    assert found == {name: round(minutes / 60, 1) for name, minutes in expected.items()}
    assert len(set(found.values())) > 2


def test_shares_of_the_decision_map(seen, library):
    """Of each person the first attempt that is recorded, finished or not; all of one quarter, so that all are shown."""
    browser, paths = seen
    Attempt.objects.update(started_at=timezone.now())
    scenario = Scenario.objects.get(pk=Attempt.objects.order_by("pk").values_list("scenario", flat=True)[0])
    query = """SELECT d.scene, d.choice, count(*) FROM scenarios_decision d
      JOIN scenarios_attempt a ON a.id = d.attempt_id JOIN accounts_person p ON p.id = a.person_id
      JOIN accounts_unit u ON u.id = p.unit_id
      WHERE u.path LIKE %s AND a.scenario_id = %s AND a.mode = 'recorded' AND a.id IN
        (SELECT min(id) FROM scenarios_attempt WHERE mode = 'recorded' AND scenario_id = %s GROUP BY person_id)
      GROUP BY d.scene, d.choice"""
    taken = {}
    for scene, choice, times in of_all(paths, query, scenario.pk, scenario.pk):
        taken[scene, choice] = taken.get((scene, choice), 0) + times
    met = {}
    for (scene, _), times in taken.items():
        met[scene] = met.get(scene, 0) + times
    context = browser.get(f"/reports/scenarios/{scenario.slug}/").context
    lines = {(line.scene_key, line.choice_key): (line.times, line.share) for line in context["chosen"].choices}
    assert {key: counts for key, counts in lines.items() if counts[0]} == {
        (scene, choice): (times, round(100 * times / met[scene]))
        for (scene, choice), times in taken.items()
        if met[scene] > 4
    }
    assert context["chosen"].hidden == 0
    assert len(lines) > 10
    ended = """SELECT a.ending_kind, count(*) FROM scenarios_attempt a JOIN accounts_person p ON p.id = a.person_id
      JOIN accounts_unit u ON u.id = p.unit_id
      WHERE p.is_active AND u.path LIKE %s AND a.scenario_id = %s AND a.mode = 'recorded' AND a.ended_at IS NOT NULL
      GROUP BY a.ending_kind"""
    kinds = {}
    for kind, times in of_all(paths, ended, scenario.pk):
        kinds[kind] = kinds.get(kind, 0) + times
    assert {kind: times for kind, _, times in context["played"].endings} == kinds
