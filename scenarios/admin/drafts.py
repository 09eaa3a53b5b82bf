"""Scenarios: the page on which an author sees the whole, publishes it, and tries it out."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.forms import SeveralField
from accounts.http import PersonRequest
from scenarios.admin.importing import ImportPages
from scenarios.admin.overview import overview_of
from scenarios.admin.parts import PartForm, PartsInline, add_url, url_of
from scenarios.admin.preview import NothingToPlay, preview_of
from scenarios.drafting import duplicate_scenario
from scenarios.forms import FlagForm, MeterForm, NewScenarioForm, ScenarioForm
from scenarios.models import Day, Flag, Meter, Scenario, Scene
from scenarios.naming import NamedFormSet
from scenarios.starting import begin_from


class SceneRowForm(PartForm):
    within = "scenario"


class ScenesInline(PartsInline):
    model = Scene
    form = SceneRowForm
    fields = ("position", "arrows", "link", "kind", "choice_count", "arrival_count")
    readonly_fields = ("arrows", "link", "kind", "choice_count", "arrival_count")
    verbose_name_plural = gettext_lazy("scenes and endings, in order")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        counts = {"choice_count": Count("choices", distinct=True), "arrival_count": Count("arrivals", distinct=True)}
        rows: QuerySet[Any] = super().get_queryset(request).annotate(**counts)
        return rows

    @admin.display(description=gettext_lazy("kind"))
    def kind(self, scene: Scene) -> str:
        return scene.get_ending_display() if scene.ending else _("scene")

    @admin.display(description=gettext_lazy("choices"))
    def choice_count(self, scene: Any) -> int | str:
        return "–" if scene.ending else int(scene.choice_count)

    @admin.display(description=gettext_lazy("choices that lead here"))
    def arrival_count(self, scene: Any) -> int:
        return int(scene.arrival_count)


class MeterInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Meter
    form = MeterForm
    formset = NamedFormSet
    fields = ("label", "start", "minimum", "maximum", "key")
    extra = 1
    verbose_name_plural = gettext_lazy("meters besides tension")


class FlagInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Flag
    form = FlagForm
    formset = NamedFormSet
    fields = ("label", "key")
    extra = 1
    verbose_name_plural = gettext_lazy("flags: what can be learned or done")


@admin.register(Scenario)
class ScenarioAdmin(ImportPages):
    form = ScenarioForm
    change_form_template = "admin/scenarios/scenario_form.html"
    list_display = ("title", "published", "scene_count", "changed_at")
    search_fields = ("title", "summary")
    list_select_related = ("current",)
    fieldsets = (
        (None, {"fields": ("seen", "title", "summary", "introduction", "content_note", "aftercare")}),
        (gettext_lazy("Picture"), {"fields": ("picture", "picture_alt")}),
        (gettext_lazy("How it begins"), {"fields": ("minutes", "tension", "policies", "from_incident")}),
        (
            gettext_lazy("Address and language"),
            {"fields": ("slug", "language", "translates"), "classes": ("collapse",)},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        large = ("current__document", "current__page")
        rows: QuerySet[Any] = super().get_queryset(request).defer(*large).annotate(scene_count=Count("scenes"))
        return rows

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = self.form if obj else NewScenarioForm
        return super().get_form(request, obj, change=change, **kwargs | {"form": form})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        begins = () if obj else ((_("Where to begin"), {"fields": ("pattern",)}),)
        return (*begins, *super().get_fieldsets(request, obj))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if name := form.cleaned_data.get("pattern"):
            begin_from(form.instance, name)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [ScenesInline, MeterInline, FlagInline] if obj else []

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        kwargs |= {"widget": forms.CheckboxSelectMultiple, "form_class": SeveralField}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was published stays: attempts refer to its editions."""
        return super().has_delete_permission(request, obj) and not (obj and obj.current_id)

    @admin.display(description=gettext_lazy("published"), ordering="current__published_at")
    def published(self, scenario: Scenario) -> str:
        current = scenario.current
        return _("edition %(number)s") % {"number": current.number} if current else _("not yet")

    @admin.display(description=gettext_lazy("scenes and endings"), ordering="scene_count")
    def scene_count(self, scenario: Any) -> int:
        return int(scenario.scene_count)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/preview/", wrap(require_safe(self.preview)), name="scenarios_scenario_preview"),
            path("<int:pk>/duplicate/", wrap(require_POST(self.duplicate)), name="scenarios_scenario_duplicate"),
        ]
        return own + super().get_urls()

    def standing(self, scenario: Any) -> dict[str, Any]:
        return {
            "overview": overview_of(scenario),
            "preview_url": url_of(scenario, "preview"),
            "duplicate_url": url_of(scenario, "duplicate"),
            "text_url": url_of(scenario, "text"),
            "script_url": url_of(scenario, "script"),
            "file_url": url_of(scenario, "file"),
            "publish_url": url_of(scenario, "publish"),
            "changes_url": url_of(scenario, "changes"),
            "go_back_url": url_of(scenario, "go_back"),
            "days": [(day.label, url_of(day)) for day in scenario.days.all()],
            "add_day_url": add_url(Day, scenario=scenario.pk),
            "add_scene_url": add_url(Scene, scenario=scenario.pk),
            "add_ending_url": add_url(Scene, scenario=scenario.pk, ending=Scene.Ending.RESOLVED),
        }

    def duplicate(self, request: PersonRequest, pk: int) -> HttpResponse:
        """A new scenario with the same draft."""
        scenario = self.may_change(request, pk)
        copy = duplicate_scenario(scenario)
        self.log_addition(request, copy, f"Copied from {scenario}.")
        messages.success(
            request, _("This is a copy of “%(scenario)s”, which nobody sees yet.") % {"scenario": scenario}
        )
        return redirect(url_of(copy))

    def preview(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Play the draft from the path in the address."""
        scenario = self.may_change(request, pk)
        context = {"scenario": scenario, "scenario_url": url_of(scenario), "preview_url": url_of(scenario, "preview")}
        try:
            context["preview"] = preview_of(scenario, request.GET)
        except NothingToPlay as reason:
            context["reason"] = str(reason)
        return render(request, "admin/scenarios/preview.html", context)
