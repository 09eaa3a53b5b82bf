"""A course and its modules: what it holds, and publishing it."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.admin.forms import ModuleForm, StatementForm
from courses.admin.preview import PreviewPages
from courses.models import Activity, ConfidenceStatement, Course, Module
from courses.publishing import activities_of, advice_of, faults_of, outline_of
from scenarios.admin.parts import PartAdmin, PartForm, PartsInline, add_url, url_of
from scenarios.forms import PublishedForm
from scenarios.naming import NamedFormSet


class ModuleRowForm(PartForm):
    name, within = "slug", "course"


class ModulesInline(PartsInline):
    model = Module
    form = ModuleRowForm
    fields = ("position", "arrows", "link", "activity_count", "minutes")
    readonly_fields = ("arrows", "link", "activity_count", "minutes")
    verbose_name_plural = gettext_lazy("modules, in order")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        sums = {"activity_count": Count("activities"), "minutes": Sum("activities__minutes")}
        rows: QuerySet[Any] = super().get_queryset(request).annotate(**sums)
        return rows

    @admin.display(description=gettext_lazy("activities"))
    def activity_count(self, module: Any) -> int:
        return int(module.activity_count)

    @admin.display(description=gettext_lazy("minutes"))
    def minutes(self, module: Any) -> int:
        return int(module.minutes or 0)


class StatementInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ConfidenceStatement
    form = StatementForm
    formset = NamedFormSet
    fields = ("position", "text", "key")
    extra = 1
    verbose_name_plural = gettext_lazy("confidence statements: “I can …”, rated before and after")


@admin.register(Course)
class CourseAdmin(PreviewPages):
    form = PublishedForm
    change_form_template = "admin/courses/course_form.html"
    list_display = ("title", "published", "module_count")
    search_fields = ("title", "summary")
    list_select_related = ("current",)
    fieldsets = (
        (None, {"fields": ("seen", "title", "summary", "description")}),
        (gettext_lazy("For the training record"), {"fields": ("trainer", "trainer_qualification")}),
        (
            gettext_lazy("Address and language"),
            {"fields": ("slug", "language", "translates"), "classes": ("collapse",)},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Course]:
        rows: QuerySet[Any] = (
            super().get_queryset(request).defer("current__outline").annotate(module_count=Count("modules"))
        )
        return rows

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [ModulesInline, StatementInline] if obj else []

    @admin.display(description=gettext_lazy("published"), ordering="current__published_at")
    def published(self, course: Course) -> str:
        return _("edition %(number)s") % {"number": course.current.number} if course.current else _("not yet")

    @admin.display(description=gettext_lazy("modules"), ordering="module_count")
    def module_count(self, course: Any) -> int:
        return int(course.module_count)

    def standing(self, course: Any) -> dict[str, Any]:
        activities = activities_of(course)
        return {
            "faults": faults_of(course, activities),
            "advice": advice_of(activities, language=course.language),
            "changed": course.current is None or course.current.outline != outline_of(course),
            "editions": course.editions.select_related("published_by").defer("outline"),
            "publish_url": url_of(course, "publish"),
            "preview_url": url_of(course, "preview"),
            "can_publish_anew": True,
            "add_module_url": add_url(Module, course=course.pk),
        }


class ActivityRowForm(PartForm):
    name, within = "slug", "module"


class ActivitiesInline(PartsInline):
    model = Activity
    form = ActivityRowForm
    fields = ("position", "arrows", "link", "kind_of", "minutes", "required")
    readonly_fields = ("arrows", "link", "kind_of")
    verbose_name_plural = gettext_lazy("activities, in order")

    @admin.display(description=gettext_lazy("kind"))
    def kind_of(self, activity: Activity) -> str:
        return activity.get_kind_display()


@admin.register(Module)
class ModuleAdmin(PartAdmin):
    whole = "course"
    form = ModuleForm
    change_form_template = "admin/courses/module_form.html"
    fieldsets = (
        (None, {"fields": ("title", "summary", "outcomes")}),
        (gettext_lazy("Order and address"), {"fields": (("position", "slug"),), "classes": ("collapse",)}),
    )

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [ActivitiesInline] if obj else []

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        if module := context.get("original"):
            kinds = [(kind.label, add_url(Activity, module=module.pk, kind=kind.value)) for kind in Activity.Kind]
            context |= {"kinds": kinds}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """A new module needs activities next."""
        return HttpResponseRedirect(url_of(obj))
