"""The formats of a pack's files."""

from pathlib import Path

from scenarios.exchange.shapes import Shape

SCHEMAS = Path(__file__).parent / "schemas"

PACK = Shape.at(SCHEMAS / "pack.json")
SKILLS = Shape.at(SCHEMAS / "skills.json")
POLICY = Shape.at(SCHEMAS / "policy.json")
COURSE = Shape.at(SCHEMAS / "course.json")
MODULE = Shape.at(SCHEMAS / "module.json")
PAGE = Shape.at(SCHEMAS / "page.json")
ACTIVITY = Shape.at(SCHEMAS / "activity.json")
