"""Twee in: a text file in which ``:: Name [tags] {"position": …}`` begins each passage.

Written after the Twee 3 specification, and lenient towards versions 1 and 2, which knew no ``{…}`` and other tags.
"""

import json
import re
from typing import Any

from django.utils.translation import gettext as _

from scenarios.exchange.source import DEEPEST, UNPRINTABLE
from scenarios.exchange.twine.passages import Notice, Passage, TwineStory, refused, without_duplicates

HEADER = re.compile(r"^::(?!:)(.*)$", re.MULTILINE)
ESCAPED = re.compile(r"\\(.)")
# A name goes on until a bracket that no backslash stands before.
NAME = re.compile(r"(?:[^\\\[{]|\\.)*+")
TAGS = re.compile(r"\[((?:[^\\\]]|\\.)*+)\]")
DATA, TITLE, SETTINGS = "StoryData", "StoryTitle", "StorySettings"


def passages_of(text: str, name: str) -> list[Passage]:
    """The passages of a Twee file in order, whatever their headers say. Raises Faults where there are none."""
    headers = list(HEADER.finditer(text))
    if not headers:
        raise refused(name, _("This is not Twee: no line begins with “::” and the name of a passage."))
    ends = [header.start() for header in headers[1:]] + [len(text)]
    line, told, found = 1, 0, []
    for header, end in zip(headers, ends, strict=True):
        line += text.count("\n", told, header.start())
        told = header.start()
        title, tags = _header(header[1])
        body = text[header.end() + 1 : end].rstrip()
        found.append(Passage(title, body, tags, line, line + 1, name))
    return found


def twee_story(passages: list[Passage], name: str) -> TwineStory:
    """The story that these passages make."""
    notices = [
        Notice(_("There is no name after “::” here, so no link can lead to this passage. Give it one."), passage.line)
        for passage in passages
        if not passage.name
    ]
    named = [passage for passage in passages if passage.name or passage.text]
    kept, doubles = without_duplicates([_named(passage) for passage in named])
    about = next((passage for passage in kept if passage.name == DATA), None)
    data, wrong = _data(about)
    title = next((passage.text.strip() for passage in kept if passage.name == TITLE), "")
    settings = next((passage.text for passage in kept if passage.name == SETTINGS), "")
    return TwineStory(
        title=title or _said(data, "name"),
        format=_said(data, "format"),
        start=_said(data, "start") or _start_of(settings),
        passages=kept,
        notices=(*notices, *doubles, *wrong),
    )


def _named(passage: Passage) -> Passage:
    if passage.name:
        return passage
    return Passage("Passage without a name", passage.text, passage.tags, passage.line, passage.text_line, passage.file)


def _header(text: str) -> tuple[str, tuple[str, ...]]:
    """The name and the tags of a header. What comes after them only says where the passage is drawn."""
    written = NAME.match(text)
    name = written[0] if written else ""
    tags = TAGS.match(text, len(name))
    if not tags and len(name) < len(text) and not text.startswith("{", len(name)):
        # A bracket that never closes is a part of the name.
        name = text
    found = _plain(tags[1]).split() if tags else []
    return " ".join(_plain(name).split()), tuple(found)


def _plain(text: str) -> str:
    return ESCAPED.sub(r"\1", text)


def _data(about: Passage | None) -> tuple[dict[str, Any], list[Notice]]:
    if about is None:
        return {}, [Notice(_("It has no passage “StoryData”, so its format and its first passage were worked out."))]
    try:
        data = json.loads(about.text) if about.text.count("{") + about.text.count("[") <= 50 * DEEPEST else None
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        return data, []
    wrong = _("What “StoryData” says is not JSON, so the format and the first passage of the story were worked out.")
    return {}, [Notice(wrong, about.line)]


def _said(data: dict[str, Any], key: str) -> str:
    found = data.get(key)
    return UNPRINTABLE.sub("", found).strip() if isinstance(found, str) else ""


def _start_of(settings: str) -> str:
    found = re.search(r"^start\s*:(.*)$", settings, re.MULTILINE)
    return found[1].strip() if found else ""
