"""A scenario that varies: an attempt keeps its day, whatever happens around it."""

import pytest
from django.urls import reverse

from scenarios import playing
from scenarios.drafting import document_of, write_draft
from scenarios.engine.play import begin
from scenarios.models import Attempt
from scenarios.publishing import CannotPublish, publish
from tests.factories import a_document, a_scenario

pytestmark = pytest.mark.django_db

WORSE = {
    "label": "She has slept badly.",
    "meters": {"tension": 7},
    "scenes": {"opening": {"speech": "Not *again*.", "choices": {"listen": {"consequence": "She snorts."}}}},
}


@pytest.fixture
def scenario(db):
    return a_scenario(days={"worse": WORSE})


def an_attempt(person, scenario, seed, mode="recorded"):
    attempt = playing.start(person, scenario, mode=mode)
    Attempt.objects.filter(pk=attempt.pk).update(seed=seed)
    return Attempt.objects.get(pk=attempt.pk)


def test_draft_keeps_its_days(scenario):
    assert document_of(scenario)["days"] == {"worse": WORSE}


def test_every_start_draws_one_of_the_days(alice, scenario):
    attempts = [playing.start_anew(alice, scenario) for _ in range(40)]
    assert {attempt.seed for attempt in attempts} == {0, 1}


def test_scenario_without_days_is_always_played_on_the_ordinary_one(alice):
    scenario = a_scenario()
    assert {playing.start_anew(alice, scenario).seed for _ in range(10)} == {0}


def test_attempt_plays_on_its_day(as_, alice, scenario):
    attempt = an_attempt(alice, scenario, seed=1)
    assert begin(attempt.graph).meters == (7,)
    page = as_(alice).get(reverse("scenarios:attempt", args=[attempt.pk])).content.decode()
    assert "Not <em>again</em>." in page
    playing.decide(attempt.pk, alice, choice="listen", sequence=1)
    page = as_(alice).get(reverse("scenarios:attempt", args=[attempt.pk])).content.decode()
    assert "She snorts." in page


def test_transcript_is_the_same_after_a_new_edition_without_the_day(as_, alice, scenario):
    attempt = an_attempt(alice, scenario, seed=1)
    for sequence, choice in enumerate(("listen", "agree"), 1):
        playing.decide(attempt.pk, alice, choice=choice, sequence=sequence)
    url = reverse("scenarios:debrief", args=[attempt.pk])
    before = as_(alice).get(url).context["debrief"]
    write_draft(scenario, a_document())
    publish(scenario, by=None)
    response = as_(alice).get(url)
    assert response.context["debrief"] == before
    assert "She has slept badly." in response.content.decode()


def test_trying_again_is_on_the_same_day(alice, scenario):
    attempt = an_attempt(alice, scenario, seed=1)
    playing.decide(attempt.pk, alice, choice="listen", sequence=1)
    again = playing.try_again(attempt, before=1)
    assert (again.seed, again.day) == (1, "She has slept badly.")


def test_day_on_which_somebody_gets_stuck_is_not_published(scenario):
    days = {"worse": WORSE, "stuck": {"label": "Stuck", "scenes": {"calmer": {"choices": {"agree": {"to": "calmer"}}}}}}
    write_draft(scenario, a_document(days=days))
    publish(scenario, by=None)
    days["stuck"]["scenes"]["calmer"]["choices"]["refuse"] = {"to": "calmer"}
    write_draft(scenario, a_document(days=days))
    with pytest.raises(CannotPublish) as refusal:
        publish(scenario, by=None)
    assert {(finding.code, finding.scene) for finding in refusal.value.findings if finding.severity == "error"} == {
        ("no-way-out", "calmer")
    }
