"""Plays a draft for its author. The whole play is in the address; nothing is recorded."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import ValidationError

from scenarios.admin.overview import Pages
from scenarios.drafting import document_of, page_of
from scenarios.engine.explore import explore
from scenarios.engine.graph import Choice, Graph, from_document
from scenarios.engine.play import NotOffered, State, Step, begin, offer, readings, replay
from scenarios.models import PolicyValue, Scenario
from scenarios.pages import Turn, turn

# Enough for what a page says; the check before publishing looks further.
LIMIT = 20_000
LONGEST_PATH = 500


class NothingToPlay(Exception):
    """The draft has no scene yet, or one that cannot be shown."""


@dataclass(frozen=True)
class Way:
    """A choice with the path that it leads on to; empty where it leads nowhere yet. ``edit`` is its place in admin."""

    choice: Choice
    path: str
    edit: str


@dataclass(frozen=True)
class Preview:
    """``cut``: the draft no longer allows the path that was asked for, and this is how far it goes."""

    turn: Turn
    graph: Graph
    ways: tuple[Way, ...]
    hidden: tuple[Way, ...]
    meters: tuple[tuple[str, int], ...]
    flags: tuple[str, ...]
    back: str
    edit: str
    cut: bool
    values: dict[str, str]

    @property
    def is_stuck(self) -> bool:
        return not self.turn.is_over and not self.ways


def preview_of(scenario: Scenario, path: str) -> Preview:
    """The page of the draft after the choices of ``path``, whose keys are joined by commas: reads only."""
    document = document_of(scenario)
    if not document["scenes"]:
        raise NothingToPlay("There is no scene yet. Add the scene in which the scenario begins.")
    graph = _graph(document)
    wanted = [key for key in path.split(",") if key][:LONGEST_PATH]
    steps = _as_far_as_it_goes(graph, wanted)
    taken = [step.choice.key for step in steps]
    state = steps[-1].after if steps else begin(graph)
    shown, pages = turn(explore(graph, LIMIT), steps), Pages(scenario, document)
    return Preview(
        turn=shown,
        graph=graph,
        ways=tuple(_way(graph, pages, state, choice, taken) for choice in shown.choices),
        hidden=tuple(_way(graph, pages, state, choice, taken) for choice in _not_offered(graph, state)),
        meters=tuple((graph.meters[key].label, value) for key, value in readings(graph, state).items()),
        flags=tuple(sorted(graph.flags.get(flag, flag) for flag in state.flags)),
        back=query(taken[:-1]),
        edit=pages.of(state.at),
        cut=len(taken) < len(wanted),
        values=PolicyValue.objects.quoted_in(graph.introduction, graph.content_note, *shown.texts()),
    )


def query(keys: list[str]) -> str:
    """The part of the address that holds a path."""
    return "?" + urlencode({"path": ",".join(keys)}, safe=",") if keys else "?"


def _graph(document: dict[str, object]) -> Graph:
    try:
        return from_document(page_of(document))
    except ValidationError as error:
        raise NothingToPlay(" ".join(error.messages)) from None


def _as_far_as_it_goes(graph: Graph, keys: list[str]) -> tuple[Step, ...]:
    for length in range(len(keys), 0, -1):
        try:
            return replay(graph, keys[:length])
        except NotOffered:
            continue
    return ()


def _way(graph: Graph, pages: Pages, state: State, choice: Choice, taken: list[str]) -> Way:
    path = ",".join((*taken, choice.key)) if choice.to in graph else ""
    return Way(choice, path, pages.of(state.at, choice.key))


def _not_offered(graph: Graph, state: State) -> tuple[Choice, ...]:
    scene = graph.scenes.get(state.at)
    offered = offer(graph, state)
    return tuple(choice for choice in scene.choices if choice not in offered) if scene else ()
