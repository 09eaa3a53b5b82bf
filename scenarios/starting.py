"""Starting points: a new scenario begins as one of these patterns, to be rewritten note by note.

A pattern is a scenario that holds together, with a note (✎) wherever an author's own words belong. The check lets
nothing be published while a note is left. Each is there in each of the site's languages.
"""

from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils.translation import get_language

from scenarios.drafting import document_of, write_draft
from scenarios.engine.graph import TENSION, Document
from scenarios.exchange.foreign import Story
from scenarios.exchange.scenario import read_document
from scenarios.importing import fitted
from scenarios.models import Scenario

PATTERNS = ("policy-dispute", "person-in-distress", "safety-threat")
LANGUAGES = ("en", "es")


@cache
def pattern(name: str, language: str) -> Document:
    return read_document(Path(__file__).parent / "patterns" / language / f"{name}.yaml")


def offered_in(*languages: str) -> str:
    """The first of these languages, and after them the author's own, that patterns are in; failing that, English."""
    wanted = [language.partition("-")[0].lower() for language in (*languages, get_language() or "")]
    return next((language for language in wanted if language in LANGUAGES), LANGUAGES[0])


@transaction.atomic
def begin_from(scenario: Scenario, name: str) -> None:
    """Give a new scenario the pattern's scenes, in its language if there are such.

    What its author has said already stays; skills unknown here go.
    """
    shape = fitted(Story(pattern(name, offered_in(scenario.language)), ())).document
    said = document_of(scenario)
    start = {TENSION: {"start": scenario.tension}}
    whole = {part: shape.get(part, {}) for part in ("flags", "scenes", "endings")} | {"meters": shape["meters"] | start}
    write_draft(scenario, shape | said | whole)
