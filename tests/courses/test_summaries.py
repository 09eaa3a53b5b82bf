"""What is kept of very many people is what counting them anew gives, whatever happened and whoever wrote it."""

import datetime
import json
import random
import threading
from contextlib import suppress
from itertools import count

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.leaving import anonymise
from accounts.merging import CannotMerge, merge, separate
from accounts.models import Person, Unit
from courses import progressing, retiring
from courses.models import Activity, ConfidenceAnswer, Enrolment, Outdated, RecordName, Summary, Use
from courses.reports.summaries import staff, store, watching
from courses.reports.summaries.counts import Counts
from courses.reports.summaries.rounds import due_soon, overdue
from scenarios import playing
from scenarios.engine.play import offer
from scenarios.models import Attempt
from tests.courses.test_register import record
from tests.courses.test_reports import play
from tests.factories import CourseFactory, EnrolmentFactory, PersonFactory, UnitFactory, a_course
from training.lib.database import insert_rows, update_rows

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def kept():
    """By what it is about: its own, and its total; without what has nothing."""
    rows = Summary.objects.values_list("kind", "subject", "place", "own", "total")
    found = {(kind, subject, place): (read(own), read(total)) for kind, subject, place, own, total in rows}
    return {key: texts for key, texts in found.items() if any(texts)}


def read(text):
    """Without numbers that are nought, and names of nothing."""

    def full(value):
        if not isinstance(value, dict):
            return value
        found = {name: full(below) for name, below in value.items()}
        return {name: below for name, below in found.items() if below}

    parts = [full(part) for part in json.loads(text)] if text else []
    return parts if any(parts) else []


def assert_kept_is_right():
    store.refresh(store.subjects())
    assert not Outdated.objects.exists()
    found = kept()
    store.rebuild()
    assert found == kept()
    return found


