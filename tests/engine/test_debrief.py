"""Best lines, what a decision cost, figures, and how much is left: compared with brute force."""

from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from scenarios.engine.debrief import best_line, figure, remaining, review, skills
from scenarios.engine.explore import explore
from scenarios.engine.graph import from_document
from scenarios.engine.play import begin, offer, replay
from tests.engine.brute import Brute
from tests.engine.stories import sound_documents, story, to
from tests.factories import a_document

PROPERTIES = settings(max_examples=150, deadline=None, derandomize=True, phases=[Phase.generate])


def any_play(graph, chance):
    """A play to an ending with random choices, and the best ones once it grows long."""
    exploration, keys = explore(graph), []
    state = begin(graph)
    while state.at in graph.scenes:
        best = exploration.best(exploration.of(state))
        choice = best if len(keys) > 12 and best else chance.choice(offer(graph, state))
        keys.append(choice.key)
        state = replay(graph, keys)[-1].after
    return replay(graph, keys)


def test_best_line_and_cost_of_a_small_story():
    graph = from_document(a_document())
    steps = replay(graph, ["rush", "sorry"])
    first, second = review(explore(graph), steps)
    assert [choice.key for choice in first.best] == ["listen", "agree"]
    assert (first.best_ending.key, first.cost, first.moved) == ("settled", 45, {"tension": (4, 7)})
    assert (second.cost, second.was_best, second.best_ending.key) == (0, True, "half-settled")


def test_short_bad_play_is_never_perfect_and_a_detour_to_the_best_is_not_either():
    graph = story(
        one=[to("settled", key="best", skills={"s": 1}), to("two", key="slip", skills={"s": -1}), to("stormy")],
        two=[to("settled")],
    )
    exploration = explore(graph)
    figures = {
        keys: figure(exploration, replay(graph, keys)) for keys in (("best",), ("slip", "to-settled"), ("to-stormy",))
    }
    assert figures == {("best",): 100, ("slip", "to-settled"): 95, ("to-stormy",): 0}


def test_figure_of_a_graph_whose_best_is_not_resolved_is_against_that_best():
    graph = story(one=[to("halfway"), to("raised")])
    exploration = explore(graph)
    assert [figure(exploration, replay(graph, [key])) for key in ("to-halfway", "to-raised")] == [100, 50]


def test_skills_are_counted_with_the_decisions_behind_them():
    graph = story(one=[to("two", skills={"limits": 1, "calm": 0})], two=[to("settled", skills={"limits": -1})])
    tallies = skills(replay(graph, ["to-two", "to-settled"]))
    assert {name: (t.helped, t.neutral, t.hurt, t.decisions) for name, t in tallies.items()} == {
        "limits": (1, 0, 1, 2),
        "calm": (0, 1, 0, 1),
    }


def test_progress_in_a_circle_has_no_most():
    graph = story(one=[to("one", key="round"), to("two")], two=[to("settled")])
    exploration = explore(graph)
    steps = replay(graph, ["to-two"])
    assert (remaining(exploration, begin(graph)), remaining(exploration, steps[-1].after)) == ((2, None), (1, 1))


@PROPERTIES
@given(sound_documents())
def test_best_line_is_what_brute_force_finds_and_can_be_played(document):
    graph = from_document(document)
    brute = Brute(document)
    exploration = explore(graph)
    value, haste = brute.best()[brute.first]
    line = best_line(exploration, begin(graph))
    steps = replay(graph, [choice.key for choice, _ in line])
    assert (exploration.outlook[exploration.start].value, len(line)) == (value, -haste)
    assert steps[-1].after.at == line[-1][1].at


@PROPERTIES
@given(sound_documents(), st.randoms(use_true_random=False))
def test_figure_is_100_only_for_a_play_as_good_as_the_best(document, chance):
    graph = from_document(document)
    brute = Brute(document)
    steps = any_play(graph, chance)
    hurt = sum(5 for step in steps if step.choice.hurts)
    best = brute.best()[brute.first][0]
    value = graph.endings[steps[-1].after.at].score - hurt
    shown = figure(explore(graph), steps)
    assert (shown == 100) == (value == best)
    assert 0 <= shown <= 100


@PROPERTIES
@given(sound_documents(), st.randoms(use_true_random=False))
def test_costs_of_a_play_add_up_to_what_it_missed(document, chance):
    graph = from_document(document)
    exploration = explore(graph)
    steps = any_play(graph, chance)
    hurt = sum(5 for step in steps if step.choice.hurts)
    value = graph.endings[steps[-1].after.at].score - hurt
    missed = exploration.outlook[exploration.start].value - value
    assert sum(look.cost for look in review(exploration, steps)) == missed


@PROPERTIES
@given(sound_documents(), st.randoms(use_true_random=False))
def test_progress_never_promises_too_little_or_too_much(document, chance):
    graph = from_document(document)
    exploration = explore(graph)
    steps = any_play(graph, chance)
    for taken, step in enumerate(steps):
        least, most = remaining(exploration, step.before)
        left = len(steps) - taken
        assert least <= left
        assert most is None or left <= most


@PROPERTIES
@given(sound_documents())
def test_shortest_and_longest_are_what_brute_force_finds(document):
    graph = from_document(document)
    brute = Brute(document)
    assume(len(brute.moves) < 60)
    assert remaining(explore(graph), begin(graph)) == (brute.fewest()[brute.first], brute.most(brute.first))


@PROPERTIES
@given(sound_documents(), st.randoms(use_true_random=False))
def test_forgetting_what_nothing_tests_changes_no_answer(document, chance):
    """The exploration merges states; each state of a play still has the outlook that brute force gives it."""
    graph = from_document(document)
    brute, exploration = Brute(document), explore(graph)
    best, position = brute.best(), brute.first
    for step in any_play(graph, chance):
        outlook = exploration.outlook[exploration.of(step.before)]
        assert (outlook.value, -outlook.decisions) == best[position]
        position = dict(brute.moves[position])[step.choice.key]
