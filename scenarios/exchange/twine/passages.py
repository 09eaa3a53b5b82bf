"""A Twine story as its file has it: passages with their names, tags, text and lines."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from scenarios.exchange.faults import Fault, Faults

HARLOWE, SUGARCUBE, OTHER = "harlowe", "sugarcube", "other"
# Twine 1's formats wrote the macros that SugarCube still has.
LIKE_SUGARCUBE = ("sugarcube", "sugarcane", "jonah", "tw2", "responsive", "bee", "twine 1")
MOST_PASSAGES, MOST_CHARACTERS, LONGEST_PASSAGE = 1_000, 3_000_000, 200_000
MOST_STORIES = 50


@dataclass(frozen=True)
class Passage:
    """``line`` is that of its header, or tag; ``text_line`` that of the first line of its text."""

    name: str
    text: str
    tags: tuple[str, ...] = ()
    line: int = 0
    text_line: int = 0
    file: str = ""

    def line_at(self, offset: int) -> int:
        """The line in the file of the character at this offset of the text."""
        return self.text_line + self.text.count("\n", 0, offset)


def called(name: str) -> str:
    """How remarks call a passage."""
    return _("passage “%(name)s”") % {"name": name}


@dataclass(frozen=True)
class Notice:
    """Something that was wrong with the file itself, and was read all the same."""

    message: str
    line: int = 0


@dataclass(frozen=True)
class TwineStory:
    """``format`` is as the file says it, ``start`` the name of the first passage; both may be empty."""

    title: str
    format: str
    start: str
    passages: tuple[Passage, ...]
    notices: tuple[Notice, ...] = ()

    @property
    def dialect(self) -> str:
        """In whose words its passages are written."""
        said = self.format.lower()
        if said.startswith("harlowe"):
            return HARLOWE
        if said.startswith(LIKE_SUGARCUBE):
            return SUGARCUBE
        return OTHER if said else _guessed(self.passages)


def _guessed(passages: tuple[Passage, ...]) -> str:
    """Where a file does not say its format: whichever's macros are more frequent."""
    texts = [passage.text for passage in passages]
    sugarcube = sum(text.count("<<") for text in texts)
    harlowe = sum(text.count(f"({macro}:") for text in texts for macro in ("set", "if", "link", "link-goto", "goto"))
    return HARLOWE if harlowe > sugarcube else SUGARCUBE


def within_limits(stories: list[TwineStory], name: str) -> list[TwineStory]:
    """The stories, with overlong passages cut. Raises Faults where there is more than a story of ours may be."""
    if len(stories) > MOST_STORIES:
        said = _("There are %(number)s stories in this file; %(most)s is the most.")
        raise too_large(name, said % {"number": f"{len(stories):,}", "most": MOST_STORIES})
    for story in stories:
        if len(story.passages) > MOST_PASSAGES:
            said = _("There are %(number)s passages in “%(story)s”; %(most)s is the most.")
            size = {"number": f"{len(story.passages):,}", "most": f"{MOST_PASSAGES:,}"}
            raise too_large(name, said % {"story": story.title, **size})
    if sum(len(passage.text) for story in stories for passage in story.passages) > MOST_CHARACTERS:
        said = _("There are more than %(most)s characters in this file.")
        raise too_large(name, said % {"most": f"{MOST_CHARACTERS:,}"})
    return [_cut(story) for story in stories]


def _cut(story: TwineStory) -> TwineStory:
    long = [passage for passage in story.passages if len(passage.text) > LONGEST_PASSAGE]
    said, most = _("“%(text)s” is longer than %(most)s characters; the rest was cut off."), f"{LONGEST_PASSAGE:,}"
    notices = tuple(Notice(said % {"text": passage.name, "most": most}, passage.line) for passage in long)
    passages = tuple(replace(passage, text=passage.text[:LONGEST_PASSAGE]) for passage in story.passages)
    return replace(story, passages=passages, notices=story.notices + notices)


def too_large(name: str, message: str) -> Faults:
    return refused(name, message + " " + _("Split it in Twine, and import the parts."), "too-large")


def refused(name: str, message: str, code: str = "not-twine") -> Faults:
    return Faults([Fault(name, 0, message, code)])


def without_duplicates(passages: list[Passage]) -> tuple[tuple[Passage, ...], tuple[Notice, ...]]:
    """Names are unique in Twine; the first of a name keeps it, another gets a number, and that is said."""
    taken: set[str] = set()
    kept: list[Passage] = []
    notices: list[Notice] = []
    for passage in passages:
        name = passage.name
        if name in taken:
            name = next(found for found in _numbered(name) if found not in taken)
            message = _(
                "There are two passages with the name “%(name)s”. Links lead to the first. This one is called"
                " “%(other)s” now."
            )
            notices.append(Notice(message % {"name": passage.name, "other": name}, passage.line))
        taken.add(name)
        kept.append(replace(passage, name=name))
    return tuple(kept), tuple(notices)


def _numbered(name: str) -> Iterator[str]:
    number = 2
    while True:
        yield f"{name} ({number})"
        number += 1
