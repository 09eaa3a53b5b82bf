"""The project as an app: it owns the commands that run the site."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = "Library training"
