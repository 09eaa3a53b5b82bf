"""What a person did in the activities of a course."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from courses.models.content import Activity, ConfidenceStatement
from courses.models.enrolment import Enrolment
from scenarios.models import Policy
from training.lib.immutable import Immutable, ImmutableQuerySet


class ActivityProgress(models.Model):
    """That an activity was opened, and completed. It outlives neither."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="progress")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="progress")
    opened_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = _("activity progress")
        constraints = [models.UniqueConstraint(fields=["enrolment", "activity"], name="progress_once")]

    def __str__(self) -> str:
        return f"{self.activity}: {'completed' if self.completed_at else 'opened'}"


class Submission(Immutable):
    """One answering of a knowledge check. ``answers`` maps each question's key to the keys of the options chosen."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="submissions")
    activity = models.ForeignKey(Activity, models.DO_NOTHING, db_constraint=False, related_name="submissions")
    answers = models.JSONField()
    right = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["-submitted_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.right} of {self.asked}"


class Reflection(models.Model):
    """What a learner wrote for themselves. Nobody else reads it: no admin page, no report, no export."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reflections")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="reflections")
    text = models.TextField(max_length=10_000)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "activity"], name="reflection_once")]

    def __str__(self) -> str:
        return f"reflection {self.pk}"


class ConfidenceAnswer(models.Model):
    """How a person rated one statement, from 1 (not at all) to 5 (entirely), at one moment of the course."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="confidence")
    statement = models.ForeignKey(ConfidenceStatement, models.CASCADE, related_name="answers")
    moment = models.CharField(max_length=6, choices=Activity.Moment)
    rating = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "statement", "moment"], name="confidence_once")]

    def __str__(self) -> str:
        return f"{self.moment}: {self.rating}"


class AcknowledgementQuerySet(ImmutableQuerySet):
    def by(self, person: Person) -> Self:
        """The person, in whichever of their profiles."""
        return self.filter(person__in=Person.objects.profiles_of(person))


class Acknowledgement(Immutable):
    """That a person confirmed having read a policy: its words and values as they were shown."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="acknowledgements")
    policy = models.ForeignKey(Policy, models.DO_NOTHING, db_constraint=False, related_name="acknowledgements")
    title = models.CharField(max_length=120)
    text = models.TextField()
    acknowledged_at = models.DateTimeField()

    objects = AcknowledgementQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-acknowledged_at"]

    def __str__(self) -> str:
        return self.title
