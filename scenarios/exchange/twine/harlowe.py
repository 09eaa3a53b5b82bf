"""Harlowe's passages: ``(set: $a to 1)``, ``(if: $a is 1)[…]``, ``(link-goto: "…", "…")``."""

import re

from django.utils.translation import gettext as _

from scenarios.exchange.source import shortened
from scenarios.exchange.twine.expressions import (
    condition_of,
    negated,
    variables_in,
)
from scenarios.exchange.twine.harlowe_macros import ALONE, DELAYED, GOING, LINKS, Called, made, perhaps
from scenarios.exchange.twine.links import link_of
from scenarios.exchange.twine.nodes import (
    ALWAYS,
    Branch,
    Case,
    Link,
    Lost,
    Node,
    Nodes,
    Text,
)

MARK = re.compile(
    r"\[\[(?!\[)|\[|\]|\{|\}|<!--|`++|<script\b|<style\b|\((?=\$?[A-Za-z_][\w-]*+:)|\|[A-Za-z_]\w*+[>)](?=\[)|\\\n",
    re.IGNORECASE,
)
MACRO = re.compile(r"\((\$?[A-Za-z_][\w-]*+):")
STOP = re.compile(r"[\"'()]")
HOOK_NAME = re.compile(r"<[A-Za-z_]\w*+\|")
JOIN = re.compile(r"\s*+\+\s*+(?=\(\$?[A-Za-z_][\w-]*+:)")
SPACE = re.compile(r"\s*+")
LONGEST_MACRO, DEEPEST = 50_000, 25


