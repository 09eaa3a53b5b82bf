"""Numbers of small stories, and of random ones against every play that there is."""

import pytest
from hypothesis import Phase, assume, given, settings

from scenarios.engine.explore import explore
from scenarios.engine.graph import from_document
from scenarios.engine.measure import Tell, chances, measure
from scenarios.engine.reading import grade, minutes
from tests.engine.brute import Brute
from tests.engine.stories import sound_documents, story, to
from tests.factories import a_document

PROPERTIES = settings(max_examples=60, deadline=None, derandomize=True, phases=[Phase.generate])


def numbers(graph):
    return measure(explore(graph))


def test_random_play_shares_its_chances():
    exploration = explore(from_document(a_document()))
    assert chances(exploration) == {"settled": 0.25, "half-settled": 0.5, "stormy": 0.25}


def test_care_makes_the_best_ending_likely():
    exploration = explore(from_document(a_document()))
    assert chances(exploration, care=1) == {"settled": 1, "half-settled": 0, "stormy": 0}
    assert chances(exploration, care=0.5)["settled"] == 0.75**2


def test_how_long_and_how_each_ending_is_come_by():
    found = numbers(from_document(a_document()))
    assert (found.plays, found.shortest, found.longest) == (4, 2, 2)
    assert [(reach.ending.key, reach.decisions, reach.is_best) for reach in found.reaches] == [
        ("settled", 2, True),
        ("half-settled", 2, False),
        ("stormy", 2, False),
    ]


def test_play_that_can_go_round_has_no_most():
    found = numbers(story(one=[to("one", key="round"), to("settled")]))
    assert (found.plays, found.shortest, found.longest, found.reading.words) == (None, 1, None, None)
    assert found.reaches[0].at_random == pytest.approx(1, abs=1e-5)


def test_wrong_turn_with_a_way_back_and_one_without():
    found = numbers(
        story(
            one=[to("two"), to("slip", skills={"s": -1}), to("bad")],
            slip=[to("two", key="back"), to("stormy")],
            two=[to("settled")],
            bad=[to("raised")],
        )
    )
    # The slip can be put right; leaving the slip for a storm, and the bad scene, cannot.
    assert (found.wrong_turns, found.recoverable) == (3, 1)


def test_tells_count_scenes_in_which_the_best_stands_out():
    first = {"one": [to("settled"), to("stormy")]}
    assert numbers(story(**first)).first_is_best == Tell(1, 1)
    assert numbers(story(one=[to("stormy"), to("settled")])).first_is_best == Tell(0, 1)
    wordy = to("settled") | {"text": "Tell me what happened, from the beginning."}
    assert numbers(story(one=[to("stormy"), wordy])).longest_is_best == Tell(1, 1)
    assert (Tell(3, 4).is_loud, Tell(2, 4).is_loud, Tell(3, 3).is_loud) == (True, False, False)


def test_words_are_those_that_a_play_shows():
    graph = story(one=[to("two"), to("settled")], two=[to("settled", key="on")])
    reading = numbers(graph).reading
    # Each scene says "Well?" and shows "Go to …" per choice; the story's endings say what they are.
    ending = len(graph.endings["settled"].text.split())
    assert reading.words == (1 + 6 + ending, 1 + 6 + 1 + 3 + ending)
    assert (minutes(0), minutes(238), minutes(600)) == (1, 1, 3)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("The cat sat on the mat. The dog ran.", 0, 2),
        (
            "Administrative reconsideration necessitates documentation, notwithstanding extenuating circumstances.",
            15,
            50,
        ),
        ("", 0, 0),
        ("… 12 — ?", 0, 0),
    ],
)
def test_grade_tells_plain_from_heavy(text, least, most):
    assert least <= grade([text]) <= most


@PROPERTIES
@given(sound_documents())
def test_numbers_are_those_of_every_play(document):
    exploration = explore(from_document(document))
    found = measure(exploration)
    assert sum(chances(exploration).values()) == pytest.approx(1, abs=0.01)
    assume(found.longest is not None)
    lengths = [len(play) for play in every_play(document)]
    assert (found.plays, found.shortest, found.longest) == (len(lengths), min(lengths), max(lengths))


def every_play(document):
    brute, waiting = Brute(document), [()]
    positions = {(): brute.first}
    while waiting:
        play = waiting.pop()
        moves = brute.moves[positions[play]]
        if not moves:
            yield play
        for number, (_, after) in enumerate(moves):
            positions[(*play, number)] = after
            waiting.append((*play, number))
