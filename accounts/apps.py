"""People, units, who may see whom."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and units"

    def ready(self) -> None:
        from accounts.authority import grant_authors

        post_migrate.connect(grant_authors, sender=self)
