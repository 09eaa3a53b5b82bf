"""The signed-in person's own account."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from accounts.http import PersonRequest


@login_required
@require_safe
def me(request: PersonRequest) -> HttpResponse:
    """What the site knows about me, and who can correct it."""
    return render(request, "accounts/me.html")


@require_POST
def language(request: PersonRequest) -> HttpResponse:
    """Choose the language of the pages, and go back to where one was. A signed-in person keeps it on every device."""
    chosen = request.POST.get("language")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    return set_language(request)
