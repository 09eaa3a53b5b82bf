"""Another day of a scenario: who comes in is the same, and has slept badly."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from scenarios.admin.parts import PartAdmin, url_of
from scenarios.day_forms import day_form, fieldsets_of
from scenarios.drafting import document_of
from scenarios.models import Day, Scenario


@admin.register(Day)
class DayAdmin(PartAdmin):
    whole = "scenario"
    change_form_template = "admin/scenarios/day_form.html"

    def document(self, request: Any, obj: Any) -> dict[str, Any]:
        """The scenario's, read once a request."""
        if not hasattr(request, "ordinary"):
            whole = self.whole_of(request, obj)
            request.ordinary = document_of(whole) if whole else {"meters": {}, "scenes": {}, "endings": {}}
        found: dict[str, Any] = request.ordinary
        return found

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs |= {"form": day_form(self.document(request, obj)), "fields": ("label", "key")}
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        document = self.document(request, obj)
        starts = tuple(f"start.{key}" for key in document["meters"])
        flags = ("sets",) if document.get("flags") else ()
        return (
            (None, {"fields": ("label",), "description": _("What you leave empty is as on the ordinary day.")}),
            (_("How it begins"), {"fields": (starts, *flags)}),
            *fieldsets_of(document, obj.changes if obj else {}),
            (_("Name"), {"fields": ("key",), "classes": ("collapse",)}),
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        Scenario.objects.filter(pk=obj.scenario_id).update(changed_at=timezone.now())

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        if day := context.get("original"):
            context["preview_url"] = f"{url_of(day.scenario, 'preview')}?day={day.key}"
        return super().render_change_form(request, context, *args, **kwargs)
