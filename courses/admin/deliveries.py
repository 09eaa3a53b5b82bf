"""The delivery log: who was told what, and whether it went."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.admin import PlainAdmin
from accounts.http import PersonRequest
from courses.models import Delivery
from courses.posting import Telling, claim, post
from training.lib.sentences import sentence


class Outcome(admin.SimpleListFilter):
    title = gettext_lazy("outcome")
    parameter_name = "outcome"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("sent", _("Sent")),
            ("failed", _("Not sent, to be tried again")),
            ("cut_off", _("Cut off while sending")),
        ]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.value()
        found: QuerySet[Any] = getattr(queryset, asked)() if asked in dict(self.lookup_choices) else queryset
        return found


@admin.register(Delivery)
class DeliveryAdmin(PlainAdmin):
    """Nobody adds, changes or deletes an entry; an administrator can send themselves a test."""

    change_list_template = "admin/courses/deliveries.html"
    list_display = ("claimed_at", "person", "occasion", "about_course", "state")
    list_filter = ("occasion", Outcome, "claimed_at")
    list_select_related = ("person", "enrolment__course")
    search_fields = ("person__name", "person__email")
    show_full_result_count = False

    @admin.display(description=gettext_lazy("course"))
    def about_course(self, delivery: Delivery) -> str:
        return str(delivery.enrolment.course) if delivery.enrolment else ""

    @admin.display(description=gettext_lazy("sent"))
    def state(self, delivery: Delivery) -> str:
        if delivery.sent_at:
            return _("sent")
        if delivery.error:
            return _("not sent, to be tried again: %(error)s") % {"error": delivery.error}
        return _("cut off while sending: it may have arrived, and is not tried again")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"title": _("Delivery log"), **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.test))
        return [path("test/", view, name="courses_delivery_test"), *super().get_urls()]

    def test(self, request: PersonRequest) -> HttpResponse:
        """A mail to oneself, now."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        claimed = claim(request.user, [Telling(Delivery.Occasion.TEST, f"{now:%Y-%m-%d %H:%M:%S.%f}")], now)
        subject = sentence("A test")
        if post(request.user, claimed, subject=subject, template="courses/mail/test.txt", context={}, now=now):
            messages.success(request, _("A test was sent to %(email)s.") % {"email": request.user.email})
        else:
            claimed[0].refresh_from_db()
            error = claimed[0].error or _("the connection was lost")
            messages.error(request, _("The test could not be sent: %(error)s") % {"error": error})
        return redirect("admin:courses_delivery_changelist")
