"""Training records, to be read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import PlainAdmin
from courses.models import TrainingRecord


@admin.register(TrainingRecord)
class TrainingRecordAdmin(PlainAdmin):
    """Nobody adds, changes or deletes one here: completing a course writes it."""

    list_display = ("name", "course_title", "edition", "unit", "completed_at", "code")
    search_fields = ("name", "course_title", "code")
    date_hierarchy = "completed_at"
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
