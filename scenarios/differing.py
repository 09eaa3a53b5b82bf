"""What changed between two documents of a scenario, as an author or a learner reads it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from scenarios.engine.graph import TENSION, Document

# Beyond so many words a comparison word by word takes too long; then the old and the new stand side by side.
MOST_WORDS = 1500
RATINGS = {1: "helped", 0: "neutral", -1: "hurt"}


@dataclass(frozen=True)
class Piece:
    """A run of words: ``kind`` is same, gone or new."""

    kind: str
    text: str


@dataclass(frozen=True)
class Edit:
    """One field that reads differently."""

    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Change:
    """What became of one thing. ``what`` is added, removed or changed; ``scene`` and ``choice`` are keys, or empty."""

    what: str
    thing: str
    name: str
    edits: tuple[Edit, ...] = ()
    scene: str = ""
    choice: str = ""


# What stands on a learner's pages; the rest is the author's business.
READ = frozenset(
    (
        "Title", "Introduction", "Afterwards", "Content note", "Description", "How it turned out", "Speaker", "Speech",
        "Text", "Consequence", "Coaching",
    )
)  # fmt: skip
Fields = Mapping[str, Callable[[Document], str]]


def _text(name: str) -> Callable[[Document], str]:
    return lambda thing: str(thing.get(name, "") or "").strip()


def _listed(name: str) -> Callable[[Document], str]:
    return lambda thing: ", ".join(thing.get(name, ()))


def _effects(choice: Document) -> str:
    return ", ".join(f"{meter} {change:+d}" for meter, change in choice.get("effects", {}).items() if change)


def _skills(choice: Document) -> str:
    return ", ".join(f"{skill} {RATINGS.get(rating, rating)}" for skill, rating in choice.get("skills", {}).items())


def _bound(meter: str, bound: Document) -> str:
    ends = (("at least", bound.get("at_least")), ("at most", bound.get("at_most")))
    return f"{meter} " + " and ".join(f"{word} {value}" for word, value in ends if value is not None)


def _needs(choice: Document) -> str:
    requires = choice.get("requires", {})
    bounds = [_bound(meter, bound) for meter, bound in requires.get("meters", {}).items()]
    flags = [*requires.get("has", ()), *(f"not {flag}" for flag in requires.get("lacks", ()))]
    return ", ".join((*bounds, *flags))


def _takes_over(node: Document) -> str:
    threshold = node.get("takes_over")
    return _bound(threshold["meter"], threshold) if threshold else ""


def _meters(document: Document) -> str:
    meters = document["meters"].items()
    return ", ".join(f"{value.get('label', key)} {value['start']}" + _span(key, value) for key, value in meters)


def _span(key: str, meter: Document) -> str:
    return "" if key == TENSION else f" ({meter['minimum']} to {meter['maximum']})"


def _day(day: Document) -> str:
    starts = ", ".join(f"{meter} starts at {value}" for meter, value in day.get("meters", {}).items())
    flags = ", ".join(f"{flag} set" for flag in day.get("sets", ()))
    return " · ".join(filter(None, (day["label"], starts, flags, *_on_day(day.get("scenes", {})))))


def _on_day(scenes: Document) -> Iterator[str]:
    for key, scene in scenes.items():
        for name in ("description", "speech"):
            if name in scene:
                yield f"{key}, {name}: {_text(name)(scene)}"
        for choice, change in scene.get("choices", {}).items():
            said = (change.get("to", ""), _effects(change), _text("consequence")(change), _text("coaching")(change))
            yield f"{key}, {choice}: " + " · ".join(filter(None, said))


SCENARIO: Fields = {
    "Title": _text("title"),
    "Language": _text("language"),
    "Translates": _text("translates"),
    "Summary": _text("summary"),
    "Minutes": _text("minutes"),
    "Picture": _text("picture"),
    "Picture in words": _text("picture_alt"),
    "Content note": _text("content_note"),
    "Introduction": _text("introduction"),
    "Afterwards": _text("aftercare"),
    "Policies": _listed("policies"),
    "Meters at the start": _meters,
    "Flags": lambda document: ", ".join(document.get("flags", {}).values()),
    "Begins with": lambda document: next(iter(document["scenes"]), ""),
    "Other days": lambda document: "; ".join(map(_day, document.get("days", {}).values())),
}
NODE: Fields = {
    "Title": _text("title"),
    "Kind": _text("kind"),
    "Score": _text("score"),
    "Takes over": _takes_over,
    "Description": _text("description"),
    "How it turned out": _text("text"),
    "Speaker": _text("speaker"),
    "Speech": _text("speech"),
    "Order of the choices": lambda node: ", ".join(node.get("choices", ())),
}
CHOICE: Fields = {
    "Text": _text("text"),
    "Leads to": _text("to"),
    "On offer when": _needs,
    "Moves": _effects,
    "Sets": _listed("sets"),
    "Clears": _listed("clears"),
    "Consequence": _text("consequence"),
    "Coaching": _text("coaching"),
    "Skills": _skills,
    "Policy": _text("policy"),
}


def difference(old: Document, new: Document) -> tuple[Change, ...]:
    """Every change from the old document to the new: the scenario's own, then scene by scene, endings last."""
    return (*_scenario(old, new), *_nodes(old, new, "scenes", "scene"), *_nodes(old, new, "endings", "ending"))


