"""Words to write small graphs with, and strategies that write random ones.

    story(at_the_desk=[to("calmer", tension=-2), to("stormy")], calmer=[to("settled")])

Names that no scene has are endings: ``settled`` resolved, ``halfway`` partly, ``escalated`` and ``stormy`` by name.
"""

from typing import Any

from hypothesis import strategies as st

from scenarios.engine.graph import Document, Graph, from_document
from tests.engine.brute import Brute

KINDS = {"settled": "resolved", "halfway": "partly-resolved", "raised": "escalated", "stormy": "unsafe"}


def to(
    end: str,
    *,
    key: str = "",
    at_least: dict[str, int] | None = None,
    at_most: dict[str, int] | None = None,
    has: tuple[str, ...] = (),
    lacks: tuple[str, ...] = (),
    sets: tuple[str, ...] = (),
    clears: tuple[str, ...] = (),
    skills: dict[str, int] | None = None,
    **effects: int,
) -> Document:
    """A choice that leads to ``end``; keyword arguments are its effects on meters."""
    meters: dict[str, dict[str, int]] = {}
    for name, bound in (("at_least", at_least), ("at_most", at_most)):
        for meter, value in (bound or {}).items():
            meters.setdefault(meter, {})[name] = value
    return {
        "key": key or f"to-{end}",
        "text": f"Go to {end}",
        "to": end,
        "requires": {"meters": meters, "has": list(has), "lacks": list(lacks)},
        "effects": effects,
        "sets": list(sets),
        "clears": list(clears),
        "skills": skills or {},
    }


def told(
    scenes: dict[str, list[Document]],
    *,
    tension: int = 4,
    trust: int | None = None,
    takes_over: dict[str, Document] | None = None,
    endings: dict[str, str] | None = None,
    flags: tuple[str, ...] | None = None,
) -> Document:
    """A document with these scenes; whatever choices lead to and is no scene is an ending, if its name is one."""
    named = {choice["to"] for choices in scenes.values() for choice in choices} - set(scenes)
    kinds = endings if endings is not None else {name: KINDS[name] for name in KINDS if name in named}
    used = {flag for choices in scenes.values() for choice in choices for flag in _flags(choice)}
    threshold = takes_over or {}
    return {
        "format": "scenario/1",
        "slug": "story",
        "title": "Story",
        "language": "en",
        "summary": "A story.",
        "minutes": 5,
        "introduction": "Once.",
        "meters": {"tension": {"start": tension}}
        | ({"trust": {"label": "Trust", "start": trust, "minimum": 0, "maximum": 10}} if trust is not None else {}),
        "flags": {flag: flag for flag in (sorted(used) if flags is None else flags)},
        "scenes": {
            key: {
                "title": key,
                "speech": "Well?",
                "choices": {choice["key"]: {k: v for k, v in choice.items() if k != "key"} for choice in choices},
            }
            | ({"takes_over": threshold[key]} if key in threshold else {})
            for key, choices in scenes.items()
        },
        "endings": {
            key: {"kind": kind, "title": key, "text": "The end."}
            | ({"takes_over": threshold[key]} if key in threshold else {})
            for key, kind in kinds.items()
        },
    }


def story(_options: dict[str, Any] | None = None, /, **scenes: list[Document]) -> Graph:
    """A graph of these scenes, the first of which is where it begins."""
    return from_document(told(scenes, **(_options or {})))


def _flags(choice: Document) -> set[str]:
    return {*choice["sets"], *choice["clears"], *choice["requires"]["has"], *choice["requires"]["lacks"]}


METERS, FLAGS, SCENES = ("tension", "trust"), ("knows", "asked"), ("one", "two", "three", "four", "five")


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Any document of a valid shape: with dead ends, loops, choices to nowhere, conditions that never hold."""
    names = SCENES[: draw(st.integers(1, len(SCENES)))]
    ends = tuple(KINDS)[: draw(st.integers(1, 3))]
    targets = st.sampled_from([*names, *ends, *ends] + (["nowhere"] if draw(st.integers(0, 9)) == 0 else []))
    values = st.dictionaries(st.sampled_from(METERS), st.integers(0, 10), max_size=1)
    some = st.lists(st.sampled_from(FLAGS), max_size=1).map(tuple)
    scenes = {}
    for name in names:
        choices = []
        for number in range(draw(st.integers(0 if draw(st.integers(0, 7)) == 0 else 1, 3))):
            effects = draw(st.dictionaries(st.sampled_from(METERS), st.integers(-3, 3), max_size=2))
            choices.append(
                to(
                    draw(targets),
                    key=f"choice-{number}",
                    at_least=draw(values) if draw(st.booleans()) else None,
                    at_most=draw(values) if draw(st.integers(0, 3)) == 0 else None,
                    has=draw(some) if draw(st.integers(0, 2)) == 0 else (),
                    lacks=draw(some) if draw(st.integers(0, 2)) == 0 else (),
                    sets=draw(some),
                    clears=draw(some) if draw(st.integers(0, 3)) == 0 else (),
                    skills=draw(st.dictionaries(st.just("clear-limits"), st.integers(-1, 1), max_size=1)),
                    **effects,
                )
            )
        scenes[name] = choices
    nodes = [*names, *ends]
    takes_over = {
        draw(st.sampled_from(nodes)): {
            "meter": draw(st.sampled_from(METERS)),
            draw(st.sampled_from(["at_least", "at_most"])): draw(st.integers(0, 10)),
        }
        for _ in range(draw(st.integers(0, 2)))
    }
    return told(
        scenes,
        tension=draw(st.integers(0, 10)),
        trust=draw(st.integers(0, 10)),
        takes_over=takes_over,
        endings={end: KINDS[end] for end in ends},
        flags=FLAGS,
    )


def graphs() -> st.SearchStrategy[Graph]:
    return documents().map(from_document)


@st.composite
def sound_documents(draw: st.DrawFn) -> Document:
    """A document that passes the check: every scene has a way out, and what no play reaches is taken away."""
    document = draw(documents())
    way_out = {"text": "Leave", "to": next(iter(document["endings"]))}
    for scene in document["scenes"].values():
        scene["choices"]["leave"] = way_out
    while (smaller := _without_the_unreached(document)) != document:
        document = smaller
    return document


def _without_the_unreached(document: Document) -> Document:
    brute = Brute(document)
    scenes = {
        key: scene
        | {
            "choices": {
                name: choice
                for name, choice in scene["choices"].items()
                if (key, name) in brute.taken and choice["to"] in brute.places
            }
        }
        for key, scene in document["scenes"].items()
        if key in brute.places
    }
    endings = {key: ending for key, ending in document["endings"].items() if key in brute.places}
    return document | {"scenes": scenes, "endings": endings}
