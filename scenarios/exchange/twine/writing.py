"""A scenario of ours as Twee 3, in SugarCube's words: it opens in Twine, plays there, and comes back.

Each scene and ending is a passage. What Twine has no words for (coaching, skills, policies, names of choices) stands in
a comment at the end of its passage, and in ``StoryInit`` for the whole; ``returning`` reads both back.
"""

import json
import re
from collections.abc import Iterator
from html import escape
from uuid import NAMESPACE_URL, uuid5

from scenarios.engine.graph import Bound, Choice, Document, Ending, Graph, Scene, from_document
from scenarios.engine.layout import layout
from scenarios.exchange.twine.special import NAMES

FORMAT, VERSION = "SugarCube", "2.37.3"
MARK = "library-training"
INTRODUCTION, WIDGET, BEGIN = "Introduction", "Taking over", "Begin"
SAID = "consequence"
HEADING = re.compile(r"^(#{1,6}) ", re.MULTILINE)
ITEM = re.compile(r"^ *(?:[-*+]|(\d+)\.) ", re.MULTILINE)
STRONG, STRESSED = re.compile(r"\*\*([^*\n]+)\*\*"), re.compile(r"(?<![*\\])\*([^*\n]+)\*(?!\*)")
# What SugarCube would take for something of its own.
LIVE = re.compile(r"\$|\[(?=\[|img)|/(?=[*%])|\{(?=\{\{)|@(?=@)|<")
SOFT_BREAK = re.compile(r"(?<!  )(?<!\\)\n(?![\n>*#!])")
UNESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])")


def to_twee(document: Document) -> str:
    """The scenario as one Twee file. The same scenario gives the same file, with the same IFID."""
    return "\n\n\n".join(f"{header}\n{text}" for header, text in _Writing(document).passages()) + "\n"


