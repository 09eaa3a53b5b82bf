"""A course and its modules: what it holds, and publishing it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from accounts.http import PersonRequest
from courses.admin.forms import ModuleForm, StatementForm
from courses.models import Activity, ConfidenceStatement, Course, Module
from courses.publishing import CannotPublishCourse, activities_of, advice_of, faults_of, outline_of, publish
from scenarios.admin.editions import PublishForm
from scenarios.admin.parts import PartAdmin, PartForm, PartsInline, WholeAdmin, add_url, url_of
from scenarios.forms import PublishedForm
from scenarios.naming import NamedFormSet


class ModuleRowForm(PartForm):
    name, within = "slug", "course"


class ModulesInline(PartsInline):
    model = Module
    form = ModuleRowForm
    fields = ("position", "arrows", "link", "activity_count", "minutes")
    readonly_fields = ("arrows", "link", "activity_count", "minutes")
    verbose_name_plural = "modules, in order"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        sums = {"activity_count": Count("activities"), "minutes": Sum("activities__minutes")}
        rows: QuerySet[Any] = super().get_queryset(request).annotate(**sums)
        return rows

    @admin.display(description="activities")
    def activity_count(self, module: Any) -> int:
        return int(module.activity_count)

    @admin.display(description="minutes")
    def minutes(self, module: Any) -> int:
        return int(module.minutes or 0)


class StatementInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ConfidenceStatement
    form = StatementForm
    formset = NamedFormSet
    fields = ("position", "text", "key")
    extra = 1
    verbose_name_plural = "confidence statements: “I can …”, rated before and after"


@admin.register(Course)
class CourseAdmin(WholeAdmin):
    form = PublishedForm
    change_form_template = "admin/courses/course_form.html"
    list_display = ("title", "published", "module_count")
    search_fields = ("title", "summary")
    list_select_related = ("current",)
    fieldsets = (
        (None, {"fields": ("seen", "title", "summary", "description")}),
        ("For the training record", {"fields": ("trainer", "trainer_qualification")}),
        ("Address and language", {"fields": ("slug", "language", "translates"), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Course]:
        rows: QuerySet[Any] = (
            super().get_queryset(request).defer("current__outline").annotate(module_count=Count("modules"))
        )
        return rows

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [ModulesInline, StatementInline] if obj else []

    @admin.display(description="published", ordering="current__published_at")
    def published(self, course: Course) -> str:
        return f"edition {course.current.number}" if course.current else "not yet"

    @admin.display(description="modules", ordering="module_count")
    def module_count(self, course: Any) -> int:
        return int(course.module_count)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.publish))
        return [path("<int:pk>/publish/", view, name="courses_course_publish"), *super().get_urls()]

    def standing(self, course: Any) -> dict[str, Any]:
        activities = activities_of(course)
        return {
            "faults": faults_of(course, activities),
            "advice": advice_of(activities),
            "changed": course.current is None or course.current.outline != outline_of(course),
            "editions": course.editions.select_related("published_by").defer("outline"),
            "publish_form": PublishForm(),
            "publish_url": url_of(course, "publish"),
            "add_module_url": add_url(Module, course=course.pk),
        }

    def publish(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Publish the course; where something is missing, say so, and leave all as it is."""
        course = self.may_change(request, pk)
        form = PublishForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Not published: " + form.errors["note"].as_text())
            return redirect(url_of(course))
        try:
            edition = publish(course, by=request.user, note=form.cleaned_data["note"])
        except CannotPublishCourse as refusal:
            messages.error(request, f"Not published. {' '.join(refusal.reasons)}")
            return redirect(url_of(course))
        if edition.pk == course.current_id:
            messages.info(request, f"Its contents are those of edition {edition.number}, so that stays the newest.")
        else:
            self.log_change(request, course, f"Published edition {edition.number}.")
            messages.success(request, f"Published as edition {edition.number}.")
        return redirect(url_of(course))


class ActivityRowForm(PartForm):
    name, within = "slug", "module"


class ActivitiesInline(PartsInline):
    model = Activity
    form = ActivityRowForm
    fields = ("position", "arrows", "link", "kind_of", "minutes", "required")
    readonly_fields = ("arrows", "link", "kind_of")
    verbose_name_plural = "activities, in order"

    @admin.display(description="kind")
    def kind_of(self, activity: Activity) -> str:
        return activity.get_kind_display()


@admin.register(Module)
class ModuleAdmin(PartAdmin):
    whole = "course"
    form = ModuleForm
    change_form_template = "admin/courses/module_form.html"
    fieldsets = (
        (None, {"fields": ("title", "summary", "outcomes")}),
        ("Order and address", {"fields": (("position", "slug"),), "classes": ("collapse",)}),
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
