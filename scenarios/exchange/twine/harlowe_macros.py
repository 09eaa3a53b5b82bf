"""What Harlowe's macros come to, each with the hook that it stands before."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from scenarios.exchange.source import shortened
from scenarios.exchange.twine.expressions import changes_of, literal_of, tokens, unquoted, variables_in
from scenarios.exchange.twine.links import links_in
from scenarios.exchange.twine.nodes import Back, Branch, Case, Guess, Include, Jump, Link, Lost, Node, Nodes, Text

LINK_NAMES = (
    "link linkreplace linkreveal linkrepeat linkrerun linkappend linkshow click clickreplace clickappend clickprepend"
    " clickrerun mouseover mouseoverreplace mouseoverappend mouseoverprepend mouseout mouseoutreplace mouseoutappend"
    " mouseoutprepend"
)
STYLE_NAMES = (
    "textstyle textcolour textcolor colour color background bg font align css transition t8n transitiontime t8ntime"
    " transitiondelay t8ndelay transitiondepart transitionarrive t8ndepart t8narrive textrotate textrotatez textsize"
    " size border cornerradius charstyle linestyle linkstyle hoverstyle opacity textindent box floatbox button collapse"
    " nobr hook columns column enchant change enchantin hide verbatim v6m transitionskip t8nskip animation"
)
PLAIN_NAMES = "set put goto display print history visited linkgoto undo"
ASKING_NAMES = "input inputbox forceinput forceinputbox checkbox checkboxfullscreen dropdown prompt confirm"
LINKS, STYLES = frozenset(LINK_NAMES.split()), frozenset(STYLE_NAMES.split())
# Those that stand alone: a bracket after them is no part of them.
ALONE, ASKING = frozenset(PLAIN_NAMES.split()), frozenset(ASKING_NAMES.split())
GOING = {"linkgoto", "linkrevealgoto", "clickgoto", "mouseovergoto", "mouseoutgoto"}
DELAYED = {"live", "after", "event", "afterurl", "more", "stop"}
ELSEWHERE = {"replace", "append", "prepend", "show", "rerun", "rerunappend"}
CHANCES = {"either", "cond", "nth", "cyclinglink", "seqlink", "sequencelink"}
NOT_KNOWN = gettext_noop("This macro is not known here; it was left out.")


@dataclass(frozen=True)
class Called:
    """A macro: its name in plain letters, what stands after the colon, where it begins, and where it ends."""

    name: str
    args: str
    at: int
    end: int

    @property
    def code(self) -> str:
        return shortened(f"({self.name}: {self.args})" if self.args else f"({self.name}:)")


def made(called: Called, body: Nodes | None) -> Iterator[Node]:
    """What a macro comes to, with the hook that it stands before."""
    name, args, at = called.name, called.args, called.at
    shown = body or ()
    if name in ("set", "put", "move"):
        yield from changes_of(args, at)
    elif name in GOING:
        yield from _going(called, shown)
    elif name in LINKS:
        yield _opening(called, shown)
    elif name in ("goto", "redirect"):
        yield from _places(called, "Continue", jump=True)
    elif name in ("undo", "linkundo", "iconundo"):
        yield Back(next(iter(_texts(args)), "Back"), at)
    elif name == "display":
        place = next(iter(_texts(args)), "")
        yield Include(place, at) if place else Lost(called.code, _(NOT_KNOWN), at)
    elif name in ("print", "text", "str"):
        yield from _printed(called)
        yield from shown
    elif name in CHANCES:
        yield from _one_of(called)
    elif name in ("restart", "reload", "linkrestart"):
        yield Lost(called.code, _("It begins the story again; here a learner can do that at the end."), at)
    elif name in ASKING:
        yield Lost(called.code, _("It asks for something to be entered; it was left out."), at, variables_in(args))
    elif name in ("for", "loop"):
        yield Lost(called.code, _("It repeats something; here that is there once."), at, variables_in(args))
        yield from shown
    elif name in STYLES:
        yield from shown
    elif name in ELSEWHERE:
        yield Lost(called.code, _("It puts something elsewhere on the page; here that stands where it is."), at,
                   approximated=True)  # fmt: skip
        yield from shown
    else:
        yield Lost(called.code, _(NOT_KNOWN), at, variables_in(args))
        yield from (Link(link.text, link.to, at) for link in links_in(args))
        yield from shown


def perhaps(body: Nodes, at: int) -> Iterator[Node]:
    """A jump that comes by itself after a while is one more way on."""
    for node in body:
        yield Branch((Case(Guess("after a while"), "", (node,)),), at) if isinstance(node, Jump) else node


def _texts(args: str) -> list[str]:
    return [unquoted(word) for word in tokens(args) if word[0] in "\"'"]


def _going(called: Called, body: Nodes) -> Iterator[Node]:
    """A link that leads on: its words, and the name of a passage, which may be the same."""
    words = tokens(called.args)
    texts = _texts(called.args)
    if not texts:
        yield Lost(called.code, _("Where it leads is worked out by code; it was left out."), called.at)
    elif called.name.startswith(("click", "mouse")):
        text = texts[0] if len(texts) > 1 else "Continue"
        yield Link(text, texts[-1], called.at, body)
    elif len(words) == 1 or (len(words) == 3 and words[1] == "," and len(texts) == 2):
        yield Link(texts[0], texts[-1], called.at, body)
    else:
        yield from _places(called, texts[0], jump=False, body=body)


def _places(called: Called, text: str, *, jump: bool, body: Nodes = ()) -> Iterator[Node]:
    """Each passage that code names, where it decides among several."""
    texts = _texts(called.args)
    found = texts if jump else texts[1:]
    if len(tokens(called.args)) == 1 and jump and found:
        yield Jump(found[0], called.at)
        return
    why = _("Code decides where this leads; each place that it names is offered.")
    yield Lost(called.code, why if found else _("Where it leads is worked out by code; it was left out."), called.at,
               approximated=bool(found))  # fmt: skip
    for name in dict.fromkeys(found):
        if jump:
            yield Branch((Case(Guess("code decides"), "", (Jump(name, called.at),)),), called.at)
        else:
            yield Link(text, name, called.at, body)


def _opening(called: Called, body: Nodes) -> Node:
    """A link that shows more of its own passage, unless what it shows leads on."""
    texts = _texts(called.args)
    return Link(texts[0] if texts else "Continue", "", called.at, body)


def _printed(called: Called) -> Iterator[Node]:
    words = tokens(called.args)
    if len(words) == 1 and (words[0].startswith("$") or literal_of(words[0]) is not None):
        text = unquoted(words[0]) if words[0][0] in "\"'" else words[0]
        links = links_in(text)
        yield from (Link(link.text, link.to, called.at) for link in links)
        if not links:
            yield Text(text, called.at)
        return
    yield Lost(called.code, _("What it would print is worked out by code; it was left out."), called.at)
    yield from (Link(link.text, link.to, called.at) for link in links_in(called.args))


def _one_of(called: Called) -> Iterator[Node]:
    texts = _texts(called.args)
    variables = variables_in(called.args)
    if links := links_in(called.args):
        yield Lost(
            called.code, _("It shows one of several links; each is offered."), called.at, variables, approximated=True
        )
        yield from (Link(link.text, link.to, called.at) for link in links)
    elif texts:
        yield Lost(
            called.code,
            _("It shows one of several texts; the first was kept."),
            called.at,
            variables,
            approximated=True,
        )
        yield Text(texts[0], called.at)
    else:
        yield Lost(called.code, _(NOT_KNOWN), called.at, variables)
