"""What SugarCube's macros come to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from scenarios.exchange.source import shortened
from scenarios.exchange.twine.expressions import changes_of, condition_of, literal_of, tokens, unquoted, variables_in
from scenarios.exchange.twine.links import Written, link_of, links_in
from scenarios.exchange.twine.nodes import (
    ALWAYS,
    Back,
    Branch,
    Case,
    Guess,
    Include,
    Jump,
    Link,
    Lost,
    Node,
    Nodes,
    Some,
    Test,
    Text,
)

IMAGE = re.compile(r"\[img\[[^\]]{0,500}+\](?:\[([^\]]{0,500}+)\])?(?:\[([^\]]{0,500}+)\])?\]", re.IGNORECASE)
INLINE = {"nobr", "type", "capture", "done", "do", "append", "prepend", "replace", "dialog", "popup", "div", "span"}
DELAYED = {"timed", "repeat"}
INSTANT = {"linkappend", "linkprepend", "linkreplace"}
LINKING = {"link", "button", "click"} | INSTANT
INPUT = {"textbox", "textarea", "checkbox", "radiobutton", "listbox", "cycle", "numberbox"}
QUIET = {"nobr", "silently", "silent", "done", "do", "br", "space"}


@dataclass
class Frame:
    """A macro that is still open, its parts so far, and what is in the part that is being read."""

    name: str
    args: str
    at: int
    parts: list[tuple[str, str, list[Node]]] = field(default_factory=list)
    body: list[Node] = field(default_factory=list)
    part: str = ""
    part_args: str = ""

    def next_part(self, name: str, args: str) -> None:
        self.parts.append((self.part, self.part_args, self.body))
        self.part, self.part_args, self.body = name, args, []


def simple(name: str, args: str, at: int, passages: frozenset[str]) -> Iterator[Node]:
    if name in ("set", "unset", "run", "remember", "forget") or (name == "script" and not args):
        yield from _set(name, args, at)
    elif name in ("goto", "onward"):
        yield from _targets(args, at, passages)
    elif name in ("include", "display"):
        target = _first_of(args)
        yield Include(target, at) if target else lost(f"<<{name} {args}>>", at)
    elif name in ("back", "return"):
        said = _spoken(args)
        yield Link(said.text, said.to, at) if said and said.to else Back(said.text if said else "", at)
    elif name in ("choice", "actions"):
        yield from _choices(name, args, at)
    elif name in ("print", "=", "-"):
        yield from _printed(args, at)
    elif name in passages:
        yield Include(name, at)
    elif name in INPUT:
        yield _asking(name, args, at)
    elif name not in QUIET:
        yield from _unknown(name, args, at)


def linked(written: Written, at: int) -> Link:
    return Link(written.text, written.to, at, tuple(changes_of(written.setter, at)) if written.setter else ())


def lost(code: str, at: int, why: str = "") -> Lost:
    return Lost(shortened(code), why or _("This macro is not known here; it was left out."), at, variables_in(code))


def _set(name: str, args: str, at: int) -> Iterator[Node]:
    if name in ("unset", "forget"):
        for variable in variables_in(args):
            yield from changes_of(f"${variable} to null", at)
    elif re.search(r"\b(?:Engine\.restart|UI\.restart|SugarCube\.Engine\.restart)\b", args):
        yield Lost(shortened(args), _("It begins the story again; here a learner can do that at the end."), at)
    elif goes := re.search(r"""\b(?:Engine\.play|state\.display|Engine\.goto)\(\s*+("[^"]*+"|'[^']*+')""", args):
        yield Jump(unquoted(goes[1]), at)
    else:
        yield from changes_of(args, at)


def _texts(args: str) -> list[str]:
    return [unquoted(word) for word in tokens(args) if word[0] in "\"'"]


def _first_of(args: str) -> str:
    """The one name that the arguments say: in quotes, as a link, or bare."""
    links = links_in(args)
    quoted = _texts(args)
    if links:
        return links[0].to
    return quoted[0] if quoted else "" if "$" in args or "(" in args else args.strip()


def _targets(args: str, at: int, passages: frozenset[str]) -> Iterator[Node]:
    """Where a goto leads. Where code decides, it may be any passage that the code names."""
    words = tokens(args)
    target = _first_of(args)
    if target and (len(words) == 1 or links_in(args) or target in passages):
        others = [text for text in _texts(args) if text in passages and text != target] if len(words) > 1 else []
        if not others:
            yield Jump(target, at)
            return
        yield Lost(shortened(args), _("Code decides where this leads; each place is offered."), at, approximated=True)
        yield from (Branch((Case(Guess(args[:60]), "", (Jump(name, at),)),), at) for name in (target, *others))
    else:
        yield Lost(f"<<goto {shortened(args)}>>", _("Where it leads is worked out by code; it was left out."), at)


