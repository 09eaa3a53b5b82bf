"""Some weeks after a course: did you use it?"""

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from courses.models.record import TrainingRecord
from training.lib.immutable import Immutable, ImmutableQuerySet

AFTER, UNTIL = datetime.timedelta(days=75), datetime.timedelta(days=180)


class UseQuerySet(ImmutableQuerySet):
    def open_for(self, person: Person, now: datetime.datetime) -> "models.QuerySet[TrainingRecord]":
        """The records that the person is asked about now: between AFTER and UNTIL, and not answered yet."""
        return self.open_in(Person.objects.profiles_of(person).values("pk"), now)

    def open_in(self, profiles: Any, now: datetime.datetime) -> "models.QuerySet[TrainingRecord]":
        """The same, of these profiles (by id). What was answered before the record was corrected stays answered."""
        records = TrainingRecord.objects.standing().filter(person__in=profiles, use=None, corrects__old__use=None)
        return records.filter(completed_at__gt=now - UNTIL, completed_at__lte=now - AFTER)


class Use(Immutable):
    """What a person answered about one course that they completed. Shown to others as a figure of a group only."""

    class Answer(models.TextChoices):
        HELPED = "helped", _("Yes, and it helped")
        HARD = "hard", _("Yes, and it was harder than in the training")
        NOT_YET = "not-yet", _("No occasion yet")
        FORGOT = "forgot", _("There was one, and it did not come to mind")

    record = models.OneToOneField(TrainingRecord, models.PROTECT, related_name="use")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer)
    answered_at = models.DateTimeField()

    objects = UseQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-answered_at"]

    def __str__(self) -> str:
        return self.get_answer_display()
