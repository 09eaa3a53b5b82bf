"""Up and down: parts are put in order by buttons of the page's form, which save what else was written on it."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin import PlainAdmin
from scenarios.arranging import move

DIRECTIONS = ("_up", "_down")


class Movable:
    """What an inline shows of a part: two buttons, to be named in ``readonly_fields`` and in ``fields``."""

    @admin.display(description=gettext_lazy("move"))
    def arrows(self, part: Model) -> SafeString | str:
        if part.pk is None:
            return ""
        row = f"{part._meta.model_name}-{part.pk}"
        return format_html(
            '<span class="arrows"><button name="_up" value="{0}" title="{1}"><span aria-hidden="true">↑</span>'
            '<span class="visually-hidden">{1}: {3}</span></button> <button name="_down" value="{0}"'
            ' title="{2}"><span aria-hidden="true">↓</span><span class="visually-hidden">{2}: {3}</span>'
            "</button></span>",
            row,
            _("Move up"),
            _("Move down"),
            part,
        )


class ArrangingAdmin(PlainAdmin):
    """The page of something whose parts are put in order on it."""

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        direction = next((name for name in DIRECTIONS if name in request.POST), "")
        kind, _, pk = request.POST.get(direction, "").partition("-")
        for formset in formsets:
            rows = formset.model._default_manager.filter(**{formset.fk.name: formset.instance})
            if formset.model._meta.model_name == kind and pk.isdecimal() and rows.filter(pk=pk[:18]).exists():
                request.moved_to = f"{formset.prefix}-{move(rows, int(pk), up=direction == '_up')}"

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Stay on the page, at what was moved."""
        if place := getattr(request, "moved_to", ""):
            return HttpResponseRedirect(f"{request.path}#{place}")
        return super().response_change(request, obj)
