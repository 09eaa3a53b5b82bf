"""Continuing-education hours: what counts besides the courses here, how many are asked for, and who is let off some."""

from decimal import Decimal
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Unit, validate_days

HALF_AN_HOUR, MOST = 30, 60 * 1000
HOURS = {"max_digits": 5, "decimal_places": 1, "validators": [MinValueValidator(Decimal(0))]}


class Category(models.TextChoices):
    """The fields that hours are counted in. The courses here are customer service."""

    SERVICE = "service", _("customer service")
    SAFETY = "safety", _("safety and wellbeing")
    TECHNOLOGY = "technology", _("Technology")
    COLLECTIONS = "collections", _("collections and reference")
    PROGRAMS = "programs", _("programs and outreach")
    MANAGEMENT = "management", _("Management")
    OTHER = "other", _("Other")


class CreditQuerySet(models.QuerySet["Credit"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(person__in=Person.objects.visible_to(person))

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class Credit(models.Model):
    """Training outside the courses here, entered with its proof. A mistake is withdrawn, and stays to be read.

    ``together`` is the same for all who were credited with one session.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="credits")
    title = models.CharField(max_length=200)
    conducted_by = models.CharField(max_length=200)
    category = models.CharField(max_length=12, choices=Category, default=Category.SERVICE)
    minutes = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST)])
    on = models.DateField(_("day"))
    proof = models.CharField(max_length=400, help_text=_("Where the certificate is kept, or who can say so."))
    together = models.UUIDField(default=uuid4, editable=False)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    entered_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_because = models.CharField(max_length=200, blank=True, editable=False)

    objects = CreditQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("outside training")
        verbose_name_plural = _("outside training")
        constraints = [models.UniqueConstraint(fields=["person", "together"], name="credit_once_a_session")]

    def __str__(self) -> str:
        return f"{self.title} ({self.on})"

    def clean(self) -> None:
        validate_days(on=self.on)


class HoursTarget(models.Model):
    """How many hours the people of a unit and below it are to have a year; without a unit, everybody.

    A year is named by the calendar year in which it begins, in ``from_month``. What is over counts for the next one,
    up to ``carry_over``.
    """

    unit = models.OneToOneField(
        Unit, models.CASCADE, null=True, blank=True, related_name="hours_target", help_text=_("Empty: everybody.")
    )
    hours = models.DecimalField(_("hours a year"), **HOURS)  # type: ignore[arg-type]
    carry_over = models.DecimalField(_("hours carried over at most"), default=Decimal(0), **HOURS)  # type: ignore[arg-type]
    from_month = models.PositiveSmallIntegerField(
        _("the year begins in month"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )

    def __str__(self) -> str:
        whom = self.unit or gettext("everybody")
        return gettext("%(hours)s hours a year for %(whom)s") % {"hours": self.hours, "whom": whom}

    def clean(self) -> None:
        if self.unit is None and HoursTarget.objects.filter(unit=None).exclude(pk=self.pk).exists():
            raise ValidationError({"unit": gettext("There is one for everybody already: change that one.")})


class Waiver(models.Model):
    """Hours that a person does not need in a year. Why is administrators' only."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="waivers")
    year = models.PositiveSmallIntegerField(validators=[MinValueValidator(2000), MaxValueValidator(2200)])
    hours = models.DecimalField(**HOURS)  # type: ignore[arg-type]
    reason = models.CharField(max_length=200, help_text=_("Shown to administrators only."))

    class Meta:
        ordering = ["-year", "person"]
        constraints = [models.UniqueConstraint(fields=["person", "year"], name="waiver_once_a_year")]

    def __str__(self) -> str:
        said = {"hours": self.hours, "person": self.person, "year": self.year}
        return gettext("%(hours)s hours less for %(person)s in %(year)s") % said
