"""The learner's way: my training, a course, the record at its end."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.authority import supervisors_of
from accounts.http import PersonRequest
from courses import learning, progressing
from courses.certificates import certificate
from courses.models import Course, Reconfirmation, TrainingRecord, Use
from courses.reports.person import entries
from scenarios.models import Policy, PolicyValue


@never_cache
@require_safe
def my_training(request: PersonRequest) -> HttpResponse:
    """What to do next; to somebody who is not signed in, what this place is."""
    if not request.user.is_authenticated:
        return render(request, "courses/welcome.html")
    return render(request, "courses/my_training.html", {"mine": learning.my_training(request.user)})


@login_required
@require_safe
def course_list(request: PersonRequest) -> HttpResponse:
    """Every published course."""
    return render(
        request, "courses/list.html", {"courses": Course.objects.published().for_readers_of(get_language() or "")}
    )


@never_cache
@login_required
@require_safe
def course(request: PersonRequest, course: str) -> HttpResponse:
    """Modules and activities, with minutes and state."""
    found = get_object_or_404(Course.objects.published(), slug=course)
    way = learning.way_through(found, request.user)
    record = TrainingRecord.objects.standing().of(request.user).filter(course_slug=found.slug).first()
    values = PolicyValue.objects.quoted_in(found.description_html)
    context = {"course": found, "way": way, "record": record, "values": values}
    context |= {"versions": Course.objects.published().in_other_languages(found)}
    return render(request, "courses/course.html", context)


@login_required
@require_safe
def module(request: PersonRequest, course: str, module: str) -> HttpResponse:
    """One module: what one will be able to do, and its activities."""
    found = get_object_or_404(Course.objects.published(), slug=course)
    way = learning.way_through(found, request.user)
    for steps in way.modules:
        if steps.module.slug == module:
            return render(request, "courses/module.html", {"course": found, "way": way, "steps": steps})
    if found.modules.filter(slug=module).exists():
        return redirect(found)
    raise Http404


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: PersonRequest, policy: str) -> HttpResponse:
    """GET: the policy as it reads now, and whether one is asked to confirm it again. POST: confirm it."""
    found = get_object_or_404(Policy, slug=policy)
    asked = Reconfirmation.objects.open_for(request.user).newest().filter(policy=found).first()
    if request.method == "POST" and request.POST.get("read"):
        if asked:
            progressing.confirm(request.user, found)
            messages.success(
                request, _("Thank you. You have confirmed “%(title)s” as it reads now.") % {"title": found.title}
            )
        return redirect("courses:my-training")
    missing = request.method == "POST"
    context = {"policy": found, "asked": asked, "missing": missing}
    context |= {"values": PolicyValue.objects.quoted_in(found.purpose_html, found.text_html)}
    context |= {"versions": Policy.objects.in_other_languages(found)}
    return render(request, "courses/policy.html", context, status=422 if missing else 200)


@never_cache
@login_required
@require_safe
def seen(request: PersonRequest) -> HttpResponse:
    """My own report, as it is shown to those who oversee me, and who they are."""
    context = {"entries": entries(request.user), "supervisors": supervisors_of(request.user)}
    return render(request, "courses/seen.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def used(request: PersonRequest, record: int) -> HttpResponse:
    """One question, some weeks after a course. Answered once, it is not asked again."""
    found = get_object_or_404(TrainingRecord.objects.standing().of(request.user), pk=record)
    if Use.objects.filter(record=found).exists():
        return redirect("courses:my-training")
    answer = request.POST.get("answer", "")
    if answer in Use.Answer.values:
        row = Use(record=found, person=request.user, answer=answer, answered_at=timezone.now())
        Use.objects.bulk_create([row], ignore_conflicts=True)
        messages.success(request, _("Thank you."))
        return redirect("courses:my-training")
    missing = request.method == "POST"
    context = {"record": found, "answers": Use.Answer.choices, "missing": missing}
    return render(request, "courses/used.html", context, status=422 if missing else 200)


@require_safe
def record(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate, for anyone who has its code: what it shows is what the record says. Also as PDF."""
    records = TrainingRecord.objects.select_related("corrects__old", "corrected_by__new")
    found = get_object_or_404(records, code=code.upper().replace("\0", ""))
    if request.GET.get("format") == "pdf":
        address = request.build_absolute_uri(found.get_absolute_url())
        headers = {"Content-Disposition": f'inline; filename="certificate-{found.code}.pdf"', "X-Robots-Tag": "noindex"}
        return HttpResponse(certificate(found, address), content_type="application/pdf", headers=headers)
    response = render(request, "courses/record.html", {"record": found})
    response["X-Robots-Tag"] = "noindex"
    return response
