"""The map says in the reader's language what the engine says in English."""

from hypothesis import Phase, given, settings

from scenarios.engine.layout import layout
from scenarios.mapping import map_of
from scenarios.words import BOXES
from tests.engine.stories import graphs


@settings(max_examples=60, deadline=None, derandomize=True, phases=[Phase.generate])
@given(graphs())
def test_map_in_english_is_the_engines(graph):
    assert map_of(graph) == layout(graph)


@settings(max_examples=60, deadline=None, derandomize=True, phases=[Phase.generate])
@given(graphs())
def test_whatever_a_box_can_be_stands_in_the_catalogue(graph):
    assert {box.label for box in layout(graph).boxes} <= set(BOXES)
