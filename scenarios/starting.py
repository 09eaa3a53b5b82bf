"""Starting points: a new scenario begins as one of these patterns, to be rewritten note by note.

A pattern is a scenario that holds together, with a note (✎) wherever an author's own words belong. The check lets
nothing be published while a note is left.
"""

from functools import cache
from pathlib import Path

from django.db import transaction

from scenarios.drafting import document_of, write_draft
from scenarios.engine.graph import TENSION, Document
from scenarios.exchange.foreign import Story
from scenarios.exchange.scenario import read_document
from scenarios.importing import fitted
from scenarios.models import Scenario

PATTERNS = ("policy-dispute", "person-in-distress", "safety-threat")


@cache
def pattern(name: str) -> Document:
    return read_document(Path(__file__).parent / "patterns" / f"{name}.yaml")


@transaction.atomic
def begin_from(scenario: Scenario, name: str) -> None:
    """Give a new scenario the pattern's scenes. What its author has said already stays; skills unknown here go."""
    shape = fitted(Story(pattern(name), ())).document
    said = document_of(scenario)
    start = {TENSION: {"start": scenario.tension}}
    whole = {part: shape.get(part, {}) for part in ("flags", "scenes", "endings")} | {"meters": shape["meters"] | start}
    write_draft(scenario, shape | said | whole)
