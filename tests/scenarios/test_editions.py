"""What changed between editions, whom it touches, who is asked again, and the way back."""

import pytest

from scenarios import playing
from scenarios.differing import Piece, as_read, difference, pieces
from scenarios.drafting import document_of
from scenarios.identifying import could_identify
from scenarios.impact import Impact, impact_of
from scenarios.models import Choice, Revisit, Scene
from scenarios.publishing import publish
from tests.admin_pages import page, said, scene_of
from tests.factories import a_document

pytestmark = pytest.mark.django_db


def play(person, scenario, *choices):
    attempt = playing.start(person, scenario, mode="recorded")
    for number, choice in enumerate(choices, 1):
        playing.decide(attempt.pk, person, choice=choice, sequence=number)
    return attempt


def told(changes):
    return [
        (change.what, change.thing, change.scene, change.choice, [edit.field for edit in change.edits])
        for change in changes
    ]


def test_no_difference_between_a_document_and_itself():
    assert difference(a_document(), a_document()) == ()


def test_each_kind_of_change_is_told_with_its_place():
    old, new = a_document(), a_document()
    new["title"] = "At the other desk"
    new["scenes"]["calmer"]["speech"] = "There was a slip."
    new["scenes"]["opening"]["choices"]["rush"] |= {"to": "calmer", "effects": {"tension": 1}}
    del new["scenes"]["opening"]["choices"]["listen"]
    new["scenes"]["later"] = {"title": "Later", "speech": "Hm.", "choices": {}}
    del new["endings"]["stormy"]
    assert told(difference(old, new)) == [
        ("changed", "scenario", "", "", ["Title"]),
        ("changed", "scene", "opening", "", ["Order of the choices"]),
        ("changed", "choice", "opening", "rush", ["Leads to", "Moves"]),
        ("removed", "choice", "opening", "listen", ["Text", "Leads to", "Moves", "Consequence", "Coaching", "Skills"]),
        ("changed", "scene", "calmer", "", ["Speech"]),
        ("added", "scene", "later", "", []),
        ("removed", "ending", "stormy", "", []),
    ]


def test_learner_reads_words_and_not_the_works():
    old, new = a_document(), a_document()
    new["scenes"]["opening"]["choices"]["rush"] |= {"effects": {"tension": 1}}
    new["scenes"]["opening"]["choices"]["listen"] |= {"text": "What happened?", "skills": {"clear-limits": 0}}
    assert told(as_read(difference(old, new))) == [("changed", "choice", "opening", "listen", ["Text"])]


def test_words_that_went_and_came():
    found = pieces("There was a receipt.", "There was a slip.")
    assert found == (Piece("same", "There was a"), Piece("gone", "receipt."), Piece("new", "slip."))
    assert {piece.kind for piece in pieces("a " * 5000, "b " * 5000)} == {"gone", "new"}


def test_impact_counts_those_in_the_middle_and_those_who_came_by_it(scenario, alice, bob, carol, dave):
    play(alice, scenario, "listen", "agree")
    play(bob, scenario, "rush", "sorry")
    play(carol, scenario, "rush")
    play(dave, scenario, "listen", "agree")
    type(dave).objects.filter(pk=dave.pk).update(is_active=False)
    Scene.objects.filter(key="heated").update(title="Louder")
    changes = difference(scenario.current.document, document_of(scenario))
    assert impact_of(scenario, changes) == Impact(in_the_middle=1, completed=2, went_through=1)


def test_choice_that_changed_touches_those_who_took_it(scenario, alice, bob):
    play(alice, scenario, "listen", "agree")
    play(bob, scenario, "rush", "sorry")
    Choice.objects.filter(key="listen").update(text="What happened?")
    changes = difference(scenario.current.document, document_of(scenario))
    assert impact_of(scenario, changes).went_through == 1


def test_material_change_asks_just_those_to_play_again(browser, as_, scenario, alice, bob):
    play(alice, scenario, "listen", "agree")
    play(bob, scenario, "rush", "sorry")
    Scene.objects.filter(key="calmer").update(title="She tells it")
    shown = browser.get(page(scenario, "publish"))
    assert shown.context["impact"] == Impact(0, 2, 1)
    response = browser.post(
        page(scenario, "publish"), {"material": "material", "ask_again": "on", "note": "Her own words"}, follow=True
    )
    assert said(response) == [
        "Published as edition 2. New attempts play it from now on. 1 person is asked to play it again."
    ]
    assert [revisit.person for revisit in Revisit.objects.all()] == [alice]
    assert "Changed since you played it" in as_(alice).get("/").content.decode()
    assert "Changed since you played it" not in as_(bob).get("/").content.decode()
    changes = as_(alice).get(f"/scenarios/{scenario.slug}/changes/").content.decode()
    assert "Her own words" in changes
    assert "<del>explains</del>" in changes


def test_revisit_is_done_when_the_new_edition_was_played(scenario, alice):
    play(alice, scenario, "listen", "agree")
    Scene.objects.filter(key="calmer").update(title="She tells it")
    publish(scenario, by=None, material=True, ask_again=True)
    scenario.refresh_from_db()
    assert Revisit.objects.open_for(alice).count() == 1
    play(alice, scenario, "rush")
    assert Revisit.objects.open_for(alice).count() == 1
    attempt = playing.start(alice, scenario, mode="recorded")
    playing.decide(attempt.pk, alice, choice="sorry", sequence=2)
    assert Revisit.objects.open_for(alice).count() == 0


def test_going_back_makes_the_draft_what_the_edition_was(browser, scenario):
    before = scenario.current.document
    Scene.objects.filter(key="heated").delete()
    browser.post(page(scenario, "go_back"), {"edition": "1"})
    assert document_of(scenario) == before
    assert scenario.editions.count() == 1


@pytest.mark.parametrize("edition", ["", "2", "x", "9" * 30])
def test_going_back_to_no_edition_is_not_found(browser, scenario, edition):
    assert browser.post(page(scenario, "go_back"), {"edition": edition}).status_code == 404


@pytest.mark.parametrize("query", ["", "?from=1&to=", "?from=9&to=x", "?from=%00"])
def test_changes_page_compares_an_edition_with_the_draft(browser, scenario, query):
    Scene.objects.filter(key="calmer").update(title="She tells it")
    assert [change.scene for change in browser.get(page(scenario, "changes") + query).context["changes"]] == ["calmer"]


def test_draft_from_a_real_incident_is_looked_at_before_it_is_published(browser, scenario):
    scene = scene_of(scenario, "calmer")
    scene.speech = "Write to ann@example.net, or come to 12 Elm Street on March 3. My card is 2140 5566 7788 99."
    scene.save()
    type(scenario).objects.update(from_incident=True)
    risks = browser.get(page(scenario, "publish")).context["risks"]
    assert [risk.split(" looks like ")[1].split(".")[0] for risk in risks if "Adeyemi" not in risk] == [
        "an email address",
        "a card or account number",
        "an address",
        "a date",
    ]
    assert browser.post(page(scenario, "publish"), {"material": "minor"}).context["form"].errors["looked"]
    browser.post(page(scenario, "publish"), {"material": "minor", "looked": "on"})
    assert scenario.editions.count() == 2


def test_values_of_policies_and_invented_prose_tell_nobody():
    document = a_document()
    document["scenes"]["opening"] |= {"speaker": "A patron", "speech": "It is {fines.block-at}, or ten past four."}
    assert could_identify(document) == ()
