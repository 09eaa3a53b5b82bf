"""``[[links]]`` in all the forms that Twine's formats have."""

import re
from dataclasses import dataclass

LINK_IN_TEXT = re.compile(r"\[\[(?!\[)([^\[\]]{1,500})\](?:\[([^\[\]]{0,500})\])?\]")


@dataclass(frozen=True)
class Written:
    """A link as it is written: its words, where it leads, and what it sets on the way."""

    text: str
    to: str
    setter: str = ""


def link_of(inner: str, setter: str = "") -> Written:
    """``Name``, ``text|Name``, ``text->Name`` or ``Name<-text``.

    The rightmost ``->`` and the leftmost ``<-`` count, as in Harlowe.
    """
    if "->" in inner:
        text, _, to = inner.rpartition("->")
    elif "<-" in inner:
        to, _, text = inner.partition("<-")
    elif "|" in inner:
        text, _, to = inner.rpartition("|")
    else:
        text = to = inner
    to = " ".join(to.split())
    return Written(" ".join(text.split()) or to, to, setter)


def links_in(code: str) -> list[Written]:
    """The links in a piece of code, as where a macro prints one."""
    return [link_of(found[1], found[2] or "") for found in LINK_IN_TEXT.finditer(code)]
