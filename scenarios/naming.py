"""Forms of things with a stable name, which is made from their words and then stays."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

LONGEST_NAME = 40
LAST_POSITION = 32_767


def free_name(words: str, taken: Collection[str], fallback: str = "unnamed") -> str:
    """A stable name made from the first of the words, and a number where that name is taken."""
    name = ""
    for word in slugify(words).replace("_", "-").split("-"):
        if name and len(name) + len(word) >= LONGEST_NAME:
            break
        name = f"{name}-{word}".strip("-")[:LONGEST_NAME]
    name = name or fallback
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(found for found in (name, *numbered) if found not in taken)


class NamedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form of something with a stable name, which is made from its words where none is given and then stays.

    ``name`` is the field of that name, ``words`` the one that it is made from, ``within`` the field of the thing that
    it is unique in, if any. ``whole``, where it is set, is that thing. ``changeable`` says whether the name of what
    has been saved may be changed by hand. A thing without a position goes last. ``in_table``: it is a row of a table,
    whose headings a screen reader does not read out as labels.
    """

    name: ClassVar[str] = "key"
    words: ClassVar[str] = "label"
    within: ClassVar[str] = ""
    whole: ClassVar[models.Model | None] = None
    in_table: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_named_here = False
        saved = self.instance.pk is not None
        if self.whole is not None and not saved:
            setattr(self.instance, self.within, self.whole)
        if field := self.fields.get(self.name):
            field.required = False
            field.disabled = saved and not self.is_changeable()
            field.help_text = (
                _("Its stable name. It stays.") if field.disabled else _("Leave empty: it is made for you.")
            )
        if field := self.fields.get("position"):
            field.required = False
            field.label = _("Order")
            field.initial = None if not saved else field.initial
            field.help_text = _("Leave empty for the last place.") if not saved else ""
        if self.in_table:
            self.label_cells()

    def label_cells(self) -> None:
        """Say what each field is, and of what."""
        new = _("new %(thing)s") % {"thing": self._meta.model._meta.verbose_name}
        what = str(self.instance) if self.instance.pk else new
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{field.label or name}: {what}"

    def is_changeable(self) -> bool:
        return False

    def siblings(self) -> models.QuerySet[Any]:
        """What else there is in the same thing."""
        rows: models.QuerySet[Any] = self._meta.model._default_manager.exclude(pk=self.instance.pk)
        if not self.within:
            return rows
        column = f"{self.within}_id"
        return rows.filter(**{column: getattr(self.instance, column)})

    def taken(self) -> set[str]:
        return set(self.siblings().values_list(self.name, flat=True))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._clean_name(cleaned.get(self.name, ""))
        if "position" in self.fields and "position" not in self.errors and cleaned.get("position") is None:
            cleaned["position"] = self._place()
        return cleaned

    def _clean_name(self, given: str) -> None:
        field = self.fields.get(self.name)
        if field is None or field.disabled or self.name in self.errors:
            return
        taken = self.taken()
        if not given:
            self.is_named_here = True
            self.rename(taken)
        elif given in taken:
            # Django leaves constraints that name an inline's parent to the database.
            self.add_error(self.name, _("This name is taken. Choose another, or leave it empty."))

    def rename(self, taken: Collection[str]) -> None:
        """Take a free name, made from the words."""
        kind = self._meta.model._meta.model_name or "unnamed"
        free = free_name(str(self.cleaned_data.get(self.words, "")), taken, kind)
        self.cleaned_data[self.name] = free
        setattr(self.instance, self.name, free)

    def _place(self) -> int:
        if self.instance.pk:
            return int(self.instance.position)
        last = self.siblings().aggregate(last=Max("position"))["last"]
        return 0 if last is None else min(last + 1, LAST_POSITION)

    def _update_errors(self, errors: Any) -> None:
        """A model's own check may name a field that this form leaves out; such an error is said above the form."""
        named: Mapping[str, Any] = getattr(errors, "error_dict", {})
        for field in [name for name in named if name not in self.fields and name != NON_FIELD_ERRORS]:
            errors.error_dict.setdefault(NON_FIELD_ERRORS, []).extend(errors.error_dict.pop(field))
        super()._update_errors(errors)  # type: ignore[misc]


class NamedFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Named things of one thing: two that are new and would get the same name get two."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if isinstance(form, NamedForm) and form.in_table:
            form.label_cells()

    def clean(self) -> None:
        taken: set[str] = set()
        for form in self.forms:
            if not (isinstance(form, NamedForm) and form.has_changed() and hasattr(form, "cleaned_data")):
                continue
            if form.is_named_here and form.cleaned_data.get(form.name) in taken:
                form.rename(taken | form.taken())
            taken.add(form.cleaned_data.get(form.name, ""))
        super().clean()
