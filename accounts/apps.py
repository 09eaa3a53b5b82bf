"""People, units, who may see whom."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from training.lib.model_names import translate_names


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and units")

    def ready(self) -> None:
        from accounts.authority import grant_authors

        post_migrate.connect(grant_authors, sender=self)
        translate_names(self.get_models())
