"""Branching conversations: drafted, published, played."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from training.lib.model_names import translate_names


class ScenariosConfig(AppConfig):
    name = "scenarios"
    verbose_name = _("Scenarios")
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

    def ready(self) -> None:
        translate_names(self.get_models())
