"""The same people on another day: a scenario may vary, and each of its days is a plain graph of its own.

A document's ``days`` are changes to it, by key: where meters start, flags that are set from the beginning, and what
scenes and choices say and do instead. An attempt's seed picks its day; seed 0 is the ordinary one, which is the
document itself. ``check_days`` proves for every day what ``check`` proves for one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from scenarios.engine.check import Finding, check, in_order
from scenarios.engine.explore import LIMIT, Exploration, explore
from scenarios.engine.graph import Document, Graph, from_document
from scenarios.engine.notes import notes_left, on_the_day
from scenarios.engine.saying import Said
from scenarios.engine.saying import said as _

ORDINARY = ""
# What says that something never happens is true of a scenario only where it is true on each of its days.
NEVER = frozenset(
    (
        "scene-unreachable", "ending-unreachable", "choice-never-offered", "nothing-resolved", "flag-never-set",
        "flag-never-tested", "meter-never-moved",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Examined:
    """The findings for all days together, and the walk through each by the day's key; an empty graph has none."""

    findings: tuple[Finding, ...]
    explorations: Mapping[str, Exploration]


def days_of(document: Document) -> tuple[str, ...]:
    """The keys of the days, the ordinary one first."""
    return (ORDINARY, *document.get("days", {}))


def day_of(document: Document, seed: int) -> str:
    """The day that a seed picks. Raises IndexError for a seed that is none of the document's."""
    return days_of(document)[seed]


def on_day(document: Document, day: str) -> Document:
    """The document as it plays on a day: a document without days."""
    plain = {name: value for name, value in document.items() if name != "days"}
    if day == ORDINARY:
        return plain
    change = document["days"][day]
    starts = change.get("meters", {})
    meters = {
        key: meter | ({"start": starts[key]} if key in starts else {}) for key, meter in document["meters"].items()
    }
    scenes = {key: _changed(scene, change.get("scenes", {}).get(key, {})) for key, scene in document["scenes"].items()}
    return plain | {"meters": meters, "scenes": scenes, "sets": change.get("sets", [])}


def graph_on(document: Document, day: str = ORDINARY) -> Graph:
    return from_document(on_day(document, day))


def check_days(document: Document, limit: int = LIMIT) -> Examined:
    """Everything that is wrong with the scenario on any of its days, each said once."""
    explorations: dict[str, Exploration] = {}
    found: dict[str, tuple[Finding, ...]] = {}
    for day in days_of(document):
        graph = graph_on(document, day)
        if graph.scenes:
            explorations[day] = explore(graph, limit)
        found[day] = check(graph, limit, explorations.get(day))
    findings = (*_references(document), *notes_left(document), *_together(document, found))
    return Examined(in_order(graph_on(document), findings), explorations)


def _changed(scene: Document, change: Document) -> Document:
    choices = {key: choice | change.get("choices", {}).get(key, {}) for key, choice in scene.get("choices", {}).items()}
    return scene | {name: value for name, value in change.items() if name != "choices"} | {"choices": choices}


def _references(document: Document) -> Iterator[Finding]:
    """What a day changes and the document does not have."""
    for change in document.get("days", {}).values():
        day = change["label"]
        for meter in change.get("meters", {}).keys() - document["meters"].keys():
            message = _(
                "The day “%(day)s” starts the meter “%(meter)s”, which the scenario does not declare. Add it to the"
                " meters.",
                day=day,
                meter=meter,
            )
            yield Finding("unknown-meter", "error", "", message)
        for flag in set(change.get("sets", ())) - document.get("flags", {}).keys():
            message = _(
                "The day “%(day)s” sets the flag “%(flag)s”, which the scenario does not declare. Add it to the flags.",
                day=day,
                flag=flag,
            )
            yield Finding("unknown-flag", "error", "", message)
        for key, scene in change.get("scenes", {}).items():
            yield from _places(document, day, key, scene)


def _places(document: Document, day: str, key: str, scene: Document) -> Iterator[Finding]:
    if key not in document["scenes"]:
        message = _(
            "The day “%(day)s” changes the scene “%(scene)s”, which does not exist. Add it, or take the change out.",
            day=day,
            scene=key,
        )
        yield Finding("unknown-place", "error", "", message)
        return
    for choice in scene.get("choices", {}).keys() - document["scenes"][key].get("choices", {}).keys():
        message = _(
            "The day “%(day)s” changes the choice “%(choice)s”, which this scene does not have. Take the change out.",
            day=day,
            choice=choice,
        )
        yield Finding("unknown-place", "error", key, message)


def _together(document: Document, found: Mapping[str, tuple[Finding, ...]]) -> Iterator[Finding]:
    told: set[tuple[str, str | Said, str]] = set()
    everywhere = [{_what(finding) for finding in findings} for findings in found.values()]
    for day, findings in found.items():
        for finding in findings:
            what = _what(finding)
            if what in told or (finding.code in NEVER and not all(what in each for each in everywhere)):
                continue
            told.add(what)
            message = on_the_day(document["days"][day]["label"], finding.message) if day else finding.message
            yield replace(finding, message=message)


def _what(finding: Finding) -> tuple[str, str | Said, str]:
    """What makes two findings one: their place, or where they have none, their words."""
    return finding.code, finding.scene or finding.message, finding.choice
