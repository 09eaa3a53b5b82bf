"""The formats of a pack's files."""

from pathlib import Path

from scenarios.exchange.shapes import Shape

SCHEMAS = Path(__file__).parent / "schemas"

PACK = Shape(SCHEMAS / "pack.json")
SKILLS = Shape(SCHEMAS / "skills.json")
POLICY = Shape(SCHEMAS / "policy.json")
COURSE = Shape(SCHEMAS / "course.json")
MODULE = Shape(SCHEMAS / "module.json")
PAGE = Shape(SCHEMAS / "page.json")
ACTIVITY = Shape(SCHEMAS / "activity.json")
