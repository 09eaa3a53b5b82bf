"""Which lines of a GIFT file are one question.

A blank line ends a question, as in Moodle. Two more things are read that people write: a blank line among the
answers, and a question right below another.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

BRACE = re.compile(r"[{}]")
CATEGORY, TITLE, COMMENT = "$CATEGORY:", "::", "//"


@dataclass(frozen=True)
class Block:
    """``text`` has its marks as ``marks.hidden`` left them; ``line`` is where it begins."""

    line: int
    text: str

    @property
    def is_category(self) -> bool:
        return self.text.startswith(CATEGORY)


def blocks(text: str) -> Iterator[Block]:
    gathering = _Gathering()
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]
    lines = [(number, line) for number, line in lines if not line.startswith(COMMENT)]
    following = _following(lines)
    for (number, line), after in zip(lines, following, strict=True):
        if not line:
            if not gathering.is_open or _begins(after):
                yield from gathering.end()
            continue
        if line.startswith(CATEGORY):
            yield from gathering.end()
            yield Block(number, line)
            continue
        if gathering.is_over(line):
            yield from gathering.split()
        gathering.add(number, line)
    yield from gathering.end()


def _following(lines: list[tuple[int, str]]) -> list[str]:
    """For each line the next one that is not blank; empty at the end."""
    found, after = [], ""
    for _, line in reversed(lines):
        found.append(after)
        after = line or after
    return found[::-1]


def _begins(line: str) -> bool:
    """Whether a line, seen after a blank one inside braces, begins another question: then a brace was left open."""
    brace = BRACE.search(line)
    return line.startswith((TITLE, CATEGORY)) or not line or (brace is not None and brace[0] == "{")


class _Gathering:
    """The lines of the question so far. ``closed`` counts those up to where its braces closed; 0 before that."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self.is_open = False
        self.closed = 0

    def add(self, number: int, line: str) -> None:
        self.lines.append((number, line))
        for brace in BRACE.findall(line):
            if brace == "}" and self.is_open:
                self.closed = len(self.lines)
            self.is_open = brace == "{"

    def is_over(self, line: str) -> bool:
        """Whether the line belongs to another question, although no blank line is between."""
        if line.startswith(TITLE):
            return bool(self.closed or self.is_open)
        return bool(self.closed) and not self.is_open and "{" in line

    def split(self) -> Iterator[Block]:
        """End the question where its braces closed; what comes after belongs to the next."""
        keep = self.closed if self.closed and not self.is_open else len(self.lines)
        rest = self.lines[keep:]
        self.lines = self.lines[:keep]
        yield from self.end()
        for number, line in rest:
            self.add(number, line)

    def end(self) -> Iterator[Block]:
        if self.lines:
            yield Block(self.lines[0][0], "\n".join(line for _, line in self.lines))
        self.__init__()  # type: ignore[misc]
