"""Passages of other formats, such as Chapbook and Snowman: their words and links, and nothing of their code."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from scenarios.exchange.source import shortened
from scenarios.exchange.twine.expressions import unquoted
from scenarios.exchange.twine.links import link_of
from scenarios.exchange.twine.nodes import Include, Link, Lost, Node, Nodes, Text

VARIABLES = re.compile(r"\A(?:[^\n:]{1,100}:[^\n]*+\n)++--[ \t]*+\n")
MARK = re.compile(
    r"\[\[(?!\[)([^\[\]]{1,500})\]\]|<%|<!--|<script\b|<style\b"
    r"|^\[[^\[\]\n]{1,200}\][ \t]*+$|\{(embed passage(?: named)?|reveal link|restart link|back link)([^{}\n]{0,500})\}"
    r"|\{[^{}\n]{1,500}\}",
    re.MULTILINE | re.IGNORECASE,
)
LEADING = re.compile(r"""(passage|text)?\s*:\s*("[^"]*+"|'[^']*+')""")
CLOSING = {"<%": "%>", "<!--": "-->", "<script": "</script>", "<style": "</style>"}
CODE = gettext_noop("It is code of its format, which is not known here; it was left out.")


def parsed(text: str) -> Nodes:
    return tuple(_nodes(text))


def _nodes(text: str) -> Iterator[Node]:
    told = 0
    if variables := VARIABLES.match(text):
        yield Lost(shortened(variables[0]), _(CODE), 0)
        told = variables.end()
    at = told
    while (found := MARK.search(text, at)) is not None:
        if told < found.start():
            yield Text(text[told : found.start()], told)
        at = told = found.end()
        mark = found[0].lower()
        if mark in CLOSING:
            end = text.find(CLOSING[mark], at)
            at = told = end + len(CLOSING[mark]) if end >= 0 else len(text)
        if mark != "<!--":
            yield _node(found)
    if told < len(text):
        yield Text(text[told:], told)


def _node(found: re.Match[str]) -> Node:
    at = found.start()
    if found[1]:
        written = link_of(found[1])
        return Link(written.text, written.to, at)
    if found[2]:
        said = {name.lower(): unquoted(value) for name, value in LEADING.findall(found[3])}
        first = said.get("", "")
        if found[2].lower().startswith("embed") and first:
            return Include(first, at)
        if found[2].lower() == "reveal link" and said.get("passage"):
            return Lost(shortened(found[0]), _("It shows another passage within this one; it was left out."), at)
    return Lost(shortened(found[0]), _(CODE), at)
