"""What is taught: courses hold modules in order, modules hold activities in order."""

import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scenarios.models import Policy, Scenario
from scenarios.models.key import validate_key
from scenarios.models.language import InLanguages, InLanguagesQuerySet
from training.lib.immutable import Immutable
from training.lib.markdown import MarkdownField, RenderedField

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class CourseQuerySet(InLanguagesQuerySet):
    def published(self) -> Self:
        return self.filter(current__isnull=False).select_related("current")


class Course(InLanguages):
    """A course. Staff see it once it has an edition; ``current`` is the newest."""

    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=400, help_text=_("One or two sentences for the list."))
    description = MarkdownField(blank=True)
    description_html = RenderedField("description")
    trainer = models.CharField(max_length=200, help_text=_("Who conducts it: training records say so."))
    trainer_qualification = models.CharField(max_length=300)
    current = models.ForeignKey(
        "CourseEdition", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = CourseQuerySet.as_manager()

    if TYPE_CHECKING:
        modules: "RelatedManager[Module]"

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:course", args=[self.slug])


class CourseEdition(Immutable):
    """A numbered outline of what the course contained when it was published: what a training record refers to."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    outline = models.JSONField()
    note = models.CharField(max_length=400, blank=True)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="course_edition_number_once")]

    def __str__(self) -> str:
        return gettext("edition %(number)s") % {"number": self.number}


class ConfidenceStatement(models.Model):
    """“I can …”, rated from 1 to 5 before and after the course."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="confidence_statements")
    key = models.CharField(max_length=50, validators=[validate_key])
    text = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="statement_key_once")]

    def __str__(self) -> str:
        return self.text


class ModuleQuerySet(models.QuerySet["Module"]):
    def whole(self) -> Self:
        """With their activities, what these play or confirm, and their questions: four queries."""
        activities = Activity.objects.select_related("scenario", "alternative", "policy")
        return self.prefetch_related(models.Prefetch("activities", activities), "activities__questions__options")


class Module(models.Model):
    course = models.ForeignKey(Course, models.CASCADE, related_name="modules")
    slug = models.SlugField(validators=[validate_key])
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=400, blank=True)
    outcomes = models.JSONField(default=list, blank=True, help_text=_("What one will be able to do, one a line."))
    position = models.PositiveSmallIntegerField(default=0)

    objects = ModuleQuerySet.as_manager()

    if TYPE_CHECKING:
        activities: "RelatedManager[Activity]"

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "slug"], name="module_slug_once")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:module", args=[self.course.slug, self.slug])


class Activity(models.Model):
    """One thing to do. Which of the fields below apply depends on ``kind``; ``clean`` says so."""

    class Kind(models.TextChoices):
        LESSON = "lesson", _("Lesson")
        KNOWLEDGE_CHECK = "knowledge-check", _("knowledge check")
        SCENARIO = "scenario", _("Scenario")
        REFLECTION = "reflection", _("Reflection")
        CONFIDENCE_CHECK = "confidence-check", _("confidence check")
        POLICY_ACKNOWLEDGEMENT = "policy-acknowledgement", _("policy acknowledgement")

    class Counts(models.TextChoices):
        FIRST = "first", _("the first recorded attempt")
        LATEST = "latest", _("the latest recorded attempt")
        BEST = "best", _("the best recorded attempt")

    class Moment(models.TextChoices):
        BEFORE = "before", _("Before")
        AFTER = "after", _("After")

    module = models.ForeignKey(Module, models.CASCADE, related_name="activities")
    slug = models.SlugField(validators=[validate_key])
    kind = models.CharField(max_length=24, choices=Kind, default=Kind.LESSON)
    title = models.CharField(max_length=120)
    minutes = models.PositiveSmallIntegerField(default=5, validators=[MinValueValidator(1)])
    required = models.BooleanField(default=True, help_text=_("Required for completing the course."))
    position = models.PositiveSmallIntegerField(default=0)
    body = MarkdownField(blank=True, help_text=_("A lesson's text, or a reflection's question. Markdown."))
    body_html = RenderedField("body")
    scenario = models.ForeignKey(Scenario, models.PROTECT, null=True, blank=True, related_name="activities")
    alternative = models.ForeignKey(
        Scenario,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Counts the same, for whoever would rather not play the first. Nothing notes that, or why."),
    )
    counts = models.CharField(max_length=6, choices=Counts, default=Counts.BEST, help_text=_("For a scenario."))
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, blank=True, related_name="activities")
    pass_mark = models.PositiveSmallIntegerField(
        default=75, validators=[MaxValueValidator(100)], help_text=_("For a knowledge check: percent of its questions.")
    )
    moment = models.CharField(max_length=6, choices=Moment, blank=True, help_text=_("For a confidence check."))

    if TYPE_CHECKING:
        questions: "RelatedManager[Question]"
        # What ``learning.activities_for`` adds about one learner.
        enrolment: int | None
        at: int | None
        opened: datetime.datetime | None
        done: datetime.datetime | None

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = _("activities")
        constraints = [models.UniqueConstraint(fields=["module", "slug"], name="activity_slug_once")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:activity", args=[self.module.course.slug, self.module.slug, self.slug])

    def clean(self) -> None:
        needs = {
            self.Kind.LESSON: "body",
            self.Kind.REFLECTION: "body",
            self.Kind.SCENARIO: "scenario",
            self.Kind.POLICY_ACKNOWLEDGEMENT: "policy",
            self.Kind.CONFIDENCE_CHECK: "moment",
        }
        field = needs.get(self.Kind(self.kind)) if self.kind in self.Kind.values else None
        if field and not getattr(self, field):
            said = gettext("A %(kind)s needs this.") % {"kind": self.get_kind_display()}
            raise ValidationError({field: said})
        if self.alternative_id and self.alternative_id == self.scenario_id:
            raise ValidationError({"alternative": gettext("The alternative is another scenario than the first.")})


class Question(models.Model):
    """A question of a knowledge check. ``multiple``: several options are right, and all of them are asked for."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="questions")
    key = models.CharField(max_length=50, validators=[validate_key])
    text = MarkdownField()
    text_html = RenderedField("text")
    multiple = models.BooleanField(_("several options are right"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    if TYPE_CHECKING:
        options: "RelatedManager[Option]"

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["activity", "key"], name="question_key_once")]

    def __str__(self) -> str:
        text: str = self.text
        return text if len(text) <= 80 else text[:79] + "…"


class Option(models.Model):
    question = models.ForeignKey(Question, models.CASCADE, related_name="options")
    key = models.CharField(max_length=50, validators=[validate_key])
    text = models.CharField(max_length=400)
    correct = models.BooleanField(default=False)
    explanation = models.CharField(
        max_length=600, help_text=_("Why it is right or wrong: shown to everyone who answered.")
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["question", "key"], name="option_key_once")]

    def __str__(self) -> str:
        return self.text
