"""One activity: shown by GET, done by POST. Each kind has a page, and a function that takes what was posted."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.http import PersonRequest
from courses import learning, marking, progressing
from courses.counting import counted
from courses.forms import ConfidenceForm, KnowledgeCheckForm, ReflectionForm
from courses.models import Activity, ConfidenceAnswer, Reflection, Submission
from scenarios.introducing import introduction_of
from scenarios.models import PolicyValue

Context = dict[str, Any]
Kind = Activity.Kind


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: PersonRequest, course: str, module: str, activity: str) -> HttpResponse:
    """GET shows it and notes that the learner is here. POST does it, then leads on."""
    mine = learning.activities_for(request.user)
    found = get_object_or_404(mine, module__course__slug=course, module__slug=module, slug=activity)
    if request.method == "POST":
        return POSTS[Kind(found.kind)](request, found)
    if found.opened is None or found.at != found.pk:
        progressing.arrive(request.user, found)
    return show(request, found, PAGES[Kind(found.kind)](request, found))


def show(request: PersonRequest, activity: Activity, context: Context, status: int = 200) -> HttpResponse:
    policy = activity.policy
    sheet = [policy.purpose_html, policy.text_html] if policy else []
    values = PolicyValue.objects.quoted_in(activity.body_html, *sheet, *context.pop("texts", ()))
    context |= {"activity": activity, "module": activity.module, "course": activity.module.course, "values": values}
    return render(request, f"courses/activities/{activity.kind}.html", context, status=status)


def lead_on(request: PersonRequest, activity: Activity) -> HttpResponse:
    """To the next activity; to the course's page when it is finished, with the good news."""
    way = learning.way_through(activity.module.course, request.user)
    if way.enrolment and way.enrolment.completed_at and way.done == way.required:
        messages.success(request, _("That was the last of it: you have completed the course."))
        return redirect(activity.module.course)
    return redirect(way.after(activity.pk) or activity.module.course)


def read(request: PersonRequest, activity: Activity) -> HttpResponse:
    progressing.complete(request.user, activity)
    return lead_on(request, activity)


def check_page(request: PersonRequest, activity: Activity) -> Context:
    questions = marking.asked(activity)
    mine = Submission.objects.filter(enrolment=activity.enrolment, activity=activity)
    last: Submission | None = mine.first() if activity.opened else None
    answering = last is None or "again" in request.GET
    given = {} if answering or last is None else last.answers
    context = {"last": last, "answering": answering, "texts": _texts(questions)}
    return context | {"questions": marking.answered(questions, given)}


def check(request: PersonRequest, activity: Activity) -> HttpResponse:
    questions = marking.asked(activity)
    form = KnowledgeCheckForm(questions, request.POST)
    if form.is_valid():
        progressing.submit(request.user, activity, form.answers())
        return redirect(activity)
    given = {question.question.key: request.POST.getlist(question.question.key) for question in questions}
    keys = [question.question.key for question in questions]
    missing = [(number, key) for number, key in enumerate(keys, 1) if key in form.errors]
    context = {"questions": marking.answered(questions, given), "form": form, "missing": missing, "answering": True}
    return show(request, activity, context | {"texts": _texts(questions)}, status=422)


def _texts(questions: list[marking.Asked]) -> list[str]:
    return [text for question in questions for text in question.texts()]


def scenario_page(request: PersonRequest, activity: Activity) -> Context:
    assert activity.scenario is not None
    intro = introduction_of(activity.scenario, request.user)
    return {"intro": intro, "counted": counted(activity, [found for found in intro.past if found.is_recorded])}


def reflection_page(request: PersonRequest, activity: Activity) -> Context:
    written = Reflection.objects.filter(person=request.user, activity=activity).first()
    return {"form": ReflectionForm(initial={"text": written.text if written else ""}), "written": written}


def reflect(request: PersonRequest, activity: Activity) -> HttpResponse:
    form = ReflectionForm(request.POST)
    if not form.is_valid():
        return show(request, activity, {"form": form}, status=422)
    progressing.reflect(request.user, activity, form.cleaned_data["text"])
    return lead_on(request, activity)


def confidence_page(request: PersonRequest, activity: Activity) -> Context:
    statements = list(activity.module.course.confidence_statements.all())
    answers = ConfidenceAnswer.objects.filter(enrolment=activity.enrolment)
    given = {(answer.statement_id, answer.moment): answer.rating for answer in answers}
    rows = [
        (statement, given.get((statement.pk, activity.moment)), given.get((statement.pk, Activity.Moment.BEFORE)))
        for statement in statements
    ]
    return {"rows": rows, "form": None, "is_after": activity.moment == Activity.Moment.AFTER}


def rate(request: PersonRequest, activity: Activity) -> HttpResponse:
    statements = list(activity.module.course.confidence_statements.all())
    form = ConfidenceForm(statements, request.POST)
    if not form.is_valid():
        chosen = {key: int(value) for key, value in form.cleaned_data.items()}
        rows = [(statement, chosen.get(statement.key), None) for statement in statements]
        return show(request, activity, {"rows": rows, "form": form}, status=422)
    ratings = {statement.pk: int(form.cleaned_data[statement.key]) for statement in statements}
    progressing.rate_confidence(request.user, activity, ratings)
    return lead_on(request, activity)


def acknowledge(request: PersonRequest, activity: Activity) -> HttpResponse:
    if not request.POST.get("read"):
        return show(request, activity, {"missing": True}, status=422)
    progressing.acknowledge(request.user, activity)
    return lead_on(request, activity)


def go_and_play(request: PersonRequest, activity: Activity) -> HttpResponse:
    """A scenario is played on its own pages; nothing is posted here."""
    return redirect(activity)


def nothing_more(request: PersonRequest, activity: Activity) -> Context:
    return {}


PAGES: dict[Activity.Kind, Callable[[PersonRequest, Activity], Context]] = {
    Kind.LESSON: nothing_more,
    Kind.KNOWLEDGE_CHECK: check_page,
    Kind.SCENARIO: scenario_page,
    Kind.REFLECTION: reflection_page,
    Kind.CONFIDENCE_CHECK: confidence_page,
    Kind.POLICY_ACKNOWLEDGEMENT: nothing_more,
}
POSTS: dict[Activity.Kind, Callable[[PersonRequest, Activity], HttpResponse]] = {
    Kind.LESSON: read,
    Kind.KNOWLEDGE_CHECK: check,
    Kind.SCENARIO: go_and_play,
    Kind.REFLECTION: reflect,
    Kind.CONFIDENCE_CHECK: rate,
    Kind.POLICY_ACKNOWLEDGEMENT: acknowledge,
}
