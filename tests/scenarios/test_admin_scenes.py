"""An author writes scenes and choices."""

import pytest
from django.urls import reverse

from scenarios.drafting import document_of, write_draft
from scenarios.models import Choice, Scenario
from tests.admin_pages import filled_in, found_in, garbled, page, scene_of
from tests.factories import PolicyFactory, SkillFactory, a_document, a_scenario

pytestmark = pytest.mark.django_db


def test_saving_an_untouched_scene_changes_nothing(browser, scenario):
    before = document_of(scenario)
    scene = scene_of(scenario, "opening")
    response = browser.post(page(scene), filled_in(browser.get(page(scene))))
    assert (response.status_code, response.url) == (302, page(scenario))
    assert document_of(Scenario.objects.get()) == before


def test_choice_is_written_without_json(browser, scenario):
    SkillFactory(slug="calm", name="Calm")
    policy = PolicyFactory()
    scene = scene_of(scenario, "calmer")
    data = filled_in(browser.get(page(scene))) | {
        "choices-2-text": "Here is *your* receipt.",
        "choices-2-to": str(scene_of(scenario, "settled").pk),
        "choices-2-effect-tension": "-3",
        "choices-2-effect-trust": "2",
        "choices-2-least-trust": "3",
        "choices-2-most-trust": "8",
        "choices-2-has": ["receipt"],
        "choices-2-sets": ["sorry"],
        "choices-2-skill-calm": "1",
        "choices-2-skill-clear-limits": "0",
        "choices-2-policy": str(policy.pk),
    }
    assert browser.post(page(scene), data).status_code == 302
    assert document_of(scenario)["scenes"]["calmer"]["choices"]["here-is-your-receipt"] == {
        "text": "Here is *your* receipt.",
        "to": "settled",
        "requires": {"meters": {"trust": {"at_least": 3, "at_most": 8}}, "has": ["receipt"]},
        "effects": {"tension": -3, "trust": 2},
        "sets": ["sorry"],
        "skills": {"calm": 1, "clear-limits": 0},
        "policy": "fines",
    }


def test_new_scene_with_choices_needs_one_page(browser, scenario):
    address = reverse("admin:scenarios_scene_add") + f"?scenario={scenario.pk}"
    settled = str(scene_of(scenario, "settled").pk)
    data = filled_in(browser.get(address)) | {"title": "A child cries", "description": "Loudly."}
    data |= {"choices-0-text": "Wait.", "choices-0-to": settled}
    assert browser.post(address, data).url == page(scenario)
    scene = scene_of(scenario, "a-child-cries")
    assert (scene.position, [choice.key for choice in scene.choices.all()]) == (6, ["wait"])


def test_two_new_choices_with_the_same_words_get_two_keys(browser, scenario):
    scene = scene_of(scenario, "calmer")
    data = filled_in(browser.get(page(scene))) | {"choices-TOTAL_FORMS": "4"}
    data |= {"choices-2-text": "Agree", "choices-3-text": "Agree"}
    browser.post(page(scene), data)
    assert list(scene.choices.values_list("key", flat=True)) == ["agree", "refuse", "agree-2", "agree-3"]


def test_key_of_a_choice_never_changes_by_itself(browser, scenario):
    scene = scene_of(scenario, "calmer")
    data = filled_in(browser.get(page(scene))) | {"choices-0-text": "Other words", "choices-0-key": "forged"}
    browser.post(page(scene), data)
    assert scene.choices.get(text="Other words").key == "agree"


def test_key_of_two_choices_by_hand_is_refused(browser, scenario):
    scene = scene_of(scenario, "calmer")
    data = filled_in(browser.get(page(scene))) | {"choices-2-text": "More", "choices-2-key": "agree"}
    assert "This name is taken." in found_in(browser.post(page(scene), data))


def test_choices_lead_to_scenes_of_their_own_scenario_only(browser, scenario):
    other = a_scenario("other")
    scene = scene_of(scenario, "calmer")
    response = browser.get(page(scene))
    data = filled_in(response) | {"choices-0-to": str(scene_of(other, "settled").pk), "choices-0-sets": ["nothing"]}
    refused = browser.post(page(scene), data)
    assert found_in(refused).count("Select a valid choice") == 2


