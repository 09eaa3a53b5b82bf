"""Giving a course to a unit or a person, by a date."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from accounts.admin import PlainAdmin
from accounts.forms import PersonSearch, UnitField
from courses.assigning import enrol, reached, withdraw
from courses.models import Assignment, Course


@admin.register(Assignment)
class AssignmentAdmin(PlainAdmin):
    """Once given, only the date may change: whom it reached are enrolled."""

    list_display = ("course", "given_to", "due_on", "assigned_by", "assigned_at")
    list_filter = ("course",)
    list_select_related = ("course", "unit", "person", "assigned_by")
    search_fields = ("course__title", "unit__name", "person__name", "person__email")
    delete_confirmation_template = "admin/courses/assignment_delete.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        given = ("course", "unit", "person", "due_on")
        return (*given, "reaches", "assigned_by", "assigned_at") if obj else given

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("course", "unit", "person", "reaches", "assigned_by", "assigned_at") if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "unit":
            kwargs["form_class"] = UnitField
        if db_field.name == "person":
            kwargs["widget"] = PersonSearch(db_field, self.admin_site)
        if db_field.name == "course":
            kwargs["queryset"] = Course.objects.published()
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "unit" and field is not None:
            field.help_text = "Everybody in it and below it, those who join later too. Or give it to one person:"
        return field

    @admin.display(description="given to")
    def given_to(self, assignment: Assignment) -> str:
        return str(assignment.unit or assignment.person)

    @admin.display(description="reaches")
    def reaches(self, assignment: Assignment) -> str:
        return people(len(reached(assignment))) + " who work here now"

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Also enrols whom it reaches, or moves their date along with its own."""
        if not change:
            obj.assigned_by = request.user
        super().save_model(request, obj, form, change)
        messages.info(request, f"It reaches {people(enrol(obj))}.")

    def delete_model(self, request: HttpRequest, obj: Assignment) -> None:
        withdraw(obj)


def people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
