"""HTML as other programs write it, taken apart: its words, its tags, what it shows besides words.

Reads each text once, from left to right, whatever is in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from django.utils.translation import gettext_noop

from scenarios.exchange.source import UNPRINTABLE
from scenarios.quoting import REFERENCE

BLOCK_NAMES = (
    "address article aside blockquote caption center dd details div dl dt fieldset figcaption figure footer form h1 h2"
    " h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul"
)
INLINE_NAMES = (
    "a abbr acronym audio b bdi bdo big body br button canvas cite code col colgroup data del dfn em embed font head"
    " html i iframe img input ins kbd label link map area mark math meta meter noscript object option param picture"
    " progress q s samp script select small source span strike strong style sub sup svg td template textarea th time"
    " title track tt u var video wbr"
)
BLOCKS = frozenset(BLOCK_NAMES.split())
INLINE = frozenset(INLINE_NAMES.split())
MEDIA = {
    "img": gettext_noop("an image"),
    "audio": gettext_noop("a sound"),
    "video": gettext_noop("a film"),
    "iframe": gettext_noop("another page"),
    "embed": gettext_noop("another page"),
}
UNSEEN = ("script", "style", "head", "template")
TAG = re.compile(r"<!--|<(/?)([a-zA-Z][a-zA-Z0-9]*+)(?=[\s/>])[^<>]*+>")
LINK = re.compile(r"""\bhref\s*+=\s*+(?:"([^"]*+)|'([^']*+)|([^\s"'>]++))""", re.IGNORECASE)
SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>()\[\]\"'\\`{}|]{1,500}", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """A text, or a tag: then ``tag`` is its name, with a slash before it where it closes."""

    text: str
    tag: str = ""

    @property
    def name(self) -> str:
        return self.tag.lstrip("/")


def to_plain(html: str) -> str:
    """The words of an HTML text on one line."""
    words = [piece.text if not piece.tag else _gap(piece.name) for piece in pieces(html)]
    return harmless(" ".join("".join(words).split()))


def media(html: str) -> list[str]:
    """What an HTML text shows besides words: “an image” for each image, and so on."""
    return [MEDIA[piece.tag] for piece in pieces(html) if piece.tag in MEDIA]


def harmless(text: str) -> str:
    """The text, in which no braces stand for a value of our policies."""
    return REFERENCE.sub(lambda found: f"{{ {found[1]} }}", text)


def link_of(piece: Piece) -> str:
    """Where a link leads, if that is an ordinary address; otherwise empty."""
    found = LINK.search(piece.text)
    address = unescape(next((group for group in found.groups() if group), "")).strip() if found else ""
    return address if SAFE_LINK.fullmatch(address) else ""


def pieces(html: str) -> Iterator[Piece]:
    """Texts and tags in turn. What only looks like a tag is text; comments and scripts are passed over."""
    html = UNPRINTABLE.sub("", html)
    told = at = 0
    while found := TAG.search(html, at):
        name, at = (found[2] or "").lower(), found.end()
        if name and name not in BLOCKS and name not in INLINE:
            continue
        if told < found.start():
            yield Piece(unescape(html[told : found.start()]))
        if name and (found[1] or name not in UNSEEN):
            yield Piece(found[0], found[1] + name)
        else:
            at = _after(html, f"</{name}>" if name else "-->", at)
        told = at
    if told < len(html):
        yield Piece(unescape(html[told:]))


def _after(html: str, mark: str, start: int) -> int:
    """The end of the mark; of the text, where there is none."""
    found = re.compile(re.escape(mark), re.IGNORECASE).search(html, start)
    return found.end() if found else len(html)


def _gap(name: str) -> str:
    return " " if name in BLOCKS or name in ("br", "td", "th", "option") else ""
