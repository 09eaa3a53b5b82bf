"""Who is asked to take a course, and each person's way through it."""

import datetime
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.models import Person, Unit
from courses.models.content import Course


class Assignment(models.Model):
    """A course given to a unit and all below it, or to a person, with a date that it is due on, or none."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="assignments")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="assignments"
    )
    due_on = models.DateField(null=True, blank=True, help_text="The last day; empty for no date.")
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    assigned_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-assigned_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, person__isnull=True) | Q(unit__isnull=True, person__isnull=False),
                name="assignment_unit_or_person",
                violation_error_message="Give the course either to a unit or to a person.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.course} for {self.unit or self.person}"

    def clean(self) -> None:
        if bool(self.unit) == bool(self.person):
            raise ValidationError("Give the course either to a unit or to a person.")


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, person: Person) -> Self:
        """Enrolments of the people whom the person oversees."""
        return self.filter(person__in=Person.objects.visible_to(person))

    def completed(self) -> Self:
        return self.filter(completed_at__isnull=False)

    def unfinished(self) -> Self:
        return self.filter(completed_at__isnull=True)

    def never_started(self) -> Self:
        return self.unfinished().filter(started_at__isnull=True)

    def in_progress(self) -> Self:
        return self.unfinished().filter(started_at__isnull=False)

    def overdue(self, today: datetime.date) -> Self:
        """Due days end with the day: what is due today is not overdue."""
        return self.unfinished().filter(due_on__lt=today)


class Enrolment(models.Model):
    """One person's way through one course. Without ``assigned_at`` they took it up by themselves.

    ``resume_at`` is the activity that they opened last.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    assigned_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    resume_at = models.ForeignKey("Activity", models.SET_NULL, null=True, blank=True, editable=False, related_name="+")

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["person", "course"], name="enrolment_once")]
        indexes = [models.Index(fields=["course", "completed_at", "due_on"], name="enrolment_by_course")]

    def __str__(self) -> str:
        return f"{self.person} in {self.course}"

    def state(self, today: datetime.date) -> str:
        """One of: completed, overdue, in progress, not started."""
        if self.completed_at:
            return "completed"
        if self.due_on and self.due_on < today:
            return "overdue"
        return "in progress" if self.started_at else "not started"
