"""People, units, and what each person may do here."""

from typing import Any

import allauth.account.admin
import django.contrib.auth.admin
from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import roles
from accounts.authority import AUTHORS
from accounts.distinct_pages import DistinctPages
from accounts.forms import InvitationForm, PeopleSearch, PersonForm, SeveralField, UnitField, indented
from accounts.http import PersonRequest
from accounts.inviting import invite
from accounts.leaving import anonymise
from accounts.models import Person, Unit
from accounts.roster_pages import RosterPages

admin.site.site_header = admin.site.site_title = gettext_lazy("Library training")
admin.site.index_title = gettext_lazy("What do you want to do?")
admin.site.enable_nav_sidebar = False

# Roles are set on a person's page, in words; an address belongs to one person and is theirs.
assert django.contrib.auth.admin
assert allauth.account.admin
admin.site.unregister((Group, EmailAddress))


class PlainAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Stock admin without what takes an author aside: no bulk actions, no windows that open to add something else."""

    actions = None
    change_form_template = "admin/thing_form.html"

    def may_change(self, request: HttpRequest, pk: int) -> Any:
        """The thing of this id, for a page of its own. Raises Http404, or PermissionDenied."""
        found = get_object_or_404(self.model, pk=pk)
        if not self.has_change_permission(request, found):
            raise PermissionDenied
        return found

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Filters with a zero byte, which PostgreSQL takes in no text, are as if they had not been set."""
        asked = request.GET.copy()
        for name in [name for name, values in request.GET.lists() if any("\0" in value for value in values)]:
            del asked[name]
        request.GET = asked  # type: ignore[assignment]
        return super().changelist_view(request, extra_context)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class InUnit(admin.SimpleListFilter):
    """People of a unit and of all below it."""

    title = gettext_lazy("unit")
    parameter_name = "unit"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(unit.pk), indented(unit)) for unit in Unit.objects.all()]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        pk = self.value() or ""
        unit = Unit.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
        return queryset.filter(unit__path__startswith=unit.path) if unit else queryset


class HasRole(admin.SimpleListFilter):
    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("administrator", _("Administrators")), ("author", _("Authors")), ("supervisor", _("Supervisors"))]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = {"administrator": "is_superuser", "author": "is_author", "supervisor": "is_supervisor"}
        role = known.get(self.value() or "")
        return queryset.filter(**{role: True}) if role else queryset


