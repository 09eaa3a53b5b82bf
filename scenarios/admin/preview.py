"""Plays a draft for its author. The whole play is in the address; nothing is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from scenarios.admin.overview import Pages
from scenarios.drafting import document_of, page_of
from scenarios.engine.days import ORDINARY, on_day
from scenarios.engine.explore import explore
from scenarios.engine.graph import Choice, Graph, Meter, from_document
from scenarios.engine.play import NotOffered, State, Step, begin, offer, readings, replay
from scenarios.models import PolicyValue, Scenario
from scenarios.pages import Turn, turn
from scenarios.reviewing import called

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
    meters: tuple[tuple[str, str, int], ...]
    flags: tuple[tuple[str, str, bool], ...]
    nodes: tuple[tuple[str, str], ...]
    origin: str
    back: str
    edit: str
    cut: bool
    day: str
    days: tuple[tuple[str, str], ...]
    values: dict[str, str]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the address says of where the play began."""
        return parse_qsl(self.origin)

    @property
    def is_stuck(self) -> bool:
        return not self.turn.is_over and not self.ways


def preview_of(scenario: Scenario, asked: Mapping[str, str]) -> Preview:
    """The page of the draft after the choices of ``path``, whose keys are joined by commas: reads only.

    ``day`` names a day, ``from`` a scene to begin in instead, ``meter-…`` and ``flag-…`` what holds there. What makes
    no sense is as if it had not been asked.
    """
    document = document_of(scenario)
    if not document["scenes"]:
        raise NothingToPlay(_("There is no scene yet. Add the scene in which the scenario begins."))
    days = document.get("days", {})
    day = asked.get("day", "") if asked.get("day", "") in days else ORDINARY
    graph = _graph(on_day(document, day))
    start, origin = _start(graph, asked, {"day": day} if day else {})
    wanted = [key for key in asked.get("path", "").split(",") if key][:LONGEST_PATH]
    steps = _as_far_as_it_goes(graph, wanted, start)
    taken = [step.choice.key for step in steps]
    state = steps[-1].after if steps else start
    shown, pages = turn(explore(graph, LIMIT, start), steps, start), Pages(scenario, document)
    return Preview(
        turn=shown,
        graph=graph,
        ways=tuple(_way(graph, pages, state, choice, taken) for choice in shown.choices),
        hidden=tuple(_way(graph, pages, state, choice, taken) for choice in _not_offered(graph, state)),
        meters=tuple((key, called(graph.meters[key]), value) for key, value in readings(graph, state).items()),
        flags=tuple((key, label, key in state.flags) for key, label in graph.flags.items()),
        nodes=tuple((key, graph.node(key).title) for key in (*graph.scenes, *graph.endings)),
        origin=origin,
        back=query(taken[:-1]) + (f"&{origin}" if origin else ""),
        edit=pages.of(state.at),
        cut=len(taken) < len(wanted),
        day=day,
        days=tuple((key, value["label"]) for key, value in days.items()),
        values=PolicyValue.objects.quoted_in(graph.introduction, graph.content_note, *shown.texts()),
    )


def _start(graph: Graph, asked: Mapping[str, str], kept: dict[str, str]) -> tuple[State, str]:
    """Where to begin, and the part of the address that says so, after what of it is ``kept``."""
    if asked.get("from", "") not in graph:
        return begin(graph), urlencode(kept)
    values = {key: _number(asked.get(f"meter-{key}", ""), meter) for key, meter in graph.meters.items()}
    flags = frozenset(key for key in graph.flags if asked.get(f"flag-{key}"))
    said = kept | {"from": asked["from"]} | {f"meter-{key}": value for key, value in values.items()}
    return State(asked["from"], tuple(values.values()), flags), urlencode(said | {f"flag-{key}": 1 for key in flags})


def _number(asked: str, meter: Meter) -> int:
    digits = asked.removeprefix("-")
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 6
    return meter.clamp(int(asked)) if is_number else meter.start


def query(keys: list[str]) -> str:
    """The part of the address that holds a path."""
    return "?" + (urlencode({"path": ",".join(keys)}, safe=",") if keys else "")


def _graph(document: dict[str, object]) -> Graph:
    try:
        return from_document(page_of(document))
    except ValidationError as error:
        raise NothingToPlay(" ".join(error.messages)) from None


def _as_far_as_it_goes(graph: Graph, keys: list[str], start: State) -> tuple[Step, ...]:
    for length in range(len(keys), 0, -1):
        try:
            return replay(graph, keys[:length], start)
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
