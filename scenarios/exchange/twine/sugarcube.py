"""SugarCube's passages, and those of Twine 1, which had the same macros: ``<<set $a to 1>>``, ``<<link "…" "…">>…``."""

import re

from django.utils.translation import gettext as _

from scenarios.exchange.source import shortened
from scenarios.exchange.twine.links import Written, link_of
from scenarios.exchange.twine.nodes import (
    Lost,
    Node,
    Nodes,
    Text,
)
from scenarios.exchange.twine.sugarcube_macros import IMAGE, Frame, contained, linked, lost, simple

MARK = re.compile(r"<<|\[\[|\[img\[|/\*|/%|<!--|\{\{\{|\"\"\"|<nowiki>|<script\b|<style\b|\\\n|\n\\", re.IGNORECASE)
CLOSING = {
    "/*": "*/",
    "/%": "%/",
    "<!--": "-->",
    "{{{": "}}}",
    '"""': '"""',
    "<nowiki>": "</nowiki>",
    "<script": "</script>",
    "<style": "</style>",
}
UNSEEN = ("/*", "/%", "<!--")
MACRO = re.compile(r"<<\s*+(/?[A-Za-z_$][\w$-]*+|[=-])")
STOP = re.compile(r"[\"'`]|>>")
LONGEST_MACRO, DEEPEST = 20_000, 25
CONTAINER_NAMES = (
    "if switch link button click linkappend linkprepend linkreplace nobr silently silent for timed repeat script widget"
    " append prepend replace type capture done do listbox cycle createplaylist createaudiogroup dialog popup div span"
    " message style hovertip tabs"
)
CONTAINERS = frozenset(CONTAINER_NAMES.split())
PARTS = {"elseif": "if", "else": "if", "case": "switch", "default": "switch", "next": "timed", "stop": "repeat"}


def parsed(text: str, passages: frozenset[str] = frozenset()) -> Nodes:
    """What a passage says. ``passages`` are all names: Twine 1 shows a passage where a macro has its name."""
    return _Parser(text, passages).nodes()


