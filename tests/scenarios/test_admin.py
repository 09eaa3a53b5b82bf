"""What authors do in admin: write a scenario, see what is wrong with it, try it out, publish it."""

import re

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from scenarios.drafting import document_of, write_draft
from scenarios.models import Choice, Edition, Flag, Meter, Policy, PolicyValue, Scenario, Scene, Skill
from tests.factories import PolicyFactory, PolicyValueFactory, SkillFactory, a_document, a_scenario

pytestmark = pytest.mark.django_db


def page(thing, name="change"):
    return reverse(f"admin:scenarios_{thing._meta.model_name}_{name}", args=[thing.pk])


def scene_of(scenario, key):
    return Scene.objects.get(scenario=scenario, key=key)


def filled_in(response):
    """What a browser would send back for a page that nobody touched."""
    forms = [response.context["adminform"].form]
    forms += [form for inline in response.context["inline_admin_formsets"] for form in inline.formset.forms]
    forms += [inline.formset.management_form for inline in response.context["inline_admin_formsets"]]
    data = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False or bound.field.disabled:
                continue
            data[bound.html_name] = "on" if value is True else value
    return data


def found_in(response):
    """Everything that a form or a formset of the page complains about."""
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    errors = [str(error) for form in [response.context["adminform"].form] for error in form.errors.values()]
    for formset in formsets:
        errors += [str(error) for form in formset.forms for error in form.errors.values()]
        errors += list(formset.non_form_errors())
    return re.sub("<[^>]+>", "", " ".join(errors))


@pytest.fixture
def browser(as_, carol):
    return as_(carol)


@pytest.fixture
def scenario(db):
    return a_scenario(
        flags={"receipt": "You know of a receipt", "sorry": "You have apologised"},
        meters={"tension": {"start": 4}, "trust": {"label": "Trust", "start": 2, "minimum": 0, "maximum": 10}},
    )


def said(response):
    return [str(message) for message in response.context["messages"]]


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
    with django_assert_num_queries(20):
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
    browser.post(page(scenario, "publish"), {"note": "A better title"})
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


def test_publish_needs_a_post_with_a_token(as_, carol, scenario):
    from django.test import Client

    assert as_(carol).get(page(scenario, "publish")).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(carol)
    assert strict.post(page(scenario, "publish")).status_code == 403


def test_publish_refuses_a_note_of_garbage(browser, scenario):
    Scene.objects.filter(key="calmer").update(title="She tells it")
    for note in ("x" * 60_000, "\0"):
        assert said(browser.post(page(scenario, "publish"), {"note": note}, follow=True))[0].startswith("Not published")
    assert Edition.objects.count() == 1


# Scenes and choices.


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


@pytest.mark.parametrize(
    "garbage",
    [
        "x" * 60_000,
        "\0",
        ">" * 2000,
        "[" * 500,
        "99999999999999999999999999",
        "-1",
        "٣",
        "<script>",
        "{}",
        "💥" * 20_000,
    ],
)
def test_garbage_in_any_field_of_a_scene_gives_errors_and_never_a_fault(browser, scenario, garbage):
    scene = scene_of(scenario, "calmer")
    data = filled_in(browser.get(page(scene)))
    data |= {f"choices-2-{name}": "1" for name in ("text", "effect-tension", "least-trust", "most-trust")}
    for field in [*data, "choices-2-has", "choices-2-skill-clear-limits", "choices-2-policy", "choices-2-key", "key"]:
        response = browser.post(page(scene), data | {field: garbage})
        assert response.status_code in (200, 302), field


@pytest.mark.parametrize("garbage", ["x" * 60_000, "\0", ">" * 2000, "99999999999999999999999999", "-1", "<script>"])
def test_garbage_in_any_field_of_a_scenario_gives_errors_and_never_a_fault(browser, scenario, garbage):
    data = filled_in(browser.get(page(scenario)))
    for field in [*data, "meters-1-label", "meters-1-key", "flags-2-label", "flags-2-key", "slug"]:
        response = browser.post(page(scenario), data | {field: garbage})
        assert response.status_code in (200, 302), field


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
    with django_assert_num_queries(19):
        browser.get(page(scene_of(scenario, "calmer")))


