"""What is taught, to whom, by when, and whether it was done."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from training.lib.model_names import translate_names


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses")
    authored_models = ("course", "confidencestatement", "module", "activity", "question", "option")

    def ready(self) -> None:
        from courses import receivers

        receivers.connect()
        translate_names(self.get_models())
