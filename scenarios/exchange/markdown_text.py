"""Words and their emphasis, written as Markdown that says them and nothing else.

Paragraphs, headings, lists, quotations, emphasis and plain links survive; no markup of the source does.
"""

import re
from dataclasses import dataclass, field

from scenarios.exchange.hypertext import BLOCKS, Piece, harmless, link_of, pieces

HEADINGS = {"h1": "## ", "h2": "## ", "h3": "### ", "h4": "#### ", "h5": "#### ", "h6": "#### "}
BOLD, ITALIC = ("strong", "b"), ("em", "i")
DEEPEST_LIST = 5
MOST_BRACKETS = 400
SPECIAL = re.compile(r"[\\`*|]|(?<![^\W_])_|_(?![^\W_])")
ENTITY = re.compile(r"&(?=#?\w{1,32};)")
LINKING = re.compile(r"\][(:\[]")
TAG_LIKE = re.compile(r"<(?=[a-zA-Z/!?])")
# What Markdown takes for a heading, a quotation, a list or a rule where a line begins with it.
LINE_START = re.compile(r"^(?:(#|>|[-+](?= |$)|-(?=-))|(=)(?==*$)|(\d{1,9})(\.)(?= ))", re.MULTILINE)


def to_markdown(html: str) -> str:
    """The words of an HTML text as Markdown."""
    writer = Writer()
    for piece in pieces(html):
        writer.read(piece)
    return writer.done()


def escaped(text: str) -> str:
    """Plain text as Markdown that shows just that. Its line breaks become breaks."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    text = _inline("\n".join(lines).strip(), LINKING.search(text) is not None)
    text = re.sub("\n{2,}", "\n\n", _at_line_starts(text))
    return _fitting(re.sub("(?<!\n)\n(?!\n)", "  \n", text))


def _inline(text: str, may_link: bool) -> str:
    text = SPECIAL.sub(lambda found: "\\" + found[0], harmless(text))
    text = text.replace("[", "\\[").replace("]", "\\]") if may_link else text
    return TAG_LIKE.sub("&lt;", ENTITY.sub("&amp;", text))


def _at_line_starts(text: str) -> str:
    def mild(found: re.Match[str]) -> str:
        mark, equals, number, point = found.groups()
        return f"\\{mark}" if mark else "&#61;" if equals else f"{number}\\{point}"

    return LINE_START.sub(mild, text)


def _fitting(text: str) -> str:
    """Round brackets, where there are more square ones than a Markdown text of ours may have."""
    return text if text.count("[") <= MOST_BRACKETS else text.translate({ord("["): "(", ord("]"): ")"})


@dataclass(frozen=True)
class Style:
    bold: bool = False
    italic: bool = False
    link: str = ""


Runs = list[tuple[Style, str]]


@dataclass
class Writer:
    """Gathers runs of words until a block ends, then writes the block. A line break in a run is a break."""

    blocks: list[tuple[str, bool]] = field(default_factory=list)
    runs: Runs = field(default_factory=list)
    bold: int = 0
    italic: int = 0
    link: str = ""
    heading: str = ""
    quotes: int = 0
    is_pre: bool = False
    lists: list[int] = field(default_factory=list)
    marker: str = ""

    def read(self, piece: Piece) -> None:
        if not piece.tag:
            self._words(piece.text)
        elif piece.name in BLOCKS:
            self._block(piece.tag)
        else:
            self._span(piece)

    def done(self) -> str:
        self._flush()
        parts: list[str] = []
        was_item = True
        for block, is_item in self.blocks:
            parts += [("\n" if was_item and is_item else "\n\n") if parts else "", block]
            was_item = is_item
        return _fitting("".join(parts).strip())

    def _words(self, text: str) -> None:
        for number, line in enumerate(text.split("\n") if self.is_pre else [text]):
            if number:
                self._break()
            self._add(re.sub(r"\s+", " ", line))

    def _add(self, text: str) -> None:
        if text:
            self.runs.append((Style(self.bold > 0, self.italic > 0, self.link), text))

    def _break(self) -> None:
        """Two breaks with nothing between them begin a paragraph."""
        while self.runs and self.runs[-1][1] == " ":
            self.runs.pop()
        if self.runs and self.runs[-1][1] == "\n":
            self._flush()
        else:
            self._add(" " if self.heading else "\n")

    def _span(self, piece: Piece) -> None:
        step = -1 if piece.tag.startswith("/") else 1
        if piece.name in BOLD:
            self.bold = max(0, self.bold + step)
        elif piece.name in ITALIC:
            self.italic = max(0, self.italic + step)
        elif piece.name == "a":
            self.link = link_of(piece) if step > 0 else ""
        elif piece.name == "br":
            self._break()
        elif piece.tag in ("td", "th") and any(text.strip() for _, text in self.runs):
            self._add(" — ")

    def _block(self, tag: str) -> None:
        """A block ends where another begins, and emphasis with it: left open it would mark everything after."""
        self._flush()
        name, opens = tag.lstrip("/"), not tag.startswith("/")
        self.bold = self.italic = 0
        self.link = ""
        self.heading = HEADINGS.get(name, "") if opens else ""
        if name == "blockquote":
            self.quotes = max(0, self.quotes + (1 if opens else -1))
        elif name == "pre":
            self.is_pre = opens
        elif name in ("ul", "ol"):
            self._list(name, opens)
        elif name == "li":
            self.marker = self._marker() if opens else ""

    def _list(self, name: str, opens: bool) -> None:
        self.marker = ""
        if not opens:
            del self.lists[-1:]
        else:
            self.lists.append(1 if name == "ol" else 0)

    def _marker(self) -> str:
        if not self.lists:
            return "- "
        number = self.lists[-1]
        self.lists[-1] += 1 if number else 0
        return f"{self._indent(1)}{number}. " if number else f"{self._indent(1)}- "

    def _indent(self, less: int = 0) -> str:
        return "    " * max(0, min(len(self.lists), DEEPEST_LIST) - less)

    def _flush(self) -> None:
        text, self.runs = written(self.runs), []
        if not text:
            return
        is_item = bool(self.lists or self.marker)
        if is_item:
            text = (self.marker or self._indent()) + text.replace("\n", "\n" + (self._indent() or "    "))
            self.marker = ""
        elif self.quotes:
            text = "> " + text.replace("\n", "\n> ")
        elif self.heading:
            text = self.heading + text.replace("#", "\\#").replace("\\\\#", "\\#")
        self.blocks.append((text, is_item))


def written(runs: Runs) -> str:
    """Runs of words as one paragraph of Markdown."""
    raw = "".join(text for _, text in runs)
    may_link = LINKING.search(raw) is not None
    parts: list[str] = []
    for style, words in _merged(runs):
        parts += _part(style, words, may_link)
    text = "".join(parts).replace("![", "\\![")
    return re.sub(" *\n *", "  \n", _at_line_starts(re.sub(" *\n *", "\n", re.sub(" {2,}", " ", text)).strip()))


def _merged(runs: Runs) -> Runs:
    merged: list[tuple[Style, list[str]]] = []
    for style, text in runs:
        if merged and merged[-1][0] == style:
            merged[-1][1].append(text)
        else:
            merged.append((style, [text]))
    return [(style, "".join(texts)) for style, texts in merged]


def _part(style: Style, words: str, may_link: bool) -> list[str]:
    core = words.strip()
    if not core:
        return [words]
    before, _, after = words.partition(core)
    core = _inline(core, may_link or bool(style.link))
    stars = "*" * (2 * style.bold + style.italic)
    if style.link:
        core = f"[{core}]({style.link})"
    return [before, stars, core, stars, after]
