"""Training records, to be read, and put right by new ones."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin import PlainAdmin
from accounts.http import PersonRequest
from courses.correcting import CannotCorrect, correct
from courses.models import TrainingRecord
from scenarios.admin.parts import url_of


class CorrectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """What was wrong, put right, and why."""

    completed_on = forms.DateField(
        label=gettext_lazy("Completed on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    note = forms.CharField(
        label=gettext_lazy("Why it is corrected"), max_length=400, help_text=gettext_lazy("It stands on both records.")
    )

    class Meta:
        model = TrainingRecord
        fields = ("name", "job_title", "unit", "minutes", "outcome")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["job_title"].required = self.fields["unit"].required = False
        self.initial["completed_on"] = timezone.localtime(self.instance.completed_at).date()
        self.was = self.instance.completed_at

    def changes(self) -> dict[str, Any]:
        """The fields as they are to be; the hour of the completion stays where the day does."""
        said = {name: self.cleaned_data[name] for name in self.Meta.fields}
        day = self.cleaned_data["completed_on"]
        if day == self.initial["completed_on"]:
            return said
        noon = datetime.datetime.combine(day, datetime.time(12), timezone.get_current_timezone())
        return said | {"completed_at": min(noon, timezone.now()) if day == timezone.localdate() else noon}


@admin.register(TrainingRecord)
class TrainingRecordAdmin(PlainAdmin):
    """Nobody adds, changes or deletes one here: completing a course writes it, and a correction is another one."""

    change_form_template = "admin/courses/record_form.html"
    list_display = ("name", "course_title", "edition", "unit", "completed_at", "code", "standing")
    list_select_related = ("corrected_by",)
    search_fields = ("name", "course_title", "code")
    show_full_result_count = False

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """Found first, in one go through an index: to look for few from the newest on is slow."""
        found, _ = super().get_search_results(request, TrainingRecord.objects.order_by(), search_term)
        return queryset.filter(pk__in=found.values("pk")) if search_term else queryset, False

    @admin.display(description=gettext_lazy("stands"), boolean=True)
    def standing(self, record: TrainingRecord) -> bool:
        return not hasattr(record, "corrected_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.correct)
        return [path("<int:pk>/correct/", view, name="courses_trainingrecord_correct"), *super().get_urls()]

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        if record := context.get("original"):
            context["correct_url"] = url_of(record, "correct")
        return super().render_change_form(request, context, *args, **kwargs)

    def correct(self, request: PersonRequest, pk: int) -> HttpResponse:
        """A new record that names this one. For administrators."""
        if not request.user.is_superuser:
            raise PermissionDenied
        record = get_object_or_404(TrainingRecord, pk=pk)
        form = CorrectionForm(request.POST or None, instance=TrainingRecord.objects.get(pk=pk))
        if request.method == "POST" and form.is_valid():
            try:
                new = correct(record, by=request.user, note=form.cleaned_data["note"], **form.changes())
            except CannotCorrect as refusal:
                form.add_error(None, str(refusal))
            else:
                said = _("Corrected. %(new)s holds from now on; %(old)s says so.")
                messages.success(request, said % {"new": new.code, "old": record.code})
                return redirect(url_of(new))
        title = _("Correct %(code)s") % {"code": record.code}
        context = {"form": form, "record": record, "record_url": url_of(record), "title": title}
        around = self.admin_site.each_context(request) | {"opts": self.opts}
        return render(request, "admin/courses/correct.html", around | context)
