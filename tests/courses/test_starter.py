"""The starter content, held to what it promises."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from courses.models import Activity, Course
from courses.publishing import activities_of, advice_of
from scenarios.engine.days import check_days
from scenarios.examining import examine
from scenarios.exchange import read_scenario
from scenarios.models import Scenario

STARTER = Path("fixtures/starter")
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def starter(django_db_setup, django_db_blocker):
    """Imported once, and gone after the module: nothing here changes it."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        call_command("import_content", str(STARTER), verbosity=0)
        yield
        transaction.set_rollback(True)


def test_no_policy_value_stands_in_the_prose_as_it_is(starter):
    for course in Course.objects.all():
        assert advice_of(activities_of(course), language=course.language) == []
    for scenario in Scenario.objects.published():
        findings = examine(scenario.current.document).findings
        assert [(scenario.slug, found.text) for found in findings if found.code == "literal-value"] == []


def test_an_alternative_to_something_heavy_carries_no_content_note_itself(starter):
    activities = Activity.objects.exclude(alternative=None)
    assert {activity.scenario.slug for activity in activities} == {
        "the-man-at-the-door",
        "the-last-quiet-place",
        "closing-time",
    }
    documents = [activity.alternative.current.document for activity in activities]
    assert [document["slug"] for document in documents if document.get("content_note")] == []


def test_an_alternative_is_played_for_itself_and_completes_one_activity(starter):
    alternatives = list(Activity.objects.exclude(alternative=None).values_list("alternative__slug", flat=True))
    assert len(set(alternatives)) == len(alternatives)
    assert Activity.objects.filter(scenario__slug__in=alternatives).count() == 0


def test_every_play_of_a_scenario_has_four_to_seven_decisions():
    for file in sorted((STARTER / "scenarios").glob("*.yaml")):
        examined = check_days(read_scenario(file, file.name).data)
        lengths = {
            (walk.shortest[walk.start] >= 4, walk.longest[walk.start] <= 7) for walk in examined.explorations.values()
        }
        assert lengths == {(True, True)}, file.name


def test_every_lesson_is_read_in_a_short_break(starter):
    lessons = Activity.objects.filter(kind=Activity.Kind.LESSON, module__course__slug="everyone-welcome")
    words = {lesson.slug: len(re.sub(r"[|*_#>`-]+", " ", lesson.body).split()) for lesson in lessons}
    assert len(words) == 22
    assert {slug: count for slug, count in words.items() if not 400 <= count <= 700} == {}
