"""YAML, read event by event, so that nothing is built that we would refuse."""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scenarios.exchange.faults import Faults
from scenarios.exchange.source import Gathering, Path, Source

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
FRACTION = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")
WORDS = {word: value for value in (True, False) for word in (f"{value}", f"{value}".lower(), f"{value}".upper())}
NOTHING = {"", "~", "null", "Null", "NULL"}
HINTS = {
    "mapping values are not allowed": gettext_lazy("Put a text that has a colon in it in quotes."),
    "cannot start any token": gettext_lazy(
        "Put a text that begins with this character in quotes; indent with spaces, not tabs."
    ),
    "could not find expected ':'": gettext_lazy(
        "Is there a colon missing, or is the text that belongs to it not indented?"
    ),
    "did not find expected ','": gettext_lazy(
        "A bracket that opens here is not closed. A text with one in it needs quotes."
    ),
    "did not find expected": gettext_lazy("Is the indentation right, and are all quotation marks closed?"),
}


def parse(text: str, name: str) -> Source:
    """The data of one YAML document. Raises Faults."""
    parser = _Parser(text, name)
    try:
        return parser.gathered.done(parser.document())
    except yaml.YAMLError as error:
        marks = ["problem_mark", "context_mark"]
        if "flow" in str(getattr(error, "context", "")):
            # What was never closed is at fault where it opens, and is noticed far below.
            marks.reverse()
        mark: Any = next(filter(None, (getattr(error, name, None) for name in marks)), None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or _("it cannot be read")
        hint = next((f" {hint}" for words, hint in HINTS.items() if words in problem), "")
        line = min(mark.line, text.rstrip().count("\n")) + 1 if mark else 1
        message = _("This is not YAML: %(problem)s.") % {"problem": problem}
        parser.gathered.refuse(line, message + hint, "not-yaml")
        raise Faults(parser.gathered.faults) from None


class _Parser:
    def __init__(self, text: str, name: str) -> None:
        self.gathered = Gathering(name)
        # YAML would count these two as ends of lines; no editor does.
        self.events: Iterator[Any] = yaml.parse(re.sub("[\u2028\u2029]", " ", text), Loader=LOADER)

    def document(self) -> Any:
        data, documents = None, 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.gathered.refuse(_line(event), _("A second document begins here. Keep one a file."))
                    return None
                data = self.node(next(self.events), ())
        return data

    def node(self, event: Any, path: Path) -> Any:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            message = _("“%(name)s” is an alias. Write out what it stands for.")
            self.gathered.refuse(line, message % {"name": f"*{event.anchor}"}, "alias")
            return None
        self._refuse_extras(event, line)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, path, line)
        self.gathered.goes_deeper(path, line)
        return self.mapping(path) if isinstance(event, yaml.MappingStartEvent) else self.sequence(path)

    def mapping(self, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = _line(event)
            key = self.key(event, data, line)
            self.gathered.lines.setdefault((*path, key), line)
            value = self.node(next(self.events), (*path, key))
            data.setdefault(key, value)
        return data

    def key(self, event: Any, data: dict[str, Any], line: int) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self.gathered.refuse(line, _("A key has to be a plain word here."))
            raise Faults(self.gathered.faults)
        self._refuse_extras(event, line)
        return self.gathered.key(data, event.value, line)

    def sequence(self, path: Path) -> list[Any]:
        data: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            here = (*path, len(data))
            self.gathered.lines[here] = _line(event)
            data.append(self.node(event, here))
        return data

    def scalar(self, event: Any, path: Path, line: int) -> Any:
        if event.implicit[0]:
            return self.plain(event.value, line)
        if event.style == "|":
            blank = re.match(r"\s*", event.value)
            self.gathered.starts[path] = line + 1 + (blank[0].count("\n") if blank else 0)
        return self.gathered.text(event.value, line)

    def plain(self, value: str, line: int) -> Any:
        if value in NOTHING:
            return None
        if value in WORDS:
            return WORDS[value]
        if WHOLE.fullmatch(value):
            return int(value)
        return float(value) if FRACTION.fullmatch(value) else self.gathered.text(value, line)

    def _refuse_extras(self, event: Any, line: int) -> None:
        if event.anchor:
            message = _("“%(name)s” is an anchor. Anchors are not read.")
            self.gathered.refuse(line, message % {"name": f"&{event.anchor}"}, "anchor")
        if event.tag:
            message = _("“%(name)s” is a tag. Tags are not read.")
            self.gathered.refuse(line, message % {"name": event.tag}, "tag")


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
