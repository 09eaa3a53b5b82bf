"""The steps of a Branching Scenario as H5P means them: what is shown, and the ways on from there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from scenarios.exchange.h5p.archive import called
from scenarios.exchange.h5p.loose import Loose, items, mapping, number, whole, words
from scenarios.exchange.hypertext import SAFE_LINK, media, to_plain
from scenarios.exchange.markdown_text import escaped, to_markdown

QUESTION, TEXTS = "H5P.BranchingQuestion", ("H5P.AdvancedText", "H5P.Text", "H5P.Table")
END = -1
LONGEST_TITLE = 120
FIRST_WORDS = 60
MOST_WORDS_WITHIN = 30_000
UNTITLED = re.compile(r"untitled\b", re.IGNORECASE)
HEADING = re.compile(r"^#{2,4} (.+)", re.MULTILINE)


@dataclass(frozen=True)
class Feedback:
    """What H5P says after a way was taken; at an end, the end screen itself."""

    title: str = ""
    text: str = ""
    score: float | None = None
    has_image: bool = False

    @property
    def has_words(self) -> bool:
        return bool(self.title or self.text)

    @property
    def markdown(self) -> str:
        title = f"**{escaped(self.title)}**" if self.title and self.text else escaped(self.title)
        return "\n\n".join(part for part in (title, self.text) if part)


@dataclass(frozen=True)
class Way:
    """A way on. ``to`` is the index of a step, or negative for an end screen, or None where it cannot be read."""

    text: str
    to: int | None
    feedback: Feedback


@dataclass(frozen=True)
class Step:
    """``library`` is the content type. ``title`` is empty where the author gave none. ``text`` is Markdown."""

    library: str
    title: str
    text: str
    ways: tuple[Way, ...]
    media: tuple[str, ...] = ()
    goes_back: bool = False

    @property
    def is_question(self) -> bool:
        return self.library == QUESTION

    @property
    def is_text(self) -> bool:
        return self.library in TEXTS

    @property
    def type(self) -> str:
        return called(self.library) if self.library else "unknown"


def step(node: Any, proceed: str) -> Step:
    """``proceed`` is what the button says that leads on from a step that is no question."""
    node = mapping(node)
    kind = mapping(node.get("type")) or mapping(node.get("content"))
    library = words(kind.get("library")).split(" ")[0]
    params = mapping(kind.get("params"))
    html = _html(library, params)
    text = to_markdown(html)
    return Step(
        library=library,
        title=_title(node, kind),
        text=text if html else "\n\n".join(within(kind)),
        ways=tuple(_ways(node, params, library, proceed)),
        media=tuple(media(html)),
        goes_back=node.get("contentBehaviour") == "enabled",
    )


def _html(library: str, params: Loose) -> str:
    if library == QUESTION:
        return words(_question(params).get("question"))
    return words(params.get("text")) if library in TEXTS else ""


def _question(params: Loose) -> Loose:
    return mapping(params.get("branchingQuestion")) or params


def _ways(node: Loose, params: Loose, library: str, proceed: str) -> Iterator[Way]:
    if library != QUESTION:
        text = to_plain(words(node.get("proceedButtonText"))) or proceed
        yield Way(text, target(node), feedback(node.get("feedback")))
        return
    for alternative in map(mapping, items(_question(params).get("alternatives"))):
        said = alternative.get("feedback") or alternative.get("feedbackText")
        yield Way(to_plain(words(alternative.get("text"))), target(alternative), feedback(said))


def target(node: Loose) -> int | None:
    """Where it leads; H5P ends where nothing is said."""
    said = node.get("nextContentId")
    return END if said is None or said == "" else whole(said)


def feedback(value: Any) -> Feedback:
    found = mapping(value)
    html = words(found.get("subtitle")) or words(value)
    return Feedback(
        title=to_plain(words(found.get("title"))),
        text=to_markdown(html),
        score=number(found.get("endScreenScore")),
        has_image=bool(words(mapping(found.get("image")).get("path"))) or bool(media(html)),
    )


def _title(node: Loose, kind: Loose) -> str:
    """What the author called it; H5P's own “Untitled Text” says nothing."""
    metadata = mapping(kind.get("metadata"))
    type_name = words(metadata.get("contentType")).casefold()
    for said in (metadata.get("title"), node.get("contentTitle")):
        title = to_plain(words(said))
        if title and not UNTITLED.match(title) and title.casefold() != type_name:
            return title
    return ""


def title_from(text: str) -> str:
    """A title out of a Markdown text: its first heading, or its first words."""
    heading = HEADING.search(text[:5000])
    line = heading[1] if heading else next((line for line in text[:1000].split("\n") if line.strip()), "")
    plain = _plain(line)
    if len(plain) <= FIRST_WORDS:
        return plain
    cut = plain[:FIRST_WORDS].rpartition(" ")[0] or plain[:FIRST_WORDS]
    return cut.rstrip(" ,;:–—-") + "…"


def without_heading(text: str, title: str) -> str:
    """The text without a heading on top that only says the title again; the whole text where nothing else is there."""
    first, _, rest = text.partition("\n\n")
    return rest if rest and HEADING.match(first) and _plain(first) == title else text


def _plain(line: str) -> str:
    return " ".join(re.sub(r"\\(?=\W)|[*>]|^[- #]+", "", unescape(line)).split())


def within(params: Any) -> list[str]:
    """The words of a presentation or a video, and the addresses of its films, in order, as Markdown."""
    found: list[str] = []
    stack, size = [params], 0
    while stack and size < MOST_WORDS_WITHIN:
        value = stack.pop()
        if isinstance(value, dict):
            text = _said(value)
            size += len(text)
            found += [text] if text and text not in found[-1:] else []
            value = list(value.values())
        if isinstance(value, list):
            stack += [part for part in reversed(value) if isinstance(part, dict | list)]
    return found


def _said(value: Loose) -> str:
    """What one part of a presentation says by itself: a text, the description of an image, the address of a film."""
    library, params = words(value.get("library")).split(" ")[0], mapping(value.get("params"))
    if library in TEXTS:
        return to_markdown(words(params.get("text")))
    if library == "H5P.Image":
        alt = to_plain(words(params.get("alt")))
        return f"(Image: {escaped(alt)})" if alt else ""
    address = words(value.get("path"))
    if words(value.get("mime")).startswith("video/") and SAFE_LINK.fullmatch(address):
        return f"[{escaped(address)}]({address})"
    return ""
