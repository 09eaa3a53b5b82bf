"""A file's text as plain data: mappings, lists, texts, whole numbers, true and false, each with its line.

YAML is read in its plainest sense: no anchors, aliases or tags, one document, each key once, and only what looks
like a whole number, ``true``, ``false`` or nothing is not text (so ``no`` and ``2024-05-01`` are). Texts and keys lose
the white space around them, as they do in a form.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from scenarios.exchange.faults import Fault, Faults

DEEPEST = 20
# Control characters other than tab and line break, halves of characters, and the two that are none.
UNPRINTABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Source:
    """``lines`` has the line of each key and list item; ``starts`` where a text begins, if not on that line."""

    name: str
    data: Any
    lines: Mapping[Path, int] = field(default_factory=dict)
    starts: Mapping[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of what is there; of the nearest thing around it, where nothing is."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def line_of(self, path: Path, offset: int) -> int:
        """The line of the character at ``offset`` in the text that is there."""
        text: Any = self.data
        for step in path:
            text = text[step]
        start = self.starts.get(path)
        return start + text[:offset].count("\n") if start else self.line(path)

    def fault(self, path: Path, message: str, code: str = "malformed") -> Fault:
        return Fault(self.name, self.line(path), message, code)


def unprintable(name: str, line: int, character: str) -> Fault:
    message = _("There is a character that cannot be shown here (%(code)s). Delete it.")
    return Fault(name, line, message % {"code": f"U+{ord(character):04X}"}, "unprintable")


class Gathering:
    """Data that a parser is putting together: where everything is, and what was wrong so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path, int] = {}
        self.starts: dict[Path, int] = {}
        self.faults: list[Fault] = []

    def refuse(self, line: int, message: str, code: str = "malformed") -> None:
        self.faults.append(Fault(self.name, line, message, code))

    def text(self, text: str, line: int) -> str:
        if found := UNPRINTABLE.search(text):
            self.faults.append(unprintable(self.name, line, found[0]))
        return tidy(text)

    def key(self, mapping: Mapping[str, Any], text: str, line: int) -> str:
        key = self.text(text, line)
        if key in mapping:
            message = _("“%(key)s” is here twice. Keep one of them.")
            self.refuse(line, message % {"key": shortened(key)}, "duplicate-key")
        return key

    def goes_deeper(self, path: Path, line: int) -> None:
        """Raises Faults where this is nested too deeply to go on."""
        if len(path) > DEEPEST:
            message = _("This is nested more than %(most)s levels deep.")
            self.refuse(line, message % {"most": DEEPEST}, "too-deep")
            raise Faults(self.faults)

    def done(self, data: Any) -> Source:
        if self.faults:
            raise Faults(self.faults)
        return Source(self.name, data, self.lines, self.starts)


def tidy(text: str) -> str:
    """The text with one kind of line break, and no white space around it."""
    return re.sub("\r\n|[\r\u2028\u2029]", "\n", text).strip()


def shortened(text: str, length: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
