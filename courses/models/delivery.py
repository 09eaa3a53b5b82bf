"""What was mailed to whom: the reason why nobody gets the same mail twice."""

from typing import Self

from django.conf import settings
from django.db import models

from courses.models.assignment import Enrolment


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def sent(self) -> Self:
        return self.filter(sent_at__isnull=False)

    def failed(self) -> Self:
        return self.exclude(error="")

    def interrupted(self) -> Self:
        """Claimed, and then the machine stopped: it may have arrived or not, and is not sent again."""
        return self.filter(sent_at__isnull=True, error="")


class Delivery(models.Model):
    """One thing that one mail to a person was about, claimed before that mail is sent.

    ``key`` says which one it was of its kind, such as an enrolment and the day that it is due: a second claim of it is
    refused, so it is sent at most once. Claims with the same ``mail`` went in one. Rows are added, and the outcome is
    written once; none is taken away.
    """

    class Kind(models.TextChoices):
        ASSIGNED = "assigned"
        LAPSING = "lapsing"
        DUE_SOON = "due-soon", "due soon"
        OVERDUE = "overdue"
        DIGEST = "digest"
        TEST = "test"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries")
    kind = models.CharField(max_length=10, choices=Kind)
    enrolment = models.ForeignKey(
        Enrolment, models.SET_NULL, null=True, blank=True, related_name="deliveries", verbose_name="about"
    )
    key = models.CharField(max_length=60)
    mail = models.UUIDField()
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-claimed_at", "-pk"]
        verbose_name_plural = "delivery log"
        constraints = [models.UniqueConstraint(fields=["person", "kind", "key"], name="delivery_once")]
        indexes = [
            models.Index(fields=["-claimed_at", "-id"], name="delivery_by_time"),
            models.Index(fields=["mail"], name="delivery_by_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display().capitalize()}, to {self.person}"
