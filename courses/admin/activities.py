"""One activity, by its kind; the questions of a knowledge check, and their options."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.admin.forms import ActivityForm, OptionForm, QuestionForm
from courses.admin.gift import GiftPages
from courses.models import Activity, Option, Question
from scenarios.admin.parts import PartAdmin, PartForm, PartsInline, add_url, url_of
from scenarios.naming import NamedFormSet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KINDS = Activity.Kind
Part = tuple[tuple[str, ...], "StrOrPromise", tuple[str, ...], "StrOrPromise"]
# What each kind asks for: the kinds, a heading, the fields, what to write.
PARTS: tuple[Part, ...] = (
    (
        (KINDS.LESSON, KINDS.REFLECTION),
        gettext_lazy("Lesson or reflection"),
        ("body",),
        gettext_lazy("The text, or the question to think about."),
    ),
    (
        (KINDS.SCENARIO,),
        gettext_lazy("Scenario"),
        ("scenario", "alternative", "counts"),
        gettext_lazy("Which scenario is played, and which attempt counts."),
    ),
    (
        (KINDS.KNOWLEDGE_CHECK,),
        gettext_lazy("Knowledge check"),
        ("pass_mark",),
        gettext_lazy("Its questions are below, once it has been saved."),
    ),
    (
        (KINDS.POLICY_ACKNOWLEDGEMENT,),
        gettext_lazy("Policy acknowledgement"),
        ("policy",),
        gettext_lazy("The policy that one confirms to know."),
    ),
    (
        (KINDS.CONFIDENCE_CHECK,),
        gettext_lazy("Confidence check"),
        ("moment",),
        gettext_lazy("It asks the statements of the course."),
    ),
)


class QuestionRowForm(PartForm):
    within = "activity"


class QuestionsInline(PartsInline):
    model = Question
    form = QuestionRowForm
    fields = ("position", "arrows", "link", "option_count")
    readonly_fields = ("arrows", "link", "option_count")
    verbose_name_plural = gettext_lazy("questions, in order")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(option_count=Count("options"))
        return rows

    @admin.display(description=gettext_lazy("options"))
    def option_count(self, question: Any) -> int:
        return int(question.option_count)


@admin.register(Activity)
class ActivityAdmin(GiftPages):
    whole = "module"
    form = ActivityForm
    change_form_template = "admin/courses/activity_form.html"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """All fields are there, whatever the kind, so that it may be changed; those of other kinds are folded."""
        kind = obj.kind if obj else request.GET.get("kind", "")
        asked = [part for part in PARTS if kind in part[0]] or PARTS
        parts = [*asked, *(part for part in PARTS if part not in asked)]
        return (
            (None, {"fields": ("kind", "title", ("minutes", "required"))}),
            *((part[1], _shown(part, folded=part not in asked)) for part in parts),
            (_("Order and address"), {"fields": (("position", "slug"),), "classes": ("collapse",)}),
        )

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """As it is saved: a form that changes the kind is read as the page that it was filled in on."""
        checks = Activity.objects.filter(kind=KINDS.KNOWLEDGE_CHECK)
        return [QuestionsInline] if obj and checks.filter(pk=obj.pk).exists() else []

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        activity = context.get("original")
        if activity and activity.kind == KINDS.KNOWLEDGE_CHECK:
            context |= {
                "add_question_url": add_url(Question, activity=activity.pk),
                "gift_url": url_of(activity, "gift"),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """A new knowledge check needs questions next."""
        if obj.kind == KINDS.KNOWLEDGE_CHECK:
            return HttpResponseRedirect(url_of(obj))
        return super().response_post_save_add(request, obj)


def _shown(part: Part, *, folded: bool) -> dict[str, Any]:
    _, _, fields, text = part
    return {"fields": fields, "description": text, "classes": ("collapse",) if folded else ()}


class OptionInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Option
    form = OptionForm
    formset = NamedFormSet
    fields = ("position", "text", "correct", "explanation", "key")
    extra = 2
    verbose_name_plural = gettext_lazy("options")


@admin.register(Question)
class QuestionAdmin(PartAdmin):
    whole = "activity"
    form = QuestionForm
    inlines = (OptionInline,)
    fieldsets = (
        (None, {"fields": ("text", "multiple")}),
        (gettext_lazy("Order and name"), {"fields": (("position", "key"),), "classes": ("collapse",)}),
    )