def test_choice_of_another_scene_cannot_be_forged_in(browser, scenario):
    other = a_scenario("other")
    stolen = Choice.objects.get(scene__scenario=other, key="agree")
    scene = scene_of(scenario, "calmer")
    data = filled_in(browser.get(page(scene))) | {"choices-0-id": str(stolen.pk), "choices-0-text": "Stolen"}
    browser.post(page(scene), data)
    assert (Choice.objects.get(pk=stolen.pk).text, Choice.objects.filter(text="Stolen").count()) == (stolen.text, 0)


def test_flag_that_is_gone_is_shown_and_can_be_dropped(browser, scenario):
    Choice.objects.filter(scene__scenario=scenario, key="agree").update(has=["gone"], effects={"gone": 1})
    scene = scene_of(scenario, "calmer")
    response = browser.get(page(scene))
    assert "gone (no longer in the scenario)" in response.content.decode()
    data = filled_in(response)
    browser.post(page(scene), data)
    assert scene.choices.get(key="agree").has == ["gone"]
    browser.post(page(scene), data | {"choices-0-has": [], "choices-0-effect-gone": ""})
    agree = scene.choices.get(key="agree")
    assert (agree.has, agree.effects) == ([], {})


def test_ending_is_added_without_choices(browser, scenario):
    address = reverse("admin:scenarios_scene_add") + f"?scenario={scenario.pk}&ending=unsafe"
    response = browser.get(address)
    assert len(response.context["inline_admin_formsets"]) == 0
    data = filled_in(response) | {"title": "Police", "description": "They came."}
    assert browser.post(address, data).status_code == 302
    ending = scene_of(scenario, "police")
    assert ending.ending == "unsafe"
    assert browser.get(page(ending)).status_code == 200


def test_scene_with_choices_does_not_become_an_ending(browser, scenario):
    scene = scene_of(scenario, "calmer")
    data = filled_in(browser.get(page(scene))) | {"ending": "resolved", "description": "It is over."}
    assert found_in(browser.post(page(scene), data)) == (
        "An ending has no choices. Delete them, or leave its kind empty."
    )
    data |= {"choices-0-DELETE": "on", "choices-1-DELETE": "on"}
    assert browser.post(page(scene), data).status_code == 302


def test_take_over_needs_a_meter_and_a_line(browser, scenario):
    scene = scene_of(scenario, "heated")
    data = filled_in(browser.get(page(scene)))
    assert "from which value" in found_in(browser.post(page(scene), data | {"takeover_meter": "tension"}))
    assert "which meter" in found_in(browser.post(page(scene), data | {"takeover_at_least": "9"}))
    assert browser.post(page(scene), data | {"takeover_meter": "trust", "takeover_at_most": "0"}).status_code == 302


def test_garbage_in_any_field_of_a_scene_gives_errors_and_never_a_fault(browser, scenario):
    scene = scene_of(scenario, "calmer")
    data = filled_in(browser.get(page(scene)))
    data |= {f"choices-2-{name}": "1" for name in ("text", "effect-tension", "least-trust", "most-trust")}
    more = ("choices-2-has", "choices-2-skill-clear-limits", "choices-2-policy", "choices-2-key", "key")
    for field, garbage in garbled(data, *more):
        assert browser.post(page(scene), garbage).status_code in (200, 302), field


def test_garbage_in_any_field_of_a_scenario_gives_errors_and_never_a_fault(browser, scenario):
    data = filled_in(browser.get(page(scenario)))
    for field, garbage in garbled(data, "meters-1-label", "meters-1-key", "flags-2-label", "flags-2-key", "slug"):
        assert browser.post(page(scenario), garbage).status_code in (200, 302), field


@pytest.mark.parametrize("pk", ["", "0", "99999999999999999999999", "x", "\0", "-1"])
def test_scene_is_added_from_its_scenario_only(browser, scenario, pk):
    response = browser.get(reverse("admin:scenarios_scene_add"), {"scenario": pk})
    assert (response.status_code, response.url) == (302, reverse("admin:scenarios_scenario_changelist"))


def test_deleting_a_scene_says_which_choices_lead_to_it(browser, scenario):
    scene = scene_of(scenario, "heated")
    concerned = browser.get(page(scene, "delete")).context["concerned"]
    assert concerned == [("A patron comes up: “The system says otherwise.”", page(scene_of(scenario, "opening")))]
    assert browser.post(page(scene, "delete"), {"post": "yes"}).url == page(scenario)
    assert Choice.objects.get(key="rush").to is None


