"""A Twine story as a story of ours: each passage a scene, each way on a choice, each passage without one an ending."""

import re
from collections.abc import Mapping
from pathlib import PurePath

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scenarios.engine.graph import FORMAT, TENSION, Document
from scenarios.exchange.account import Account, the_file
from scenarios.exchange.foreign import Story
from scenarios.exchange.hypertext import harmless, to_plain
from scenarios.exchange.source import shortened
from scenarios.exchange.twine.accounting import account_for_file, account_for_passage
from scenarios.exchange.twine.book import ADDRESS, Book
from scenarios.exchange.twine.ends import endings_of, kind_of
from scenarios.exchange.twine.following import state_of, stays, variants
from scenarios.exchange.twine.nodes import ALWAYS, Change
from scenarios.exchange.twine.passages import Passage, TwineStory, refused, too_large
from scenarios.exchange.twine.state import Declared
from scenarios.exchange.twine.unfolding import Page, Way
from scenarios.naming import free_name
from scenarios.quoting import texts

MOST_CHOICES, MOST_OF_ONE, MOST_CHARACTERS = 20_000, 50, 5_000_000
LONGEST_TITLE, LONGEST_CHOICE, LONGEST_PROSE = 120, 600, 50_000
NO_TEXT = "(There was no text here.)"
MINUTES, START_TENSION = 8, 4
EMPHASIS = re.compile(r"''|//|\*\*|~~")


def told(said: TwineStory, name: str, declared: Declared | None = None, keys: Mapping[str, str] | None = None) -> Story:
    """The story, with what became of each passage. Raises Faults where it is larger than a story of ours may be.

    ``declared`` are variables whose flags and meters are known, ``keys`` the keys of passages that have one.
    """
    book = Book(said, name, Account()) if said.passages else None
    if book is None or not book.ordinary:
        raise refused(name, _("There is no passage to read in this story, only settings and code."), "empty")
    story = _Telling(book, declared, keys or {}).story()
    if sum(len(scene.get("choices", ())) for scene in story.document["scenes"].values()) > MOST_CHOICES:
        raise too_large(name, _("There are more than %(most)s links in this story.") % {"most": f"{MOST_CHOICES:,}"})
    if sum(map(len, texts(story.document))) > MOST_CHARACTERS:
        many = _("There are more than %(most)s characters in this story.")
        raise too_large(name, many % {"most": f"{MOST_CHARACTERS:,}"})
    return story


