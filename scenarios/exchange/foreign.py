"""What an import of somebody else's format says: the stories that it found, and what became of each piece."""

from dataclasses import dataclass

from scenarios.engine.graph import Document

KEPT, APPROXIMATED, DROPPED = "kept", "approximated", "dropped"


@dataclass(frozen=True)
class Remark:
    """What became of one piece of a file. ``line`` counts from 1; 0 where the format has no lines."""

    outcome: str
    place: str
    line: int
    message: str


@dataclass(frozen=True)
class Story:
    """A document, as good as the file allows (it is a draft and may have faults), with an account of each piece."""

    document: Document
    remarks: tuple[Remark, ...]
