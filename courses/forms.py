"""What learners fill in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.marking import Asked
from courses.models import ConfidenceStatement

RATINGS = [(str(rating), str(rating)) for rating in range(1, 6)]


class KnowledgeCheckForm(forms.Form):
    """One field a question, named by its key; each is required."""

    def __init__(self, questions: Sequence[Asked], data: Any = None) -> None:
        super().__init__(data)
        for asked in questions:
            choices = [(option.key, option.text) for option in asked.options]
            kind = forms.MultipleChoiceField if asked.question.multiple else forms.ChoiceField
            self.fields[asked.question.key] = kind(
                choices=choices, error_messages={"required": _("Please answer this question.")}
            )

    def answers(self) -> dict[str, list[str]]:
        """The keys of the options chosen, by the question's key."""
        return {
            key: list(value) if isinstance(value, list) else [str(value)] for key, value in self.cleaned_data.items()
        }


class ConfidenceForm(forms.Form):
    """One rating from 1 to 5 a statement, named by its key."""

    def __init__(self, statements: Sequence[ConfidenceStatement], data: Any = None) -> None:
        super().__init__(data)
        for statement in statements:
            self.fields[statement.key] = forms.ChoiceField(
                label=statement.text, choices=RATINGS, error_messages={"required": _("Please choose a number.")}
            )


class ReflectionForm(forms.Form):
    text = forms.CharField(
        label=_("Your thoughts"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Write a line or two first; only you will see it.")},
    )
