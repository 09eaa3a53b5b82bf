"""Crediting what a team took together."""

import datetime
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.http import PersonRequest
from accounts.models import OUT_OF_REACH, YEARS, Person, Unit
from courses.models import Course
from courses.models.hours import MOST, Category
from courses.reports.team import team
from courses.together import Session, complete_together, credit
from courses.views.supervisor import for_supervisors_only, unit_of

MOST_PEOPLE = 300
CATEGORIES = [(category.value, capfirst(category.label)) for category in Category]


class TogetherForm(forms.Form):
    """What was taken together, by whom. A course of the site, or anything else by its title."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.DateField(label=_("On"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    course = forms.ModelChoiceField(
        Course.objects.published(), label=_("A course of this site"), required=False,
        empty_label=_("— no, something else —"),
        help_text=_("Then each person's record says that they took it together, and that you confirmed it."),
    )  # fmt: skip
    title = forms.CharField(label=_("or what it was"), max_length=200, required=False)
    conducted_by = forms.CharField(label=_("Who conducted it"), max_length=200, required=False)
    category = forms.ChoiceField(label=_("Category"), choices=CATEGORIES, required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=MOST, required=False)
    proof = forms.CharField(
        label=_("Proof"),
        max_length=400,
        required=False,
        help_text=_("Where the list of who was there is kept, for example."),
    )
    people = forms.TypedMultipleChoiceField(label=_("Who was there"), coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = _told_apart(people)  # type: ignore[attr-defined]

    def clean_on(self) -> datetime.date:
        on: datetime.date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(gettext("That day is still to come."))
        if on.year not in YEARS:
            raise forms.ValidationError(OUT_OF_REACH)
        return on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("course") and cleaned.get("title"):
            self.add_error("title", gettext("Choose a course, or say what it was, not both."))
        for name in ("title", "conducted_by", "minutes", "proof") if not cleaned.get("course") else ():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, gettext("This is needed for what is no course of this site."))
        return cleaned


def _told_apart(people: list[Person]) -> list[tuple[int, str]]:
    """Each by name, and those of one name by their addresses too."""
    names = Counter(person.name for person in people)
    return [
        (person.pk, f"{person.name} ({person.email})" if names[person.name] > 1 else person.name) for person in people
    ]


@for_supervisors_only
@require_http_methods(["GET", "HEAD", "POST"])
def together(request: PersonRequest) -> HttpResponse:
    """GET asks who was there. POST credits them."""
    units = list(Unit.objects.visible_to(request.user))
    unit = unit_of(request, units)
    people = list(team(request.user, unit).people.order_by("name", "pk")[: MOST_PEOPLE + 1])
    form = TogetherForm(
        request.POST if request.method == "POST" else None, people=people[:MOST_PEOPLE],
        initial={"key": uuid4(), "on": timezone.localdate()},
    )  # fmt: skip
    if form.is_valid():
        messages.success(request, _credited(request, form.cleaned_data))
        return redirect("courses:hours")
    context = {"form": form, "units": units, "unit": unit, "too_many": len(people) > MOST_PEOPLE, "most": MOST_PEOPLE}
    return render(request, "reports/together.html", context, status=422 if form.is_bound else 200)


def _credited(request: PersonRequest, said: dict[str, Any]) -> str:
    if course := said["course"]:
        done = complete_together(request.user, said["people"], course, said["on"])
        return ngettext(
            "%(number)s person completed “%(course)s” by this.",
            "%(number)s people completed “%(course)s” by this.",
            done,
        ) % {"number": done, "course": course}
    names = ("title", "conducted_by", "category", "minutes", "on", "proof")
    key: UUID = said["key"]
    count = credit(request.user, said["people"], Session(key, **{name: said[name] for name in names}))
    return ngettext(
        "“%(title)s” is credited to %(number)s person.", "“%(title)s” is credited to %(number)s people.", count
    ) % {"title": said["title"], "number": count}
