"""A passage unfolded: its words, the ways on from it, what it sets, and the condition that each stands under."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from scenarios.exchange.source import shortened
from scenarios.exchange.twine.asking import after, every, parts_of
from scenarios.exchange.twine.markup import label, placed, prose, settled, without_marks
from scenarios.exchange.twine.nodes import (
    ALWAYS,
    Back,
    Been,
    Branch,
    Case,
    Change,
    Condition,
    Every,
    Guess,
    Include,
    Jump,
    Link,
    Lost,
    Node,
    Nodes,
    Not,
    Some,
    Test,
    Text,
)

DEEPEST_INCLUDE, MOST_NODES = 5, 20_000
# A link that is written as HTML.
TAGGED = re.compile(r"""<a\b[^<>]{0,500}\bdata-passage\s?=\s?["']([^"'<>]{1,300}+)["'][^<>]{0,500}+>([^<]{0,600}+)""")
PRINTED = re.compile(r"(?<![\w$\\])\$([A-Za-z_]\w*)")
Changed = tuple[Condition, Change]


@dataclass(frozen=True)
class Way:
    """``to`` is the name of a passage; empty for a way that goes back. ``said`` is what one reads on taking it."""

    text: str
    to: str
    at: int
    when: Condition = ALWAYS
    changes: tuple[Changed, ...] = ()
    said: str = ""
    is_back: bool = False
    is_jump: bool = False


@dataclass
class Page:
    """``entry`` is set on coming here; ``late`` on leaving, because something here asks for it before."""

    name: str
    text: str = ""
    ways: list[Way] = field(default_factory=list)
    entry: list[Change] = field(default_factory=list)
    late: list[Changed] = field(default_factory=list)
    losses: list[Lost] = field(default_factory=list)
    included: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)
    has_cases: bool = False
    is_opened: bool = False

    @property
    def asked(self) -> Iterator[Test | Been | Guess]:
        """What the ways on from here, and what is set here, depend on."""
        under = [way.when for way in self.ways]
        under += [
            condition for condition, _ in (*self.late, *(changed for way in self.ways for changed in way.changes))
        ]
        for condition in dict.fromkeys(under):
            yield from parts_of(condition)

    @property
    def changes(self) -> Iterator[Change]:
        yield from self.entry
        yield from (change for _, change in self.late)
        yield from (change for way in self.ways for _, change in way.changes)


def unfolded(name: str, nodes: Nodes, read: Callable[[str], Nodes | None], dialect: str) -> Page:
    """``read`` gives what another passage is made of, for one that is shown within this one."""
    folding = _Unfolding(name, read, dialect)
    folding.walk(nodes, ())
    return folding.done()


class _Unfolding:
    def __init__(self, name: str, read: Callable[[str], Nodes | None], dialect: str) -> None:
        self.page, self.read, self.dialect = Page(name), read, dialect
        self.words: list[str] = []
        self.jumps: list[Way] = []
        self.chain = [name]
        self.patience = MOST_NODES
        self.asked: set[str] = set()
        self.opened = 0

    def done(self) -> Page:
        page = self.page
        before: list[Condition] = []
        for jump in self.jumps:
            page.ways.append(_when(jump, before))
            before.append(Not(jump.when) if jump.when != ALWAYS else Some(()))
            if jump.when == ALWAYS:
                break
        # A jump goes before anything can be picked.
        page.ways = [way if way.is_jump else _when(way, before) for way in page.ways]
        page.ways = [way for way in page.ways if way.is_jump or Some(()) not in before]
        page.text = prose("".join(self.words), self.dialect)
        return page

    def walk(self, nodes: Nodes, when: tuple[Condition, ...]) -> None:
        for node in nodes:
            self.patience -= 1
            if self.patience < 0:
                return
            self._read(node, when)

    def _read(self, node: Node, when: tuple[Condition, ...]) -> None:
        if isinstance(node, Text):
            self.words.append(without_marks(node.text))
            self.page.printed += PRINTED.findall(node.text)
            self.page.ways += [
                Way(" ".join(found[2].split()) or found[1], found[1], node.at + found.start(), every(when))
                for found in TAGGED.finditer(node.text)
            ]
        elif isinstance(node, Link):
            self._link(node, when)
        elif isinstance(node, Back):
            self.page.ways.append(Way(node.text or "Back", "", node.at, every(when), is_back=True))
            self.words.append(placed(node.text))
        elif isinstance(node, Jump):
            self.jumps.append(Way("Continue", node.to, node.at, every(when), is_jump=True))
        elif isinstance(node, Branch):
            self._branch(node, when)
        elif isinstance(node, Include):
            self._include(node, when)
        elif isinstance(node, Change):
            self._change(node, when)
        else:
            self.page.losses.append(node)

    def _ask(self, condition: Condition) -> None:
        for part in parts_of(condition):
            if isinstance(part, Test):
                self.asked.add(part.variable)
                # What is set here under a condition is set on leaving, which is too late for this question.
                if any(change.variable == part.variable for under, change in self.page.late if under != ALWAYS):
                    self.page.unsure.add(part.variable)

    def _branch(self, branch: Branch, when: tuple[Condition, ...]) -> None:
        before: list[Condition] = []
        for case in branch.cases:
            condition = self._here(case.condition)
            self._ask(condition)
            start = len(self.words)
            self.walk(case.body, (*when, *before, condition))
            self._label(case, start)
            before.append(Not(condition))

    def _label(self, case: Case, start: int) -> None:
        """Say with the words of a case what they depend on."""
        words = settled("".join(self.words[start:]))
        del self.words[start:]
        if words.strip():
            self.page.has_cases = True
            said = f"If {shortened(case.code)}:" if case.code else "Otherwise:"
            self.words += [label(said), words]
        elif "\n" in words:
            self.words.append("\n")

    def _here(self, condition: Condition) -> Condition:
        """An empty name in the question whether one was somewhere means here."""
        if isinstance(condition, Been):
            return Been(condition.passage or self.page.name)
        if isinstance(condition, Not):
            return Not(self._here(condition.part))
        if isinstance(condition, Every | Some):
            return type(condition)(tuple(self._here(part) for part in condition.parts))
        return condition

    def _include(self, node: Include, when: tuple[Condition, ...]) -> None:
        found = self.read(node.passage)
        if found is None:
            why = _("It shows the passage “%(passage)s”, which is not in the file.")
            self.page.losses.append(Lost(node.passage, why % {"passage": shortened(node.passage)}, node.at))
        elif node.passage in self.chain or len(self.chain) > DEEPEST_INCLUDE:
            why = _("It shows the passage “%(passage)s” within itself, or too deep within others.")
            self.page.losses.append(Lost(node.passage, why % {"passage": shortened(node.passage)}, node.at))
        else:
            self.page.included.append(node.passage)
            self.chain.append(node.passage)
            self.walk(found, when)
            self.chain.pop()

    def _change(self, change: Change, when: tuple[Condition, ...]) -> None:
        is_late = any(change.variable == late.variable for _, late in self.page.late)
        if when or change.variable in self.asked or is_late:
            self.page.late.append((every(when), change))
        else:
            self.page.entry.append(change)

    # ---- Links

    def _link(self, link: Link, when: tuple[Condition, ...]) -> None:
        if not link.body:
            self.words.append(placed(link.text))
            if link.to:
                self.page.ways.append(Way(link.text, link.to, link.at, every(when)))
            return
        inner = _Unfolding(self.page.name, self.read, self.dialect)
        inner.chain, inner.patience = self.chain, self.patience
        inner.walk(link.body, ())
        self.patience = inner.patience
        self._learn(inner.page)
        if link.to or inner.jumps:
            self.words.append(placed(link.text))
            self.page.ways += _leading(link, inner, when)
        elif list(inner.page.changes):
            self._deed(link, inner, when)
        else:
            self.page.is_opened = True
            self.asked |= inner.asked
            self.words += [without_marks(link.text) + " ", *inner.words]
            self.page.ways += [_when(way, when) for way in inner.page.ways]

    def _learn(self, inner: Page) -> None:
        """What was found in the body of a link, but for its ways and what it sets."""
        self.page.losses += inner.losses
        self.page.printed += inner.printed
        self.page.unsure |= inner.unsure
        self.page.included += inner.included

    def _deed(self, link: Link, inner: "_Unfolding", when: tuple[Condition, ...]) -> None:
        """A link that sets something and stays: a choice that leads back to its own scene, once."""
        self.words.append(placed(link.text))
        self.opened += 1
        name = f"did:{self.page.name}:{self.opened}:{shortened(link.text, 40)}"
        done = Test(name, "is", "true")
        once = Change(name, "set", link.text, link.at, literal="true")
        said = prose("".join(inner.words), self.dialect)
        changes = (*_changed(inner), (ALWAYS, once))
        self.page.ways.append(Way(link.text, self.page.name, link.at, every((*when, Not(done))), changes, said))
        self.page.ways += [_when(way, [*when, done]) for way in inner.page.ways]


def _changed(inner: _Unfolding) -> tuple[Changed, ...]:
    return (*((ALWAYS, change) for change in inner.page.entry), *inner.page.late)


def _leading(link: Link, inner: _Unfolding, when: tuple[Condition, ...]) -> Iterator[Way]:
    """A way for each place that the link may lead to. What its body asks, it asks after what it sets."""
    set_before = [change for condition, change in _changed(inner) if condition == ALWAYS]
    said, changes = prose("".join(inner.words), inner.dialect), _changed(inner)
    before: list[Condition] = []
    for jump in inner.jumps:
        condition = after(jump.when, set_before)
        yield Way(link.text, jump.to, link.at, every((*when, *before, condition)), changes, said)
        before.append(Not(condition))
        if condition == ALWAYS:
            return
    if link.to:
        yield Way(link.text, link.to, link.at, every((*when, *before)), changes, said)


def _when(way: Way, conditions: Iterable[Condition]) -> Way:
    return Way(
        way.text, way.to, way.at, every((*conditions, way.when)), way.changes, way.said, way.is_back, way.is_jump
    )
