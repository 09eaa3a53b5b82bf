"""Editions: when there is a new one, and when there is none."""

import pytest

from scenarios.drafting import document_of, write_draft
from scenarios.examining import examine
from scenarios.models import Scenario
from scenarios.publishing import CannotPublish, publish
from scenarios.quoting import literals
from tests.factories import PolicyValueFactory, SkillFactory, a_document, a_scenario

pytestmark = pytest.mark.django_db


def test_publishing_what_has_not_changed_makes_no_new_edition():
    scenario = a_scenario()
    assert publish(scenario, by=None).number == 1
    assert scenario.editions.count() == 1


def test_publishing_what_changed_makes_the_next_number():
    scenario = a_scenario()
    write_draft(scenario, a_document(title="Another title"))
    assert publish(scenario, by=None, note="A title").number == 2
    scenario.refresh_from_db()
    assert [edition.document["title"] for edition in scenario.editions.all()] == ["Another title", "At the desk"]


def test_order_is_a_change_because_the_first_scene_is_the_start():
    scenario = a_scenario()
    document = a_document()
    choices = document["scenes"]["opening"]["choices"]
    document["scenes"]["opening"]["choices"] = dict(reversed(choices.items()))
    write_draft(scenario, document)
    assert publish(scenario, by=None).number == 2


def test_draft_with_an_error_is_refused_and_nothing_changes():
    scenario = a_scenario()
    document = a_document()
    document["scenes"]["alone"] = {"title": "Alone", "speech": "Hello?"}
    write_draft(scenario, document)
    with pytest.raises(CannotPublish) as refused:
        publish(scenario, by=None)
    assert {finding.code for finding in refused.value.findings} == {"scene-unreachable"}
    assert scenario.editions.count() == 1


def test_value_that_no_policy_has_is_an_error():
    SkillFactory()
    scenario = Scenario()
    write_draft(scenario, a_document(introduction="It costs {fines.block-at}."))
    with pytest.raises(CannotPublish, match="which no policy has a value for"):
        publish(scenario, by=None)


def test_draft_comes_back_as_it_was_written():
    document = a_document()
    scenario = a_scenario()
    assert document_of(scenario) == document
    assert list(document_of(scenario)["scenes"]) == list(document["scenes"])


def test_page_of_an_edition_is_safe_html_and_its_document_is_as_written():
    edition = a_scenario(introduction="<script>x</script> *desk*").current
    assert edition.document["introduction"] == "<script>x</script> *desk*"
    assert edition.page["introduction"] == "<p>&lt;script&gt;x&lt;/script&gt; <em>desk</em></p>"


@pytest.mark.parametrize(
    ("value", "prose", "found"),
    [
        ("$25", "It is blocked at $25.", True),
        ("$25", "It is blocked at $250.", False),
        ("60 minutes", "You have 60 Minutes left", True),
        ("a photo ID with an address", "Bring a photo ID with an address", True),
        ("3", "She has 3 children.", False),
        ("two", "Two people wait.", False),
        ("911", "Call 911!", True),
        ("911", "Line 9110", False),
    ],
)
def test_policy_value_in_the_prose_is_pointed_at(value, prose, found):
    assert literals([prose], {"fines.it": value}) == ({"fines.it": value} if found else {})


def test_scenario_that_says_a_value_is_advised_to_quote_it(db):
    PolicyValueFactory()
    document = a_document(introduction="A card is blocked at $25.")
    advice = [finding for finding in examine(document).findings if finding.code == "literal-value"]
    assert [(finding.severity, finding.scene) for finding in advice] == [("advice", "")]
    assert "{fines.block-at}" in advice[0].text
