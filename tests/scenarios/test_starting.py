"""A new scenario begins as a pattern, which is to be rewritten before anybody sees it."""

import json

import pytest
from django.urls import reverse

from scenarios.drafting import document_of, next_unwritten, write_draft
from scenarios.engine.check import errors
from scenarios.engine.days import check_days
from scenarios.engine.notes import MARK
from scenarios.models import Scenario, Skill
from scenarios.publishing import CannotPublish, publish
from scenarios.starting import LANGUAGES, PATTERNS, pattern
from tests.admin_pages import page

pytestmark = pytest.mark.django_db


def begun(browser, name, **more):
    words = {"title": "The long queue", "summary": "A queue.", "introduction": "Noon.", "minutes": 5, "tension": 3}
    return browser.post(reverse("admin:scenarios_scenario_add"), words | {"language": "en", "pattern": name} | more)


def rewritten(document):
    return json.loads(json.dumps(document, ensure_ascii=False).replace("✎ ", ""))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PATTERNS)
def test_pattern_holds_together_once_it_is_written(name, language):
    document = pattern(name, language)
    assert document["language"] == language
    assert check_days(rewritten(document)).findings == ()


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("tension", [0, 4, 7])
def test_pattern_holds_together_wherever_tension_starts(name, tension):
    document = rewritten(pattern(name, "en"))
    document["meters"]["tension"]["start"] = tension
    assert errors(check_days(document).findings) == ()


@pytest.mark.parametrize("name", PATTERNS)
def test_scenario_begun_from_a_pattern_has_its_scenes_and_the_authors_words(browser, name):
    begun(browser, name)
    scenario = Scenario.objects.get()
    document = document_of(scenario)
    assert list(document["scenes"]) == list(pattern(name, "en")["scenes"])
    assert (scenario.title, scenario.introduction, scenario.tension) == ("The long queue", "Noon.", 3)
    assert document["slug"] == "the-long-queue"


def texts_in(thing):
    """Each text that an author reads, by where it stands; what is none of these is the pattern's shape."""
    for name, said in thing.items():
        if isinstance(said, dict):
            yield from ((f"{name}.{place}", words) for place, words in texts_in(said))
        else:
            yield name, said


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("name", PATTERNS)
def test_pattern_is_the_same_in_another_language_but_for_its_words(name, language):
    english, other = dict(texts_in(pattern(name, "en"))), dict(texts_in(pattern(name, language)))
    assert list(english) == list(other)
    words = [place for place, said in english.items() if MARK in str(said)]
    words += [place for place in english if place.rpartition(".")[2] in ("title", "summary", "language", "label")]
    words += [place for place in english if place.startswith("flags.")]
    assert {place for place in english if english[place] != other[place]} == set(words)
    assert [place for place in other if MARK in str(other[place])] == [
        place for place in english if MARK in str(english[place])
    ]


def test_author_who_works_in_spanish_begins_from_spanish_patterns(browser, carol):
    type(carol).objects.filter(pk=carol.pk).update(language="es")
    form = browser.get(reverse("admin:scenarios_scenario_add")).context["adminform"].form
    assert form["language"].value() == "es"
    assert pattern("safety-threat", "es")["title"] in dict(form.fields["pattern"].choices)["safety-threat"]
    begun(browser, "safety-threat", language="es")
    document = document_of(Scenario.objects.get())
    assert document["language"] == "es"
    assert document["scenes"] == without_skills(pattern("safety-threat", "es")["scenes"])


@pytest.mark.parametrize(("language", "spoken"), [("en", "en"), ("es-MX", "es"), ("fr", "en")])
def test_pattern_is_in_the_language_of_the_scenario_if_there_is_one(browser, language, spoken):
    begun(browser, "safety-threat", language=language)
    document = document_of(Scenario.objects.get())
    assert document["language"] == language
    assert document["endings"] == pattern("safety-threat", spoken)["endings"]


def without_skills(scenes):
    return {
        key: scene
        | {
            "choices": {
                name: {field: said for field, said in choice.items() if field != "skills"}
                for name, choice in scene["choices"].items()
            }
        }
        for key, scene in scenes.items()
    }


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