class Life:
    """Things that happen in a library, one after the other, at random."""

    def __init__(self, seed, erin):
        self.chance, self.erin, self.number = random.Random(seed), erin, count()
        self.course = a_course()
        self.other = CourseFactory(slug="second", title="Second")
        top = UnitFactory(name="System")
        self.units = [top, *(UnitFactory(name=f"Unit {number}", parent=top) for number in range(3))]
        self.units += [UnitFactory(name=f"Desk {number}", parent=self.units[1]) for number in range(2)]
        for _ in range(12):
            self.joins()
        for _ in range(20):
            self.plays()
            self.answers()

    @property
    def person(self):
        return self.chance.choice(list(Person.objects.working().filter(email__startswith="life")))

    @property
    def unit(self):
        return self.chance.choice([None, *Unit.objects.all()])

    @property
    def things(self):
        return [
            self.joins, self.moves, self.leaves, self.comes_back, self.merged, self.separated, self.is_forgotten,
            self.plays, self.plays, self.goes_on, self.goes_on, self.answers, self.rates, self.rates, self.uses,
            self.takes, self.changes_in_bulk, self.deletes, self.tree_grows, self.tree_moves, self.tree_shrinks,
            self.renames,
        ]  # fmt: skip

    def happens(self):
        what = self.chance.choice(self.things)
        what()
        return what.__name__

    def joins(self):
        PersonFactory(email=f"life-{next(self.number)}@example.org", unit=self.unit)

    def moves(self):
        person = self.person
        person.unit = self.unit
        person.save()

    def leaves(self):
        person = self.person
        person.is_active = False
        person.save(update_fields=["is_active"])

    def comes_back(self):
        person = Person.objects.filter(is_active=False, merged_into=None, anonymised_at=None).first()
        if person:
            person.is_active = True
            person.save()

    def merged(self):
        with suppress(CannotMerge):
            merge(self.person, into=self.person, by=self.erin, at=timezone.now())

    def separated(self):
        if one := Person.objects.merged().filter(anonymised_at=None).first():
            separate(one)

    def plays(self):
        play(self.person, self.course, self.chance, upto=self.chance.choice([0, 1, 9]))
        last = Attempt.objects.latest("pk")
        ago = self.chance.choice([0, 100, 200]) * DAY
        Attempt.objects.filter(pk=last.pk).update(started_at=last.started_at - ago)

    def goes_on(self):
        if attempt := Attempt.objects.filter(ended_at=None, person__is_active=True).last():
            choice = self.chance.choice(offer(attempt.edition.graph, attempt.state))
            sequence = attempt.decisions.count() + 1
            playing.decide(attempt.pk, attempt.person, choice=choice.key, sequence=sequence)

    def renames(self):
        self.course.slug = f"course-{next(self.number)}"
        self.course.save()

    def answers(self):
        check = self.course.modules.get().activities.select_related("module__course").get(slug="knowledge-check")
        right = {"single": ["yes"], "several": ["one", "two"]}
        progressing.submit(self.person, check, self.chance.choice([{}, right]))

    def rates(self):
        person, now = self.person, timezone.now()
        row = person.enrolments.filter(course=self.course).last() or EnrolmentFactory(person=person, course=self.course)
        for moment in self.chance.sample(list(Activity.Moment.values), 2):
            ConfidenceAnswer.objects.update_or_create(
                enrolment=row, statement=self.course.confidence_statements.get(), moment=moment,
                defaults={"rating": self.chance.randint(1, 5), "answered_at": now},
            )  # fmt: skip

    def uses(self):
        person = self.person
        made = record(person, ago=80, course_slug=self.course.slug)
        Use.objects.create(
            record=made, person=person, answer=self.chance.choice(Use.Answer.values), answered_at=timezone.now()
        )

    def takes(self):
        """A round of the other course, in any state, after one of before."""
        person, now = self.person, timezone.now()
        before = person.enrolments.filter(course=self.other)
        number = before.count() + 1
        before.update(superseded=True)
        days = self.chance.choice([-40, -3, 3, 10, 90])
        EnrolmentFactory(
            person=person, course=self.other, round=number, started_at=self.chance.choice([None, now]),
            completed_at=self.chance.choice([None, None, now - 40 * DAY]), due_on=timezone.localdate() + days * DAY,
        )  # fmt: skip

    def changes_in_bulk(self):
        """As settling does, past all that Django would notice."""
        rows = list(Enrolment.objects.values_list("pk", flat=True))
        now = timezone.now()
        chosen = self.chance.sample(rows, min(4, len(rows)))
        field, values = self.chance.choice(
            [("closed_at", [None, now]), ("is_open", [True, False]), ("completed_at", [None, now]),
             ("overdue_at", [None, now - DAY, now + DAY])]
        )  # fmt: skip
        update_rows(Enrolment, [field], [(pk, self.chance.choice(values)) for pk in chosen])
        columns = ["person", "course", "round", "superseded"]
        newcomer = PersonFactory(email=f"life-{next(self.number)}@example.org", unit=self.unit)
        insert_rows(Enrolment, columns, [(newcomer.pk, self.other.pk, 1, False)])

    def tree_grows(self):
        UnitFactory(name=f"New {next(self.number)}", parent=self.unit)

    def tree_moves(self):
        unit, parent = self.unit, self.unit
        if unit and not (parent and parent.path.startswith(unit.path)):
            unit.parent = parent
            unit.save()

    def tree_shrinks(self):
        if empty := Unit.objects.filter(people=None, children=None).first():
            empty.delete()

    def is_forgotten(self):
        anonymise(self.person)

    def deletes(self):
        if row := Enrolment.objects.filter(submissions=None, stand_ins=None).last():
            row.delete()


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_what_is_kept_is_what_is_there(erin, seed):
    life = Life(seed, erin)
    happened = []
    for _ in range(12):
        happened += [life.happens() for _ in range(life.chance.randint(1, 4))]
        found = assert_kept_is_right()
    assert {kind for kind, _, _ in found} == set(store.KINDS), happened


def test_what_is_kept_of_fewer_units_is_what_is_there(erin, monkeypatch):
    """Where many places changed everything is counted; here that is more than none."""
    life = Life(1, erin)
    assert_kept_is_right()
    monkeypatch.setattr(store, "MANY_PLACES", 0)
    life.moves()
    life.plays()
    assert_kept_is_right()


def test_rounds_become_overdue_without_anybody_writing(alice, time_machine):
    course, today = CourseFactory(), timezone.localdate()
    EnrolmentFactory(person=alice, course=course, due_on=today + 20 * DAY)
    wanted = [("rounds", course.pk)]
    found, start = [], timezone.now()
    for days in (0, 7, 19, 21):
        time_machine.move_to(start + days * DAY)
        store.refresh(wanted)
        counts = Counts.load(store.read(wanted, [0])["rounds", course.pk, 0][1])
        found.append((due_soon(counts, timezone.now()), overdue(counts, timezone.now())))
    assert found == [(0, 0), (1, 0), (1, 0), (0, 1)]


