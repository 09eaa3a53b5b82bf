"""Little stories, and what happens when they are played."""

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from scenarios.engine.graph import from_document
from scenarios.engine.play import NotOffered, begin, choose, offer, readings, replay
from tests.engine.brute import Brute
from tests.engine.stories import documents, story, to

PROPERTIES = settings(max_examples=150, deadline=None, derandomize=True, phases=[Phase.generate])


def played(graph, *keys):
    return replay(graph, keys)[-1].after if keys else begin(graph)


def offered(graph, *keys):
    return [choice.key for choice in offer(graph, played(graph, *keys))]


def test_play_begins_in_the_first_scene_with_every_meter_at_its_start():
    graph = story({"tension": 6, "trust": 2}, one=[to("settled")], two=[])
    state = begin(graph)
    assert (state.at, readings(graph, state), state.flags) == ("one", {"tension": 6, "trust": 2}, frozenset())


def test_choice_moves_meters_and_flags_and_leads_on():
    graph = story({"trust": 2}, one=[to("two", tension=-2, trust=3, sets=("asked",))], two=[to("settled")])
    state = played(graph, "to-two")
    assert (state.at, readings(graph, state), state.flags) == ("two", {"tension": 2, "trust": 5}, {"asked"})


def test_meters_stay_within_their_bounds():
    graph = story(one=[to("two", tension=-9)], two=[to("settled", tension=20)])
    assert [readings(graph, step.after)["tension"] for step in replay(graph, ["to-two", "to-settled"])] == [0, 10]


def test_choice_is_offered_while_its_meter_is_within_both_ends_included():
    scenes = {"one": [to("settled", key="mid", at_least={"tension": 3}, at_most={"tension": 5}), to("halfway")]}
    shown = {start: "mid" in offered(story({"tension": start}, **scenes)) for start in range(2, 7)}
    assert shown == {2: False, 3: True, 4: True, 5: True, 6: False}


def test_flags_open_and_close_choices():
    graph = story(
        one=[to("two", sets=("knows",)), to("two", key="past")],
        two=[to("settled", has=("knows",)), to("halfway", lacks=("knows",))],
    )
    assert (offered(graph, "to-two"), offered(graph, "past")) == (["to-settled"], ["to-halfway"])


def test_choice_that_clears_and_sets_a_flag_leaves_it_set():
    graph = story(one=[to("two", sets=("knows",), clears=("knows",))], two=[to("settled", has=("knows",))])
    assert offered(graph, "to-two") == ["to-settled"]


OVER = {"takes_over": {"storm": {"meter": "tension", "at_least": 9}}}


def test_scene_takes_over_when_a_choice_crosses_the_threshold():
    graph = story(OVER | {"tension": 7}, one=[to("two", tension=2)], two=[to("settled")], storm=[to("stormy")])
    assert played(graph, "to-two").at == "storm"


def test_nothing_takes_over_twice_for_one_crossing():
    scenes = {"one": [to("two", tension=3)], "two": [to("settled")], "storm": [to("two", tension=1)]}
    graph = story(OVER | {"tension": 7}, **scenes)
    assert [step.after.at for step in replay(graph, ["to-two", "to-two", "to-settled"])] == ["storm", "two", "settled"]


def test_threshold_that_holds_at_the_start_takes_nothing_over():
    graph = story(OVER | {"tension": 10}, one=[to("two")], two=[to("settled")], storm=[to("stormy")])
    assert played(graph, "to-two").at == "two"


def test_choice_that_leads_to_an_ending_is_never_taken_over():
    graph = story(OVER | {"tension": 7}, one=[to("settled", tension=3)], storm=[to("stormy")])
    assert played(graph, "to-settled").at == "settled"


def test_of_two_that_take_over_the_first_written_wins():
    both = {name: {"meter": "tension", "at_least": 9} for name in ("later", "storm")}
    scenes = {"one": [to("two", tension=9)], "two": [to("settled")], "storm": [to("settled")], "later": [to("settled")]}
    assert played(story({"takes_over": both}, **scenes), "to-two").at == "storm"


def test_ending_can_take_over():
    over = {"takes_over": {"stormy": {"meter": "tension", "at_least": 9}}, "endings": {"stormy": "unsafe"}}
    assert played(story(over, one=[to("two", tension=9)], two=[to("stormy")]), "to-two").at == "stormy"


@pytest.mark.parametrize("key", ["no-such-choice", "", "to-halfway"])
def test_choice_that_is_not_on_offer_is_refused(key):
    graph = story(one=[to("settled"), to("halfway", has=("knows",)), to("two", key="on", sets=("knows",))], two=[])
    with pytest.raises(NotOffered):
        choose(graph, begin(graph), key)


def test_choice_that_leads_nowhere_is_refused():
    graph = story({"endings": {"settled": "resolved"}}, one=[to("nowhere"), to("settled")])
    with pytest.raises(NotOffered):
        choose(graph, begin(graph), "to-nowhere")


def test_nothing_is_offered_at_an_ending():
    assert offered(story(one=[to("settled")]), "to-settled") == []


def test_state_and_graph_cannot_be_changed():
    graph = story(one=[to("settled")])
    for thing, name in ((begin(graph), "at"), (graph, "title"), (graph.scenes["one"], "title")):
        with pytest.raises(FrozenInstanceError):
            setattr(thing, name, "other")


@PROPERTIES
@given(documents(), st.randoms(use_true_random=False))
def test_replay_is_the_state_step_by_step(document, chance):
    graph, state, keys = from_document(document), None, []
    state = begin(graph)
    for _ in range(8):
        ways = [choice for choice in offer(graph, state) if choice.to in graph]
        if not ways:
            break
        choice = chance.choice(ways)
        keys.append(choice.key)
        state = choose(graph, state, choice.key)
        steps = replay(graph, keys)
        assert (steps[-1].after, steps[-1].choice, len(steps)) == (state, choice, len(keys))


@PROPERTIES
@given(documents(), st.randoms(use_true_random=False))
def test_engine_and_brute_force_play_alike(document, chance):
    graph, brute = from_document(document), Brute(document)
    state, position = begin(graph), brute.first
    for _ in range(8):
        mine = [choice.key for choice in offer(graph, state) if choice.to in graph]
        theirs = dict(brute.moves[position])
        assert mine == list(theirs)
        if not mine:
            break
        key = chance.choice(mine)
        state, position = choose(graph, state, key), theirs[key]
        assert (state.at, readings(graph, state), state.flags) == (position[0], dict(position[1]), position[2])
