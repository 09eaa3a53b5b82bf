"""Notes that an author leaves in the text: whatever is marked ✎ is still to be written."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scenarios.engine.check import Finding
from scenarios.engine.graph import Document
from scenarios.engine.saying import Said
from scenarios.engine.saying import said as _

MARK = "✎"
NOTE = re.compile(rf"{MARK}\s*([^\n]*)")


def notes_left(document: Document) -> Iterator[Finding]:
    """One finding for each scene or ending that has notes in it, and one for what is read before the start."""
    nodes = document["scenes"] | document["endings"]
    around = {name: value for name, value in document.items() if name not in ("scenes", "endings", "days")}
    for key, part in {"": around, **nodes}.items():
        if notes := [note for text in _texts(part) for note in NOTE.findall(text)]:
            yield Finding("note-left", "error", key, _left(notes))
    for day in document.get("days", {}).values():
        if notes := [note for text in _texts(day) for note in NOTE.findall(text)]:
            yield Finding("note-left", "error", "", on_the_day(day["label"], _left(notes)))


def on_the_day(day: str, message: Said) -> Said:
    """The message, where it holds on one day only."""
    return _("On the day “%(day)s”: %(message)s", day=day, message=message)


def _left(notes: list[str]) -> Said:
    first = notes[0] if len(notes[0]) <= 90 else notes[0][:89].rstrip() + "…"
    if len(notes) == 1:
        return _("A note (✎) is left: “%(note)s” Write the words that belong in its place.", note=first)
    return _(
        "%(number)s notes (✎) are left, the first: “%(note)s” Write the words that belong in their place.",
        number=len(notes),
        note=first,
    )


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from _texts(value)