def _spoken(args: str) -> Written | None:
    """The words of a link macro and where it leads, if the arguments say so; the words are at least a space."""
    if links := links_in(args):
        return links[0]
    if image := IMAGE.search(args):
        written = link_of(image[1] or "")
        return Written("Continue", written.to, image[2] or "")
    texts = _texts(args)
    if not texts:
        bare = args.strip()
        return Written(bare, "") if bare and "$" not in bare else None
    return Written(texts[0], texts[1] if len(texts) > 1 else "")


def _choices(name: str, args: str, at: int) -> Iterator[Node]:
    links = links_in(args)
    texts = _texts(args)
    if links:
        yield from (linked(link, at) for link in links)
    elif name == "choice" and texts:
        yield Link(texts[1] if len(texts) > 1 else texts[0], texts[0], at)
    elif texts:
        yield from (Link(text, text, at) for text in texts)
    elif args.strip() and "$" not in args:
        yield Link(args.strip(), args.strip(), at)
    else:
        yield lost(f"<<{name} {args}>>", at)


def _printed(args: str, at: int) -> Iterator[Node]:
    words = tokens(args)
    if len(words) == 1 and (words[0].startswith("$") or literal_of(words[0]) is not None):
        yield Text(unquoted(words[0]) if words[0][0] in "\"'" else words[0], at)
        return
    code = f"<<print {shortened(args)}>>"
    yield Lost(code, _("What it would print is worked out by code; it was left out."), at)
    yield from (linked(link, at) for link in links_in(args))


def _unknown(name: str, args: str, at: int) -> Iterator[Node]:
    yield lost(f"<<{name} {args}>>" if args else f"<<{name}>>", at)
    yield from (linked(link, at) for link in links_in(args))


# ---- Macros with something in them


def contained(frame: Frame) -> Iterator[Node]:
    """What a macro with a body comes to, once it is closed."""
    name, args, at = frame.name, frame.args, frame.at
    first, *rest = [(part, part_args, tuple(body)) for part, part_args, body in frame.parts]
    body = first[2]
    if name == "if":
        yield _branch([("if", args, body), *rest], at)
    elif name == "switch":
        yield _switch(args, rest, at)
    elif name in LINKING:
        yield from _link_macro(name, args, body, at)
    elif name in ("silently", "silent"):
        yield from (node for node in body if not isinstance(node, Text))
    elif name in ("script", "style", "widget"):
        yield lost(f"<<{name} {args}>>".replace(" >>", ">>"), at, _("It is code, which was left out."))
    elif name in DELAYED:
        yield Lost(
            f"<<{name} {args}>>", _("It waits for a while; here everything is there at once."), at, approximated=True
        )
        yield from _perhaps(body + tuple(node for *_part, more in rest for node in more), at)
    elif name == "for":
        yield Lost(
            f"<<for {shortened(args)}>>", _("It repeats something; here that is there once."), at, variables_in(args)
        )
        yield from body
    elif name in INPUT:
        yield _asking(name, args, at)
    elif name in INLINE:
        yield from body
    else:
        yield lost(f"<<{name} {args}>>", at)
        yield from body


def _asking(name: str, args: str, at: int) -> Lost:
    why = _("It asks for something to be entered; it was left out.")
    return Lost(f"<<{name} {shortened(args)}>>", why, at, variables_in(args))


def _link_macro(name: str, args: str, body: Nodes, at: int) -> Iterator[Node]:
    said = _spoken(args)
    if said is None:
        yield Lost(f"<<{name} {shortened(args)}>>", _("Its words are worked out by code."), at, approximated=True)
        said = Written("Continue", "")
    changes = tuple(changes_of(said.setter, at)) if said.setter else ()
    yield Link(said.text or "Continue", said.to, at, changes + body)


def _perhaps(body: Nodes, at: int) -> Iterator[Node]:
    """A jump that comes by itself after a while is one more way on."""
    for node in body:
        yield Branch((Case(Guess("after a while"), "", (node,)),), at) if isinstance(node, Jump) else node


def _branch(parts: list[tuple[str, str, Nodes]], at: int) -> Branch:
    cases = []
    for part, args, body in parts:
        condition = ALWAYS if part == "else" and not args else condition_of(args.removeprefix("if "))
        cases.append(Case(condition, shortened(args), body))
    return Branch(tuple(cases), at)


def _switch(subject: str, parts: list[tuple[str, str, Nodes]], at: int) -> Branch:
    cases = []
    for part, args, body in parts:
        if part == "default":
            cases.append(Case(ALWAYS, "", body))
            continue
        literals = [literal for word in tokens(args) if (literal := literal_of(word)) is not None]
        name = subject.strip().removeprefix("$")
        known = subject.strip().startswith("$") and name.isidentifier() and literals
        from_each = tuple(Test(name, "is", literal) for literal in literals)
        condition = Some(from_each) if known else Guess(shortened(f"{subject} is {args}"))
        cases.append(Case(condition, shortened(f"{subject} is {args}"), body))
    return Branch(tuple(cases), at)
