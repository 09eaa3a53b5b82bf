"""The signed-in person's own account."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import PersonRequest


@login_required
@require_safe
def me(request: PersonRequest) -> HttpResponse:
    """What the site knows about me, and who can correct it."""
    return render(request, "accounts/me.html")