@admin.register(Person)
class PersonAdmin(RosterPages, DistinctPages, PlainAdmin):
    """A person is added by an invitation and goes by being anonymised; nobody types a password for another."""

    change_form_template = "admin/accounts/person_form.html"
    list_display = ("name", "email", "job_title", "unit", "held", "is_active")
    list_filter = ("is_active", HasRole, InUnit)
    list_select_related = ("unit",)
    search_fields = ("name", "email")
    show_full_result_count = False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        who = ("name", "email", "job_title", "unit", "is_active") if obj else ("name", "email", "job_title", "unit")
        if obj and (obj.anonymised_at or obj.merged_into_id):
            return ((None, {"fields": ("name", "unit")}),)
        held = (_("Roles"), {"fields": ("administrator", "author", "supervises")})
        return ((None, {"fields": who}), held, *(() if obj else ((_("Invitation"), {"fields": ("send_invitation",)}),)))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        authors = Person.groups.through.objects.filter(person=OuterRef("pk"), group__name=AUTHORS)
        supervisors = Unit.supervisors.through.objects.filter(person=OuterRef("pk"))
        found = super().get_queryset(request)
        rows: QuerySet[Any] = found.annotate(is_author=Exists(authors), is_supervisor=Exists(supervisors))
        return rows

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, form_class=UnitField, **kwargs)

    @admin.display(description=gettext_lazy("roles"))
    def held(self, person: Any) -> str:
        found = {
            _("administrator"): person.is_superuser,
            _("author"): person.is_author,
            _("supervisor"): person.is_supervisor,
        }
        return ", ".join(role for role, holds in found.items() if holds)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and (obj.anonymised_at or obj.merged_into_id))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        invite, forget = require_POST(self.invite), require_http_methods(["GET", "POST"])(self.anonymise)
        own = [
            path("<int:pk>/invite/", wrap(invite), name="accounts_person_invite"),
            path("<int:pk>/anonymise/", wrap(forget), name="accounts_person_anonymise"),
        ]
        return own + super().get_urls()

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = PersonForm if obj else InvitationForm
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        roles.give(obj, **{role: form.cleaned_data[role] for role in ("administrator", "author", "supervises")})

    def response_add(self, request: HttpRequest, obj: Person, post_url_continue: str | None = None) -> HttpResponse:
        """The invitation goes once the person is there for good, so that no mail server is waited for in between."""
        if request.POST.get("send_invitation"):
            transaction.on_commit(lambda: self._send(request, obj))
        return super().response_add(request, obj, post_url_continue)

    def invite(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Send the link once more."""
        person = self.may_change(request, pk)
        if person.is_active:
            self._send(request, person)
        else:
            messages.error(
                request, _("%(person)s does not work here any more, so no invitation was sent.") % {"person": person}
            )
        return redirect("admin:accounts_person_change", pk)

    @transaction.atomic
    def anonymise(self, request: PersonRequest, pk: int) -> HttpResponse:
        """GET asks whether to; POST does it."""
        person = self.may_change(request, pk)
        if refusal := _why_not(request.user, person):
            messages.error(request, refusal)
            return redirect("admin:accounts_person_change", pk)
        if request.method != "POST":
            title = _("Anonymise %(person)s") % {"person": person}
            context = {**self.admin_site.each_context(request), "person": person, "title": title}
            return render(request, "admin/accounts/anonymise.html", context)
        anonymise(person)
        self.log_change(request, person, "Anonymised.")
        # What was done on this person's page was noted under the name that they had then.
        history = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Person), object_id=str(pk))
        history.update(object_repr=person.name)
        messages.success(request, _("Done. Their name, email and job title are gone from their account."))
        return redirect("admin:accounts_person_changelist")

    def _send(self, request: HttpRequest, person: Person) -> None:
        try:
            invite(person, request)
        except OSError as error:  # smtplib raises nothing else
            failed = _("The invitation to %(email)s could not be sent (%(error)s). You can try again.")
            messages.error(request, failed % {"email": person.email, "error": error})
        else:
            messages.success(request, _("An invitation was sent to %(email)s.") % {"email": person.email})


def _why_not(administrator: Person, person: Person) -> str:
    """Why the administrator may not anonymise the person; empty where they may."""
    try:
        roles.refuse_to_lose_the_last_administrator(person)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return _("Ask another administrator to anonymise you.") if person == administrator else ""


@admin.register(Unit)
class UnitAdmin(PlainAdmin):
    fields = ("name", "kind", "parent", "supervisors")
    list_display = ("in_tree", "kind", "overseen_by", "people_here")
    list_display_links = ("in_tree",)
    search_fields = ("name",)
    ordering = ("path",)
    sortable_by = ()
    list_per_page = 500

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        here = Count("people", filter=Q(people__is_active=True))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(people_count=here).prefetch_related("supervisors")
        return rows

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, form_class=UnitField, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        kwargs |= {"form_class": SeveralField, "widget": PeopleSearch(db_field, self.admin_site)}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("unit"))
    def in_tree(self, unit: Unit) -> str:
        return indented(unit)

    @admin.display(description=gettext_lazy("supervisors"))
    def overseen_by(self, unit: Unit) -> str:
        return ", ".join(str(person) for person in unit.supervisors.all())

    @admin.display(description=gettext_lazy("people here"))
    def people_here(self, unit: Any) -> int:
        return int(unit.people_count)
