"""What a passage is made of, whichever format it is written in.

A parser makes these out of a passage's text, and ``unfolding`` reads them. ``at`` is an offset in that text.
"""

from dataclasses import dataclass

# ---- What is asked. Literals are as JSON writes them: ``true``, ``3``, ``"red"``; ``null`` is what was never set.


@dataclass(frozen=True, slots=True)
class Test:
    """``operator``: is, at-least, at-most, true."""

    variable: str
    operator: str
    literal: str = ""


@dataclass(frozen=True, slots=True)
class Been:
    """The passage was left before; an empty name is the passage that asks."""

    passage: str


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """What nobody here can tell: it may hold or not."""

    code: str = ""


Condition = Test | Been | Not | Every | Some | Guess
ALWAYS = Every(())


# ---- What is done.


@dataclass(frozen=True, slots=True)
class Change:
    """``kind``: set (to a literal), add (an amount, then kept from ``low`` to ``high``), or unknown."""

    variable: str
    kind: str
    code: str
    at: int
    literal: str = "null"
    amount: int = 0
    low: int | None = None
    high: int | None = None


# ---- What is shown.


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Link:
    """``to`` is empty where the body says where it leads."""

    text: str
    to: str
    at: int
    body: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Back:
    """A link to wherever the reader came from."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Jump:
    to: str
    at: int


@dataclass(frozen=True, slots=True)
class Case:
    condition: Condition
    code: str
    body: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """The first case that holds is what is shown and done."""

    cases: tuple[Case, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Include:
    passage: str
    at: int


@dataclass(frozen=True, slots=True)
class Lost:
    """What is not understood. It may change the ``variables``; ``why`` says in a sentence what became of it."""

    code: str
    why: str
    at: int
    variables: tuple[str, ...] = ()
    approximated: bool = False


Node = Text | Link | Back | Jump | Branch | Include | Change | Lost
Nodes = tuple[Node, ...]
