"""Units by what a file calls them: a path such as “City Library > North Branch”, or a name that only one has."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Unit

DEEPEST = 10
SEPARATOR = " > "
KINDS = (Unit.Kind.SYSTEM, Unit.Kind.BRANCH, Unit.Kind.DEPARTMENT)
NAME = 120


class NoUnit(Exception):
    """Raised where no unit is meant clearly; says what to do."""


@dataclass(eq=False)
class Node:
    """A unit; one that does not exist yet has no ``pk``."""

    name: str
    parent: "Node | None"
    pk: int | None = None

    @property
    def path(self) -> tuple[str, ...]:
        return (*(self.parent.path if self.parent else ()), self.name)

    def __str__(self) -> str:
        return SEPARATOR.join(self.path)


class UnitTree:
    """All units, by every end of their paths: one query. ``new`` are those that were not there, parents first."""

    def __init__(self) -> None:
        self.nodes: dict[int, Node] = {}
        self.new: list[Node] = []
        self._whole: dict[tuple[str, ...], list[Node]] = defaultdict(list)
        self._ends: dict[tuple[str, ...], list[Node]] = defaultdict(list)
        for pk, name, parent in Unit.objects.order_by("path").values_list("pk", "name", "parent"):
            self._add(Node(name, self.nodes.get(parent or 0), pk))

    def find(self, said: str, *, make: bool = False) -> Node:
        """The unit that a file means; where there is none and ``make``, one that is new. Raises NoUnit."""
        parts = [" ".join(part.split()) for part in said.split(">")]
        if not all(parts):
            gap = _("The unit “%(said)s” has a gap in its path. Write it like City Library > North Branch.")
            raise NoUnit(gap % {"said": said[:100]})
        if found := self._known(parts):
            return found
        if not make:
            none = _("There is no unit “%(said)s”. Correct it, add the unit, or tick “Make units that do not exist”.")
            raise NoUnit(none % {"said": said[:100]})
        return self._made(parts)

    def save_new(self) -> None:
        """Make the units that are new."""
        for node in self.new:
            parent = Unit.objects.get(pk=node.parent.pk or 0) if node.parent else None
            kind = KINDS[min(len(node.path), len(KINDS)) - 1]
            node.pk = Unit.objects.create(name=node.name, parent=parent, kind=kind).pk
            self.nodes[node.pk] = node

    def _known(self, parts: Sequence[str]) -> Node | None:
        key = tuple(part.casefold() for part in parts)
        found = self._whole.get(key) or self._ends.get(key) or []
        if len(found) > 1:
            several = _("There are %(n)s units “%(said)s”. Write the whole path, such as %(path)s.")
            raise NoUnit(several % {"n": len(found), "said": SEPARATOR.join(parts)[:100], "path": found[0]})
        return found[0] if found else None

    def _made(self, parts: Sequence[str]) -> Node:
        if len(parts) > DEEPEST or any(len(part) > NAME for part in parts):
            long = _("A unit's name has at most %(characters)s characters, and its path at most %(names)s names.")
            raise NoUnit(long % {"characters": NAME, "names": DEEPEST})
        parent = self._known(parts[:-1]) or self._made(parts[:-1]) if len(parts) > 1 else None
        node = Node(parts[-1], parent)
        self.new.append(node)
        self._add(node)
        return node

    def _add(self, node: Node) -> None:
        key = tuple(name.casefold() for name in node.path)
        self._whole[key].append(node)
        for start in range(len(key)):
            self._ends[key[start:]].append(node)
        if node.pk:
            self.nodes[node.pk] = node
