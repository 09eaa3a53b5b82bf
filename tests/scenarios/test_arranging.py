"""Parts are put in order one place at a time, and what else was written on the page is saved with it."""

import pytest

from scenarios.arranging import move
from tests.admin_pages import filled_in, page, scene_of
from tests.factories import a_scenario

pytestmark = pytest.mark.django_db


def order(scenario):
    return list(scenario.scenes.values_list("key", flat=True))


@pytest.fixture
def places(scenario):
    return order(scenario)


def test_row_moves_one_place(scenario, places):
    move(scenario.scenes.all(), scene_of(scenario, places[2]).pk, up=True)
    assert order(scenario) == [places[0], places[2], places[1], *places[3:]]
    move(scenario.scenes.all(), scene_of(scenario, places[2]).pk, up=False)
    assert order(scenario) == places


def test_ends_stay_at_the_ends(scenario, places):
    assert move(scenario.scenes.all(), scene_of(scenario, places[0]).pk, up=True) == 0
    assert move(scenario.scenes.all(), scene_of(scenario, places[-1]).pk, up=False) == len(places) - 1
    assert order(scenario) == places


def test_rows_that_share_a_position_get_an_order(scenario):
    scenario.scenes.update(position=7)
    before = order(scenario)
    move(scenario.scenes.all(), scene_of(scenario, before[1]).pk, up=False)
    assert order(scenario) == [before[0], before[2], before[1], *before[3:]]
    assert list(scenario.scenes.values_list("position", flat=True)) == list(range(len(before)))


def pressed(browser, thing, direction, part):
    data = filled_in(browser.get(page(thing)))
    row = f"{part._meta.model_name}-{part.pk}"
    return browser.post(page(thing), data | {direction: row})


def test_scene_is_moved_on_the_page_of_its_scenario(browser, scenario, places):
    response = pressed(browser, scenario, "_up", scene_of(scenario, places[1]))
    assert response.url == f"{page(scenario)}#scenes-0"
    assert order(scenario)[:2] == [places[1], places[0]]


def test_choice_is_moved_and_what_was_written_is_saved(browser, scenario):
    scene = scene_of(scenario, "opening")
    keys = list(scene.choices.values_list("key", flat=True))
    data = filled_in(browser.get(page(scene))) | {"title": "Anew"}
    choice = scene.choices.get(key=keys[0])
    response = browser.post(page(scene), data | {"_down": f"choice-{choice.pk}"})
    assert response.url == f"{page(scene)}#choices-1"
    assert list(scene.choices.values_list("key", flat=True)) == [keys[1], keys[0], *keys[2:]]
    assert scene_of(scenario, "opening").title == "Anew"


@pytest.mark.parametrize("row", ["", "scene-", "scene-x", "scene-99999999999999999999", "choice-1", "scenario-1", "\0"])
def test_what_is_no_part_of_it_moves_nothing(browser, scenario, places, row):
    data = filled_in(browser.get(page(scenario)))
    assert browser.post(page(scenario), data | {"_up": row}).status_code == 302
    assert order(scenario) == places


def test_scene_of_another_scenario_is_not_moved(browser, scenario):
    other = a_scenario(slug="other")
    before = order(other)
    data = filled_in(browser.get(page(scenario)))
    browser.post(page(scenario), data | {"_up": f"scene-{scene_of(other, before[1]).pk}"})
    assert order(other) == before


def test_enter_in_a_field_moves_nothing(browser, scenario):
    """Enter presses the first button of a form."""
    for thing in (scenario, scene_of(scenario, "opening")):
        content = browser.get(page(thing)).content.decode()
        form = content[content.index(f'id="{thing._meta.model_name}_form"') :]
        first = min(form.index(mark) for mark in ('type="submit"', "<button"))
        assert form[first : first + 40].startswith('type="submit" name="_')