def parsed(text: str) -> Nodes:
    """What a passage says."""
    return _Parser(text).nodes()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.patience = 20 * len(text) + LONGEST_MACRO
        self.collapsed = 0

    def nodes(self) -> Nodes:
        found, at = self._read(0, 0)
        while at < len(self.text):
            # A bracket that nothing opened.
            more, end = self._read(at, 0)
            found = [*found, Text("]", at - 1), *more]
            at = end
        return tuple(found)

    def _read(self, start: int, depth: int) -> tuple[list[Node], int]:
        """What stands here up to the bracket that closes it, and the place after that."""
        out: list[Node] = []
        at = told = start
        while (found := MARK.search(self.text, at)) is not None:
            mark = found[0].lower()
            if mark == "]":
                self._say(out, told, found.start())
                return out, found.end()
            end = self._marked(mark, found, out, told, depth)
            if end is None:
                at = found.end()
                continue
            at = told = end
        self._say(out, told, len(self.text))
        return out, len(self.text) + 1

    def _say(self, out: list[Node], start: int, end: int) -> None:
        if start < end:
            text = self.text[start:end]
            out.append(Text(re.sub(r"\s+", " ", text) if self.collapsed else text, start))

    def _marked(self, mark: str, found: re.Match[str], out: list[Node], told: int, depth: int) -> int | None:
        at = found.start()
        if mark == "[[":
            return self._link(out, told, at)
        if mark == "(":
            return self._macro(out, told, at, depth)
        if (mark == "[" or mark.startswith("|")) and depth >= DEEPEST:
            return None
        self._say(out, told, at)
        if mark == "[" or mark.startswith("|"):
            start = found.end() + (mark != "[")
            body, end = self._read(start, depth + 1)
            out += [Text("[", at), *body] if end > len(self.text) and mark == "[" else body
            return self._after_name(end)
        if mark in "{}":
            self.collapsed = max(0, self.collapsed + (1 if mark == "{" else -1))
            return found.end()
        return found.end() if mark == "\\\n" else self._verbatim(mark, found, out)

    def _verbatim(self, mark: str, found: re.Match[str], out: list[Node]) -> int:
        closing = "-->" if mark == "<!--" else mark if mark.startswith("`") else f"</{mark[1:]}>"
        end = self.text.find(closing, found.end())
        if end < 0 and mark.startswith("`"):
            out.append(Text(mark, found.start()))
            return found.end()
        stop = end if end >= 0 else len(self.text)
        if mark.startswith("`"):
            self._say(out, found.end(), stop)
        elif mark != "<!--":
            code = self.text[found.start() : stop]
            why = _("It is code, which was left out.")
            out.append(Lost(shortened(code), why, found.start(), variables_in(code)))
        return min(len(self.text), stop + len(closing))

    def _after_name(self, at: int) -> int:
        name = HOOK_NAME.match(self.text, at)
        return name.end() if name else at

    def _link(self, out: list[Node], told: int, at: int) -> int | None:
        end = self.text.find("]]", at + 2, at + 2_000)
        if end < 0:
            return None
        inner = self.text[at + 2 : end]
        if "[[" in inner:
            at += 2 + inner.rfind("[[")
            inner = self.text[at + 2 : end]
        self._say(out, told, at)
        written = link_of(inner)
        out.append(Link(written.text, written.to, at))
        return end + 2

    # ---- Macros

    def _macro(self, out: list[Node], told: int, at: int, depth: int) -> int | None:
        called = self._called(at)
        if called is None or depth >= DEEPEST:
            return None
        self._say(out, told, at)
        chain = [called]
        while (joined := JOIN.match(self.text, chain[-1].end)) and (more := self._called(joined.end())):
            chain.append(more)
        end = chain[-1].end
        body: Nodes | None = None
        gap = SPACE.match(self.text, end)
        hook = gap.end() if gap else end
        if self._takes_hook(chain) and self.text.startswith("[", hook) and not self._is_link(hook):
            read, end = self._read(hook + 1, depth + 1)
            body, end = tuple(read), self._after_name(min(end, len(self.text)))
        self._add(out, chain, body)
        return end

    def _is_link(self, at: int) -> bool:
        return self.text.startswith("[[", at) and not self.text.startswith("[[[", at)

    def _takes_hook(self, chain: list[Called]) -> bool:
        return any(called.name not in ALONE for called in chain)

    def _called(self, at: int) -> Called | None:
        """The macro that begins here; None where it never ends."""
        named = MACRO.match(self.text, at)
        if named is None:
            return None
        depth, here, limit = 1, named.end(), min(len(self.text), named.end() + min(LONGEST_MACRO, self.patience))
        while found := STOP.search(self.text, here, limit):
            here = found.end()
            if found[0] in "()":
                depth += 1 if found[0] == "(" else -1
            elif found[0] == '"' or not self.text[found.start() - 1].isalnum():
                here = self._after_quote(found[0], here, limit)
            if depth == 0:
                self.patience -= here - at
                name = re.sub(r"[-_]", "", named[1]).lower()
                return Called(name, self.text[named.end() : here - 1].strip(), at, here)
        self.patience -= limit - named.end()
        return None

    def _after_quote(self, quote: str, start: int, limit: int) -> int:
        at = start
        while (end := self.text.find(quote, at, limit)) >= 0:
            if self.text[end - 1] != "\\":
                return end + 1
            at = end + 1
        return start

    def _add(self, out: list[Node], chain: list[Called], body: Nodes | None) -> None:
        names = [called.name for called in chain]
        deciding = next((c for c in chain if c.name in ("if", "unless", "elseif", "else")), None)
        if deciding and body is not None:
            self._decide(out, deciding, body)
            return
        called = next((c for c in chain if c.name in LINKS | GOING), chain[0])
        if any(name in DELAYED for name in names) and body is not None:
            out.append(
                Lost(
                    called.code,
                    _("It waits for a while; here everything is there at once."),
                    called.at,
                    approximated=True,
                )
            )
            out.extend(perhaps(body, called.at))
            return
        out.extend(made(called, body))

    def _decide(self, out: list[Node], called: Called, body: Nodes) -> None:
        condition = ALWAYS if called.name == "else" else condition_of(called.args)
        condition = negated(condition) if called.name == "unless" else condition
        case = Case(condition, called.args if called.name != "unless" else f"not {called.args}", body)
        if called.name in ("if", "unless"):
            out.append(Branch((case,), called.at))
            return
        while out and isinstance(out[-1], Text) and not out[-1].text.strip():
            out.pop()
        before = out[-1] if out else None
        if not isinstance(before, Branch):
            out.append(Lost(called.code, _("There is no “if” before it; it was read as if it always held."), called.at,
                            approximated=True))  # fmt: skip
            out.extend(body)
        else:
            out[-1] = Branch((*before.cases, case), before.at)
