"""The synthetic library keeps to the rules that real ones do."""

import itertools

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Person, Unit
from courses import assigning, progressing
from courses.assigning import settle_all
from courses.models import Activity, ActivityProgress, Enrolment, Refresher, Submission, TrainingRecord
from courses.populating import library
from scenarios import playing
from scenarios.engine.debrief import figure
from scenarios.engine.play import replay
from scenarios.models import Attempt, Decision
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def populate(**options):
    call_command("populate", **{"units": 3, "staff": 40, "courses": 2, "seed": 7} | options, verbosity=0)


def test_it_makes_what_was_asked_for(capsys):
    populate()
    assert "Added 40 people in 3 units, 2 courses, 60 enrolments" in capsys.readouterr().out
    # One course is for everybody, also the supervisor, who is of the second half; one for the first half.
    assert (Person.objects.count(), Enrolment.objects.count()) == (42, 41 + 20)


def test_units_are_a_system_with_two_halves_and_their_branches():
    populate(units=7)
    depths = [unit.depth for unit in Unit.objects.order_by("path")]
    assert depths == [0, 1, 2, 2, 1, 2, 2]
    assert set(Person.objects.filter(email__startswith="person").values_list("unit__kind", flat=True)) == {"branch"}


def test_a_library_may_be_one_unit():
    populate(units=1, staff=4, courses=4)
    assert (Unit.objects.count(), Person.objects.count()) == (1, 6)


def test_every_attempt_is_what_its_decisions_replay_to():
    populate()
    for attempt in Attempt.objects.with_path():
        steps = replay(attempt.edition.graph, attempt.path)
        if attempt.ended_at:
            assert steps[-1].after.at == attempt.ending
            assert figure(attempt.edition.exploration, steps) == attempt.figure
        else:
            assert attempt.state.at in attempt.edition.graph.scenes


def test_records_are_for_completed_enrolments_only():
    populate()
    completed = set(Enrolment.objects.completed().values_list("person", "course__slug"))
    assert set(TrainingRecord.objects.values_list("person", "course_slug")) == completed
    assert len(completed) > 10


def test_same_seed_gives_the_same_library(django_db_blocker):
    def made():
        return list(Decision.objects.order_by("pk").values_list("sequence", "scene", "choice"))

    populate(seed=3)
    first = made()
    count = len(first)
    populate(seed=3)
    assert made()[count:] == first


@pytest.mark.parametrize("option", ["units", "staff", "courses"])
def test_nonsense_is_refused(option):
    with pytest.raises(CommandError, match="at least 1"):
        populate(**{option: 0})


def test_it_is_settled():
    populate()
    before = list(Enrolment.objects.order_by("pk").values())
    assert settle_all() == 0
    assert list(Enrolment.objects.order_by("pk").values()) == before
    assert Enrolment.objects.overdue(timezone.now()).count() > 3
    assert not Enrolment.objects.filter(why="")


def test_it_is_what_the_verbs_would_have_written():
    """People beside whom a twin lives, at the same moments, by what the site does when somebody really learns."""
    populate(courses=4)
    rows = Enrolment.objects.select_related("person__unit", "course").order_by("pk")
    rows = [row for row in rows if row.person.email.startswith("person")]
    for row in rows:
        twin = Person.objects.bulk_create(
            [PersonFactory.build(**{field: getattr(row.person, field) for field in SAME})]
        )
        _relive(row, twin[0])
        assert _lived(twin[0], row.course) == _lived(row.person, row.course)
    assert {bool(row.completed_at) for row in rows} == {bool(row.assigned_at) for row in rows} == {True, False}
    assert not Refresher.objects.exists()


SAME = ("name", "job_title", "unit", "hired_on")


def _relive(row, twin):
    if row.assigned_at:
        assigning.settle(Person.objects.filter(pk=twin.pk), courses=[row.course_id], at=row.assigned_at)
    if not row.started_at:
        return
    at = row.started_at
    lesson, check, play = Activity.objects.filter(module__course=row.course)
    progressing.arrive(twin, lesson, at=at)
    progressing.complete(twin, lesson, at=at)
    progressing.arrive(twin, check, at=at)
    progressing.submit(twin, check, row.submissions.get().answers, at=at)
    progressing.arrive(twin, play, at=at)
    for attempt in Attempt.objects.filter(person=row.person, scenario=play.scenario).order_by("pk"):
        again = playing.start(twin, play.scenario, mode=attempt.mode, at=attempt.started_at)
        for decision in attempt.decisions.all():
            playing.decide(again.pk, twin, choice=decision.choice, sequence=decision.sequence, at=decision.decided_at)


def _lived(person, course):
    """All rows of a person in a course, but for what tells two people apart."""

    def values(model, *without, **of):
        rows = model.objects.filter(**of).order_by("pk").values()
        return [{key: value for key, value in row.items() if key not in ("id", *without)} for row in rows]

    mine = {"enrolment__person": person, "enrolment__course": course}
    attempts = {"person": person, "scenario__activities__module__course": course}
    return (
        values(Enrolment, "person_id", person=person, course=course),
        values(ActivityProgress, "enrolment_id", **mine),
        values(Submission, "enrolment_id", **mine),
        values(Attempt, "person_id", **attempts),
        values(Decision, "attempt_id", **{f"attempt__{key}": value for key, value in attempts.items()}),
        values(TrainingRecord, "person_id", "code", person=person, course_slug=course.slug),
    )


def test_what_is_cut_short_is_said_and_keeps_to_the_rules(monkeypatch, capsys):
    batches = itertools.count()

    def stopped(*given):
        if next(batches) == 2:
            raise KeyboardInterrupt
        return live(*given)

    live = library.live
    monkeypatch.setattr(library, "live", stopped)
    monkeypatch.setattr(library, "BATCH", 10)
    with pytest.raises(KeyboardInterrupt):
        populate()
    assert "Stopped. What is there stays, each person with all of their history: 20 of 40 people, 30 enrolments" in (
        capsys.readouterr().err
    )
    assert Person.objects.count() == 22
    assert settle_all() == 0


def test_progress_is_said_now_and_then(monkeypatch, capsys):
    monkeypatch.setattr("courses.management.commands.populate.EVERY", -1)
    populate()
    said = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[1].split(",")[0] for line in said] == ["0 of 40 people", "40 of 40 people"]


def test_next_rows_have_ids_of_their_own():
    populate()
    person, course = PersonFactory(), Activity.objects.first().module.course
    assert Enrolment.objects.create(person=person, course=course).pk == max(
        Enrolment.objects.values_list("pk", flat=True)
    )
