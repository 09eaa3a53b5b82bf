"""What a scenario is: a finite graph of scenes, joined by choices, ending in endings.

A graph is read from a *document*, the plain mapping that packs, drafts and editions share and that
``fixtures/README.md`` describes field by field. Whoever lets a document in validates its shape (see
``scenarios.exchange``); its meaning is read leniently here, so that a choice that leads nowhere is a
graph with a fault, which ``check`` reports, and not an exception.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

FORMAT = "scenario/1"
TENSION = "tension"
ENDING_KINDS = ("resolved", "partly-resolved", "escalated", "unsafe")
SCORES = {"resolved": 100, "partly-resolved": 60, "escalated": 30, "unsafe": 0}

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Meter:
    """A number that choices move and scenes test, from ``minimum`` to ``maximum`` inclusive."""

    key: str
    label: str
    start: int
    minimum: int
    maximum: int

    def clamp(self, value: int) -> int:
        return max(self.minimum, min(self.maximum, value))


@dataclass(frozen=True, slots=True)
class Bound:
    """A test of one meter; either end may be open."""

    meter: str
    at_least: int | None = None
    at_most: int | None = None

    def holds(self, value: int) -> bool:
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)

    def crossed(self, before: int, after: int) -> bool:
        """Whether a move from ``before`` to ``after`` is what made the test hold."""
        return self.holds(after) and not self.holds(before)


@dataclass(frozen=True, slots=True)
class Choice:
    """What staff may say or do in a scene, what it needs, and what it does."""

    key: str
    text: str
    to: str
    bounds: tuple[Bound, ...] = ()
    has: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    effects: Mapping[str, int] = field(default_factory=dict, hash=False)
    sets: frozenset[str] = frozenset()
    clears: frozenset[str] = frozenset()
    consequence: str = ""
    coaching: str = ""
    skills: Mapping[str, int] = field(default_factory=dict, hash=False)
    policy: str = ""

    @property
    def hurts(self) -> bool:
        return any(rating < 0 for rating in self.skills.values())


@dataclass(frozen=True, slots=True)
class Scene:
    """What the learner reads, and the choices there. A scene without choices is a fault, not an ending."""

    key: str
    title: str
    description: str = ""
    speaker: str = ""
    speech: str = ""
    takes_over: Bound | None = None
    choices: tuple[Choice, ...] = ()

    def choice(self, key: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.key == key), None)


@dataclass(frozen=True, slots=True)
class Ending:
    """How it turned out. ``score`` is from 0 to 100."""

    key: str
    title: str
    text: str
    kind: str
    score: int
    takes_over: Bound | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """One scenario. ``scenes`` are in document order; the first is where a play begins, with the flags ``sets``."""

    slug: str
    title: str
    language: str
    summary: str
    minutes: int
    content_note: str
    introduction: str
    policies: tuple[str, ...]
    meters: Mapping[str, Meter]
    flags: Mapping[str, str]
    scenes: Mapping[str, Scene]
    endings: Mapping[str, Ending]
    sets: frozenset[str] = frozenset()
    aftercare: str = ""

    @property
    def start(self) -> str:
        return next(iter(self.scenes))

    @property
    def usurpers(self) -> tuple[Scene | Ending, ...]:
        """The scenes and endings that take over at a threshold, first the one that wins."""
        nodes: list[Scene | Ending] = [*self.scenes.values(), *self.endings.values()]
        return tuple(node for node in nodes if node.takes_over)

    def __contains__(self, key: str) -> bool:
        return key in self.scenes or key in self.endings

    def node(self, key: str) -> Scene | Ending:
        """The scene or ending of this key; raises KeyError."""
        return self.scenes[key] if key in self.scenes else self.endings[key]

    def choices(self) -> Iterator[tuple[Scene, Choice]]:
        for scene in self.scenes.values():
            for choice in scene.choices:
                yield scene, choice


def from_document(document: Document) -> Graph:
    """Read a document of a valid shape, as it plays on its ordinary day (see ``days``).

    A key used by a scene and an ending belongs to the scene.
    """
    return Graph(
        slug=document["slug"],
        title=document["title"],
        language=document["language"],
        summary=document["summary"],
        minutes=document["minutes"],
        content_note=document.get("content_note", ""),
        introduction=document["introduction"],
        policies=tuple(document.get("policies", ())),
        meters={key: _meter(key, value) for key, value in document["meters"].items()},
        flags=dict(document.get("flags", {})),
        scenes={key: _scene(key, value) for key, value in document["scenes"].items()},
        endings={key: _ending(key, value) for key, value in document["endings"].items()},
        sets=frozenset(document.get("sets", ())),
        aftercare=document.get("aftercare", ""),
    )


def _meter(key: str, value: Document) -> Meter:
    if key == TENSION:
        return Meter(key, "Tension", value["start"], 0, 10)
    return Meter(key, value["label"], value["start"], value["minimum"], value["maximum"])


def _bound(meter: str, value: Document) -> Bound:
    return Bound(meter, value.get("at_least"), value.get("at_most"))


def _takes_over(value: Document) -> Bound | None:
    threshold = value.get("takes_over")
    return _bound(threshold["meter"], threshold) if threshold else None


def _scene(key: str, value: Document) -> Scene:
    return Scene(
        key=key,
        title=value["title"],
        description=value.get("description", ""),
        speaker=value.get("speaker", ""),
        speech=value.get("speech", ""),
        takes_over=_takes_over(value),
        choices=tuple(_choice(key, choice) for key, choice in value.get("choices", {}).items()),
    )


def _choice(key: str, value: Document) -> Choice:
    requires = value.get("requires", {})
    return Choice(
        key=key,
        text=value["text"],
        to=value["to"],
        bounds=tuple(_bound(meter, bound) for meter, bound in requires.get("meters", {}).items()),
        has=frozenset(requires.get("has", ())),
        lacks=frozenset(requires.get("lacks", ())),
        effects=dict(value.get("effects", {})),
        sets=frozenset(value.get("sets", ())),
        clears=frozenset(value.get("clears", ())),
        consequence=value.get("consequence", ""),
        coaching=value.get("coaching", ""),
        skills=dict(value.get("skills", {})),
        policy=value.get("policy", ""),
    )


def _ending(key: str, value: Document) -> Ending:
    return Ending(
        key=key,
        title=value["title"],
        text=value["text"],
        kind=value["kind"],
        score=value.get("score", SCORES[value["kind"]]),
        takes_over=_takes_over(value),
    )
