"""Publishing a course: what changes, whom it touches, and whether who completed it does it again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.http import PersonRequest
from accounts.models import Person, validate_days
from courses.assigning import ask_again
from courses.differing import outline_changes
from courses.models import Course
from courses.publishing import CannotPublishCourse, activities_of, faults_of, impact_of, outline_of, publish
from scenarios.admin.editions import PublishForm
from scenarios.admin.parts import WholeAdmin, url_of


class CourseEditionForm(PublishForm):
    """What the author says about an edition, and about those who completed an older one."""

    redo = forms.TypedChoiceField(
        label=gettext_lazy("Those who completed an older edition"),
        choices=[
            ("", gettext_lazy("have done it: what they completed counts as before")),
            ("yes", gettext_lazy("do it again: they are asked to take this edition")),
        ],
        coerce=lambda value: value == "yes",
        required=False,
        widget=forms.RadioSelect,
    )
    due_on = forms.DateField(
        label=gettext_lazy("They do it by (if there is a date)"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("note", "redo", "due_on") if is_first else ():
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("redo") and not cleaned.get("note"):
            self.add_error("note", _("Say what changed: those who do it again read this as the reason."))
        if cleaned.get("due_on") and not cleaned.get("redo"):
            self.add_error("due_on", _("A date goes with doing it again. Choose that as well, or empty the date."))
        validate_days(due_on=cleaned.get("due_on"))
        return cleaned


class CourseEditionPages(WholeAdmin):
    """The page of a course on which it is published."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.publish)
        return [path("<int:pk>/publish/", view, name="courses_course_publish"), *super().get_urls()]

    def publish(self, request: PersonRequest, pk: int) -> HttpResponse:
        """GET says what would change, and for whom. POST publishes; where something is missing, all stays as it is."""
        course: Course = self.may_change(request, pk)
        if faults := faults_of(course, activities_of(course)):
            return self._refused(request, course, faults)
        form = CourseEditionForm(request.POST if request.method == "POST" else None, is_first=course.current is None)
        if request.method == "POST" and form.is_valid():
            return self._published(request, course, form.cleaned_data)
        outline = outline_of(course)
        context = {
            "course": course,
            "course_url": url_of(course),
            "form": form,
            "changes": outline_changes(course.current.outline, outline) if course.current else (),
            "impact": impact_of(course),
            "title": _("Publish %(course)s") % {"course": course},
            "opts": self.opts,
        }
        return render(request, "admin/courses/publish.html", self.admin_site.each_context(request) | context)

    @transaction.atomic
    def _published(self, request: PersonRequest, course: Course, said: dict[str, Any]) -> HttpResponse:
        note = said.get("note", "")
        try:
            edition = publish(course, by=request.user, note=note, anew=course.current is not None)
        except CannotPublishCourse as refusal:
            return self._refused(request, course, refusal.reasons)
        noted = f"Published edition {edition.number}."
        shown = [_("Published as edition %(number)s.") % {"number": edition.number}]
        if said.get("redo"):
            course.refresh_from_db()
            because = f"edition {edition.number}: {note}"
            asked = ask_again(course, Person.objects.all(), because=because, due_on=said.get("due_on"))
            noted += f" {asked} {'person does' if asked == 1 else 'people do'} it again."
            shown.append(ngettext("%(n)s person does it again.", "%(n)s people do it again.", asked) % {"n": asked})
        self.log_change(request, course, noted)
        messages.success(request, " ".join(shown))
        return redirect(url_of(course))

    def _refused(self, request: HttpRequest, course: Course, reasons: list[str]) -> HttpResponse:
        messages.error(request, " ".join([_("Not published."), *reasons]))
        return redirect(url_of(course))
