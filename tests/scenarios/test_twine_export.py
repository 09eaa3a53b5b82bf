"""Scenarios out as Twee 3, and back."""

import json
import re

import pytest
from hypothesis import given, settings

from scenarios.drafting import document_of
from scenarios.engine.graph import from_document
from scenarios.engine.play import begin, choose, offer
from scenarios.exchange import read_document
from scenarios.exchange.scenario import DRAFT
from scenarios.exchange.twine import read_twee, to_twee
from scenarios.exchange.twine.returning import NOTE
from scenarios.exchange.twine.writing import ifid_of
from tests.admin_pages import page
from tests.engine.stories import documents, sound_documents, to, told
from tests.scenarios.twine_files import remarks_of

STARTER = "fixtures/starter/scenarios"


def returned(text):
    [story] = read_twee(text, "story.twee")
    return story


def bare(document):
    """What Twine itself has words for: scenes, choices, where they lead, what they need and do."""
    nodes = document["scenes"] | document["endings"]
    return {
        key: [
            (choice["text"], nodes.get(choice["to"], {}).get("title", ""), choice.get("requires", {}),
             *(choice.get(name, empty) for name, empty in (("effects", {}), ("sets", []), ("clears", []))))
            for choice in scene.get("choices", {}).values()
        ]
        for key, scene in document["scenes"].items()
    }  # fmt: skip


@given(documents())
@settings(deadline=None, max_examples=150)
def test_any_scenario_comes_back_as_it_left(document):
    assert DRAFT.canonical(returned(to_twee(document)).document) == DRAFT.canonical(document)


@pytest.mark.parametrize("name", ["forty-dollars", "too-loud-to-think"])
def test_real_scenario_comes_back_as_it_left(name):
    with open(f"{STARTER}/{name}.yaml", "rb") as file:
        document = read_document(file.read(), f"{name}.yaml")
    assert DRAFT.canonical(returned(to_twee(document)).document) == DRAFT.canonical(document)


def without_notes(document):
    """The same scenario as somebody would have written it in Twine."""
    return NOTE.sub("", to_twee(document | {"introduction": ""}))


def test_words_of_twine_alone_say_what_happens():
    document = told(
        {
            "one": [to("two", key="a", tension=2, sets=("knows",)), to("two", key="b", trust=-1)],
            "two": [
                to("settled", key="c", has=("knows",), at_least={"trust": 3}),
                to("raised", key="d", lacks=("knows",), at_most={"tension": 8, "trust": 9}),
                to("one", key="e", clears=("knows",), tension=-3, trust=1),
            ],
        },
        trust=5,
    )
    assert bare(returned(without_notes(document)).document) == {
        "one": [
            ("Go to two", "two", {}, {"tension": 2}, ["knows"], []),
            ("Go to two", "two", {}, {"trust": -1}, [], []),
        ],
        "two": [
            ("Go to settled", "settled", {"meters": {"trust": {"at_least": 3}}, "has": ["knows"]}, {}, [], []),
            ("Go to raised", "raised",
             {"meters": {"tension": {"at_most": 8}, "trust": {"at_most": 9}}, "lacks": ["knows"]}, {}, [], []),
            ("Go to one", "one", {}, {"tension": -3, "trust": 1}, [], ["knows"]),
        ],
    }  # fmt: skip


def in_step(one, other):
    """Whether two graphs offer the same words in the same order, wherever a play of both goes."""
    seen, waiting = set(), [(begin(one), begin(other))]
    while waiting:
        states = waiting.pop()
        if states in seen or states[0].at in one.endings:
            continue
        seen.add(states)
        offers = [offer(graph, state) for graph, state in zip((one, other), states, strict=True)]
        words = [[(choice.text, graph.node(choice.to).title) for choice in found]
                 for graph, found in zip((one, other), offers, strict=True)]  # fmt: skip
        if words[0] != words[1]:
            return False
        waiting += [
            (choose(one, states[0], a.key), choose(other, states[1], b.key)) for a, b in zip(*offers, strict=True)
        ]
    return True


@given(sound_documents())
@settings(deadline=None, max_examples=150)
def test_any_scenario_plays_the_same_by_the_words_of_twine_alone(document):
    for node in (*document["scenes"].values(), *document["endings"].values()):
        node.pop("takes_over", None)
    assert in_step(from_document(document), from_document(returned(without_notes(document)).document))


def test_scene_that_was_changed_in_twine_keeps_what_it_carried():
    document = told({"one": [to("settled", key="calm-words", tension=-2, skills={"clear-limits": 1})]})
    text = to_twee(document).replace("Well?", "Well, then?").replace("$tension - 2", "$tension - 3")
    text = text.replace("<</link>>", '<</link>>\n<<link "Walk off" "settled">><</link>>')
    story = returned(text)
    assert story.document["scenes"]["one"]["description"] == "Well, then?"
    assert story.document["scenes"]["one"]["choices"] == {
        "calm-words": {"text": "Go to settled", "to": "settled", "effects": {"tension": -3},
                       "skills": {"clear-limits": 1}},
        "walk-off": {"text": "Walk off", "to": "settled"},
    }  # fmt: skip
    assert "passage “settled”: Kept as it left here." in remarks_of(story, "kept")


def test_file_is_one_that_twine_opens():
    document = told({"one": [to("settled", tension=9)]}, takes_over={"settled": {"meter": "tension", "at_least": 9}})
    text = to_twee(document | {"title": "A [draft] {of} \\ mine"})
    data = json.loads(re.search(r":: StoryData\n(\{.*?\n\})", text, re.DOTALL)[1])
    assert (data["ifid"], data["format"], data["start"]) == (ifid_of("story"), "SugarCube", "Introduction")
    assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", data["ifid"])
    assert [line for line in text.split("\n") if line.startswith(":: one")] == [
        ':: one {"position": "20,20", "size": "100,100"}'
    ]
    assert '<<widget "onward">><<if $tension gte 9 and not (_tension gte 9)>><<goto "settled">>' in text


def test_nothing_of_the_words_runs_as_code_in_twine():
    document = told({"one": [to("settled")]})
    document["scenes"]["one"]["speech"] = (
        "Give me $5 [[now]] <<run alert(1)>> <script>alert(1)</script> /* no */ {{{x}}}"
    )
    body = re.search(r":: one .*?\n(.*?)\n\n", to_twee(document), re.DOTALL)[1]
    assert not re.search(r"\$|\[\[|<|/\*|\{\{\{", body)


@pytest.mark.parametrize(
    "note",
    ['{"head": 1, "order": []}', '{"head": {}, "order": [1]}', "{", '{"head": {"title": "\\u0000"}, "order": []}'],
)
def test_note_that_is_broken_is_passed_over(note):
    text = f":: StoryInit\n/* library-training {note} */\n\n:: Start\n[[End]]\n\n:: End\nEnd."
    assert list(returned(text).document["scenes"]) == ["start"]


@pytest.mark.django_db
def test_draft_is_offered_for_twine(browser, scenario):
    response = browser.get(page(scenario, "file") + "?format=twee")
    assert response["Content-Disposition"] == 'attachment; filename="desk.twee"'
    [story] = read_twee(response.content.decode(), "desk.twee")
    assert DRAFT.canonical(story.document) == DRAFT.canonical(document_of(scenario))
