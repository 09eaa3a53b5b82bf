"""What changed between two documents of a scenario, as an author or a learner reads it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext_lazy

from scenarios.engine.graph import TENSION, Document

# Beyond so many words a comparison word by word takes too long; then the old and the new stand side by side.
MOST_WORDS = 1500
RATINGS = {1: gettext_lazy("helped"), 0: gettext_lazy("neutral"), -1: gettext_lazy("hurt")}
DEEDS = {
    "added": pgettext_lazy("change", "Added"),
    "removed": pgettext_lazy("change", "Removed"),
    "changed": pgettext_lazy("change", "Changed"),
}
THINGS = {
    "scenario": pgettext_lazy("change", "scenario"),
    "scene": pgettext_lazy("change", "scene"),
    "ending": pgettext_lazy("change", "ending"),
    "choice": pgettext_lazy("change", "choice"),
}


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

    @property
    def label(self) -> str:
        """What the field is called, in the reader's language."""
        return _(self.field)


@dataclass(frozen=True)
class Change:
    """What became of one thing. ``what`` is added, removed or changed; ``scene`` and ``choice`` are keys, or empty."""

    what: str
    thing: str
    name: str
    edits: tuple[Edit, ...] = ()
    scene: str = ""
    choice: str = ""

    @property
    def deed(self) -> str:
        """What was done, in the reader's language: “Added”, before “scene”."""
        return str(DEEDS[self.what])

    @property
    def kind(self) -> str:
        """What it was done to, in the reader's language."""
        return str(THINGS[self.thing])


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
    least, most = bound.get("at_least"), bound.get("at_most")
    if least is not None and most is not None:
        said = _("%(meter)s at least %(least)s and at most %(most)s")
        return said % {"meter": meter, "least": least, "most": most}
    if least is not None:
        return _("%(meter)s at least %(least)s") % {"meter": meter, "least": least}
    return meter if most is None else _("%(meter)s at most %(most)s") % {"meter": meter, "most": most}


def _needs(choice: Document) -> str:
    requires = choice.get("requires", {})
    bounds = [_bound(meter, bound) for meter, bound in requires.get("meters", {}).items()]
    flags = [*requires.get("has", ()), *(_("not %(flag)s") % {"flag": flag} for flag in requires.get("lacks", ()))]
    return ", ".join((*bounds, *flags))


def _takes_over(node: Document) -> str:
    threshold = node.get("takes_over")
    return _bound(threshold["meter"], threshold) if threshold else ""


def _meters(document: Document) -> str:
    meters = document["meters"].items()
    return ", ".join(f"{value.get('label', key)} {value['start']}" + _span(key, value) for key, value in meters)


def _span(key: str, meter: Document) -> str:
    return "" if key == TENSION else " (" + _("%(minimum)s to %(maximum)s") % meter + ")"


def _day(day: Document) -> str:
    start, is_set = _("%(meter)s starts at %(value)s"), _("%(flag)s set")
    starts = ", ".join(start % {"meter": meter, "value": value} for meter, value in day.get("meters", {}).items())
    flags = ", ".join(is_set % {"flag": flag} for flag in day.get("sets", ()))
    return " · ".join(filter(None, (day["label"], starts, flags, *_on_day(day.get("scenes", {})))))


def _on_day(scenes: Document) -> Iterator[str]:
    for key, scene in scenes.items():
        for name in ("description", "speech"):
            if name in scene:
                yield f"{key}, {_(name)}: {_text(name)(scene)}"
        for choice, change in scene.get("choices", {}).items():
            said = (change.get("to", ""), _effects(change), _text("consequence")(change), _text("coaching")(change))
            yield f"{key}, {choice}: " + " · ".join(filter(None, said))


SCENARIO: Fields = {
    gettext_noop("Title"): _text("title"),
    gettext_noop("Language"): _text("language"),
    gettext_noop("Translates"): _text("translates"),
    gettext_noop("Summary"): _text("summary"),
    gettext_noop("Minutes"): _text("minutes"),
    gettext_noop("Picture"): _text("picture"),
    gettext_noop("Picture in words"): _text("picture_alt"),
    gettext_noop("Content note"): _text("content_note"),
    gettext_noop("Introduction"): _text("introduction"),
    gettext_noop("Afterwards"): _text("aftercare"),
    gettext_noop("Policies"): _listed("policies"),
    gettext_noop("Meters at the start"): _meters,
    gettext_noop("Flags"): lambda document: ", ".join(document.get("flags", {}).values()),
    gettext_noop("Begins with"): lambda document: next(iter(document["scenes"]), ""),
    gettext_noop("Other days"): lambda document: "; ".join(map(_day, document.get("days", {}).values())),
}
NODE: Fields = {
    gettext_noop("Title"): _text("title"),
    gettext_noop("Kind"): _text("kind"),
    gettext_noop("Score"): _text("score"),
    gettext_noop("Takes over"): _takes_over,
    gettext_noop("Description"): _text("description"),
    gettext_noop("How it turned out"): _text("text"),
    gettext_noop("Speaker"): _text("speaker"),
    gettext_noop("Speech"): _text("speech"),
    gettext_noop("Order of the choices"): lambda node: ", ".join(node.get("choices", ())),
}
CHOICE: Fields = {
    gettext_noop("Text"): _text("text"),
    gettext_noop("Leads to"): _text("to"),
    gettext_noop("On offer when"): _needs,
    gettext_noop("Moves"): _effects,
    gettext_noop("Sets"): _listed("sets"),
    gettext_noop("Clears"): _listed("clears"),
    gettext_noop("Consequence"): _text("consequence"),
    gettext_noop("Coaching"): _text("coaching"),
    gettext_noop("Skills"): _skills,
    gettext_noop("Policy"): _text("policy"),
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
