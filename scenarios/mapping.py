"""The map of a scenario, with its words in the reader's language."""

from dataclasses import replace

from django.utils.translation import gettext as _

from scenarios.engine.drawing import Box, Drawing
from scenarios.engine.graph import TENSION, Graph
from scenarios.engine.layout import layout


def map_of(graph: Graph) -> Drawing:
    drawing = layout(graph)
    return replace(drawing, boxes=tuple(_in_words(box, graph) for box in drawing.boxes))


def _in_words(box: Box, graph: Graph) -> Box:
    over = graph.node(box.key).takes_over
    usurps = _("takes over by %(meter)s") % {"meter": _called(over.meter)} if over else ""
    return replace(box, label=_(box.label), takes_over=usurps)


def _called(meter: str) -> str:
    return _("Tension").lower() if meter == TENSION else meter
