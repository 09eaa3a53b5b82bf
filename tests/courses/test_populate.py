"""The synthetic library keeps to the rules that real ones do."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Person
from courses.assigning import settle_all
from courses.models import Enrolment, TrainingRecord
from scenarios.engine.debrief import figure
from scenarios.engine.play import replay
from scenarios.models import Attempt, Decision

pytestmark = pytest.mark.django_db


def populate(**options):
    call_command("populate", **{"units": 3, "staff": 40, "courses": 2, "seed": 7} | options, verbosity=0)


def test_it_makes_what_was_asked_for(capsys):
    populate()
    assert "Added 40 people in 3 units, 2 courses" in capsys.readouterr().out
    assert (Person.objects.count(), Enrolment.objects.count()) == (42, 82)  # the supervisor is asked too


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