class _Telling:
    def __init__(self, book: Book, declared: Declared | None, keys: Mapping[str, str]) -> None:
        self.book, self.account = book, book.account
        self.state = state_of(book, declared)
        self.endings = endings_of(book)
        self.keys = dict(keys)
        for number, passage in enumerate(book.shown, 1):
            if passage.name not in keys:
                self.keys[passage.name] = free_name(passage.name, set(self.keys.values()), f"passage-{number}")

    def story(self) -> Story:
        document = self._head()
        scenes = [passage for passage in self.book.shown if passage.name not in self.endings]
        document["scenes"] = {self.keys[passage.name]: self._scene(passage) for passage in scenes}
        ends = [self.book.passages[name] for name in self.endings]
        document["endings"] = {self.keys[passage.name]: self._ending(passage) for passage in ends}
        account_for_file(self.book, self.state)
        return Story(document, self.account.remarks)

    def _head(self) -> Document:
        said = to_plain(self.book.said.title) or PurePath(self.book.name).stem or "Imported story"
        title = self.account.cut(said, LONGEST_TITLE, the_file())
        head: Document = {
            "format": FORMAT,
            "slug": free_name(title, (), "imported-story"),
            "title": title,
            "language": "en",
            "summary": "",
            "minutes": MINUTES,
            "introduction": "",
            "meters": self._meters(),
        }
        return head | ({"flags": self.state.flags} if self.state.flags else {})

    def _meters(self) -> Document:
        found = dict(self.state.meters)
        tension = found.pop(TENSION, None)
        meters: Document = {TENSION: {"start": tension.start if tension else START_TENSION}}
        for key, meter in found.items():
            span = {"start": meter.start, "minimum": meter.minimum, "maximum": meter.maximum}
            meters[key] = {"label": meter.label} | span
        return meters

    def _title(self, passage: Passage) -> str:
        return self.account.cut(harmless(passage.name), LONGEST_TITLE, self.book.place(passage.name), passage.line)

    def _prose(self, text: str, passage: Passage) -> str:
        return self.account.cut(text, LONGEST_PROSE, self.book.place(passage.name), passage.line)

    # ---- Endings

    def _ending(self, passage: Passage) -> Document:
        place, page = self.book.place(passage.name), self.book.pages[passage.name]
        account_for_passage(self.book, self.state, passage, _("It became an ending."))
        kind, is_said = kind_of(passage, page)
        if is_said:
            message = _("Its name or its words say how it ends, so this ending was set to %(kind)s. Choose what fits.")
        else:
            message = _("It does not say how it turned out, so this ending was set to %(kind)s. Choose what fits.")
        self.account.approximated(place, message % {"kind": _(kind.replace("-", " "))}, passage.line)
        if not page.text:
            self.account.approximated(place, _("It has no words. Write how it turned out."), passage.line)
        for way in page.ways:
            if ADDRESS.match(way.to):
                self._leads_out(way, passage)
        return {"kind": kind, "title": self._title(passage), "text": self._prose(page.text, passage) or NO_TEXT}

    # ---- Scenes

    def _scene(self, passage: Passage) -> Document:
        page = self.book.pages[passage.name]
        choices: Document = {}
        for way in page.ways:
            if ADDRESS.match(way.to):
                self._leads_out(way, passage)
            else:
                self._offer(way, page, passage, choices)
        account_for_passage(self.book, self.state, passage, _became_scene(len(choices)))
        scene = {"title": self._title(passage), "description": self._prose(page.text, passage) or NO_TEXT}
        return scene | ({"choices": choices} if choices else {})

    def _offer(self, way: Way, page: Page, passage: Passage, choices: Document) -> None:
        """Add the choices that a way becomes, one for each of its cases."""
        place, line = self.book.place(passage.name), passage.line_at(way.at)
        cases = variants(way, page, self.state)
        self._remark_on(way, len(cases), place, line)
        text = self.account.cut(_spoken(way.text), LONGEST_CHOICE, place, line)
        choice: Document = {"text": text, "to": self._target(way, place, line)}
        if way.said:
            choice["consequence"] = self._prose(way.said, passage)
        for requires, changes in cases:
            if len(choices) >= MOST_OF_ONE:
                message = _("It has more than %(most)s choices; the rest was left out.")
                self.account.dropped(place, message % {"most": MOST_OF_ONE}, passage.line)
                return
            needed = requires.document()
            made = self.state.effects((*changes, *self._arriving(way)))
            choices[free_name(text, choices, "choice")] = choice | ({"requires": needed} if needed else {}) | made

    def _arriving(self, way: Way) -> list[Change]:
        """What is set on coming to where the way leads; nobody comes who stays."""
        return self.book.pages[way.to].entry if way.to in self.book.pages and not stays(way) else []

    def _remark_on(self, way: Way, cases: int, place: str, line: int) -> None:
        said = {"choice": shortened(way.text), "cases": cases}
        if not cases:
            message = _("“%(choice)s” can never be offered: what it needs never holds.")
            self.account.dropped(place, message % said, line)
        elif way.when != ALWAYS and not self.state.is_known(way.when):
            message = _("“%(choice)s” is there under a condition that cannot be followed here; it is always offered.")
            self.account.approximated(place, message % said, line)
        elif cases > 1:
            message = _("“%(choice)s” became %(cases)s choices, one for each of its cases.")
            self.account.approximated(place, message % said, line)

    def _target(self, way: Way, place: str, line: int) -> str:
        if way.to in self.book.pages and way.to in self.keys:
            return self.keys[way.to]
        if way.to in self.book.passages:
            message = _("“%(choice)s” leads to “%(place)s”, which is no scene. Pick where it leads.")
        elif way.to.startswith(("$", "_")) or "(" in way.to:
            message = _("“%(choice)s” leads to “%(place)s”, which only code can tell. Pick where it leads.")
        else:
            message = _("“%(choice)s” leads to “%(place)s”, which is not in the file. Pick where it leads.")
        self.account.dropped(place, message % {"choice": shortened(way.text), "place": shortened(way.to)}, line)
        return ""

    def _leads_out(self, way: Way, passage: Passage) -> None:
        message = _("“%(choice)s” leads out of the story, to %(address)s; it is no choice here.")
        message %= {"choice": shortened(way.text), "address": shortened(way.to)}
        self.account.dropped(self.book.place(passage.name), message, passage.line_at(way.at))


def _became_scene(choices: int) -> str:
    if not choices:
        return _("It became a scene with no choice.")
    message = ngettext("It became a scene with %(n)s choice.", "It became a scene with %(n)s choices.", choices)
    return message % {"n": choices}


def _spoken(text: str) -> str:
    return to_plain(EMPHASIS.sub("", text)) or "Continue"
