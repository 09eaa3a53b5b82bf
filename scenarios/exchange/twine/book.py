"""All passages of a story unfolded, and what can be said of them together."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from django.utils.translation import gettext as _

from scenarios.exchange.account import Account, the_file
from scenarios.exchange.source import shortened
from scenarios.exchange.twine import harlowe, plain, sugarcube
from scenarios.exchange.twine.nodes import ALWAYS, Been, Change, Nodes
from scenarios.exchange.twine.passages import HARLOWE, OTHER, SUGARCUBE, Passage, TwineStory, called
from scenarios.exchange.twine.special import SETS, purpose
from scenarios.exchange.twine.state import BEEN
from scenarios.exchange.twine.unfolding import Page, Way, unfolded

MOST_BACK = 8
QUOTED = re.compile(r""""([^"\n]{1,300}+)"|'([^'\n]{1,300}+)'""")
GOES_BACK = re.compile(r"(?:previous\(\)|\$return\b.*)", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?:|mailto:|www\.|file:|//)", re.IGNORECASE)


class Book:
    """``ordinary`` are the passages for readers, ``start`` the name of the first, ``pages`` what each comes to."""

    def __init__(self, said: TwineStory, name: str, account: Account) -> None:
        self.said, self.name, self.account, self.dialect = said, name, account, said.dialect
        self.passages = {passage.name: passage for passage in said.passages}
        self.ordinary = [passage for passage in said.passages if not self.purpose(passage)]
        self.read: dict[str, Nodes] = {}
        self.start = self._start()
        self.pages = {passage.name: self.unfolded(passage.name) for passage in self.ordinary}
        self._go_where_code_says()
        self._go_back()
        self._been()

    def purpose(self, passage: Passage) -> str:
        """What became of a passage that is not for readers; empty for one that is."""
        return purpose(passage, self.dialect)

    def place(self, name: str) -> str:
        """How remarks call a passage."""
        passage = self.passages[name]
        file = f"{passage.file}: " if passage.file != self.name else ""
        return f"{file}{called(shortened(name))}"

    def unfolded(self, name: str) -> Page:
        return unfolded(name, self._nodes(name) or (), self._nodes, self.dialect)

    @cached_property
    def shown(self) -> list[Passage]:
        """The passages that become scenes or endings, the first one first: not what others only show within them."""
        led_to = {way.to for page in self.pages.values() for way in page.ways} | {self.start}
        included = {name for page in self.pages.values() for name in page.included} - led_to
        kept = [passage for passage in self.ordinary if passage.name not in included]
        return sorted(kept, key=lambda passage: passage.name != self.start)

    @cached_property
    def setting(self) -> list[Page]:
        """The passages that only say what holds when a play begins."""
        return [self.unfolded(passage.name) for passage in self.said.passages if self.purpose(passage) == SETS]

    @cached_property
    def reached(self) -> set[str]:
        """The passages that some links lead to from the first, whatever they need."""
        found, waiting = {self.start}, [self.start]
        while waiting:
            for way in self.pages[waiting.pop()].ways:
                if way.to in self.pages and way.to not in found:
                    found.add(way.to)
                    waiting.append(way.to)
        return found

    def _start(self) -> str:
        names = [passage.name for passage in self.ordinary]
        if self.said.start in names:
            return self.said.start
        start = next((name for name in names if name.lower() == "start"), names[0] if names else "")
        if self.said.start:
            message = _(
                "It begins with “%(passage)s”, which is not in it. “%(first)s” was taken for the first passage."
            )
            names_said = {"passage": shortened(self.said.start), "first": shortened(start)}
            self.account.approximated(the_file(), message % names_said)
        return start

    def _nodes(self, name: str) -> Nodes | None:
        if name not in self.passages:
            return None
        if name not in self.read:
            self.read[name] = self._parsed(self.passages[name].text)
        return self.read[name]

    def _parsed(self, text: str) -> Nodes:
        if self.dialect == HARLOWE:
            return harlowe.parsed(text)
        return sugarcube.parsed(text, self._names) if self.dialect == SUGARCUBE else plain.parsed(text)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.passages)

    # ---- Ways that only the whole can tell

    def _go_where_code_says(self) -> None:
        """Where only code that is not known here leads on, each passage that it names is a way on."""
        for passage in self.ordinary:
            page = self.pages[passage.name]
            if page.ways or not page.losses or self.dialect == OTHER:
                continue
            page.ways = list(self._named_in(passage))
            if page.ways:
                message = _("Only code leads on from here; each passage that it names is offered. Look which ones fit.")
                self.account.approximated(self.place(passage.name), message, passage.line)

    def _named_in(self, passage: Passage) -> Iterator[Way]:
        """A way to each other passage whose name stands in quotes, with the words in quotes before it, if any."""
        before, end = "", 0
        for found in QUOTED.finditer(passage.text):
            said = found[1] or found[2] or ""
            if said in self.pages and said != passage.name:
                is_near = before and "\n" not in passage.text[end : found.start()]
                yield Way(before if is_near else said, said, found.start())
            before, end = "" if said in self.pages else said, found.end()

    def _go_back(self) -> None:
        """A way back leads to each passage that leads here: nobody knows where a reader comes from."""
        sources: dict[str, list[str]] = defaultdict(list)
        for name, page in self.pages.items():
            for way in page.ways:
                if way.to != name and not way.is_back and name not in sources[way.to]:
                    sources[way.to].append(name)
        for name, page in self.pages.items():
            page.ways = [found for way in page.ways for found in self._back(way, name, sources[name])]

    def _back(self, way: Way, name: str, sources: list[str]) -> Iterator[Way]:
        if not way.is_back and not GOES_BACK.fullmatch(way.to):
            yield way
            return
        line = self.passages[name].line_at(way.at)
        if not sources:
            message = _("“%(choice)s” goes back, and nothing leads here.")
            self.account.dropped(self.place(name), message % {"choice": shortened(way.text)}, line)
        elif len(sources) == 1:
            yield replace(way, to=sources[0], is_back=False)
        else:
            message = _("“%(choice)s” goes back to where one came from; here it is a choice for each place.")
            self.account.approximated(self.place(name), message % {"choice": shortened(way.text)}, line)
            for source in sources[:MOST_BACK]:
                yield replace(way, to=source, text=f"{way.text} ({source})", is_back=False)

    def _been(self) -> None:
        """Where something asks whether one was at a passage, leaving it is remembered."""
        asked = {part.passage for page in self.pages.values() for part in page.asked if isinstance(part, Been)}
        for name in sorted(asked & set(self.pages)):
            change = Change(BEEN + name, "set", f"visited {name}", 0, literal="true")
            self.pages[name].late.append((ALWAYS, change))
