"""The map: every scene once, nothing on top of anything, every arrow from box to box."""

from itertools import pairwise

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from scenarios.engine.graph import from_document
from scenarios.engine.layout import layout
from tests.engine.stories import documents, graphs, story, to, told

FEW = settings(max_examples=120, deadline=None, derandomize=True, phases=[Phase.generate])


def touching(box, other):
    across = box.x < other.x + other.width and other.x < box.x + box.width
    return across and box.y < other.bottom and other.y < box.bottom


@FEW
@given(graphs())
def test_every_scene_and_ending_has_one_box_apart_from_all_others(graph):
    boxes = layout(graph).boxes
    assert sorted(box.key for box in boxes) == sorted([*graph.scenes, *graph.endings])
    assert not [(a.key, b.key) for a in boxes for b in boxes if a.key < b.key and touching(a, b)]


@FEW
@given(graphs())
def test_arrows_begin_and_end_at_their_boxes_and_forward_ones_go_down(graph):
    drawing = layout(graph)
    boxes = {box.key: box for box in drawing.boxes}
    for arrow in drawing.arrows:
        start, end = boxes[arrow.start], boxes[arrow.end]
        x, y = (int(part) for part in arrow.path[1:].split(" ")[:2])
        if arrow.is_back:
            assert (x, start.y <= y <= start.bottom) == (start.right, True)
            assert (arrow.tip[0], end.y <= arrow.tip[1] <= end.bottom) == (end.right, True)
        else:
            assert ((x, y), arrow.tip, y < arrow.tip[1]) == ((start.middle, start.bottom), (end.middle, end.y), True)


@FEW
@given(graphs())
def test_all_of_it_is_on_the_paper(graph):
    drawing = layout(graph)
    assert all(box.x >= 0 and box.right <= drawing.width for box in drawing.boxes)
    assert all(box.y >= 0 and box.bottom <= drawing.height for box in drawing.boxes)


@FEW
@given(documents())
def test_same_graph_gives_the_same_drawing(document):
    assert layout(from_document(document)) == layout(from_document(document))


@settings(max_examples=20, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.randoms(use_true_random=False), st.integers(20, 40))
def test_many_scenes_stay_apart(chance, count):
    names = [f"scene-{number}" for number in range(count)]
    scenes = {
        name: [to(chance.choice([*names, "settled"]), key=f"choice-{number}") for number in range(3)] for name in names
    }
    boxes = layout(from_document(told(scenes, endings={"settled": "resolved"}))).boxes
    assert not [(a.key, b.key) for a in boxes for b in boxes if a.key < b.key and touching(a, b)]


def test_choices_between_the_same_two_scenes_are_one_arrow():
    graph = story(one=[to("two", key="a"), to("two", key="b"), to("settled")], two=[to("settled")])
    arrows = {(arrow.start, arrow.end): arrow.choices for arrow in layout(graph).arrows}
    assert arrows == {
        ("one", "two"): ("a", "b"),
        ("one", "settled"): ("to-settled",),
        ("two", "settled"): ("to-settled",),
    }


def test_way_back_goes_up_at_the_side():
    graph = story(one=[to("two")], two=[to("one"), to("settled")])
    assert [arrow.is_back for arrow in layout(graph).arrows if arrow.end == "one"] == [True]


def test_scene_that_only_takes_over_stands_below_the_start():
    over = {"takes_over": {"two": {"meter": "tension", "at_least": 9}}}
    boxes = {box.key: box for box in layout(story(over, one=[to("settled")], two=[to("stormy")])).boxes}
    assert boxes["one"].bottom < boxes["two"].y
    assert boxes["two"].takes_over == "takes over by tension"


def test_chain_of_a_thousand_scenes_is_drawn():
    scenes = {f"s{number}": [to(f"s{number + 1}" if number < 999 else "settled")] for number in range(1000)}
    boxes = {box.key: box for box in layout(from_document(told(scenes))).boxes}
    assert all(boxes[f"s{a}"].bottom < boxes[f"s{b}"].y for a, b in pairwise(range(1000)))


def test_no_scene_is_no_drawing():
    assert layout(from_document(told({}, endings={}))).boxes == ()