def test_what_is_completed_on_the_first_of_a_month_is_of_that_month(alice, time_machine):
    first = datetime.datetime(2026, 12, 1, 9, tzinfo=timezone.get_current_timezone())
    time_machine.move_to(first, tick=False)
    EnrolmentFactory(person=alice, course=CourseFactory(), completed_at=first)
    for days in (0, 20):
        time_machine.move_to(first + days * DAY, tick=False)
        store.refresh([("staff", 0)])
        counts = Counts.load(store.read([("staff", 0)], [0])["staff", 0, 0][1])
        assert staff.completed(counts, timezone.now())[-1] == (first.replace(hour=0), 1)


def test_whoever_looks_writes_nothing_where_nothing_changed(as_, bob, alice, monkeypatch):
    monkeypatch.setattr("courses.reports.team.MANY", -1)
    EnrolmentFactory(person=alice, course=a_course())
    browser = as_(bob)
    for page in ("/reports/", "/reports/courses/welcome/", "/reports/scenarios/desk/"):
        browser.get(page)
        with CaptureQueriesContext(connection) as queries:
            browser.get(page)
        assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_whoever_looks_while_somebody_writes_for_long_sees_the_same(as_, bob, alice, monkeypatch):
    monkeypatch.setattr("courses.reports.team.MANY", -1)
    EnrolmentFactory(person=alice, course=a_course())

    def busy(wanted):
        raise OperationalError("database is locked")

    expected = as_(bob).get("/reports/").context["figures"]
    monkeypatch.setattr(store, "refresh", busy)
    assert as_(bob).get("/reports/").context["figures"] == expected
    assert expected.people == 2


def test_triggers_that_were_lost_are_put_back_and_everything_is_counted_anew(alice):
    store.rebuild()
    watching.take_away()
    EnrolmentFactory(person=alice, course=a_course())
    assert not watching.is_put()
    call_command("migrate", verbosity=0)
    assert watching.is_put()
    assert_kept_is_right()


def test_migrate_that_has_nothing_to_do_keeps_what_is_kept(alice):
    store.rebuild()
    call_command("migrate", verbosity=0)
    assert Summary.objects.exists()


def test_command_counts_anew_what_is_wrong(alice):
    store.rebuild()
    Summary.objects.update(own='[{"people":99},{},{}]', total="")
    call_command("rebuild_summaries", verbosity=0)
    assert_kept_is_right()


@pytest.mark.django_db(transaction=True)
def test_change_that_is_not_committed_yet_is_counted_when_it_is():
    """Two who write at once: on PostgreSQL nobody waits for the other. SQLite lets one in after the other."""
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite nobody else writes meanwhile")
    person = PersonFactory(unit=UnitFactory())
    course = CourseFactory()
    store.rebuild()
    wrote, counted = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            EnrolmentFactory(person=person, course=course)
            wrote.set()
            counted.wait(20)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    wrote.wait(20)
    EnrolmentFactory(person=PersonFactory(unit=person.unit), course=course)
    store.refresh(store.subjects())
    counted.set()
    writer.join()
    found = assert_kept_is_right()
    assert found["rounds", course.pk, person.unit_id][0][0]["enrolled"] == 2


def names():
    return sorted(RecordName.objects.values_list("name", flat=True))


def test_names_in_records_are_those_that_are_searched(alice, erin, as_):
    """Also of somebody who has another name now; not of records whose time has come."""
    old = record(alice, ago=400)
    Person.objects.filter(pk=alice.pk).update(name="Alice Newname")
    alice.refresh_from_db()
    record(alice, ago=1)
    assert names() == ["Alice Learner", "Alice Newname"]
    found = {
        asked: as_(erin).get("/reports/records/", {"name": asked}).content.decode().count("Newname</")
        + as_(erin).get("/reports/records/", {"name": asked}).content.decode().count("Learner</")
        for asked in ("learner", "NEWNAME", "alice", "nobody")
    }
    assert found == {"learner": 1, "NEWNAME": 1, "alice": 2, "nobody": 0}
    retiring.remove([old.pk])
    assert names() == ["Alice Newname"]
    store.gather_names()
    assert names() == ["Alice Newname"]
