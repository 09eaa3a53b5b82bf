"""Giving a course to a unit or a person, with the rule that says when it is due; exemptions and leave."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.forms import PersonSearch, SeveralField, UnitField
from accounts.models import Person
from courses.admin.rehearsal import CONFIRMED, RehearsedAdmin
from courses.assigning import concerned, reached, settle, waits_for_itself, withdraw
from courses.models import Absence, Assignment, Course
from courses.outlook import Courses

WHOM = ("course", "unit", "person")
RULE = (
    (gettext_lazy("When it is due the first time"), {"fields": ("due", "due_on", "due_days", "after")}),
    (gettext_lazy("Whether it repeats"), {"fields": ("repeats", "every_months", ("window_from", "window_to"))}),
    (gettext_lazy("How strictly"), {"fields": ("mandatory", "grace_days")}),
)


class AssignmentForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        course = data.get("course") or getattr(self.instance, "course", None)
        if course and waits_for_itself(course, data.get("after", ())):
            said = _("Each of these courses would wait for the other, so none would ever open.")
            raise ValidationError({"after": said})
        return data


@admin.register(Assignment)
class AssignmentAdmin(RehearsedAdmin):
    """Once given, only its rule may change. Nothing is saved before one has seen what it changes for whom."""

    form = AssignmentForm
    list_display = ("course", "given_to", "rule_in_words", "assigned_by", "assigned_at")
    list_filter = ("course", "mandatory")
    list_select_related = ("course", "unit", "person", "assigned_by")
    search_fields = ("course__title", "unit__name", "person__name", "person__email")
    delete_confirmation_template = "admin/courses/assignment_delete.html"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        given = (_("Given"), {"fields": ("reaches", "assigned_by", "assigned_at")})
        return ((None, {"fields": WHOM}), *RULE, *((given,) if obj else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*WHOM, "reaches", "assigned_by", "assigned_at") if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "unit":
            kwargs["form_class"] = UnitField
        if db_field.name == "person":
            kwargs["widget"] = PersonSearch(db_field, self.admin_site)
        if db_field.name == "course":
            kwargs["queryset"] = Course.objects.published()
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "unit" and field is not None:
            field.help_text = _("Everybody in it and below it, those who join later too. Or give it to one person:")
        return field

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        kwargs |= {"form_class": SeveralField, "widget": forms.CheckboxSelectMultiple()}
        return super().formfield_for_manytomany(db_field, request, queryset=Course.objects.published(), **kwargs)

    @admin.display(description=gettext_lazy("given to"))
    def given_to(self, assignment: Assignment) -> str:
        return str(assignment.unit or assignment.person)

    @admin.display(description=gettext_lazy("due"))
    def rule_in_words(self, assignment: Assignment) -> str:
        return assignment.rule

    @admin.display(description=gettext_lazy("reaches"))
    def reaches(self, assignment: Assignment) -> str:
        n = reached(assignment).count()
        return ngettext("%(n)s person who works here now", "%(n)s people who work here now", n) % {"n": n}

    def concerned_by(self, thing: Assignment) -> tuple[QuerySet[Person], Courses]:
        return concerned(thing), [thing.course_id]

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.assigned_by = request.user
        super().save_model(request, obj, form, change)
        if CONFIRMED in request.POST:
            n = reached(obj).count()
            messages.info(request, ngettext("It reaches %(n)s person.", "It reaches %(n)s people.", n) % {"n": n})

    def delete_model(self, request: HttpRequest, obj: Assignment) -> None:
        withdraw(obj)


@admin.register(Absence)
class AbsenceAdmin(RehearsedAdmin):
    """Exemptions and leave. Whose it is stays; what it is about is for administrators."""

    fields = ("person", "kind", "course", "reason", "starts_on", "ends_on")
    list_display = ("person", "kind", "about", "starts_on", "ends_on", "reason")
    list_filter = ("kind", "course")
    list_select_related = ("person", "course")
    search_fields = ("person__name", "person__email")
    delete_confirmation_template = "admin/courses/absence_delete.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("person",) if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "person":
            kwargs["widget"] = PersonSearch(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("course"))
    def about(self, absence: Absence) -> str:
        return str(absence.course or _("every course"))

    def concerned_by(self, thing: Absence) -> tuple[QuerySet[Person], Courses]:
        return Person.objects.filter(pk=thing.person_id or 0), None

    def delete_model(self, request: HttpRequest, obj: Absence) -> None:
        super().delete_model(request, obj)
        settle(Person.objects.filter(pk=obj.person_id))
