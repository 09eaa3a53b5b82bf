"""A policy whose text changed: those who confirmed it are asked again, once, and nobody else."""

import pytest
from django.urls import reverse

from courses import progressing
from courses.models import Acknowledgement, Reconfirmation
from tests.factories import PolicyValueFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy(db):
    return PolicyValueFactory().policy


def ask_again(browser, policy, note="The limit is higher."):
    return browser.post(reverse("admin:scenarios_policy_ask_again", args=[policy.pk]), {"note": note})


def asked(person):
    return [found.policy.slug for found in Reconfirmation.objects.open_for(person).newest()]


def test_only_those_who_confirmed_are_asked(as_, carol, alice, dave, policy):
    progressing.confirm(alice, policy)
    assert asked(alice) == []
    ask_again(as_(carol), policy)
    assert (asked(alice), asked(dave)) == (["fines"], [])


def test_confirming_again_keeps_both_with_their_words(as_, carol, alice, policy):
    progressing.confirm(alice, policy)
    policy.text = "Now it is blocked at {fines.block-at} only."
    policy.save()
    ask_again(as_(carol), policy)
    shown = as_(alice).get("/policies/fines/").content.decode()
    assert "It reads differently now: The limit is higher." in shown
    as_(alice).post("/policies/fines/", {"read": "yes"})
    texts = Acknowledgement.objects.order_by("acknowledged_at").values_list("text", flat=True)
    assert [text.split("\n")[-1] for text in texts] == ["A card is blocked at $25.", "Now it is blocked at $25 only."]
    assert asked(alice) == []


def test_asked_twice_confirms_once(as_, carol, alice, policy):
    progressing.confirm(alice, policy)
    for note in ("First.", "Second."):
        ask_again(as_(carol), policy, note)
    assert asked(alice) == ["fines"]
    browser = as_(alice)
    for _ in range(2):
        browser.post("/policies/fines/", {"read": "yes"})
    assert Acknowledgement.objects.count() == 2


def test_box_left_empty_confirms_nothing(as_, carol, alice, policy):
    progressing.confirm(alice, policy)
    ask_again(as_(carol), policy)
    response = as_(alice).post("/policies/fines/", {})
    assert (response.status_code, Acknowledgement.objects.count()) == (422, 1)


def test_who_was_never_asked_confirms_nothing_by_posting(as_, dave, policy):
    as_(dave).post("/policies/fines/", {"read": "yes"})
    assert not Acknowledgement.objects.exists()


def test_page_of_the_policy_says_how_many_it_touches(as_, carol, alice, policy):
    progressing.confirm(alice, policy)
    progressing.confirm(alice, policy)
    shown = as_(carol).get(reverse("admin:scenarios_policy_change", args=[policy.pk])).content.decode()
    assert "1 person has confirmed it" in shown


@pytest.mark.parametrize("role", ["alice", "bob", "dave"])
def test_only_authors_ask(as_, request, role, policy):
    ask_again(as_(request.getfixturevalue(role)), policy)
    assert not Reconfirmation.objects.exists()


def test_note_that_is_too_long_asks_nobody(as_, carol, policy):
    ask_again(as_(carol), policy, "x" * 401)
    assert not Reconfirmation.objects.exists()


def test_my_training_says_what_reads_differently_until_it_is_confirmed(as_, carol, alice, policy):
    progressing.confirm(alice, policy)
    ask_again(as_(carol), policy, "The limit is higher.")
    browser = as_(alice)
    shown = browser.get("/").content.decode()
    assert ("/policies/fines/" in shown, "The limit is higher." in shown) == (True, True)
    browser.post("/policies/fines/", {"read": "yes"})
    assert "/policies/fines/" not in browser.get("/").content.decode()
