"""Who is asked to take a course by when, and who is not for a time."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, validate_days
from courses import due_rules
from courses.models.content import Course

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import ManyRelatedManager

TEN_YEARS = 3650


class Assignment(models.Model):
    """A course given to a unit and all below it, or to a person, with the rule that says when it is due.

    ``due`` is for the first round; ``repeats`` for those after it, and for the first where ``due`` has no date.
    """

    class Due(models.TextChoices):
        NONE = due_rules.Due.NONE, _("no date")
        DATE = due_rules.Due.DATE, _("on a date")
        HIRE = due_rules.Due.HIRE, _("so many days after hire")
        ASSIGNMENT = due_rules.Due.ASSIGNMENT, _("so many days after it reaches somebody")

    class Repeats(models.TextChoices):
        NO = due_rules.Repeats.NO, _("no")
        ROLLING = due_rules.Repeats.ROLLING, _("so many months after the last completion")
        WINDOW = due_rules.Repeats.WINDOW, _("in the same months each year, whenever it was last completed")

    course = models.ForeignKey(Course, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="assignments")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="assignments"
    )
    due = models.CharField(max_length=10, choices=Due, default=Due.NONE)
    due_on = models.DateField(_("date"), null=True, blank=True, help_text=_("The last day."))
    due_days = models.PositiveSmallIntegerField(
        _("days"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(TEN_YEARS)]
    )
    repeats = models.CharField(max_length=10, choices=Repeats, default=Repeats.NO)
    every_months = models.PositiveSmallIntegerField(
        _("months"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    window_from = models.PositiveSmallIntegerField(_("each year from"), choices=MONTHS, null=True, blank=True)
    window_to = models.PositiveSmallIntegerField(_("to the end of"), choices=MONTHS, null=True, blank=True)
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace"),
        default=0,
        validators=[MaxValueValidator(365)],
        help_text=_("After the due day, before it is overdue."),
    )
    mandatory = models.BooleanField(default=True, help_text=_("Off: recommended, and never overdue."))
    after: "ManyRelatedManager[Course, Any]" = models.ManyToManyField(  # type: ignore[assignment]
        Course, blank=True, related_name="+", help_text=_("Courses to complete first. Until then it is never overdue.")
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    assigned_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-assigned_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, person__isnull=True) | Q(unit__isnull=True, person__isnull=False),
                name="assignment_unit_or_person",
                violation_error_message=_("Give the course either to a unit or to a person."),
            ),
            models.CheckConstraint(
                condition=Q(due="none", due_on__isnull=True, due_days__isnull=True)
                | Q(due="date", due_on__isnull=False, due_days__isnull=True)
                | Q(due__in=("hire", "assignment"), due_on__isnull=True, due_days__isnull=False),
                name="assignment_due_rule",
                violation_error_message=_("Say on which date, or after how many days, it is due."),
            ),
            models.CheckConstraint(
                condition=Q(repeats="no", every_months__isnull=True, window_from__isnull=True, window_to__isnull=True)
                | Q(repeats="rolling", every_months__isnull=False, window_from__isnull=True, window_to__isnull=True)
                | Q(repeats="window", every_months__isnull=True, window_from__isnull=False, window_to__isnull=False),
                name="assignment_repeat_rule",
                violation_error_message=_("Say after how many months, or in which months, it repeats."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(course)s for %(whom)s") % {"course": self.course, "whom": self.unit or self.person}

    def clean(self) -> None:
        """What the rule needs is there; what it has no use for is emptied."""
        validate_days(due_on=self.due_on)
        if bool(self.unit) == bool(self.person):
            raise ValidationError(gettext("Give the course either to a unit or to a person."))
        needs = {
            "due_on": self.due == self.Due.DATE,
            "due_days": self.due in (self.Due.HIRE, self.Due.ASSIGNMENT),
            "every_months": self.repeats == self.Repeats.ROLLING,
            "window_from": self.repeats == self.Repeats.WINDOW,
            "window_to": self.repeats == self.Repeats.WINDOW,
        }
        missing = [field for field, needed in needs.items() if needed and not getattr(self, field)]
        if missing:
            raise ValidationError({field: gettext("This is needed.") for field in missing})
        if self.due == self.Due.NONE and (self.due_on or self.due_days):
            raise ValidationError({"due": gettext("Choose how it is due: on the date below, or so many days after.")})
        for field in [field for field, needed in needs.items() if not needed]:
            setattr(self, field, None)

    @property
    def rule(self) -> str:
        """The rule in words, such as “30 days after hire, then each January; 14 days of grace”."""
        first, again = self._first, self._again
        both = gettext("%(first)s, then %(again)s") % {"first": first, "again": again}
        sentence = both if first and again else first or again or gettext("no date")
        if self.grace_days:
            grace = ngettext("%(rule)s; %(n)s day of grace", "%(rule)s; %(n)s days of grace", self.grace_days)
            sentence = grace % {"rule": sentence, "n": self.grace_days}
        if not self.mandatory:
            sentence = gettext("%(rule)s (recommended)") % {"rule": sentence}
        return sentence[0].upper() + sentence[1:]

    @property
    def _first(self) -> str:
        """When the first round is due; empty where no date says so."""
        if self.due == self.Due.DATE and self.due_on:
            return gettext("by %(day)s") % {"day": date_format(self.due_on)}
        n = self.due_days or 0
        if self.due == self.Due.HIRE:
            return ngettext("%(n)s day after hire", "%(n)s days after hire", n) % {"n": n}
        if self.due == self.Due.ASSIGNMENT:
            return ngettext("%(n)s day after it reaches somebody", "%(n)s days after it reaches somebody", n) % {"n": n}
        return ""

    @property
    def _again(self) -> str:
        """How it repeats; empty where it does not."""
        if self.repeats == self.Repeats.ROLLING:
            months = self.every_months or 0
            return ngettext("every month", "every %(n)s months", months) % {"n": months}
        if not (self.window_from and self.window_to):
            return ""
        first, last = MONTHS[self.window_from], MONTHS[self.window_to]
        if first == last:
            return gettext("each %(month)s") % {"month": first}
        return gettext("each year from %(first)s to %(last)s") % {"first": first, "last": last}


class Absence(models.Model):
    """A time in which a person is not asked to take a course, or any course. What it is about is administrators' only.

    After an exemption the course is due again; leave moves what is due by its days. Without ``ends_on``, until told.
    """

    class Kind(models.TextChoices):
        EXEMPTION = "exemption", _("Exemption")
        LEAVE = "leave", _("Leave")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.EXEMPTION)
    course = models.ForeignKey(
        Course, models.CASCADE, null=True, blank=True, related_name="absences", help_text=_("Empty: every course.")
    )
    reason = models.CharField(max_length=200, help_text=_("Shown to administrators only."))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day; empty: until further notice.")
    )

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="absence_ends_after_it_starts",
                violation_error_message=_("It cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        said = {"kind": self.get_kind_display(), "person": self.person}
        return gettext("%(kind)s of %(person)s") % said

    def clean(self) -> None:
        validate_days(starts_on=self.starts_on, ends_on=self.ends_on)
