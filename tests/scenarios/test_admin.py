"""An author sees how a scenario stands, and publishes it."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from scenarios.drafting import document_of, write_draft
from scenarios.models import Choice, Edition, Flag, Meter, Policy, PolicyValue, Scenario, Scene, Skill
from tests.admin_pages import filled_in, found_in, none_of, page, said, scene_of
from tests.factories import PolicyFactory, PolicyValueFactory, a_document, a_scenario

pytestmark = pytest.mark.django_db


# The scenario's page.


def test_index_offers_to_an_author_what_authors_do(browser):
    content = browser.get(reverse("admin:index")).content.decode()
    offered = re.findall(r'<li><a href="/admin/(\w+/\w+)/"><strong>', content)
    assert offered == ["scenarios/scenario", "courses/course", "scenarios/policy", "scenarios/skill"]


def test_scenario_page_shows_each_scene_once_in_order(browser, scenario):
    inlines = browser.get(page(scenario)).context["inline_admin_formsets"]
    titles = [form.instance.title for form in inlines[0].formset.forms]
    assert titles == ["A patron comes up", "She explains", "Voices rise", "Settled", "Half settled", "Stormy"]


def test_each_box_of_the_map_opens_its_scene(browser, scenario):
    overview = browser.get(page(scenario)).context["overview"]
    assert {box.url for box in overview.boxes} == {page(scene) for scene in scenario.scenes.all()}


def test_each_arrow_opens_the_choice_that_it_stands_for(browser, scenario):
    overview = browser.get(page(scenario)).context["overview"]
    opening = page(scene_of(scenario, "opening"))
    found = {shown.arrow.end: shown.url for shown in overview.arrows if shown.arrow.start == "opening"}
    assert found == {"heated": f"{opening}#choices-0", "calmer": f"{opening}#choices-1"}


def test_finding_leads_to_its_choice(browser, scenario):
    Choice.objects.filter(key="argue").update(to=None)
    overview = browser.get(page(scenario)).context["overview"]
    nowhere = next(found for found in overview.mistakes if "leads nowhere" in found.message)
    assert (nowhere.place, nowhere.url) == ("Voices rise", page(scene_of(scenario, "heated")) + "#choices-1")


@pytest.mark.parametrize("scenes", [1, 12])
def test_scenario_page_asks_the_same_queries_for_any_size(browser, scenario, scenes, django_assert_num_queries):
    document = a_document()
    for number in range(scenes):
        choice = {"text": f"Go {number}", "to": "settled"}
        document["scenes"][f"more-{number}"] = {"title": "More", "description": "x", "choices": {"go": choice}}
    write_draft(scenario, document)
    browser.get(page(scenario))
    with django_assert_num_queries(22):
        browser.get(page(scenario))


def test_new_scenario_is_named_by_its_title(browser):
    words = {"title": "The Long Queue", "summary": "A queue.", "introduction": "Noon.", "minutes": 5, "tension": 3}
    response = browser.post(reverse("admin:scenarios_scenario_add"), words | {"language": "en"})
    scenario = Scenario.objects.get()
    assert (scenario.slug, response.url) == ("the-long-queue", page(scenario))
    assert browser.get(response.url).status_code == 200


def test_page_of_a_scenario_without_scenes_says_what_to_do(browser):
    scenario = Scenario.objects.create(slug="empty", title="Empty", summary="s", introduction="i")
    overview = browser.get(page(scenario)).context["overview"]
    assert [found.message for found in overview.mistakes] == [
        "There is no scene yet. Add the scene in which the scenario begins.",
        "There is no ending yet. Add at least one, and lead a choice to it.",
    ]


def test_saving_an_untouched_scenario_changes_nothing(browser, scenario):
    before = document_of(scenario)
    response = browser.post(page(scenario), filled_in(browser.get(page(scenario))))
    assert response.status_code == 302
    assert document_of(Scenario.objects.get()) == before


def test_order_of_scenes_is_edited_on_the_scenario(browser, scenario):
    data = filled_in(browser.get(page(scenario)))
    data["scenes-0-position"], data["scenes-1-position"] = "1", "0"
    browser.post(page(scenario), data)
    assert [scene.key for scene in scenario.scenes.all()][:2] == ["calmer", "opening"]


def test_meter_and_flag_are_named_by_their_labels(browser, scenario):
    data = filled_in(browser.get(page(scenario)))
    data |= {"meters-1-label": "Own patience", "flags-2-label": "You know of a receipt"}
    assert browser.post(page(scenario), data).status_code == 302
    assert Meter.objects.get(label="Own patience").key == "own-patience"
    assert list(Flag.objects.values_list("key", flat=True)) == ["receipt", "sorry", "you-know-of-a-receipt"]


def test_meter_called_tension_is_refused(browser, scenario):
    data = filled_in(browser.get(page(scenario))) | {"meters-1-label": "Tension"}
    assert "Every scenario has tension already." in found_in(browser.post(page(scenario), data))


def test_renaming_a_flag_keeps_its_key(browser, scenario):
    data = filled_in(browser.get(page(scenario))) | {"flags-0-label": "Seen it", "flags-0-key": "forged"}
    browser.post(page(scenario), data)
    assert Flag.objects.get(label="Seen it").key == "receipt"


def test_published_scenario_cannot_be_deleted(browser, scenario):
    assert browser.get(page(scenario, "delete")).status_code == 403
    draft = Scenario.objects.create(slug="draft", title="Draft", summary="s", introduction="i")
    assert browser.post(page(draft, "delete"), {"post": "yes"}).status_code == 302
    assert list(Scenario.objects.all()) == [scenario]


# Publishing.


def test_publish_makes_a_numbered_edition_with_a_note(browser, scenario, carol):
    Scene.objects.filter(key="calmer").update(title="She tells it")
    browser.post(page(scenario, "publish"), {"note": "A better title", "material": "minor"})
    newest = scenario.editions.first()
    assert (newest.number, newest.note, newest.published_by) == (2, "A better title", carol)
    assert LogEntry.objects.get().get_change_message() == "Published edition 2."


def test_publish_of_an_unchanged_draft_says_so(browser, scenario):
    response = browser.post(page(scenario, "publish"), follow=True)
    assert said(response) == ["Nothing has changed since edition 1, so it stays the newest."]
    assert Edition.objects.count() == 1


def test_publish_is_refused_while_there_are_errors(browser, scenario):
    Choice.objects.filter(key="argue").update(to=None)
    response = browser.post(page(scenario, "publish"), follow=True)
    assert said(response) == ["Not published. There are 2 things to mend first: see below."]
    assert len(response.context["overview"].mistakes) == 2
    assert Edition.objects.count() == 1


def test_publish_needs_a_token(as_, carol, scenario):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(carol)
    assert strict.post(page(scenario, "publish")).status_code == 403


@pytest.mark.parametrize(
    "given", [{"note": "x" * 60_000}, {"note": "\0"}, {"material": "huge"}, {"material": ""}, {"ask_again": "on"}]
)
def test_publish_refuses_garbage_and_publishes_nothing(browser, scenario, given):
    Scene.objects.filter(key="calmer").update(title="She tells it")
    response = browser.post(page(scenario, "publish"), {"material": "minor"} | given)
    assert (response.status_code, bool(response.context["form"].errors)) == (200, True)
    assert Edition.objects.count() == 1


# Lists, policies and skills.


@pytest.mark.parametrize("count", [1, 5])
def test_lists_ask_the_same_queries_for_any_number(browser, count, django_assert_num_queries):
    for number in range(count):
        a_scenario(f"desk-{number}")
        PolicyValueFactory(policy=PolicyFactory(slug=f"policy-{number}"))
    for name in ("scenario", "policy", "skill"):
        address = reverse(f"admin:scenarios_{name}_changelist")
        browser.get(address)
        with django_assert_num_queries(7):
            assert browser.get(address).status_code == 200


def test_list_of_scenes_is_the_list_of_scenarios(browser):
    response = browser.get(reverse("admin:scenarios_scene_changelist"))
    assert response.url == reverse("admin:scenarios_scenario_changelist")


def test_policy_says_which_scenarios_use_it(browser, scenario):
    policy = PolicyValueFactory().policy
    Choice.objects.filter(key="agree").update(coaching="It is {fines.block-at}.")
    a_scenario("other")
    content = browser.get(page(policy)).content.decode()
    assert re.findall(r'<li>(\w+): <a href="([^"]+)">', content) == [("Scenario", page(scenario))]


def test_policy_value_is_filled_in(browser):
    value = PolicyValueFactory()
    data = filled_in(browser.get(page(value.policy))) | {"values-0-value": "$40", "values-1-label": "New one"}
    assert browser.post(page(value.policy), data).status_code == 302
    assert PolicyValue.objects.quotable() == {"fines.block-at": "$40", "fines.new-one": ""}


def test_policy_and_skill_are_named_by_their_words(browser):
    browser.post(
        reverse("admin:scenarios_policy_add"),
        {"title": "Computer use", "purpose": "p", "text": "t", "language": "en"} | none_of("values"),
    )
    browser.post(
        reverse("admin:scenarios_skill_add"), {"name": "Plain words", "description": "d"} | none_of("translations")
    )
    assert (Policy.objects.get().slug, Skill.objects.get().slug) == ("computer-use", "plain-words")


def test_pages_hold_under_the_policy_against_inline_code(browser, scenario):
    for address in (page(scenario), page(scene_of(scenario, "calmer")), page(scenario, "preview")):
        response = browser.get(address)
        content = response.content.decode()
        assert "style-src 'self'" in response["Content-Security-Policy"]
        assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", content) == []
