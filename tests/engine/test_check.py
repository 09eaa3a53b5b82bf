"""Planted faults are found, no fault is claimed where there is none; brute force decides."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from scenarios.engine.check import check, errors
from scenarios.engine.explore import explore
from scenarios.engine.graph import from_document
from scenarios.engine.play import begin, choose, offer
from tests.engine.brute import Brute
from tests.engine.stories import documents, sound_documents, story, to
from tests.factories import a_document

PROPERTIES = settings(max_examples=150, deadline=None, derandomize=True, phases=[Phase.generate])


def found(graph):
    return {(finding.code, finding.scene, finding.choice) for finding in errors(check(graph))}


def test_scenario_without_a_fault_has_no_finding():
    assert check(from_document(a_document())) == ()


def test_flag_that_nobody_sets():
    graph = story(one=[to("two", has=("knows",)), to("halfway")], two=[to("settled")])
    assert found(graph) == {
        ("choice-never-offered", "one", "to-two"),
        ("scene-unreachable", "two", ""),
        ("ending-unreachable", "settled", ""),
    }


def test_flag_that_is_set_too_late():
    graph = story(one=[to("two"), to("settled", has=("knows",))], two=[to("halfway", sets=("knows",))])
    assert found(graph) == {("choice-never-offered", "one", "to-settled"), ("ending-unreachable", "settled", "")}


def test_loop_without_a_way_out():
    graph = story(one=[to("two"), to("settled")], two=[to("three")], three=[to("two")])
    assert found(graph) == {("no-way-out", "two", ""), ("no-way-out", "three", "")}


def test_loop_with_a_way_out_is_no_fault():
    assert found(story(one=[to("two"), to("settled")], two=[to("one")])) == set()


def test_loop_whose_way_out_closes():
    """The way out needs the flag that the loop takes away."""
    graph = story(
        one=[to("two", sets=("knows",)), to("halfway")],
        two=[to("three", clears=("knows",)), to("settled", has=("knows",))],
        three=[to("two", key="again")],
    )
    assert found(graph) == {("no-way-out", "two", ""), ("no-way-out", "three", "")}


def test_ending_that_no_path_reaches():
    graph = story({"endings": {"settled": "resolved", "stormy": "unsafe"}}, one=[to("settled")])
    assert found(graph) == {("ending-unreachable", "stormy", "")}


def test_meter_that_can_never_get_there():
    over = {"takes_over": {"storm": {"meter": "tension", "at_least": 9}}}
    graph = story(
        over, one=[to("two", tension=2), to("halfway")], two=[to("settled", tension=2)], storm=[to("halfway")]
    )
    assert found(graph) == {("scene-unreachable", "storm", "")}


def test_test_of_a_meter_that_never_holds():
    graph = story({"trust": 2}, one=[to("two", trust=2)], two=[to("settled", at_least={"trust": 5}), to("halfway")])
    assert found(graph) == {("choice-never-offered", "two", "to-settled"), ("ending-unreachable", "settled", "")}


def test_bounds_that_contradict_each_other():
    graph = story(one=[to("settled", at_least={"tension": 6}, at_most={"tension": 5}), to("halfway")])
    assert found(graph) == {("choice-never-offered", "one", "to-settled"), ("ending-unreachable", "settled", "")}


def test_situation_with_nothing_to_choose():
    graph = story(one=[to("two", tension=3), to("two", key="calm")], two=[to("settled", at_most={"tension": 5})])
    assert found(graph) == {("stuck", "two", "")}


def test_scene_without_choices():
    graph = story({"endings": {"settled": "resolved"}}, one=[to("two"), to("settled")], two=[])
    assert found(graph) == {("stuck", "two", "")}


def test_choice_that_leads_nowhere():
    graph = story({"endings": {"settled": "resolved"}}, one=[to("settled"), to("gone")])
    assert ("leads-nowhere", "one", "to-gone") in found(graph)


def test_scene_that_nothing_leads_to():
    assert found(story(one=[to("settled")], alone=[to("settled")])) == {("scene-unreachable", "alone", "")}


def test_scene_that_is_always_taken_over():
    over = {"takes_over": {"storm": {"meter": "tension", "at_least": 9}}, "tension": 8}
    graph = story(over, one=[to("two", tension=1)], two=[to("settled")], storm=[to("halfway")])
    assert found(graph) == {("scene-unreachable", "two", ""), ("ending-unreachable", "settled", "")}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scenes": {}}, "no-scenes"),
        ({"endings": {}}, "no-endings"),
        ({"meters": {"tension": {"start": 11}}}, "meter-start"),
    ],
)
def test_document_that_is_not_finished(changes, code):
    assert code in {finding.code for finding in errors(check(from_document(a_document() | changes)))}


def test_names_that_stand_for_nothing():
    document = a_document()
    document["scenes"]["opening"]["choices"]["rush"] |= {"effects": {"patience": 1}, "sets": ["unheard-of"]}
    document["scenes"]["heated"]["takes_over"] = {"meter": "patience", "at_least": 1}
    codes = {(finding.code, finding.scene, finding.choice) for finding in errors(check(from_document(document)))}
    assert codes == {
        ("unknown-meter", "opening", "rush"),
        ("unknown-flag", "opening", "rush"),
        ("unknown-meter", "heated", ""),
    }


def test_check_says_what_it_could_not_prove():
    graph = story({"trust": 0}, one=[to("one", key="on", trust=1), to("settled", at_least={"trust": 10})])
    codes = {finding.code for finding in errors(check(graph, limit=5))}
    assert codes == {"too-large-to-prove"}
    assert found(graph) == set()


def test_finding_tells_how_to_get_there():
    graph = story(one=[to("two"), to("settled")], two=[to("three")], three=[to("two")])
    trap = next(finding for finding in check(graph) if finding.scene == "three")
    assert trap.way == ("to-two", "to-three")
    assert "for example after to-two → to-three" in trap.text


@pytest.mark.parametrize("finding", check(story(one=[to("two", has=("knows",)), to("halfway")], two=[])))
def test_finding_says_what_is_wrong_and_what_to_do(finding):
    assert finding.text[0].isupper() or finding.text[0] == "“"
    assert finding.text.endswith(".")


@PROPERTIES
@given(documents())
def test_claims_agree_with_brute_force(document):
    graph, brute = from_document(document), Brute(document)
    claimed = found(graph)
    unreachable = {scene for code, scene, _ in claimed if code.endswith("-unreachable")}
    never = {(scene, choice) for code, scene, choice in claimed if code == "choice-never-offered"}
    stuck = {scene for code, scene, _ in claimed if code == "stuck"}
    no_way_out = {scene for code, scene, _ in claimed if code == "no-way-out"}
    nodes = {*document["scenes"], *document["endings"]}
    all_choices = {
        (key, choice)
        for key, scene in document["scenes"].items()
        for choice, value in scene["choices"].items()
        if key in brute.places and brute.exists(value["to"])
    }
    fewest = brute.fewest()
    lost = {position[0] for position, moves in brute.moves.items() if position not in fewest and moves}
    assert unreachable == nodes - brute.places
    assert never == all_choices - brute.taken
    assert stuck == brute.stuck
    assert no_way_out == lost


@PROPERTIES
@given(sound_documents())
def test_no_fault_is_claimed_of_a_sound_graph(document):
    assert errors(check(from_document(document))) == ()


@PROPERTIES
@given(st.one_of(documents(), sound_documents()))
def test_no_state_of_a_graph_that_passes_is_without_a_way_to_an_ending(document):
    if not errors(check(from_document(document))):
        brute = Brute(document)
        assert set(brute.fewest()) == set(brute.moves)


@PROPERTIES
@given(documents())
def test_every_way_that_a_finding_tells_can_be_played_and_shows_it(document):
    graph = from_document(document)
    for finding in check(graph):
        state = begin(graph)
        for key in finding.way:
            state = choose(graph, state, key)
        if finding.code == "stuck":
            assert (state.at, [choice for choice in offer(graph, state) if choice.to in graph]) == (finding.scene, [])
        if finding.code == "no-way-out":
            assert state.at == finding.scene
            assert explore(graph).of(state) not in explore(graph).shortest
