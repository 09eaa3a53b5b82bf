"""Branching conversations: drafted, published, played."""

from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    name = "scenarios"
    authored_models = (
        "skill",
        "skilltranslation",
        "policy",
        "policyvalue",
        "scenario",
        "meter",
        "flag",
        "day",
        "scene",
        "choice",
    )
