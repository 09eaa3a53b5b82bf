"""Notes that an author leaves in the text: whatever is marked ✎ is still to be written."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scenarios.engine.check import Finding
from scenarios.engine.graph import Document

MARK = "✎"
NOTE = re.compile(rf"{MARK}\s*([^\n]*)")


def notes_left(document: Document) -> Iterator[Finding]:
    """One finding for each scene or ending that has notes in it, and one for what is read before the start."""
    nodes = document["scenes"] | document["endings"]
    around = {name: value for name, value in document.items() if name not in ("scenes", "endings", "days")}
    for key, part in {"": around, **nodes}.items():
        if notes := [note for text in _texts(part) for note in NOTE.findall(text)]:
            yield Finding("note-left", "error", key, _said(notes))
    for day in document.get("days", {}).values():
        if notes := [note for text in _texts(day) for note in NOTE.findall(text)]:
            yield Finding("note-left", "error", "", f"On the day “{day['label']}”: {_said(notes)}")


def _said(notes: list[str]) -> str:
    first = notes[0] if len(notes[0]) <= 90 else notes[0][:89].rstrip() + "…"
    if len(notes) == 1:
        return f"A note ({MARK}) is left: “{first}” Write the words that belong in its place."
    return f"{len(notes)} notes ({MARK}) are left, the first: “{first}” Write the words that belong in their place."


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from _texts(value)
