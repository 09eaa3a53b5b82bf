"""The signed-in person's own account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from accounts.forms import RemindersForm
from accounts.http import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: PersonRequest) -> HttpResponse:
    """What the site knows about me, and who can correct it. POST: how often I am reminded."""
    if request.method != "POST":
        return render(request, "accounts/me.html", {"form": RemindersForm(instance=request.user)})
    form = RemindersForm(request.POST, instance=request.user)
    if not form.is_valid():
        return render(request, "accounts/me.html", {"form": form}, status=422)
    request.user.save(update_fields=["reminders"])
    messages.success(request, _("Kept."))
    return redirect("accounts:me")


@require_POST
def language(request: PersonRequest) -> HttpResponse:
    """Choose the language of the pages, and go back to where one was. A signed-in person keeps it on every device."""
    chosen = request.POST.get("language")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    return set_language(request)
