"""The life of one decision, and what no retry, race or new edition may do to it."""

import random
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction

from scenarios import playing
from scenarios.drafting import write_draft
from scenarios.engine.play import NotOffered, offer, replay
from scenarios.models import Attempt, Decision, PolicyValue
from scenarios.publishing import publish
from scenarios.signals import attempt_ended
from tests.factories import PolicyValueFactory, a_document, a_scenario

pytestmark = pytest.mark.django_db


def play(person, scenario, *choices, mode="recorded"):
    attempt = playing.start(person, scenario, mode=mode)
    for number, choice in enumerate(choices, 1):
        playing.decide(attempt.pk, person, choice=choice, sequence=number)
    attempt.refresh_from_db()
    return attempt


def path(attempt):
    return list(attempt.decisions.order_by("sequence").values_list("sequence", "choice"))


def test_play_to_the_best_ending_reads_100_percent(alice):
    attempt = play(alice, a_scenario(), "listen", "agree")
    assert (attempt.ending, attempt.ending_kind, attempt.figure) == ("settled", "resolved", 100)


def test_short_bad_play_never_reads_100_percent(alice):
    attempt = play(alice, a_scenario(), "rush", "argue")
    assert (attempt.ending, attempt.figure) == ("stormy", 0)


def test_same_answer_again_leads_on_and_is_counted_once(alice):
    attempt = play(alice, a_scenario(), "listen")
    answer = playing.decide(attempt.pk, alice, choice="listen", sequence=1)
    assert (answer.repeated, answer.differs, path(attempt)) == (True, False, [(1, "listen")])


def test_other_answer_to_an_answered_scene_changes_nothing(alice):
    attempt = play(alice, a_scenario(), "listen")
    answer = playing.decide(attempt.pk, alice, choice="rush", sequence=1)
    assert (answer.repeated, answer.differs, path(attempt)) == (True, True, [(1, "listen")])


def test_answer_sent_again_after_the_ending_does_not_end_it_twice(alice):
    ended = []
    receiver = lambda attempt, **kwargs: ended.append(attempt.pk)  # noqa: E731
    attempt_ended.connect(receiver)
    try:
        attempt = play(alice, a_scenario(), "listen", "agree")
        stamp = attempt.ended_at
        playing.decide(attempt.pk, alice, choice="refuse", sequence=2)
        attempt.refresh_from_db()
    finally:
        attempt_ended.disconnect(receiver)
    assert (ended, attempt.ended_at, attempt.ending) == ([attempt.pk], stamp, "settled")


@pytest.mark.parametrize(("choice", "sequence"), [("agree", 1), ("no-such-choice", 1), ("", 1)])
def test_choice_not_on_offer_is_refused_and_changes_nothing(alice, choice, sequence):
    attempt = play(alice, a_scenario())
    with pytest.raises(NotOffered):
        playing.decide(attempt.pk, alice, choice=choice, sequence=sequence)
    assert path(attempt) == []


@pytest.mark.parametrize("sequence", [0, -1, 3, 99])
def test_sequence_of_another_play_is_refused(alice, sequence):
    attempt = play(alice, a_scenario(), "listen")
    with pytest.raises(playing.OutOfStep):
        playing.decide(attempt.pk, alice, choice="agree", sequence=sequence)
    assert path(attempt) == [(1, "listen")]


def test_stranger_cannot_decide(alice, dave):
    attempt = play(alice, a_scenario())
    with pytest.raises(Attempt.DoesNotExist):
        playing.decide(attempt.pk, dave, choice="listen", sequence=1)


def test_database_refuses_a_second_decision_in_one_place(alice):
    attempt = play(alice, a_scenario(), "listen")
    again = Decision(attempt=attempt, sequence=1, scene="opening", choice="rush", decided_at=attempt.started_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_starting_twice_is_starting_once(alice):
    scenario = a_scenario()
    first = playing.start(alice, scenario, mode="recorded")
    assert playing.start(alice, scenario, mode="recorded") == first
    assert playing.start(alice, scenario, mode="practice") != first


def test_new_edition_disturbs_no_attempt(alice):
    scenario = a_scenario()
    attempt = play(alice, scenario, "listen")
    document = a_document()
    choices = document["scenes"]["calmer"]["choices"]
    choices["look-together"] = choices.pop("agree")
    write_draft(scenario, document)
    edition = publish(scenario, by=None)
    playing.decide(attempt.pk, alice, choice="agree", sequence=2)
    attempt.refresh_from_db()
    assert (edition.number, attempt.edition.number, attempt.ending) == (2, 1, "settled")
    scenario.refresh_from_db()
    assert playing.start(alice, scenario, mode="recorded").edition == edition


def test_policy_values_on_screen_are_kept_with_the_decision(alice):
    PolicyValueFactory()
    document = a_document()
    document["scenes"]["opening"]["speech"] = "Blocked at {fines.block-at}!"
    scenario = a_scenario(scenes=document["scenes"])
    attempt = play(alice, scenario, "listen")
    PolicyValue.objects.update(value="$40")
    assert attempt.decisions.get().quoted == {"fines.block-at": "$25"}


def test_try_again_is_practice_and_leaves_the_recorded_attempt_alone(alice):
    attempt = play(alice, a_scenario(), "rush", "argue")
    before = (path(attempt), attempt.figure, attempt.ended_at)
    again = playing.try_again(attempt, before=2)
    attempt.refresh_from_db()
    assert (path(attempt), attempt.figure, attempt.ended_at) == before
    assert (again.mode, again.edition_id, path(again), again.is_open) == (
        "practice",
        attempt.edition_id,
        path(attempt)[:1],
        True,
    )


def test_practising_anew_sets_the_open_practice_aside_and_keeps_it(alice):
    scenario = a_scenario()
    old = play(alice, scenario, "rush", mode="practice")
    new = playing.start_anew(alice, scenario)
    old.refresh_from_db()
    assert (old.is_open, path(old), new.is_open, path(new)) == (False, [(1, "rush")], True, [])
    with pytest.raises(playing.OutOfStep):
        playing.decide(old.pk, alice, choice="argue", sequence=2)


@pytest.mark.parametrize("seed", range(5))
def test_replay_of_the_decisions_is_the_state(alice, seed):
    chance = random.Random(seed)
    attempt = play(alice, a_scenario(f"desk-{seed}"))
    while not attempt.ended_at:
        choice = chance.choice(offer(attempt.edition.graph, attempt.state))
        playing.decide(attempt.pk, alice, choice=choice.key, sequence=len(attempt.path) + 1)
        attempt.refresh_from_db()
    steps = replay(attempt.edition.graph, attempt.path)
    fetched = Attempt.objects.with_path().get(pk=attempt.pk)
    assert (steps[-1].after.at, fetched.path, fetched.state) == (attempt.ending, attempt.path, attempt.state)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite, tests/e2e races against a real server")
@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_leave_one_answer(alice):
    attempt = play(alice, a_scenario())
    answers = []

    def tab(choice):
        answers.append(playing.decide(attempt.pk, alice, choice=choice, sequence=1))
        connection.close()

    tabs = [Thread(target=tab, args=[choice]) for choice in ("listen", "rush") * 4]
    for thread in tabs:
        thread.start()
    for thread in tabs:
        thread.join()
    assert [answer.repeated for answer in answers].count(False) == 1
    assert len(answers) == 8
    assert attempt.decisions.count() == 1