class _Parser:
    def __init__(self, text: str, passages: frozenset[str]) -> None:
        self.text, self.passages = text, passages
        self.stack = [Frame("", "", 0)]
        # How many characters may be looked at for the end of something, in all.
        self.patience = 20 * len(text) + LONGEST_MACRO

    @property
    def out(self) -> list[Node]:
        return self.stack[-1].body

    def nodes(self) -> Nodes:
        at = told = 0
        while (found := MARK.search(self.text, at)) is not None:
            end = self._marked(found, told)
            if end is None:
                at = found.end()
                continue
            at = told = end
        self._say(told, len(self.text))
        while len(self.stack) > 1:
            frame = self.stack[-1]
            self.out.append(
                Lost(f"<<{frame.name}>>", _("It is never closed; it was read as if it ended here."), frame.at)
            )
            self._close()
        return tuple(self.out)

    def _say(self, start: int, end: int) -> None:
        if start < end:
            self.out.append(Text(self.text[start:end], start))

    def _marked(self, found: re.Match[str], told: int) -> int | None:
        """Reads what begins here, after the words before it; where it ends, or None where it is only words."""
        mark, at = found[0].lower(), found.start()
        if mark == "<<":
            return self._macro(told, at)
        if mark == "[[":
            return self._link(told, at)
        self_contained = self._image(told, at) if mark == "[img[" else None
        if mark == "[img[" or self_contained:
            return self_contained
        self._say(told, at)
        if "\n" in mark:
            return found.end()
        return self._verbatim(mark, found)

    def _verbatim(self, mark: str, found: re.Match[str]) -> int:
        """Comments are passed over, code is left out, and what is in quotes is said as it is."""
        end = self.text.find(CLOSING[mark], found.end())
        stop = end if end >= 0 else len(self.text)
        if mark in ("<script", "<style"):
            self.out.append(lost(self.text[found.start() : stop], found.start(), _("It is code, which was left out.")))
        elif mark not in UNSEEN:
            self._say(found.end(), stop)
        return min(len(self.text), stop + len(CLOSING[mark]))

    def _link(self, told: int, at: int) -> int | None:
        end = self._find("]]", at + 2)
        if end < 0:
            return None
        inner = self.text[at + 2 : end]
        if "[[" in inner:
            at += 2 + inner.rfind("[[")
            inner = self.text[at + 2 : end]
        label, _, setter = inner.partition("][")
        self._say(told, at)
        self.out.append(linked(link_of(label, setter), at))
        return end + 2

    def _image(self, told: int, at: int) -> int | None:
        found = IMAGE.match(self.text, at)
        if not found:
            return None
        self._say(told, at)
        self.out.append(Lost(shortened(found[0]), _("It shows an image, which was left out."), at))
        if found[1]:
            written = link_of(found[1], found[2] or "")
            self.out.append(linked(Written("Continue" if written.text == written.to else written.text, written.to), at))
        return found.end()

    def _macro(self, told: int, at: int) -> int | None:
        name = MACRO.match(self.text, at)
        end = self._end_of_macro(name.end()) if name else -1
        if name is None or end < 0:
            return None
        self._say(told, at)
        self._read(name[1], self.text[name.end() : end].strip(), at)
        end += 2
        # A script's text is no passage text.
        if name[1].lower() in ("script", "style"):
            closing = self.text.find(f"<</{name[1]}>>", end)
            self._close()
            return closing + len(name[1]) + 5 if closing >= 0 else len(self.text)
        return end

    def _end_of_macro(self, start: int) -> int:
        at, limit = start, min(len(self.text), start + min(LONGEST_MACRO, self.patience))
        while found := STOP.search(self.text, at, limit):
            if found[0] == ">>":
                self.patience -= found.start() - start
                return found.start()
            at = self._after_quote(found[0], found.end(), limit)
        self.patience -= limit - start
        # Perhaps a quotation mark stands alone.
        return self.text.find(">>", start, min(limit, start + 500))

    def _after_quote(self, quote: str, start: int, limit: int) -> int:
        at = start
        while (end := self.text.find(quote, at, limit)) >= 0:
            if self.text[end - 1] != "\\":
                return end + 1
            at = end + 1
        return start

    def _find(self, mark: str, start: int) -> int:
        return self.text.find(mark, start, min(len(self.text), start + 2_000))

    # ---- Macros

    def _read(self, name: str, args: str, at: int) -> None:
        name = name if name in self.passages else name.lower()
        if name.startswith("end") and name[3:] in CONTAINERS:
            name = "/" + name[3:]
        if name.startswith("/"):
            self._closed(name[1:], at)
        elif name in PARTS and any(frame.name == PARTS[name] for frame in self.stack):
            self._close_to(PARTS[name])
            if name != "stop":
                self.stack[-1].next_part(name, args)
        elif name in CONTAINERS and len(self.stack) < DEEPEST:
            self.stack.append(Frame(name, args, at))
        else:
            self.out.extend(simple(name, args, at, self.passages))

    def _closed(self, name: str, at: int) -> None:
        if any(frame.name == name for frame in self.stack):
            self._close_to(name)
            self._close()
        elif name in CONTAINERS:
            self.out.append(Lost(f"<</{name}>>", _("Nothing that it could close is open; it was passed over."), at))

    def _close_to(self, name: str) -> None:
        """Whatever was opened within and not closed ends here."""
        while self.stack[-1].name != name:
            frame = self.stack[-1]
            self.out.append(
                Lost(f"<<{frame.name}>>", _("It is never closed; it was read as if it ended here."), frame.at)
            )
            self._close()

    def _close(self) -> None:
        frame = self.stack.pop()
        frame.next_part("", "")
        self.out.extend(contained(frame))
