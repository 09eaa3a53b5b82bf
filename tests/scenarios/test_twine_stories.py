"""Whole stories, in Harlowe and in SugarCube, and how they play."""

from collections import Counter

import pytest

from scenarios.engine.check import check
from scenarios.engine.explore import explore
from scenarios.engine.graph import from_document
from scenarios.engine.play import begin, choose, offer
from tests.scenarios.twine_files import remarks_of, told


def played(document, *texts):
    """Where a play ends up that takes the choices with these words."""
    graph = from_document(document)
    state = begin(graph)
    for text in texts:
        [choice] = [choice for choice in offer(graph, state) if choice.text == text]
        state = choose(graph, state, choice.key)
    return state.at


def offered(document, *texts):
    graph = from_document(document)
    state = begin(graph)
    for text in texts:
        state = choose(graph, state, next(c.key for c in offer(graph, state) if c.text == text))
    return [choice.text for choice in offer(graph, state)]


@pytest.mark.parametrize(
    ("name", "endings"),
    [
        ("night_bus.twee", {"tea": "resolved", "at-the-stop": "partly-resolved", "police": "escalated",
                            "good-night": "partly-resolved"}),
        ("reading_room.twee", {"quiet": "resolved", "stiff": "partly-resolved", "glad": "resolved",
                               "guard": "escalated"}),
    ],
)  # fmt: skip
def test_story_plays_to_each_of_its_endings(name, endings):
    document = told(name).document
    assert {key: ending["kind"] for key, ending in document["endings"].items()} == endings
    graph = from_document(document)
    assert {state.at for state in explore(graph).steps} >= set(endings)
    faults = Counter(found.code for found in check(graph) if found.severity == "error")
    assert set(faults) <= {"leads-nowhere", "scene-unreachable", "choice-never-offered", "nothing-written"}


@pytest.mark.parametrize("name", ["night_bus.twee", "reading_room.twee"])
def test_every_passage_is_accounted_for_with_its_line(name):
    from tests.scenarios.twine_files import STORIES

    lines = (STORIES / name).read_text(encoding="utf-8").split("\n")
    headers = {number for number, line in enumerate(lines, 1) if line.startswith("::")}
    assert headers <= {remark.line for remark in told(name).remarks}


def test_harlowe_story_is_played():
    document = told("night_bus.twee").document
    ask, key = "Ask him whether somebody is coming", "Fetch the key of the staff room"
    assert document["scenes"]["half-past-seven"]["description"] == (
        "The library closes at eight. A boy sits by the door, his coat still on. **Nobody** has come for him."
    )
    assert played(document, ask, key, "Take it", "Sit down beside him", "Make tea in the staff room") == "tea"
    assert "Make tea in the staff room" not in offered(document, ask, "Sit down beside him")
    assert played(document, "Go on shelving", "Look", "Run out", "Call for help") == "police"
    assert played(document, ask, key, "Take it", "Sit down beside him", "Send him out") == "good-night"


def test_sugarcube_story_is_played():
    document = told("reading_room.twee").document
    warned = "Ask them to lower their voices"
    assert played(document, "Offer them the group room", "They take it, gladly") == "glad"
    assert played(document, "Point at the sign", "Asked", "Thank them") == "quiet"
    assert offered(document, warned) == ["Tell them of the group room", "Move the others to the quiet end"]
    assert played(document, warned, "Tell them of the group room", "They take it, a little stiffly") == "stiff"
    assert played(document, *["Count to ten", "Do something"] * 2, "Count to ten", "Call the guard") == "guard"


def test_what_cannot_come_in_is_said():
    story = told("reading_room.twee")
    assert [said for said in remarks_of(story, "dropped") if "Nowhere at all" in said or "the web" in said] == [
        "passage “Broken”: “Nowhere at all” leads to “Nowhere at all”, which is not in the file. Pick where it leads.",
        "passage “Broken”: “the web” leads out of the story, to https://example.org/; it is no choice here.",
    ]
    assert "passage “Story JavaScript”: It is a script, which was left out." in remarks_of(story, "dropped")
