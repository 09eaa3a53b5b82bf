"""What a person comes back to after a course, and each time that they did."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Person
from courses.models.content import Activity
from training.lib.immutable import Immutable


class RefresherQuerySet(models.QuerySet["Refresher"]):
    def of(self, person: Person) -> Self:
        return self.filter(person=person)

    def due(self, now: datetime.datetime) -> Self:
        """Whose time has come, the longest waiting first."""
        return self.filter(due_at__lte=now).order_by("due_at", "pk")


class Refresher(models.Model):
    """A skill, or a question of a knowledge check, that returns to a person at growing intervals.

    ``memory`` is what the scheduler remembers of it, as plain data. It is the person's own: nobody else sees which.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="refreshers")
    skill = models.CharField(max_length=50, blank=True)
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, blank=True, related_name="refreshers")
    question = models.CharField(max_length=50, blank=True)
    memory = models.JSONField()
    due_at = models.DateTimeField()

    objects = RefresherQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["person", "due_at"], name="refresher_by_person")]
        constraints = [
            models.UniqueConstraint(fields=["person", "skill"], condition=~Q(skill=""), name="refresher_of_skill_once"),
            models.UniqueConstraint(
                fields=["person", "activity", "question"], condition=Q(skill=""), name="refresher_of_question_once"
            ),
        ]

    def __str__(self) -> str:
        return self.skill or self.question


class Return(Immutable):
    """One time that a person came back: ``turn`` counts from 1.

    A scene is told by ``edition``, ``scene`` and ``choice``; a question by ``chosen``, the keys of its options.
    ``rating`` is 1 (it helped, or was right), 0 (neutral), -1 (it hurt, or was wrong).
    """

    refresher = models.ForeignKey(Refresher, models.DO_NOTHING, db_constraint=False, related_name="returns")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    turn = models.PositiveSmallIntegerField()
    edition = models.ForeignKey("scenarios.Edition", models.PROTECT, null=True, blank=True, related_name="+")
    scene = models.CharField(max_length=50, blank=True)
    choice = models.CharField(max_length=50, blank=True)
    chosen = models.JSONField(default=list)
    rating = models.SmallIntegerField()
    returned_at = models.DateTimeField()

    class Meta:
        ordering = ["-returned_at", "-pk"]
        indexes = [models.Index(fields=["person", "returned_at"], name="return_by_person")]
        constraints = [models.UniqueConstraint(fields=["refresher", "turn"], name="return_turn_once")]

    def __str__(self) -> str:
        return f"{self.refresher_id}/{self.turn}"
