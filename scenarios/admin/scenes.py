"""One scene with its choices, or one ending."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import TextField
from django.forms import Textarea
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import PersonRequest
from scenarios.admin.arranging import Movable
from scenarios.admin.overview import around
from scenarios.admin.parts import PartAdmin, url_of
from scenarios.choice_forms import ChoiceFormSet, Vocabulary, choice_form, vocabulary_of
from scenarios.drafting import duplicate_scene, next_unwritten
from scenarios.forms import SceneForm
from scenarios.models import Choice, Scenario, Scene
from training.lib.markdown import MarkdownField

SHORT: dict[Any, Any] = {
    TextField: {"widget": Textarea(attrs={"rows": 2})},
    MarkdownField: {"widget": Textarea(attrs={"rows": 3})},
}


class ChoiceInline(Movable, admin.StackedInline):  # type: ignore[type-arg]
    """The choices of a scene, in the words of its scenario: its meters, its flags, its scenes."""

    model = Choice
    fk_name = "scene"
    formset = ChoiceFormSet
    extra = 1
    formfield_overrides = SHORT
    readonly_fields = ("arrows",)
    known: Vocabulary | None = None

    def vocabulary(self, request: HttpRequest, scene: Scene | None) -> Vocabulary:
        if self.known is None:
            choices = list(scene.choices.all()) if scene else []
            scenario = scene.scenario if scene else _scenario_of(self.admin_site, request)
            self.known = vocabulary_of(scenario, choices)
            self.is_conditional = any(choice.bounds or choice.has or choice.lacks for choice in choices)
        return self.known

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        kwargs["form"] = choice_form(self.vocabulary(request, obj))
        return super().get_formset(request, obj, **kwargs)

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        words = self.vocabulary(request, obj)
        flags = bool(words.flags)
        skills = [f"skill-{key}" for key in words.skills]
        moves = [f"effect-{key}" for key in words.meters]
        bounds = [(f"least-{key}", f"most-{key}") for key in words.meters]
        return (
            (None, {"fields": ("text", ("to", "new_title", "new_kind"), "consequence", "coaching", "arrows")}),
            (
                _("What it does to the meters and flags") if flags else _("What it does to the meters"),
                {"fields": (tuple(moves), *([("sets", "clears")] if flags else ()))},
            ),
            (
                _("Only on offer when"),
                {
                    "fields": (*bounds, *([("has", "lacks")] if flags else ())),
                    "classes": () if self.is_conditional else ("collapse",),
                    "description": _("Leave all of it empty for a choice that is always on offer."),
                },
            ),
            (
                _("Skills and policy"),
                {
                    "fields": (*([tuple(skills)] if skills else ()), "policy"),
                    "description": _("What this choice is evidence of."),
                },
            ),
            (_("Order and name"), {"fields": (("position", "key"),), "classes": ("collapse",)}),
        )


def _scenario_of(site: admin.AdminSite, request: HttpRequest) -> Scenario:
    scenes = site._registry[Scene]
    assert isinstance(scenes, SceneAdmin)
    scenario = scenes.whole_of(request, None)
    assert isinstance(scenario, Scenario)
    return scenario


@admin.register(Scene)
class SceneAdmin(PartAdmin):
    whole = "scenario"
    form = SceneForm
    change_form_template = "admin/scenarios/scene_form.html"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        takeover = (
            _("Takes over"),
            {
                "fields": ("takeover_meter", ("takeover_at_least", "takeover_at_most")),
                "classes": () if obj and obj.takeover_meter else ("collapse",),
                "description": _(
                    "The play comes here by itself when a choice makes a meter cross this line: for example"
                    " tension at least 9."
                ),
            },
        )
        seen = ("seen",) if obj else ()
        name = (_("Kind, order and name"), {"fields": ("ending", ("position", "key")), "classes": ("collapse",)})
        if self._is_ending(request, obj):
            told = (None, {"fields": (*seen, "title", "ending", "description", "score")})
            return (told, takeover, (_("Order and name"), {"fields": (("position", "key"),), "classes": ("collapse",)}))
        return ((None, {"fields": (*seen, "title", "description", "speaker", "speech")}), takeover, name)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        title = _("Add ending") if self._is_ending(request, None) else _("Add scene")
        return super().add_view(request, form_url, {"title": title} | (extra_context or {}))

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        context["can_write_next"] = True
        if scene := context.get("original"):
            context |= {"around": around(scene), "duplicate_url": url_of(scene, "duplicate")}
            context["preview_url"] = f"{url_of(scene.scenario, 'preview')}?from={scene.key}"
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.duplicate))
        return [path("<int:pk>/duplicate/", view, name="scenarios_scene_duplicate"), *super().get_urls()]

    def duplicate(self, request: PersonRequest, pk: int) -> HttpResponse:
        """A copy of the scene with its choices, at the end; no choice leads to it yet."""
        scene = self.may_change(request, pk)
        copy = duplicate_scene(scene)
        self.log_addition(request, copy, f"Copied from {scene}.")
        messages.success(request, _("This is a copy of “%(scene)s”. Lead a choice to it.") % {"scene": scene})
        return redirect(url_of(copy))

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to the scenario, or on to the next scene that is not written yet."""
        if "_next" in request.POST and (unwritten := next_unwritten(obj.scenario)):
            return HttpResponseRedirect(url_of(unwritten))
        return super().response_post_save_change(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [] if self._is_ending(request, obj) else [ChoiceInline]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, MarkdownField):
            kwargs["widget"] = Textarea(attrs={"rows": 5})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        Scenario.objects.filter(pk=obj.scenario_id).update(changed_at=timezone.now())

    def warnings(self, obj: Any) -> dict[str, Any]:
        arrivals = obj.arrivals.exclude(scene=obj).select_related("scene")
        return {
            "warning": _("These choices lead here. They will lead nowhere, and you pick another scene for each:"),
            "concerned": [(f"{choice.scene}: “{choice}”", url_of(choice.scene)) for choice in arrivals],
        }

    def _is_ending(self, request: HttpRequest, obj: Any) -> bool:
        """As it is saved: a form that changes the kind is read as the page that it was filled in on."""
        if obj is None:
            return bool(request.GET.get("ending"))
        return Scene.objects.filter(pk=obj.pk).exclude(ending="").exists()
