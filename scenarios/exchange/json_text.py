"""JSON, read so that every key knows its line."""

import json
import re
from bisect import bisect_right
from typing import Any

from django.utils.translation import gettext as _

from scenarios.exchange.faults import Faults
from scenarios.exchange.source import Gathering, Path, Source

SPACE = re.compile(r"[ \t\n\r]*")
DECODER = json.JSONDecoder()


def parse(text: str, name: str) -> Source:
    """The data of a JSON text. Raises Faults."""
    parser = _Parser(text, name)
    try:
        return parser.gathered.done(parser.document())
    except ValueError as error:
        at = error.pos if isinstance(error, json.JSONDecodeError) else parser.at
        reason = error.msg if isinstance(error, json.JSONDecodeError) else _("a number is too long")
        message = _("This is not JSON: %(reason)s.") % {"reason": f"{reason[:1].lower()}{reason[1:]}"}
        parser.gathered.refuse(parser.line(at), message, "not-json")
        raise Faults(parser.gathered.faults) from None


class _Parser:
    """Walks objects and arrays itself; leaves texts, numbers and words to the standard library."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.at = 0
        self.gathered = Gathering(name)
        self.breaks = [found.start() for found in re.finditer("\n", text)]

    def line(self, at: int) -> int:
        return bisect_right(self.breaks, at - 1) + 1

    def document(self) -> Any:
        data = self.value(())
        if self.next():
            raise json.JSONDecodeError(_("Nothing may follow the document"), self.text, self.at)
        return data

    def next(self) -> str:
        """The next character that is not white space; empty at the end."""
        space = SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        return self.text[self.at : self.at + 1]

    def take(self, expected: str) -> bool:
        if self.next() != expected:
            return False
        self.at += 1
        return True

    def want(self, expected: str) -> None:
        if not self.take(expected):
            raise json.JSONDecodeError(_("Expected “%(sign)s”") % {"sign": expected}, self.text, self.at)

    def value(self, path: Path) -> Any:
        character, line = self.next(), self.line(self.at)
        if character not in ("{", "["):
            return self.scalar(line)
        self.gathered.goes_deeper(path, line)
        self.at += 1
        return self.object(path) if character == "{" else self.array(path)

    def scalar(self, line: int) -> Any:
        value, self.at = DECODER.raw_decode(self.text, self.at)
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
            return int(value)
        return self.gathered.text(value, line) if isinstance(value, str) else value

    def object(self, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not self.take("}"):
            if data:
                self.want(",")
            if self.next() != '"':
                raise json.JSONDecodeError(_("Expected a key in double quotes"), self.text, self.at)
            line = self.line(self.at)
            text, self.at = DECODER.raw_decode(self.text, self.at)
            key = self.gathered.key(data, text, line)
            self.want(":")
            self.gathered.lines.setdefault((*path, key), line)
            value = self.value((*path, key))
            data.setdefault(key, value)
        return data

    def array(self, path: Path) -> list[Any]:
        data: list[Any] = []
        while not self.take("]"):
            if data:
                self.want(",")
            self.next()
            here = (*path, len(data))
            self.gathered.lines[here] = self.line(self.at)
            data.append(self.value(here))
        return data
