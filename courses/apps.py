"""What is taught, to whom, by when, and whether it was done."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    authored_models = ("course", "confidencestatement", "module", "activity", "question", "option")

    def ready(self) -> None:
        from courses import receivers

        receivers.connect()
