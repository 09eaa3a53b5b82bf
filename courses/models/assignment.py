"""Who is asked to take a course, and each person's rounds of it."""

import datetime
from typing import TYPE_CHECKING, Any, Self

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

from accounts.models import Person, Unit, validate_days
from courses import due_rules
from courses.models.content import Course
from training.lib.sentences import SentenceField

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import ManyRelatedManager

TEN_YEARS = 3650


def current(prefix: str = "") -> Q:
    """The condition of ``EnrolmentQuerySet.current``, for queries that join enrolments under a name."""
    return Q(**{f"{prefix}superseded": False, f"{prefix}closed_at__isnull": True, f"{prefix}is_open": True})


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
