"""Forms about people."""

from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles
from accounts.models import Person, Unit


def indented(unit: Unit) -> str:
    """The unit's name, set in by its place in the tree."""
    return f"{'— ' * unit.depth}{unit.name}"


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One unit of the tree."""

    def label_from_instance(self, obj: Any) -> str:
        return indented(obj)


class SeveralField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several things by id; an id that no database could hold is no valid choice either."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            raise ValidationError(_("Select valid choices.")) from None


class UnitsField(SeveralField):
    """Several units of the tree."""

    def label_from_instance(self, obj: Any) -> str:
        return indented(obj)


class SearchMixin:
    """Found as one types. What is no id is not looked up when a form is shown again with its errors."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        ids = [found for found in map(str, value) if found.isdecimal() and len(found) < 19]
        return super().optgroups(name, ids, attrs)  # type: ignore[misc]


class PersonSearch(SearchMixin, AutocompleteSelect):
    """One person."""


class PeopleSearch(SearchMixin, AutocompleteSelectMultiple):
    """Several people."""


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person and their roles, in words rather than permissions."""

    administrator = forms.BooleanField(
        label=gettext_lazy("Administrator"),
        required=False,
        help_text=gettext_lazy("Sees and changes everything: people, units, assignments, content."),
    )
    author = forms.BooleanField(
        label=gettext_lazy("Author"),
        required=False,
        help_text=gettext_lazy("Writes courses, scenarios and policies in this admin site."),
    )
    supervises = UnitsField(
        Unit.objects.all(),
        label=gettext_lazy("Supervises"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Sees the training of everyone in these units and below them, in Reports."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["administrator"] = self.instance.is_superuser
            self.initial["author"] = roles.is_author(self.instance)
            self.initial["supervises"] = list(self.instance.supervised_units.values_list("pk", flat=True))

    def clean(self) -> dict[str, Any]:
        """The last administrator cannot be taken away, nor sent away."""
        data = super().clean() or self.cleaned_data
        if self.instance.pk and not (data.get("administrator") and data.get("is_active", True)):
            roles.refuse_to_lose_the_last_administrator(self.instance)
        return data


class InvitationForm(PersonForm):
    """A new person: no password is typed by anybody but themselves."""

    send_invitation = forms.BooleanField(
        label=gettext_lazy("Send an invitation by email"),
        required=False,
        initial=True,
        help_text=gettext_lazy("With a link on which they choose their password."),
    )


class RemindersForm(forms.ModelForm):  # type: ignore[type-arg]
    """How often a person is reminded of their training."""

    class Meta:
        model = Person
        fields = ("reminders",)
        widgets: ClassVar = {"reminders": forms.RadioSelect}
