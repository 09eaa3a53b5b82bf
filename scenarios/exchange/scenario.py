"""A scenario's document, in and out of a file."""

from pathlib import Path

from scenarios.engine.check import Finding
from scenarios.engine.graph import Document
from scenarios.exchange.faults import Faults
from scenarios.exchange.files import read
from scenarios.exchange.shapes import Shape
from scenarios.exchange.source import Source

SCENARIO = Shape(Path(__file__).parent / "schemas" / "scenario.json")


def read_scenario(content: Path | bytes, name: str = "") -> Source:
    """A scenario file of a valid shape. What it means is for ``engine.check`` to judge. Raises Faults."""
    source = read(content, name)
    if faults := SCENARIO.faults(source):
        raise Faults(faults)
    return source


def read_document(content: Path | bytes, name: str = "") -> Document:
    """The document of a scenario file, or of its bytes. Raises Faults where its shape is not valid."""
    document: Document = read_scenario(content, name).data
    return document


def line_of(source: Source, finding: Finding) -> int:
    """The line of the choice, scene or ending that a finding of the check is about; the first line failing that."""
    for kind in ("scenes", "endings"):
        if (kind, finding.scene) in source.lines:
            choice = ("choices", finding.choice) if finding.choice else ()
            return source.line((kind, finding.scene, *choice))
    return 1
