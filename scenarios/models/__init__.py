"""Policies and skills, the draft, its editions, and what people did with them."""

from scenarios.models.attempt import Attempt, Decision
from scenarios.models.draft import Choice, Day, Flag, Meter, Scenario, Scene
from scenarios.models.edition import Edition
from scenarios.models.policy import Policy, PolicyValue
from scenarios.models.revisit import Revisit
from scenarios.models.skill import Skill, SkillTranslation

__all__ = [
    "Attempt", "Choice", "Day", "Decision", "Edition", "Flag", "Meter", "Policy", "PolicyValue", "Revisit",
    "Scenario", "Scene", "Skill", "SkillTranslation",
]  # fmt: skip
