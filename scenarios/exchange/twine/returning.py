"""A scenario of ours that was in Twine and comes back: what the comments in its passages carry is read again.

A passage that is as ``writing`` wrote it is what its comment says. One that was changed in Twine is read as any other;
its comment gives what Twine has no words for to those of its choices that still have their words.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from scenarios.engine.graph import TENSION, Document, from_document
from scenarios.exchange.foreign import KEPT, Remark, Story
from scenarios.exchange.hypertext import harmless
from scenarios.exchange.scenario import DRAFT
from scenarios.exchange.source import UNPRINTABLE, Source
from scenarios.exchange.twine import sugarcube
from scenarios.exchange.twine.passages import Passage, TwineStory, called
from scenarios.exchange.twine.state import Declared, Metered
from scenarios.exchange.twine.twee import passages_of
from scenarios.exchange.twine.unfolding import unfolded
from scenarios.exchange.twine.writing import INTRODUCTION, MARK, to_twee, variables_of
from scenarios.quoting import texts

NOTE = re.compile(rf"/\* {MARK} (\{{[^\n]*\}}) \*/[ \t]*+$", re.MULTILINE)
CARRIED = ("text", "coaching", "skills", "policy", "consequence")


@dataclass(frozen=True)
class Carried:
    """``document`` is the scenario as it left; ``written`` the text of each passage as it left."""

    document: Document
    order: tuple[str, ...]
    keys: dict[str, str]
    written: dict[str, str]

    @property
    def declared(self) -> Declared:
        graph = from_document(self.document)
        variables = variables_of(graph)
        meters = {
            variables[key]: Metered(key, meter.label, meter.start, meter.minimum, meter.maximum)
            for key, meter in graph.meters.items()
        }
        return Declared({variables[f"?{key}"]: (key, label) for key, label in graph.flags.items()}, meters)


def carried_by(story: TwineStory) -> Carried | None:
    """What a story of ours carries with it; None where it is not one, or what it carries is of no use."""
    notes = {passage.name: note for passage in story.passages if (note := _note(passage)) is not None}
    head = notes.get("StoryInit", {}).get("head")
    order = notes.get("StoryInit", {}).get("order")
    if not isinstance(head, dict) or not isinstance(order, list):
        return None
    document: Document = {**head, "scenes": {}, "endings": {}}
    keys: dict[str, str] = {}
    for name, note in notes.items():
        key = note.get("key")
        for kind, place in (("scene", "scenes"), ("ending", "endings")):
            if isinstance(key, str) and key not in keys.values() and isinstance(note.get(kind), dict):
                document[place][key] = note[kind]
                keys[name] = key
    ordered = tuple(key for key in order if isinstance(key, str))
    document = in_order(document, ordered)
    if any(UNPRINTABLE.search(text) for text in texts(document)):
        return None
    if DRAFT.faults(Source(story.title, document)) or TENSION not in document["meters"]:
        return None
    written = {passage.name: _body(passage) for passage in passages_of(to_twee(document), story.title)}
    return Carried(document, ordered, keys, written)


def in_order(document: Document, order: tuple[str, ...]) -> Document:
    """The scenes and endings in the order in which they left; new ones after them."""
    places = {key: place for place, key in enumerate(order)}
    sorts = {
        name: sorted(document[name], key=lambda key: places.get(key, len(places))) for name in ("scenes", "endings")
    }
    return document | {name: {key: document[name][key] for key in keys} for name, keys in sorts.items()}


def without_introduction(story: TwineStory, carried: Carried) -> TwineStory:
    """The story as Twine's passages, beginning with what the introduction leads to."""
    introduction = next((passage for passage in story.passages if passage.name == INTRODUCTION), None)
    if introduction is None or "introduction" not in introduction.tags:
        return story
    page = unfolded(INTRODUCTION, sugarcube.parsed(introduction.text), lambda name: None, "sugarcube")
    first = page.ways[0].to if page.ways else story.start
    passages = tuple(passage for passage in story.passages if passage.name != INTRODUCTION)
    if introduction.text.strip() != carried.written.get(INTRODUCTION, "").strip():
        carried.document["introduction"] = page.text
    return replace(story, passages=passages, start=first)


def returned(story: Story, said: TwineStory, carried: Carried) -> Story:
    """The story as it was read, with what it carried."""
    told, known = story.document, carried.document
    head = {key: value for key, value in known.items() if key not in ("scenes", "endings", "meters", "flags")}
    document = head | {"meters": told["meters"], "scenes": told["scenes"], "endings": told["endings"]}
    remarks = list(story.remarks)
    for passage in said.passages:
        key = carried.keys.get(passage.name, "")
        place = "scenes" if key in told["scenes"] else "endings"
        if key not in told[place]:
            continue
        if _body(passage) == carried.written.get(passage.name):
            was = "scenes" if key in known["scenes"] else "endings"
            del document[place][key]
            document[was][key] = known[was][key]
            remarks = [remark for remark in remarks if not _is_about(remark, passage)]
            remarks.append(Remark(KEPT, called(passage.name), passage.line, _("Kept as it left here.")))
        elif place == "scenes" and key in known["scenes"]:
            document["scenes"][key] = _with_what_was_carried(told["scenes"][key], known["scenes"][key])
    used = {*known.get("flags", {}), *_flags_in(document)}
    document["flags"] = {key: label for key, label in told.get("flags", {}).items() if key in used}
    return Story(in_order(document, carried.order), tuple(remarks))


def _flags_in(document: Document) -> Iterator[str]:
    for scene in document["scenes"].values():
        for choice in scene.get("choices", {}).values():
            yield from (*choice.get("sets", ()), *choice.get("clears", ()))
            requires = choice.get("requires", {})
            yield from (*requires.get("has", ()), *requires.get("lacks", ()))


def _is_about(remark: Remark, passage: Passage) -> bool:
    return remark.place == called(passage.name)


def _with_what_was_carried(scene: Document, known: Document) -> Document:
    """Choices that still have their words get their key and what they carried."""
    before = {harmless(choice["text"]): (key, choice) for key, choice in known.get("choices", {}).items()}
    choices: Document = {}
    for key, choice in scene.get("choices", {}).items():
        old_key, old = before.pop(choice["text"], (key, {}))
        kept = {name: old[name] for name in CARRIED if name in old}
        choices[old_key if old_key not in choices else key] = choice | kept
    extras = {name: known[name] for name in ("takes_over",) if name in known}
    return scene | extras | ({"choices": choices} if choices else {})


def _note(passage: Passage) -> dict[str, Any] | None:
    found = NOTE.search(passage.text)
    try:
        note = json.loads(found[1]) if found else None
    except (ValueError, RecursionError):
        return None
    return note if isinstance(note, dict) else None


def _body(passage: Passage) -> str:
    return NOTE.sub("", passage.text).strip()
