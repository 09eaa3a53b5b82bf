"""A new scenario begins as a pattern, which is to be rewritten before anybody sees it."""

import json

import pytest
from django.urls import reverse

from scenarios.drafting import document_of, next_unwritten, write_draft
from scenarios.engine.check import errors
from scenarios.engine.days import check_days
from scenarios.models import Scenario, Skill
from scenarios.publishing import CannotPublish, publish
from scenarios.starting import PATTERNS, pattern
from tests.admin_pages import page

pytestmark = pytest.mark.django_db


def begun(browser, name, **more):
    words = {"title": "The long queue", "summary": "A queue.", "introduction": "Noon.", "minutes": 5, "tension": 3}
    return browser.post(reverse("admin:scenarios_scenario_add"), words | {"language": "en", "pattern": name} | more)


def rewritten(document):
    return json.loads(json.dumps(document, ensure_ascii=False).replace("✎ ", ""))


@pytest.mark.parametrize("name", PATTERNS)
def test_pattern_holds_together_once_it_is_written(name):
    assert check_days(rewritten(pattern(name))).findings == ()


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("tension", [0, 4, 7])
def test_pattern_holds_together_wherever_tension_starts(name, tension):
    document = rewritten(pattern(name))
    document["meters"]["tension"]["start"] = tension
    assert errors(check_days(document).findings) == ()


@pytest.mark.parametrize("name", PATTERNS)
def test_scenario_begun_from_a_pattern_has_its_scenes_and_the_authors_words(browser, name):
    begun(browser, name)
    scenario = Scenario.objects.get()
    document = document_of(scenario)
    assert list(document["scenes"]) == list(pattern(name)["scenes"])
    assert (scenario.title, scenario.introduction, scenario.tension) == ("The long queue", "Noon.", 3)
    assert document["slug"] == "the-long-queue"


def test_skills_that_the_library_does_not_have_are_left_out(browser):
    Skill.objects.create(slug="clear-limits", name="Clear limits")
    begun(browser, "policy-dispute")
    document = document_of(Scenario.objects.get())
    rated = {skill for scene in document["scenes"].values() for choice in scene["choices"].values()
             for skill in choice.get("skills", {})}  # fmt: skip
    assert rated == {"clear-limits"}


def test_pattern_is_not_published_before_it_is_written(browser, carol):
    begun(browser, "safety-threat")
    scenario = Scenario.objects.get()
    with pytest.raises(CannotPublish) as refused:
        publish(scenario, by=carol)
    assert {finding.code for finding in errors(refused.value.findings)} == {"note-left"}
    write_draft(scenario, rewritten(document_of(scenario)))
    assert publish(scenario, by=carol).number == 1


def test_writing_leads_from_note_to_note(browser):
    begun(browser, "policy-dispute")
    scenario = Scenario.objects.get()
    assert next_unwritten(scenario).key == "the-request"
    document = document_of(scenario)
    document["scenes"]["the-request"] = rewritten(document["scenes"]["the-request"])
    write_draft(scenario, document)
    assert next_unwritten(scenario).key == "the-reason"


def test_empty_page_is_empty(browser):
    begun(browser, "")
    assert document_of(Scenario.objects.get())["scenes"] == {}


def test_pattern_that_there_is_not_is_refused(browser):
    response = begun(browser, "../../etc/passwd")
    assert (response.status_code, Scenario.objects.count()) == (200, 0)


def test_pattern_is_asked_for_only_at_the_start(browser, scenario):
    assert "pattern" not in browser.get(page(scenario)).context["adminform"].form.fields
