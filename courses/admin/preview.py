"""A course as a learner sees it, for its author: nothing is recorded, and it need not be published."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from accounts.http import PersonRequest
from courses import learning, marking
from courses.admin.publishing import CourseEditionPages
from courses.forms import KnowledgeCheckForm, ReflectionForm
from courses.models import Activity, Course, Submission
from scenarios.admin.parts import url_of
from scenarios.models import PolicyValue

Kind = Activity.Kind
# What a scenario's activity says is told without a play; the scenario has a preview of its own.
TEMPLATES = {Kind.SCENARIO: "admin/courses/preview_scenario.html"}


class PreviewPages(CourseEditionPages):
    """The pages of a course that show it as learners see it."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/preview/", wrap(require_safe(self.preview)), name="courses_course_preview"),
            path("<int:pk>/preview/<int:activity>/", wrap(self.activity), name="courses_course_preview_activity"),
        ]
        return own + super().get_urls()

    def preview(self, request: PersonRequest, pk: int) -> HttpResponse:
        """The course's page: its modules with what they aim at, and their activities."""
        course: Course = self.may_change(request, pk)
        context = {"course": course, "way": learning.unbegun(course), "edit_url": url_of(course)}
        context["values"] = PolicyValue.objects.quoted_in(course.description_html)
        return render(request, "admin/courses/preview.html", context)

    def activity(self, request: PersonRequest, pk: int, activity: int) -> HttpResponse:
        """One activity. A knowledge check can be answered, and is explained; the others lead on."""
        course: Course = self.may_change(request, pk)
        steps = [step.activity for step in learning.unbegun(course).steps]
        place = next((number for number, found in enumerate(steps) if found.pk == activity), None)
        if place is None:
            raise Http404
        found = Activity.objects.select_related("module__course", "scenario", "policy", "alternative").get(pk=activity)
        if request.method == "POST" and found.kind != Kind.KNOWLEDGE_CHECK:
            return _lead_on(course, steps[place + 1 :])
        context = _page(found, request) | {"following": steps[place + 1] if place + 1 < len(steps) else None}
        return _shown(request, found, context)


def _lead_on(course: Course, rest: list[Activity]) -> HttpResponse:
    if rest:
        return redirect("admin:courses_course_preview_activity", course.pk, rest[0].pk)
    return redirect("admin:courses_course_preview", course.pk)


def _shown(request: HttpRequest, activity: Activity, context: dict[str, Any]) -> HttpResponse:
    policy = activity.policy
    sheet = [policy.purpose_html, policy.text_html] if policy else []
    values = PolicyValue.objects.quoted_in(activity.body_html, *sheet, *context.pop("texts", ()))
    course = activity.module.course
    context |= {"activity": activity, "module": activity.module, "course": course, "values": values}
    context |= {"is_preview": True, "edit_url": url_of(activity)}
    return render(request, TEMPLATES.get(Kind(activity.kind), f"courses/activities/{activity.kind}.html"), context)


def _page(activity: Activity, request: HttpRequest) -> dict[str, Any]:
    """What the learner's page of each kind shows to somebody who has done nothing yet."""
    if activity.kind == Kind.KNOWLEDGE_CHECK:
        return _check(activity, request)
    if activity.kind == Kind.CONFIDENCE_CHECK:
        statements = list(activity.module.course.confidence_statements.all())
        rows = [(statement, None, None) for statement in statements]
        is_after = activity.moment == Activity.Moment.AFTER
        return {"rows": rows, "form": None, "is_after": is_after}
    return {"form": ReflectionForm()} if activity.kind == Kind.REFLECTION else {}


def _check(activity: Activity, request: HttpRequest) -> dict[str, Any]:
    questions = marking.asked(activity)
    form = KnowledgeCheckForm(questions, request.POST if request.method == "POST" else None)
    texts = [text for question in questions for text in question.texts()]
    if request.method == "POST" and form.is_valid():
        answers = form.answers()
        right = sum(question.is_right(answers.get(question.question.key, [])) for question in questions)
        passed = 100 * right >= activity.pass_mark * len(questions)
        last = Submission(right=right, asked=len(questions), passed=passed)
        return {"last": last, "answering": False, "questions": marking.answered(questions, answers), "texts": texts}
    given = {asked.question.key: request.POST.getlist(asked.question.key) for asked in questions}
    keys = [asked.question.key for asked in questions]
    missing = [(number, key) for number, key in enumerate(keys, 1) if key in form.errors]
    shown = {"questions": marking.answered(questions, given), "answering": True, "texts": texts}
    return shown | ({"form": form, "missing": missing} if form.is_bound else {})
