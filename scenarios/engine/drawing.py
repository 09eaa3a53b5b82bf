"""What a map is made of: boxes and arrows, measured in SVG units."""

from dataclasses import dataclass

WIDTH, LINE, PADDING = 164, 16, 10


@dataclass(frozen=True, slots=True)
class Box:
    """A scene or an ending. ``kind``: start, scene, or the kind of the ending.

    ``label`` says in words what it is, and ``takes_over`` by what.
    """

    key: str
    title: str
    lines: tuple[str, ...]
    kind: str
    label: str
    takes_over: str
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def corner(self) -> int:
        """Endings are round at their sides, so that they differ by more than a colour."""
        return 4 if self.kind in ("start", "scene") else 22

    @property
    def badge(self) -> int:
        """The height to write the number of findings at, in the corner."""
        return self.y + 4

    @property
    def text(self) -> tuple[tuple[str, int], ...]:
        """Each line of the title, and the height to write it at."""
        return self._lines(self.lines, 0)

    @property
    def notes(self) -> tuple[tuple[str, int], ...]:
        """Below the title: what the box is where it is no plain scene, and what it takes over by."""
        said = ("" if self.kind == "scene" else self.label, self.takes_over)
        return self._lines(tuple(line for line in said if line), len(self.lines))

    def _lines(self, lines: tuple[str, ...], after: int) -> tuple[tuple[str, int], ...]:
        return tuple((line, self.y + PADDING + 12 + LINE * number) for number, line in enumerate(lines, after))


@dataclass(frozen=True, slots=True)
class Arrow:
    """All choices from one box to another. ``path`` is SVG path data.

    ``tip`` is the point that it ends in, ``beside`` one near its start to write at.
    """

    start: str
    end: str
    choices: tuple[str, ...]
    is_back: bool
    path: str
    tip: tuple[int, int]
    beside: tuple[int, int]

    @property
    def head(self) -> str:
        """The three corners of its head, as SVG points."""
        x, y = self.tip
        if self.is_back:
            return f"{x},{y} {x + 8},{y - 4} {x + 8},{y + 4}"
        return f"{x},{y} {x - 4},{y - 8} {x + 4},{y - 8}"


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
