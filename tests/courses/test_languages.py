"""What exists in several languages: each reader finds it once, and any of them counts."""

import pytest

from courses.models import ActivityProgress, Course
from scenarios.models import Scenario
from tests.courses.test_learner_pages import play
from tests.factories import EnrolmentFactory, a_course, a_scenario

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions(db):
    a_course()
    a_course("bienvenida", language="es", translates="welcome")
    a_scenario("mostrador", language="es", translates="desk", title="En el mostrador")
    a_scenario("solo-aqui", language="es", title="Solo aquí")


def listed(model, language):
    return set(model.objects.published().for_readers_of(language).values_list("slug", flat=True))


@pytest.mark.parametrize(
    ("language", "courses", "scenarios"),
    [
        ("en-us", {"welcome"}, {"desk", "solo-aqui"}),
        ("es", {"bienvenida"}, {"mostrador", "solo-aqui"}),
        ("fr", {"welcome"}, {"desk", "solo-aqui"}),
    ],
)
def test_reader_finds_each_thing_once(versions, language, courses, scenarios):
    assert (listed(Course, language), listed(Scenario, language)) == (courses, scenarios)


@pytest.mark.parametrize(("here", "there"), [("desk", "mostrador"), ("mostrador", "desk")])
def test_each_version_leads_to_the_other(versions, as_, alice, here, there):
    shown = as_(alice).get(f"/scenarios/{here}/").content.decode()
    assert f'href="/scenarios/{there}/"' in shown
    assert "solo-aqui" not in shown


def test_list_says_which_course_is_in_another_language(versions, as_, alice):
    a_course("solo-aqui", language="es", title="Solo aquí")
    content = as_(alice).get("/courses/").content.decode()
    cards = [card.partition("</li>")[0] for card in content.split('<li class="card" ')[1:]]
    assert [(card[:9], "Español" in card) for card in cards] == [('lang="en"', False), ('lang="es"', True)]


def test_playing_a_translation_counts(versions, alice):
    EnrolmentFactory(person=alice, course=Course.objects.get(slug="welcome"))
    play(alice, Scenario.objects.get(slug="mostrador"), "rush", "argue")
    done = ActivityProgress.objects.get(enrolment__person=alice, activity__slug="scenario")
    assert done.completed_at


def test_language_that_nobody_knows_is_named_by_its_code(as_, alice):
    a_scenario("original")
    a_scenario("tlh", language="tlh", translates="original")
    assert "(tlh)" in as_(alice).get("/scenarios/original/").content.decode()
