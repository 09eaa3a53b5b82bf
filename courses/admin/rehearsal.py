"""Saving shows first what it would change for whom, and asks."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.admin import PlainAdmin
from accounts.models import Person
from courses.assigning import settle
from courses.outlook import Courses, rulebook
from courses.rehearsing import Difference, Standing, compare, standing

CONFIRMED = "confirmed"


class Rehearsed(Exception):
    """Raised where all is written but not confirmed: whoever opened the transaction takes it back."""

    def __init__(self, difference: Difference) -> None:
        self.difference = difference
        super().__init__("not confirmed yet")


class RehearsedAdmin(PlainAdmin):
    """For what changes due dates. ``concerned_by`` says whose, in which courses."""

    def concerned_by(self, thing: Any) -> tuple[QuerySet[Person], Courses]:
        raise NotImplementedError

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Rehearsed as rehearsed:
            return self._ask(request, rehearsed.difference)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if CONFIRMED not in request.POST:
            form.standing = self._standing(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Everything about it is written now: settle it, or say what settling would do."""
        super().save_related(request, form, formsets, change)
        if CONFIRMED not in request.POST:
            raise Rehearsed(compare(form.standing, self._standing(form.instance)))
        people, courses = self.concerned_by(form.instance)
        settle(people, courses=courses)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        found = self.get_object(request, object_id) if request.method == "GET" else None
        if found and self.has_delete_permission(request, found):
            extra_context = {**(extra_context or {}), "difference": self._without(found)}
        return super().delete_view(request, object_id, extra_context)

    def _without(self, thing: Any) -> Difference:
        """Deleted, looked at, and taken back."""
        people, courses = self.concerned_by(thing)
        before = standing(people, courses, rulebook(courses))
        with transaction.atomic():
            self.model.objects.filter(pk=thing.pk).delete()
            after = standing(people, courses, rulebook(courses))
            transaction.set_rollback(True)
        return compare(before, after)

    def _standing(self, thing: Any) -> Standing:
        people, courses = self.concerned_by(thing)
        return standing(people, courses, rulebook(courses))

    def _ask(self, request: HttpRequest, difference: Difference) -> HttpResponse:
        posted = [(name, value) for name, values in request.POST.lists() for value in values]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What this changes"),
            "difference": difference,
            "posted": [(name, value) for name, value in posted if name != "csrfmiddlewaretoken"],
        }
        return render(request, "admin/courses/rehearsal.html", context)
