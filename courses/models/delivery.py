"""Mails that were to be sent: each is claimed before it is sent, so that nothing is sent twice."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.enrolment import Enrolment


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def sent(self) -> Self:
        return self.filter(sent_at__isnull=False)

    def cut_off(self) -> Self:
        """It may have arrived or not, so it is not tried again."""
        return self.filter(sent_at=None, error="")

    def failed(self) -> Self:
        """What the mail server refused, which is tried again."""
        return self.filter(sent_at=None).exclude(error="")


class Delivery(models.Model):
    """One thing that one person is told once: ``about`` tells apart the times that it may be said.

    ``run`` names the run that claimed it. With neither ``sent_at`` nor ``error`` the run or its connection was cut off
    after the claim: it may have been sent, so it is not sent again.
    """

    class Occasion(models.TextChoices):
        ASSIGNED = "assigned", _("given")
        LAPSING = "lapsing", _("to be renewed")
        DUE_SOON = "due-soon", _("due soon")
        OVERDUE = "overdue", _("Overdue")
        NUDGE = "nudge", _("asked by a supervisor")
        DIGEST = "digest", _("weekly digest")
        USE = "use", _("did you use it?")
        TEST = "test", _("Test")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries")
    occasion = models.CharField(max_length=10, choices=Occasion)
    about = models.CharField(max_length=80)
    enrolment = models.ForeignKey(Enrolment, models.SET_NULL, null=True, blank=True, related_name="deliveries")
    run = models.CharField(max_length=32, editable=False)
    claimed_at = models.DateTimeField(_("when"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-claimed_at", "-pk"]
        verbose_name_plural = _("delivery log")
        constraints = [models.UniqueConstraint(fields=["person", "occasion", "about"], name="delivery_once")]
        indexes = [models.Index(fields=["run"], name="delivery_by_run")]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()}: {self.person}"
