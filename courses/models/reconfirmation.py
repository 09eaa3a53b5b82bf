"""Asking those who confirmed a policy to confirm it as it reads now."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from accounts.models import Person
from courses.models.progress import Acknowledgement
from scenarios.models import Policy
from training.lib.immutable import Immutable, ImmutableQuerySet


class ReconfirmationQuerySet(ImmutableQuerySet):
    def open_for(self, person: Person) -> "ReconfirmationQuerySet":
        """Those of policies that the person confirmed before they were asked, and not since."""
        mine = Acknowledgement.objects.by(person).filter(policy=OuterRef("policy"))
        before = mine.filter(acknowledged_at__lt=OuterRef("asked_at"))
        since = mine.filter(acknowledged_at__gte=OuterRef("asked_at"))
        return self.filter(Exists(before), ~Exists(since), policy__isnull=False).select_related("policy")

    def newest(self) -> "ReconfirmationQuerySet":
        """One a policy: whoever was asked twice confirms once."""
        later = Reconfirmation.objects.filter(policy=OuterRef("policy"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later))


class Reconfirmation(Immutable):
    """``note`` says in a sentence what changed."""

    policy = models.ForeignKey(Policy, models.DO_NOTHING, db_constraint=False, related_name="reconfirmations")
    note = models.CharField(max_length=400, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[ReconfirmationQuerySet] = ReconfirmationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.policy_id}: {self.note}"