@pytest.mark.parametrize("choices", [1, 9])
def test_scene_page_asks_the_same_queries_for_any_number_of_choices(
    browser, scenario, choices, django_assert_num_queries
):
    document = a_document()
    for number in range(choices):
        document["scenes"]["calmer"]["choices"][f"more-{number}"] = {"text": f"More {number}", "to": "settled"}
    write_draft(scenario, document)
    browser.get(page(scenario))
    with django_assert_num_queries(29):
        browser.get(page(scene_of(scenario, "calmer")))


# Writing in place.


def test_choice_leads_to_a_new_scene_that_is_to_be_written(browser, scenario):
    scene = scene_of(scenario, "opening")
    data = filled_in(browser.get(page(scene)))
    browser.post(page(scene), data | {"choices-0-to": "", "choices-0-new_title": "A long silence"})
    made = scene_of(scenario, "a-long-silence")
    assert (made.title, made.ending, made.position) == ("A long silence", "", scenario.scenes.count() - 1)
    assert scene.choices.first().to == made
    found = [(found.place, found.message[:23]) for found in browser.get(page(scenario)).context["overview"].mistakes]
    assert ("A long silence", "Nothing is written here") in found


def test_choice_leads_to_a_new_ending_of_a_kind(browser, scenario):
    scene = scene_of(scenario, "opening")
    data = filled_in(browser.get(page(scene))) | {"choices-0-to": "", "choices-1-to": ""}
    for number in (0, 1):
        data |= {f"choices-{number}-new_title": "Out the door", f"choices-{number}-new_kind": "escalated"}
    browser.post(page(scene), data)
    made = scenario.scenes.get(title="Out the door")
    assert made.ending == "escalated"
    assert {choice.to for choice in scene.choices.all()} == {made}


def test_choice_cannot_lead_to_two_places(browser, scenario):
    scene = scene_of(scenario, "opening")
    data = filled_in(browser.get(page(scene))) | {"choices-0-new_title": "A long silence"}
    assert browser.post(page(scene), data).status_code == 200
    assert not scenario.scenes.filter(title="A long silence").exists()


def test_second_of_two_authors_is_told_and_overwrites_nothing_in_silence(browser, as_, erin, carol, scenario):
    scene = scene_of(scenario, "opening")
    mine = filled_in(browser.get(page(scene))) | {"title": "Mine"}
    other = as_(erin)
    other.post(page(scene), filled_in(other.get(page(scene))) | {"choices-0-text": "Theirs"})
    refused = browser.post(page(scene), mine)
    scene.refresh_from_db()
    assert (refused.status_code, scene.title) == (200, "A patron comes up")
    assert "changed this at" in refused.content.decode()
    assert 'value="Mine"' in refused.content.decode()
    again = filled_in(refused)
    assert browser.post(page(scene), again).status_code == 302
    scene.refresh_from_db()
    assert scene.title == "Mine"


def test_author_alone_is_never_told(browser, scenario):
    scene = scene_of(scenario, "opening")
    for title in ("One", "Two"):
        assert browser.post(page(scene), filled_in(browser.get(page(scene))) | {"title": title}).status_code == 302
    assert browser.post(page(scenario), filled_in(browser.get(page(scenario)))).status_code == 302


def test_duplicate_has_the_choices_and_its_own_name(browser, scenario):
    scene = scene_of(scenario, "opening")
    response = browser.post(page(scene, "duplicate"), follow=True)
    copy = scenario.scenes.last()
    assert (copy.title, copy.key) == ("A patron comes up (copy)", "a-patron-comes-up-copy")
    assert [choice.text for choice in copy.choices.all()] == [choice.text for choice in scene.choices.all()]
    assert response.redirect_chain == [(page(copy), 302)]


def test_save_and_next_opens_what_is_not_written_yet(browser, scenario):
    scene = scene_of(scenario, "opening")
    data = filled_in(browser.get(page(scene))) | {"choices-0-to": "", "choices-0-new_title": "A long silence"}
    response = browser.post(page(scene), data | {"_next": "1"})
    assert response.url == page(scene_of(scenario, "a-long-silence"))
    scene_of(scenario, "a-long-silence").delete()
    written = filled_in(browser.get(page(scene)))
    assert browser.post(page(scene), written | {"_next": "1"}).url == page(scenario)


def test_scene_page_says_what_leads_in_and_on(browser, scenario):
    around = browser.get(page(scene_of(scenario, "heated"))).context["around"]
    assert [way.to for way in around.arrivals] == ["A patron comes up"]
    assert [way.to for way in around.ways] == ["Half settled", "Stormy"]
