"""Choosing a scenario, playing it, looking back on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import PersonRequest
from scenarios import pages, playing
from scenarios.differing import as_read, difference
from scenarios.engine.play import NotOffered
from scenarios.introducing import introduction_of
from scenarios.models import Attempt, PolicyValue, Scenario
from scenarios.reviewing import debrief_of


def mine(request: PersonRequest) -> QuerySet[Attempt]:
    """The signed-in person's attempts, as a page needs them; nobody else's are ever looked at here."""
    found = Attempt.objects.played_by(request.user).with_path().select_related("scenario", "edition")
    return found.defer("edition__document", "edition__page")


@login_required
@require_safe
def scenario_list(request: PersonRequest) -> HttpResponse:
    """Every published scenario, to practise whenever one likes."""
    published = Scenario.objects.published().defer("current__document", "current__page")
    scenarios = published.for_readers_of(get_language() or "")
    values = PolicyValue.objects.quoted_in(*(scenario.summary for scenario in scenarios))
    return render(request, "scenarios/list.html", {"scenarios": scenarios, "values": values})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def introduction(request: PersonRequest, scenario: str) -> HttpResponse:
    """GET: who, where, what policy applies, how long. POST: start, as practice or recorded, or start anew."""
    published = Scenario.objects.published().defer("current__document", "current__page")
    found = get_object_or_404(published, slug=scenario)
    if request.method == "POST":
        return _start(request, found)
    context = {"intro": introduction_of(found, request.user), "came_from": _of_this_site(request.GET.get("from", ""))}
    context |= {"versions": Scenario.objects.published().in_other_languages(found)}
    return render(request, "scenarios/introduction.html", context)


@login_required
@require_safe
def changes(request: PersonRequest, scenario: str) -> HttpResponse:
    """What reads differently since the person completed it."""
    found = get_object_or_404(Scenario.objects.published(), slug=scenario)
    last = Attempt.objects.played_by(request.user).recorded().ended().filter(scenario=found).select_related("edition")
    played = last.order_by("-edition__number").first()
    assert found.current is not None
    if played is None or played.edition_id == found.current_id:
        raise Http404
    read = as_read(difference(played.edition.document, found.current.document))
    words = [piece.text for change in read for edit in change.edits for piece in edit.pieces]
    context = {"scenario": found, "changes": read, "values": PolicyValue.objects.quoted_in(*words)}
    return render(request, "scenarios/changes.html", context)


def _of_this_site(page: str) -> str:
    """The page to go back to; empty where it is not one of ours."""
    return page if len(page) <= 300 and url_has_allowed_host_and_scheme(page, allowed_hosts=None) else ""


def _start(request: PersonRequest, scenario: Scenario) -> HttpResponse:
    came_from = _of_this_site(request.POST.get("came_from", ""))
    mode = request.POST.get("mode", "")
    if mode == "anew":
        attempt = playing.start_anew(request.user, scenario, came_from=came_from)
    elif mode in Attempt.Mode.values:
        attempt = playing.start(request.user, scenario, mode=mode, came_from=came_from)
    else:
        messages.warning(request, _("Please choose practice or recorded."))
        return redirect("scenarios:introduction", scenario.slug)
    return redirect("scenarios:attempt", attempt.pk)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: PersonRequest, attempt: int) -> HttpResponse:
    """GET: the scene that the attempt stands at. POST: ``choice`` and ``sequence`` decide, then it redirects."""
    if request.method == "POST":
        return _decide(request, attempt)
    found = get_object_or_404(mine(request), pk=attempt)
    if found.set_aside_at:
        messages.info(request, _("You set that practice attempt aside. You can continue the newer one, or start anew."))
        return redirect("scenarios:introduction", found.scenario.slug)
    turn = pages.turn(found.exploration, found.steps)
    aftercare = found.graph.aftercare if turn.is_over else ""
    context = {"attempt": found, "turn": turn, "aftercare": aftercare}
    context |= {"values": PolicyValue.objects.quoted_in(*turn.texts(), aftercare)}
    return render(request, "scenarios/ending.html" if turn.is_over else "scenarios/scene.html", context)


def _decide(request: PersonRequest, attempt: int) -> HttpResponse:
    sequence = request.POST.get("sequence", "")
    try:
        answer = playing.decide(
            attempt,
            request.user,
            choice=request.POST.get("choice", ""),
            sequence=int(sequence) if sequence.isdecimal() and len(sequence) < 6 else 0,
        )
    except Attempt.DoesNotExist:
        raise Http404 from None
    except (NotOffered, playing.OutOfStep):
        messages.warning(request, _("That choice is not on offer here. Nothing was recorded; this is where you are."))
        return redirect("scenarios:attempt", attempt)
    if answer.differs:
        said = answer.attempt.steps[int(sequence) - 1].choice.text
        messages.info(
            request,
            _("You had already answered that scene: “%(said)s” That answer stands; this is where you are.")
            % {"said": said},
        )
    return redirect("scenarios:attempt", attempt)


@never_cache
@login_required
@require_safe
def debrief(request: PersonRequest, attempt: int) -> HttpResponse:
    """The page after an ending."""
    found = get_object_or_404(mine(request), pk=attempt)
    if not found.ended_at:
        messages.info(request, _("The debrief comes after the ending. This is where you are."))
        return redirect("scenarios:attempt", found.pk)
    looked_back = debrief_of(found)
    values = PolicyValue.objects.quoted_in(*looked_back.texts())
    return render(request, "scenarios/debrief.html", {"attempt": found, "debrief": looked_back, "values": values})


@login_required
@require_POST
def again(request: PersonRequest, attempt: int) -> HttpResponse:
    """Try again from a decision, as practice; the attempt itself is not touched."""
    found = get_object_or_404(mine(request), pk=attempt)
    before = request.POST.get("sequence", "")
    if not (before.isdecimal() and len(before) < 6 and 1 <= int(before) <= len(found.path)):
        messages.warning(request, _("Please choose the decision to try again from."))
        return redirect("scenarios:attempt", found.pk)
    return redirect("scenarios:attempt", playing.try_again(found, before=int(before)).pk)