def ifid_of(slug: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{MARK}/{slug}")).upper()


def note_of(data: Document) -> str:
    """A comment that SugarCube passes over."""
    return f"/* {MARK} {json.dumps(data, ensure_ascii=False).replace('*/', '*' + chr(92) + '/')} */"


def variables_of(graph: Graph) -> dict[str, str]:
    """The variable of each meter, and of each flag by its key with a question mark before it."""
    names: dict[str, str] = {}
    for key in (*graph.meters, *(f"?{flag}" for flag in graph.flags)):
        word = key.lstrip("?").replace("-", "_")
        word = f"v{word}" if word[:1].isdigit() or word == SAID else word
        while word in names.values():
            word += "_"
        names[key] = word
    return names


class _Writing:
    def __init__(self, document: Document) -> None:
        self.document, self.graph = document, from_document(document)
        self.variables = variables_of(self.graph)
        self.names = self._names()
        self.usurpers = self.graph.usurpers
        self.watched = sorted(
            {node.takes_over.meter for node in self.usurpers if node.takes_over} & {*self.graph.meters}
        )

    def _names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        taken = {*NAMES, INTRODUCTION, WIDGET}
        for key in (*self.graph.scenes, *self.graph.endings):
            title = " ".join(self.graph.node(key).title.split()) or key
            number, name = 2, title
            while name in taken:
                name, number = f"{title} ({number})", number + 1
            taken.add(name)
            names[key] = name
        return names

    def passages(self) -> Iterator[tuple[str, str]]:
        """Each passage's header and text."""
        places = {box.key: f"{box.x},{box.y}" for box in layout(self.graph).boxes}
        first = next(iter(self.names.values()), "")
        yield ":: StoryTitle", " ".join(self.graph.title.split())
        yield ":: StoryData", self._data(INTRODUCTION if self.graph.introduction else first)
        yield ":: StoryInit", self._init()
        if captions := [f"{meter.label}: ${self.variables[key]}" for key, meter in self.graph.meters.items()]:
            yield ":: StoryCaption", "\n".join(captions)
        yield ":: PassageHeader", f'<<if ${SAID}>>${SAID}<<set ${SAID} to "">><</if>>'
        if self.watched:
            yield f":: {WIDGET} [widget]", self._widget()
        if self.graph.introduction:
            yield f":: {INTRODUCTION} [introduction]", f"{shown(self.graph.introduction)}\n\n{_link(BEGIN, first)}"
        for key, scene in self.graph.scenes.items():
            yield self._header(key, "", places), self._scene(scene)
        for key, ending in self.graph.endings.items():
            if key not in self.graph.scenes:
                yield self._header(key, ending.kind, places), self._ending(ending)

    def _header(self, key: str, tag: str, places: dict[str, str]) -> str:
        name = re.sub(r"([\\\[\]{}])", r"\\\1", self.names[key])
        place = json.dumps({"position": places.get(key, "0,0"), "size": "100,100"})
        return f":: {name} [{tag}] {place}" if tag else f":: {name} {place}"

    def _data(self, start: str) -> str:
        data = {
            "ifid": ifid_of(self.graph.slug),
            "format": FORMAT,
            "format-version": VERSION,
            "start": start,
            "zoom": 1,
        }
        return json.dumps(data, ensure_ascii=False, indent=2)

    def _init(self) -> str:
        head = {key: value for key, value in self.document.items() if key not in ("scenes", "endings")}
        note = {"head": head, "order": list(self.names), "variables": self.variables}
        sets = [f"<<set ${self.variables[key]} to {meter.start}>>" for key, meter in self.graph.meters.items()]
        sets += [f"<<set ${self.variables['?' + flag]} to false>>" for flag in self.graph.flags]
        return "\n".join([note_of(note), *sets, f'<<set ${SAID} to "">>'])

    def _widget(self) -> str:
        """Where a threshold is crossed, what takes over comes next, and otherwise what was picked."""
        cases = []
        for node in self.usurpers:
            if node.takes_over and node.takes_over.meter in self.watched:
                variable = self.variables[node.takes_over.meter]
                now, before = _test(f"${variable}", node.takes_over), _test(f"_{variable}", node.takes_over)
                cases.append(f"if {now} and not ({before})>><<goto {_quoted(self.names[node.key])}>>")
        return f'<<widget "onward">><<{"<<else".join(cases)}<<else>><<goto _args[0]>><</if>><</widget>>'

    def _scene(self, scene: Scene) -> str:
        said = shown(scene.speech)
        speaker = f"''{_mild(scene.speaker)}:'' " if scene.speaker and said else ""
        words = [shown(scene.description), speaker + said]
        choices = [self._choice(choice) for choice in scene.choices]
        note = note_of({"key": scene.key, "scene": self.document["scenes"][scene.key]})
        return "\n\n".join(part for part in (*words, "\n".join(choices), note) if part)

    def _ending(self, ending: Ending) -> str:
        note = note_of({"key": ending.key, "ending": self.document["endings"][ending.key]})
        return "\n\n".join(part for part in (shown(ending.text), note) if part)

    def _choice(self, choice: Choice) -> str:
        to = self.names.get(choice.to, "")
        done = self._done(choice)
        if to and self.watched and choice.to not in self.graph.endings:
            before = "".join(f"<<set _{self.variables[key]} to ${self.variables[key]}>>" for key in self.watched)
            link = f"<<link {_quoted(choice.text)}>>{before}{done}<<onward {_quoted(to)}>><</link>>"
        else:
            link = _link(choice.text, to, done)
        needed = self._needed(choice)
        return f"<<if {needed}>>{link}<</if>>" if needed else link

    def _needed(self, choice: Choice) -> str:
        bounds = [
            _test(f"${self.variables[bound.meter]}", bound)
            for bound in choice.bounds
            if bound.meter in self.graph.meters
        ]
        has = [f"${self._flag(flag)}" for flag in sorted(choice.has)]
        lacks = [f"not ${self._flag(flag)}" for flag in sorted(choice.lacks)]
        return " and ".join([*bounds, *has, *lacks])

    def _done(self, choice: Choice) -> str:
        moves = [
            self._move(key, amount) for key, amount in choice.effects.items() if key in self.graph.meters and amount
        ]
        moves += [f"<<set ${self._flag(flag)} to false>>" for flag in sorted(choice.clears)]
        moves += [f"<<set ${self._flag(flag)} to true>>" for flag in sorted(choice.sets)]
        said = (
            [f"<<set ${SAID} to {json.dumps(shown(choice.consequence), ensure_ascii=False)}>>"]
            if choice.consequence
            else []
        )
        return "".join(moves + said)

    def _move(self, key: str, amount: int) -> str:
        name, meter = f"${self.variables[key]}", self.graph.meters[key]
        sign = "+" if amount > 0 else "-"
        return f"<<set {name} to Math.clamp({name} {sign} {abs(amount)}, {meter.minimum}, {meter.maximum})>>"

    def _flag(self, flag: str) -> str:
        return self.variables.get(f"?{flag}") or flag.replace("-", "_")


def _link(text: str, to: str, body: str = "") -> str:
    return f"<<link {_quoted(text)}{' ' + _quoted(to) if to else ''}>>{body}<</link>>"


def _test(name: str, bound: Bound) -> str:
    parts = []
    if bound.at_least is not None:
        parts.append(f"{name} gte {bound.at_least}")
    if bound.at_most is not None:
        parts.append(f"{name} lte {bound.at_most}")
    return " and ".join(parts)


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _mild(text: str) -> str:
    return LIVE.sub(lambda found: escape(found[0]) if found[0] == "<" else f"&#{ord(found[0])};", text)


def shown(markdown: str) -> str:
    """Markdown of ours as SugarCube shows it."""
    text = SOFT_BREAK.sub(" ", _mild(markdown.strip()))
    text = STRESSED.sub(r"//\1//", STRONG.sub(r"''\1''", text))
    text = ITEM.sub(lambda found: "# " if found[1] else "* ", text)
    text = HEADING.sub(lambda found: "!" * len(found[1]) + " ", text)
    return re.sub(" *\n", "\n", UNESCAPED.sub(r"\1", text))
