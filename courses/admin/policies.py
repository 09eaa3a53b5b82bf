"""Policies, with the lessons that use them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import PersonRequest
from courses.models import Acknowledgement, Activity, Reconfirmation
from scenarios.admin.parts import url_of
from scenarios.admin.policies import PolicyAdmin
from scenarios.models import Policy

QUOTING = ("body", "questions__text", "questions__options__text", "questions__options__explanation")


class PolicyInCoursesAdmin(PolicyAdmin):
    """What ``scenarios`` shows of a policy, and what it cannot know of: who quotes it here, and who confirmed it."""

    change_form_template = "admin/courses/policy_form.html"

    def uses(self, policy: Policy) -> list[tuple[str, Model]]:
        quoted = Q(policy=policy)
        for field in QUOTING:
            quoted |= Q(**{f"{field}__contains": f"{{{policy.slug}."})
        activities = Activity.objects.filter(quoted).distinct().order_by("title")
        return super().uses(policy) + [(found.get_kind_display().capitalize(), found) for found in activities]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.ask_again))
        return [path("<int:pk>/ask-again/", view, name="scenarios_policy_ask_again"), *super().get_urls()]

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        if policy := context.get("original"):
            confirmed = Acknowledgement.objects.filter(policy=policy, person__is_active=True)
            context |= {
                "confirmed": confirmed.values("person").distinct().count(),
                "asked": policy.reconfirmations.first(),
                "ask_again_url": url_of(policy, "ask_again"),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def ask_again(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Ask everyone who confirmed the policy to confirm it as it reads now."""
        policy = get_object_or_404(Policy, pk=pk)
        if not self.has_change_permission(request, policy):
            raise PermissionDenied
        note = request.POST.get("note", "").replace("\0", "").strip()
        if len(note) > 400:
            messages.error(request, _("Nobody was asked: say what changed in at most 400 characters."))
        else:
            Reconfirmation.objects.create(policy=policy, note=note, asked_at=timezone.now(), asked_by=request.user)
            self.log_change(request, policy, f"Asked to confirm it again. {note}".strip())
            said = _("Everyone who confirmed it finds it on My training, to read and confirm again.")
            messages.success(request, said)
        return redirect(url_of(policy))


admin.site.unregister(Policy)
admin.site.register(Policy, PolicyInCoursesAdmin)
