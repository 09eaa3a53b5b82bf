"""The site, and beside it the bare floor that a play step is measured against."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone

from scenarios.models import Decision
from training.urls import urlpatterns as site


@login_required
def floor(request, attempt):
    """Writes the row of a decision and redirects: no engine, no checks."""
    with transaction.atomic():
        Decision.objects.create(
            attempt_id=attempt,
            sequence=int(request.POST["sequence"]),
            scene="opening",
            choice="listen",
            decided_at=timezone.now(),
        )
    return redirect("/")


urlpatterns = [*site, path("floor/<int:attempt>/", floor)]
