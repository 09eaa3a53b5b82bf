"""The forms that authors of courses fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from scenarios.naming import NamedForm


class StatementForm(NamedForm):
    words, within = "text", "course"
    in_table = True


class Lines(forms.CharField):
    """A list of lines, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(str(line) for line in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class ModuleForm(NamedForm):
    name, words, within = "slug", "title", "course"
    outcomes = Lines(
        label=gettext_lazy("What one will be able to do"),
        required=False,
        help_text=gettext_lazy("One a line."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ActivityForm(NamedForm):
    name, words, within = "slug", "title", "module"


class QuestionForm(NamedForm):
    words, within = "text", "activity"


class OptionForm(NamedForm):
    words, within = "text", "question"
    in_table = True
