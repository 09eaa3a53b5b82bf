"""Two minutes: one scene or one question that comes back to a person."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import PersonRequest
from courses import marking, refreshing
from courses.models import Refresher, Return
from scenarios.models import PolicyValue, Skill
from scenarios.models.edition import graph_of


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def refresher(request: PersonRequest, refresher: int) -> HttpResponse:
    """GET: what comes back. POST ``turn`` and ``answer``: take it, then show what came of it."""
    mine = Refresher.objects.of(request.user).select_related("activity__module__course", "person")
    found = get_object_or_404(mine, pk=refresher)
    if request.method == "POST":
        return _answer(request, found)
    turn = refreshing.next_turn(found)
    if found.due_at > timezone.now():
        messages.info(request, _("That comes back later. There is nothing to do for it now."))
        return redirect("courses:my-training")
    content = refreshing.ask(found, turn)
    if content is None:
        refreshing.drop(found)
        messages.info(request, _("What that was about is no longer part of the training, so it will not come back."))
        return redirect("courses:my-training")
    return _shown(request, found, content, turn)


def _shown(
    request: PersonRequest,
    refresher: Refresher,
    content: refreshing.SceneAsked | marking.Asked,
    turn: int,
    *,
    missing: bool = False,
) -> HttpResponse:
    item = marking.answered([content], {})[0] if isinstance(content, marking.Asked) else None
    names = Skill.objects.filter(slug=refresher.skill).names_in(get_language() or "") if refresher.skill else {}
    context: dict[str, object] = {
        "refresher": refresher,
        "content": content,
        "item": item,
        "skill": {"name": names[refresher.skill]} if names else None,
        "turn": turn,
        "spoken": _language(refresher, content),
    }
    context |= {"values": PolicyValue.objects.quoted_in(*content.texts()), "missing": missing}
    return render(request, "courses/refresher.html", context, status=422 if missing else 200)


def _language(refresher: Refresher, content: refreshing.SceneAsked | marking.Asked) -> str:
    """In which language the content speaks, whoever reads it."""
    if isinstance(content, refreshing.SceneAsked):
        return graph_of(content.edition).language
    assert refresher.activity
    return refresher.activity.module.course.language


def _answer(request: PersonRequest, refresher: Refresher) -> HttpResponse:
    said = request.POST.get("turn", "")
    turn = int(said) if said.isdecimal() and len(said) < 5 else 0
    try:
        done = refreshing.answer(refresher, turn=turn, given=request.POST.getlist("answer"))
    except refreshing.NotDue:
        messages.info(request, _("That one is not due. Nothing was recorded."))
        return redirect("courses:my-training")
    except ValueError:
        content = refreshing.ask(refresher, turn)
        return _shown(request, refresher, content, turn, missing=True) if content else redirect("courses:my-training")
    return redirect("courses:return", done.pk)


@never_cache
@login_required
@require_safe
def returned(request: PersonRequest, pk: int) -> HttpResponse:
    """What came of it, and when it comes back."""
    mine = Return.objects.filter(person=request.user).select_related("refresher__activity__module__course")
    found = get_object_or_404(mine, pk=pk)
    again = Refresher.objects.of(request.user).filter(pk=found.refresher_id).first()
    context = {"returned": found, "again": again, "choice": None, "item": None}
    texts: list[str] = []
    if found.edition_id:
        choice = graph_of(found.edition_id).scenes[found.scene].choice(found.choice)
        assert choice is not None
        context["choice"], texts = choice, [choice.text, choice.consequence, choice.coaching]
        context["spoken"] = graph_of(found.edition_id).language
    elif again and (asked := refreshing.ask(again, found.turn)) and isinstance(asked, marking.Asked):
        context["item"], texts = marking.answered([asked], {asked.question.key: found.chosen})[0], list(asked.texts())
        context["spoken"] = _language(found.refresher, asked)
    return render(request, "courses/returned.html", context | {"values": PolicyValue.objects.quoted_in(*texts)})
