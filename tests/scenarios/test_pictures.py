"""The pictures: each is there, small, harmless, and said in words."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.urls import reverse

from scenarios.drafting import document_of
from scenarios.exchange.scenario import SCENARIO
from scenarios.models import Scenario
from scenarios.models.picture import Picture
from scenarios.publishing import publish

FOLDER = Path(settings.BASE_DIR) / "static" / "pictures"
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {SVG + name for name in ("svg", "g", "path", "rect", "circle", "ellipse")}
HEAVIEST = 1_500


def test_set_is_what_the_folder_and_the_format_have():
    assert {path.stem for path in FOLDER.iterdir()} == set(Picture.values)
    assert SCENARIO.schema["properties"]["picture"]["enum"] == Picture.values


@pytest.mark.parametrize("name", Picture.values)
def test_picture_is_light_and_only_drawn(name):
    file = FOLDER / f"{name}.svg"
    tree = ElementTree.fromstring(file.read_text())  # noqa: S314 - our own file
    assert {element.tag for element in tree.iter()} <= DRAWN
    assert not any("href" in key or key.startswith("on") for element in tree.iter() for key in element.attrib)
    assert (file.stat().st_size <= HEAVIEST, tree.get("viewBox")) == (True, "0 0 120 80")


@pytest.mark.django_db
def test_scenario_shows_its_picture_with_its_words(as_, alice, browser, scenario):
    scenario.picture, scenario.picture_alt = "dog", "A dog <in> a harness."
    scenario.save()
    publish(scenario, by=None)
    for address in ("/scenarios/", reverse("scenarios:introduction", args=[scenario.slug])):
        content = as_(alice).get(address).content.decode()
        assert 'src="/static/pictures/dog.svg" alt="A dog &lt;in&gt; a harness."' in content
    assert document_of(scenario)["picture"] == "dog"


@pytest.mark.django_db
def test_scenario_without_a_picture_shows_none(as_, alice, scenario):
    assert "<img" not in as_(alice).get("/scenarios/").content.decode()
    assert "picture" not in json.dumps(document_of(scenario))
    assert Scenario.objects.get().picture_file == ""
