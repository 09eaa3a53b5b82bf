"""The life of one decision."""

import pytest

from scenarios import playing
from scenarios.engine.play import NotOffered
from tests.factories import a_scenario

pytestmark = pytest.mark.django_db


def play(person, scenario, *choices, mode="recorded"):
    attempt = playing.start(person, scenario, mode=mode)
    for number, choice in enumerate(choices, 1):
        playing.decide(attempt.pk, person, choice=choice, sequence=number)
    attempt.refresh_from_db()
    return attempt


def test_play_to_the_best_ending_reads_100_percent(alice):
    attempt = play(alice, a_scenario(), "listen", "agree")
    assert (attempt.ending, attempt.ending_kind, attempt.figure) == ("settled", "resolved", 100)


def test_short_bad_play_never_reads_100_percent(alice):
    attempt = play(alice, a_scenario(), "rush", "argue")
    assert (attempt.ending, attempt.figure) == ("stormy", 0)


def test_choice_not_on_offer_is_refused_and_changes_nothing(alice):
    attempt = play(alice, a_scenario())
    with pytest.raises(NotOffered):
        playing.decide(attempt.pk, alice, choice="agree", sequence=1)
    assert attempt.decisions.count() == 0
