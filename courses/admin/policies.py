"""Policies, with the lessons that use them."""

from django.contrib import admin
from django.db.models import Model, Q

from courses.models import Activity
from scenarios.admin.policies import PolicyAdmin
from scenarios.models import Policy

QUOTING = ("body", "questions__text", "questions__options__text", "questions__options__explanation")


class PolicyInCoursesAdmin(PolicyAdmin):
    """What ``scenarios`` shows of a policy, and the activities that quote it, which it cannot know of."""

    def uses(self, policy: Policy) -> list[tuple[str, Model]]:
        quoted = Q(policy=policy)
        for field in QUOTING:
            quoted |= Q(**{f"{field}__contains": f"{{{policy.slug}."})
        activities = Activity.objects.filter(quoted).distinct().order_by("title")
        return super().uses(policy) + [(found.get_kind_display().capitalize(), found) for found in activities]


admin.site.unregister(Policy)
admin.site.register(Policy, PolicyInCoursesAdmin)
