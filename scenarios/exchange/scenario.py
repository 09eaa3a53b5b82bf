"""A scenario's document, in and out of a file."""

from collections.abc import Collection, Iterator
from copy import deepcopy
from pathlib import Path

from django.utils.translation import gettext as _

from scenarios.engine.check import Finding
from scenarios.engine.graph import Document
from scenarios.exchange.faults import Fault, Faults
from scenarios.exchange.files import read
from scenarios.exchange.shapes import Shape
from scenarios.exchange.source import Source

SCENARIO = Shape.at(Path(__file__).parent / "schemas" / "scenario.json")


def _unfinished(shape: Shape) -> Shape:
    """The shape of a scenario that is still being written: texts may be empty, and a choice may lead nowhere."""
    schema = deepcopy(dict(shape.schema))
    parts = schema["$defs"]
    del parts["scene"]["anyOf"], parts["ending"]["properties"]["text"]["minLength"]
    del schema["properties"]["introduction"]["minLength"], schema["properties"]["summary"]["minLength"]
    parts["choice"]["properties"]["to"] = {"anyOf": [{"$ref": "#/$defs/key"}, {"const": ""}]}
    parts["choice"]["required"] = ["text"]
    parts["ending"]["required"] = ["kind", "title"]
    return Shape(schema)


DRAFT = _unfinished(SCENARIO)


def read_scenario(content: Path | bytes, name: str = "") -> Source:
    """A scenario file of a valid shape. What it means is for ``engine.check`` to judge. Raises Faults."""
    return _of_shape(SCENARIO, read(content, name))


def read_draft(content: Path | bytes, name: str = "") -> Source:
    """A scenario file that may be unfinished. Raises Faults."""
    source = _of_shape(DRAFT, read(content, name))
    for scene in source.data["scenes"].values():
        for choice in scene.get("choices", {}).values():
            choice.setdefault("to", "")
    for ending in source.data["endings"].values():
        ending.setdefault("text", "")
    return source


def _of_shape(shape: Shape, source: Source) -> Source:
    if faults := shape.faults(source):
        raise Faults(faults)
    return source


def read_document(content: Path | bytes, name: str = "") -> Document:
    """The document of a scenario file, or of its bytes. Raises Faults where its shape is not valid."""
    document: Document = read_scenario(content, name).data
    return document


def unknown_names(source: Source, policies: Collection[str], skills: Collection[str] | None) -> Iterator[Fault]:
    """The policies and skills that a scenario names and that are not among these; None: skills are not known."""
    for number, slug in enumerate(source.data.get("policies", ())):
        if slug not in policies:
            yield unknown(source, ("policies", number), "policy", slug)
    for scene, value in source.data["scenes"].items():
        for key, choice in value.get("choices", {}).items():
            here = ("scenes", scene, "choices", key)
            if choice.get("policy") and choice["policy"] not in policies:
                yield unknown(source, (*here, "policy"), "policy", choice["policy"])
            for skill in choice.get("skills", {}):
                if skills is not None and skill not in skills:
                    yield unknown(source, (*here, "skills", skill), "skill", skill)


def unknown(source: Source, path: tuple[str | int, ...], kind: str, name: str) -> Fault:
    where = path[-2] if isinstance(path[-1], int) or path[-1] == name else path[-1]
    message = _("%(where)s: there is no %(kind)s “%(name)s”. Add it, or correct the name.")
    return source.fault(path, message % {"where": where, "kind": _(kind), "name": name}, f"unknown-{kind}")


def line_of(source: Source, finding: Finding) -> int:
    """The line of the choice, scene or ending that a finding of the check is about; the first line failing that."""
    for kind in ("scenes", "endings"):
        if (kind, finding.scene) in source.lines:
            choice = ("choices", finding.choice) if finding.choice else ()
            return source.line((kind, finding.scene, *choice))
    return 1