def as_read(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """What of the changes a learner would see on the page."""
    seen = (replace(change, edits=tuple(edit for edit in change.edits if edit.field in READ)) for change in changes)
    return tuple(change for change in seen if change.edits or change.what != "changed")


def changed_places(changes: tuple[Change, ...]) -> frozenset[tuple[str, str]]:
    """The (scene, choice) keys that read or work otherwise for somebody who has been there; choice '' is the scene."""
    return frozenset((change.scene, change.choice) for change in changes if change.scene and change.what != "added")


def _scenario(old: Document, new: Document) -> Iterator[Change]:
    if edits := _edits(old, new, SCENARIO):
        yield Change("changed", "scenario", new["title"], edits)


def _nodes(old: Document, new: Document, group: str, thing: str) -> Iterator[Change]:
    before, after = old[group], new[group]
    for key in (*after, *(key for key in before if key not in after)):
        one, other = before.get(key), after.get(key)
        if one is None or other is None:
            title = (other or one)["title"]
            yield Change("removed" if other is None else "added", thing, title, scene=key)
            continue
        if edits := _edits(one, other, NODE):
            yield Change("changed", thing, other["title"], edits, scene=key)
        yield from _choices(one, other, key)


def _choices(old: Document, new: Document, scene: str) -> Iterator[Change]:
    before, after = old.get("choices", {}), new.get("choices", {})
    for key in (*after, *(key for key in before if key not in after)):
        one, other = before.get(key), after.get(key)
        edits = _edits(one or {}, other or {}, CHOICE)
        what = "removed" if other is None else "added" if one is None else "changed"
        if edits:
            named = other or one
            assert named is not None
            yield Change(what, "choice", f"{new['title']}: “{named['text']}”", edits, scene, key)


def _edits(old: Document, new: Document, fields: Fields) -> tuple[Edit, ...]:
    said = ((name, read(old), read(new)) for name, read in fields.items())
    return tuple(Edit(name, pieces(before, after)) for name, before, after in said if before != after)


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts as one: what stayed, what went, what came, in runs of words."""
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > MOST_WORDS:
        return (Piece("gone", before), Piece("new", after))
    found = []
    for operation, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        kept, gone, come = " ".join(old[i1:i2]), " ".join(old[i1:i2]), " ".join(new[j1:j2])
        found += [("same", kept)] if operation == "equal" else [("gone", gone), ("new", come)]
    return tuple(Piece(kind, text) for kind, text in found if text)
