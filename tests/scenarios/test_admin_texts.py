"""A whole scenario as text, as a script, and as a file."""

import pytest

from scenarios.drafting import document_of
from scenarios.exchange import read_document
from scenarios.models import Choice, Scenario
from tests.admin_pages import page, said, scene_of

pytestmark = pytest.mark.django_db


def opened(browser, scenario):
    return browser.get(page(scenario, "text")).context["form"].initial


def test_text_as_it_stands_changes_nothing(browser, scenario):
    before = document_of(scenario)
    response = browser.post(page(scenario, "text"), opened(browser, scenario), follow=True)
    assert (said(response), document_of(scenario)) == (["Saved."], before)


def test_text_that_was_changed_is_the_draft(browser, scenario):
    data = opened(browser, scenario)
    data["text"] = data["text"].replace("Voices rise", "Louder")
    browser.post(page(scenario, "text"), data)
    assert scene_of(scenario, "heated").title == "Louder"


def test_draft_that_is_not_finished_is_text_as_well(browser, scenario):
    Choice.objects.filter(key="argue").update(to=None)
    scene_of(scenario, "calmer").choices.all().delete()
    before = document_of(scenario)
    browser.post(page(scenario, "text"), opened(browser, scenario))
    assert document_of(scenario) == before


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("kind: unsafe", "kind: horrid", None, "kind"),
        ("slug: desk", "slug: other", 2, "The address of what was published stays"),
        ("clear-limits: -1", "clear-limit: -1", None, "there is no skill “clear-limit”"),
        ("title: At the desk", "title: [", 3, "This is not YAML"),
        ("title: At the desk", "title: *alias", 3, "alias"),
        ("scenes:", "scenery:", None, "scenery"),
    ],
)
def test_fault_is_named_by_its_line_and_nothing_is_lost(browser, scenario, old, new, line, message):
    before, data = document_of(scenario), opened(browser, scenario)
    assert old in data["text"]
    data["text"] = data["text"].replace(old, new, 1)
    response = browser.post(page(scenario, "text"), data)
    faults = response.context["faults"]
    assert [fault for fault in faults if message.lower() in fault.message.lower() and line in (None, fault.line)], (
        faults
    )
    assert (response.context["form"]["text"].value(), document_of(scenario)) == (data["text"], before)


@pytest.mark.parametrize("text", ["", "\0", "x" * 100_000, "a: &a [*a]", "- " * 20_000, "{" * 20_000, "[" * 20_000])
def test_garbage_is_told_and_changes_nothing(browser, scenario, text):
    before = document_of(scenario)
    response = browser.post(page(scenario, "text"), opened(browser, scenario) | {"text": text})
    assert (response.status_code, document_of(scenario)) == (200, before)


def test_second_author_is_told(browser, scenario):
    data = opened(browser, scenario)
    Choice.objects.filter(key="argue").update(text="No.")
    response = browser.post(page(scenario, "text"), data)
    assert "Somebody changed the draft" in response.content.decode()
    assert Choice.objects.get(key="argue").text == "No."


def test_script_has_every_scene_in_order(browser, scenario):
    shown = browser.get(page(scenario, "script")).content.decode()
    places = [shown.index(title) for title in ("A patron comes up", "She explains", "Voices rise", "Stormy")]
    assert places == sorted(places)


def test_file_is_one_of_a_pack(browser, scenario):
    response = browser.get(page(scenario, "file"))
    assert response["Content-Disposition"] == 'attachment; filename="desk.yaml"'
    read = read_document(response.content, "desk.yaml")
    assert (read["slug"], list(read["scenes"])) == ("desk", list(document_of(scenario)["scenes"]))
    assert browser.get(page(scenario, "file") + "?format=exe").status_code == 404


def test_duplicate_is_a_scenario_of_its_own(browser, scenario):
    browser.post(page(scenario, "duplicate"))
    copy = Scenario.objects.get(slug="desk-2")
    assert (copy.title, copy.current, document_of(copy)["scenes"]) == (
        "At the desk (copy)",
        None,
        document_of(scenario)["scenes"],
    )
