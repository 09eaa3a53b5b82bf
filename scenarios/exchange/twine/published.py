"""Twine's HTML in: a story as Twine publishes it, an archive of several, or one of Twine 1."""

import re
from collections.abc import Iterator
from html import unescape

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from scenarios.exchange.source import UNPRINTABLE
from scenarios.exchange.twine.passages import Notice, Passage, TwineStory, refused, without_duplicates

STORY = re.compile(r"<tw-storydata\b([^<>]*+)>", re.IGNORECASE)
STORY_END = re.compile(r"</tw-storydata\s*+>", re.IGNORECASE)
PIECE = re.compile(r"<(tw-passagedata|script|style)\b([^<>]*+)>", re.IGNORECASE)
OLD_STORE = re.compile(r"<div\b[^<>]*?\bid\s*=\s*[\"']?store-?area\b[^<>]*+>", re.IGNORECASE)
OLD_PIECE = re.compile(r"<div\b([^<>]*?\btiddler\s*=[^<>]*+)>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([a-zA-Z][\w-]*+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""")
OLD_ESCAPES = re.compile(r"\\([nts\\])")
OLD_WORDS = {"n": "\n", "t": "\t", "s": "\\", "\\": "\\"}
NO_STORY = gettext_noop(
    "There is no Twine story in this HTML file. In Twine, choose “Build”, then “Publish to File”, or export it as Twee."
)


def html_stories(text: str, name: str) -> list[TwineStory]:
    """Every story of the file, in order. Raises Faults where there is none."""
    lines = Lines(text)
    stories = [_story(text, found, lines, name) for found in STORY.finditer(text)]
    stories = stories if any(story.passages for story in stories) else [*stories, _old_story(text, lines, name)]
    told = [story for story in stories if story.passages]
    if not told:
        raise refused(name, _(NO_STORY))
    return told


class Lines:
    """The line of each place, asked in rising order."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.line = text, 0, 1

    def of(self, place: int) -> int:
        if place < self.at:
            self.at, self.line = 0, 1
        self.line += self.text.count("\n", self.at, place)
        self.at = place
        return self.line


def _story(text: str, found: re.Match[str], lines: Lines, name: str) -> TwineStory:
    said = attributes(found[1])
    closing = STORY_END.search(text, found.end())
    next_story = STORY.search(text, found.end())
    end = min(place.start() for place in (closing, next_story) if place) if closing or next_story else len(text)
    pieces = list(_pieces(text, found.end(), end, lines, name))
    passages, doubles = without_duplicates([passage for _pid, passage in pieces])
    started = (place for place, (pid, _) in enumerate(pieces) if pid and pid == said.get("startnode", ""))
    start = next(started, None)
    cut_off = _("The file ends before the story does: it was cut off.")
    notices = [] if closing else [Notice(cut_off, lines.of(len(text)))]
    return TwineStory(
        title=" ".join(said.get("name", "").split()),
        format=said.get("format", ""),
        start=passages[start].name if start is not None else "",
        passages=passages,
        notices=(*notices, *doubles),
    )


def _pieces(text: str, start: int, end: int, lines: Lines, name: str) -> Iterator[tuple[str, Passage]]:
    """Each passage with its number; the story's own script and style sheet are passages as they are in Twee."""
    at = start
    while (found := PIECE.search(text, at, end)) is not None:
        kind, said = found[1].lower(), attributes(found[2])
        closing = re.compile(rf"</{kind}\s*+>", re.IGNORECASE).search(text, found.end(), end)
        stop = closing.start() if closing else end
        at = closing.end() if closing else end
        body, line = text[found.end() : stop], lines.of(found.start())
        if kind == "tw-passagedata":
            tags = tuple(said.get("tags", "").split())
            title = " ".join(said.get("name", "").split()) or "Passage without a name"
            yield said.get("pid", ""), Passage(title, _clean(unescape(body)).rstrip(), tags, line, line, name)
        elif body.strip():
            label, tag = ("Story JavaScript", "script") if kind == "script" else ("Story Stylesheet", "stylesheet")
            yield "", Passage(label, body, (tag,), line, line, name)


def _old_story(text: str, lines: Lines, name: str) -> TwineStory:
    """Twine 1 kept its passages in ``<div id="storeArea">``, one ``<div tiddler="…">`` each."""
    store = OLD_STORE.search(text)
    found = list(OLD_PIECE.finditer(text, store.end())) if store else []
    passages = []
    for piece in found:
        said = attributes(piece[1])
        end = text.find("</div>", piece.end())
        body = unescape(text[piece.end() : end if end >= 0 else len(text)])
        body = OLD_ESCAPES.sub(lambda mark: OLD_WORDS[mark[1]], body)
        line, title = lines.of(piece.start()), " ".join(said.get("tiddler", "").split())
        tags = tuple(said.get("tags", "").split())
        passages.append(Passage(title or "Passage without a name", _clean(body), tags, line, line, name))
    kept, doubles = without_duplicates(passages)
    title = next((passage.text.strip() for passage in kept if passage.name == "StoryTitle"), "")
    return TwineStory(" ".join(title.split()), "Twine 1", "", kept, doubles)


def _clean(text: str) -> str:
    """Entities can stand for characters that no text may have."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, *values in ATTRIBUTE.findall(text):
        found.setdefault(key.lower(), _clean(unescape(next(filter(None, values), ""))))
    return found