# The preview.


def preview(browser, scenario, path=""):
    return browser.get(page(scenario, "preview"), {"path": path} if path else {})


def rows():
    return {model._meta.label: model._default_manager.count() for model in apps.get_models(include_auto_created=True)}


def test_preview_plays_the_draft_and_records_nothing(browser, scenario):
    Scene.objects.filter(key="calmer").update(title="She tells it")
    before = rows()
    ended = preview(browser, scenario, "listen,agree").context["preview"]
    middle = preview(browser, scenario, "listen").context["preview"]
    assert (middle.turn.node.title, ended.turn.node.title) == ("She tells it", "Settled")
    assert [way.path for way in middle.ways] == ["listen,agree", "listen,refuse"]
    assert (middle.back, ended.back) == ("?", "?path=listen")
    assert rows() == before


def test_preview_says_that_nothing_is_recorded(browser, scenario):
    for path in ("", "listen", "listen,agree"):
        assert "Preview of the draft: nothing is recorded." in preview(browser, scenario, path).content.decode()


def test_preview_of_a_choice_that_leads_nowhere_says_so_kindly(browser, scenario):
    Choice.objects.filter(key="agree").update(to=None)
    response = preview(browser, scenario, "listen")
    assert "leads nowhere yet" in response.content.decode()
    beyond = preview(browser, scenario, "listen,agree").context["preview"]
    assert (beyond.cut, beyond.turn.node.key) == (True, "calmer")


def test_preview_without_scenes_or_choices_says_so_kindly(browser, scenario):
    Choice.objects.filter(scene__key="calmer").delete()
    assert "would be stuck here" in preview(browser, scenario, "listen").content.decode()
    scenario.scenes.all().delete()
    assert "There is no scene yet" in preview(browser, scenario).content.decode()


@pytest.mark.parametrize("path", ["nonsense", "listen,\0", ",,,", "x" * 5000, "listen," * 400, "<script>"])
def test_preview_goes_as_far_as_a_broken_path_goes(browser, scenario, path):
    response = preview(browser, scenario, path)
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


def test_preview_shows_what_an_author_needs_to_know(browser, scenario):
    Choice.objects.filter(key="agree").update(has=["receipt"])
    Choice.objects.filter(key="listen").update(sets=["sorry"])
    shown = preview(browser, scenario, "listen").context["preview"]
    assert (shown.meters, shown.flags) == ((("Tension", 2), ("Trust", 2)), ("You have apologised",))
    assert [way.choice.key for way in shown.hidden] == ["agree"]


@pytest.mark.parametrize("role", ["alice", "bob", "dave"])
def test_preview_and_publish_are_for_those_who_write(as_, scenario, role, request):
    browser = as_(request.getfixturevalue(role))
    assert preview(browser, scenario).url.startswith(reverse("admin:login"))
    assert browser.post(page(scenario, "publish")).url.startswith(reverse("admin:login"))


def test_staff_who_may_not_write_are_kept_from_drafts(as_, dave, scenario):
    dave.is_staff = True
    dave.save()
    browser = as_(dave)
    assert [preview(browser, scenario).status_code, browser.post(page(scenario, "publish")).status_code] == [403, 403]


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
        {"title": "Computer use", "purpose": "p", "text": "t", "values-TOTAL_FORMS": 0, "values-INITIAL_FORMS": 0},
    )
    browser.post(reverse("admin:scenarios_skill_add"), {"name": "Plain words", "description": "d"})
    assert (Policy.objects.get().slug, Skill.objects.get().slug) == ("computer-use", "plain-words")


def test_pages_hold_under_the_policy_against_inline_code(browser, scenario):
    for address in (page(scenario), page(scene_of(scenario, "calmer")), page(scenario, "preview")):
        response = browser.get(address)
        content = response.content.decode()
        assert "style-src 'self'" in response["Content-Security-Policy"]
        assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", content) == []
