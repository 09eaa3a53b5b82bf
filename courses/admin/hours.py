"""Hours: targets, waivers, and training outside the courses here."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.admin import PlainAdmin
from accounts.forms import PersonSearch, UnitField
from accounts.http import PersonRequest
from accounts.models import Unit
from courses.models import Credit, HoursTarget, Waiver
from courses.together import withdraw
from scenarios.admin.parts import url_of


@admin.register(HoursTarget)
class HoursTargetAdmin(PlainAdmin):
    list_display = ("__str__", "carry_over", "from_month")
    list_select_related = ("unit",)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "unit":
            kwargs |= {"form_class": UnitField, "queryset": Unit.objects.all()}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class OfPersonAdmin(PlainAdmin):
    """For what is of one person, who is searched for."""

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "person":
            kwargs["widget"] = PersonSearch(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Waiver)
class WaiverAdmin(OfPersonAdmin):
    list_display = ("person", "year", "hours", "reason")
    list_select_related = ("person",)
    search_fields = ("person__name",)


@admin.register(Credit)
class CreditAdmin(OfPersonAdmin):
    """Entered once; a mistake is withdrawn with its reason, and stays."""

    change_form_template = "admin/courses/credit_form.html"
    list_display = ("person", "title", "on", "category", "minutes", "standing")
    list_select_related = ("person",)
    list_filter = ("category",)
    search_fields = ("person__name", "title")
    date_hierarchy = "on"

    @admin.display(description=gettext_lazy("counts"), boolean=True)
    def standing(self, entry: Credit) -> bool:
        return entry.withdrawn_at is None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        obj.entered_by = request.user
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.withdraw))
        return [path("<int:pk>/withdraw/", view, name="courses_credit_withdraw"), *super().get_urls()]

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        if entry := context.get("original"):
            context["withdraw_url"] = url_of(entry, "withdraw")
        return super().render_change_form(request, context, *args, **kwargs)

    def withdraw(self, request: PersonRequest, pk: int) -> HttpResponse:
        """It counts no more, and says why."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        entry = self.get_object(request, str(pk))
        because = request.POST.get("because", "").replace("\0", "").strip()
        if entry is None:
            return redirect("admin:courses_credit_changelist")
        if not because:
            messages.error(request, _("Say why it is withdrawn."))
        else:
            withdraw(entry, because=because)
            self.log_change(request, entry, f"Withdrew it: {because[:200]}")
            messages.success(request, _("Withdrawn. It stays to be read, and counts no more."))
        return redirect(url_of(entry))
