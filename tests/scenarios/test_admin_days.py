"""Another day of a scenario is written by picking, and previewed."""

import pytest
from django.urls import reverse

from scenarios.drafting import document_of, write_draft
from scenarios.models import Day
from tests.admin_pages import filled_in, found_in, garbled, page

pytestmark = pytest.mark.django_db

WORSE = {
    "label": "She has slept badly.",
    "meters": {"tension": 7},
    "sets": ["receipt"],
    "scenes": {
        "opening": {
            "speech": "Not *again*.",
            "choices": {"listen": {"to": "heated", "effects": {"trust": -1}, "consequence": "She snorts."}},
        }
    },
}


@pytest.fixture
def day(scenario):
    write_draft(scenario, document_of(scenario) | {"days": {"worse": WORSE}})
    return Day.objects.get()


def test_day_as_it_stands_changes_nothing(browser, scenario, day):
    before = document_of(scenario)
    response = browser.post(page(day), filled_in(browser.get(page(day))))
    assert (response.status_code, document_of(scenario)) == (302, before)


def test_scenario_page_leads_to_its_days(browser, scenario, day):
    context = browser.get(page(scenario)).context
    assert context["days"] == [("She has slept badly.", page(day))]
    assert browser.get(context["add_day_url"]).status_code == 200


def test_day_is_written_by_picking(browser, scenario):
    address = reverse("admin:scenarios_day_add") + f"?scenario={scenario.pk}"
    data = filled_in(browser.get(address)) | {
        "label": "It rains",
        "start.tension": "6",
        "sets": ["sorry"],
        "heated.speech": "Wet *and* late.",
        "opening.listen.consequence": "Water drips.",
        "opening.listen.effect.trust": "0",
    }
    response = browser.post(address, data)
    assert response.status_code == 302, found_in(response)
    assert document_of(scenario)["days"] == {
        "it-rains": {
            "label": "It rains",
            "meters": {"tension": 6},
            "sets": ["sorry"],
            "scenes": {
                "opening": {"choices": {"listen": {"effects": {"trust": 0}, "consequence": "Water drips."}}},
                "heated": {"speech": "Wet *and* late."},
            },
        }
    }


def test_what_is_emptied_is_as_on_the_ordinary_day(browser, scenario, day):
    data = filled_in(browser.get(page(day)))
    data = {name: value for name, value in data.items() if "." not in name and name != "sets"}
    browser.post(page(day), data)
    assert document_of(scenario)["days"] == {"worse": {"label": "She has slept badly."}}


def test_scene_that_the_day_leaves_alone_is_folded(browser, day):
    folded = {fieldset.name for fieldset in browser.get(page(day)).context["adminform"] if fieldset.is_collapsible}
    assert ("A patron comes up" in folded, "Voices rise" in folded) == (False, True)


def test_preview_plays_on_the_day(browser, scenario, day):
    address = browser.get(page(day)).context["preview_url"]
    response = browser.get(address)
    assert response.context["preview"].meters[0][2] == 7
    assert "Not <em>again</em>." in response.content.decode()
    way = next(way for way in response.context["preview"].ways if way.choice.key == "listen")
    following = browser.get(address + f"&path={way.path}").context["preview"]
    assert (following.turn.node.key, following.day) == ("heated", "worse")
    assert ("day", "worse") in following.kept


def test_day_that_there_is_not_is_the_ordinary_one(browser, scenario, day):
    response = browser.get(page(scenario, "preview") + "?day=%00nonsense")
    assert (response.status_code, response.context["preview"].day) == (200, "")


def test_day_is_deleted_on_its_own_page(browser, scenario, day):
    browser.post(page(day, "delete"), {"post": "yes"})
    assert "days" not in document_of(scenario)


def test_garbage_is_answered(browser, scenario, day):
    data = filled_in(browser.get(page(day)))
    for field, garbage in garbled(data):
        assert browser.post(page(day), garbage).status_code in (200, 302), field
        assert browser.get(page(scenario)).status_code == 200


def test_learners_write_no_days(as_, alice, day):
    assert as_(alice).get(page(day)).status_code == 302
