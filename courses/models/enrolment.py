"""Each person's rounds of each course."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Person
from courses.models.assignment import Assignment
from courses.models.content import Course
from training.lib.sentences import SentenceField


def current(prefix: str = "") -> Q:
    """The condition of ``EnrolmentQuerySet.current``, for queries that join enrolments under a name."""
    return Q(**{f"{prefix}superseded": False, f"{prefix}closed_at__isnull": True, f"{prefix}is_open": True})


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, person: Person) -> Self:
        """Enrolments of the people whom the person oversees."""
        return self.filter(person__in=Person.objects.visible_to(person))

    def newest(self) -> Self:
        """The last round of each person and course, whether or not it is asked for."""
        return self.filter(superseded=False)

    def current(self) -> Self:
        """What reports count: the last rounds, without those that are closed or not open yet."""
        return self.filter(current())

    def waiting(self) -> Self:
        """Not open yet: an exemption, a prerequisite, or a later day is waited for."""
        return self.newest().filter(closed_at__isnull=True, is_open=False)

    def completed(self) -> Self:
        return self.filter(completed_at__isnull=False)

    def unfinished(self) -> Self:
        return self.filter(completed_at__isnull=True)

    def never_started(self) -> Self:
        return self.unfinished().filter(started_at__isnull=True)

    def in_progress(self) -> Self:
        return self.unfinished().filter(started_at__isnull=False)

    def overdue(self, now: datetime.datetime) -> Self:
        """What is due today is not overdue, nor what is within its grace, nor what is only recommended."""
        return self.current().unfinished().filter(overdue_at__lte=now)


class Enrolment(models.Model):
    """One person's round of one course. Without ``assigned_at`` they took it up by themselves.

    ``assigned_at`` is when this course first reached them; ``due_on`` the day and ``due_at`` its end where their unit
    is; ``overdue_at`` is after the grace, and None for what is only recommended. ``opened_at`` is when it was first
    asked for, and ``why`` explains the date in a sentence. ``asked_again`` says why a round was opened that no rule
    asks for. ``resume_at`` is the activity that they opened last.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    round = models.PositiveIntegerField(default=1)
    superseded = models.BooleanField(default=False, help_text="There is a later round.")
    assignment = models.ForeignKey(
        Assignment,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="enrolments",
        help_text="Which decides the date.",
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)
    mandatory = models.BooleanField(default=True)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    why = SentenceField(blank=True)
    asked_again = models.CharField(max_length=200, blank=True)
    asked_again_due_on = models.DateField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = SentenceField(blank=True)
    # A round of a profile that was merged into this person's: this one repeats it.
    stands_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="stand_ins"
    )
    resume_at = models.ForeignKey("Activity", models.SET_NULL, null=True, blank=True, editable=False, related_name="+")

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "course", "round"], name="enrolment_round_once"),
            models.UniqueConstraint(
                fields=["person", "course"], condition=Q(superseded=False), name="enrolment_newest_once"
            ),
        ]
        indexes = [
            models.Index(fields=["course", "completed_at", "overdue_at"], name="enrolment_by_course"),
            models.Index(fields=["due_at"], condition=current(), name="enrolment_current_by_due"),
            # With what its condition is about, so that SQLite does not look that up in the rows.
            models.Index(
                fields=["person", "closed_at", "is_open", "superseded"],
                condition=current(),
                name="enrolment_current_by_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.course}"

    def state(self, now: datetime.datetime) -> str:
        """One of: completed, closed, not open yet, overdue, in progress, not started."""
        if self.completed_at:
            return "completed"
        if self.closed_at or not self.is_open:
            return "closed" if self.closed_at else "not open yet"
        if self.overdue_at and self.overdue_at <= now:
            return "overdue"
        return "in progress" if self.started_at else "not started"
