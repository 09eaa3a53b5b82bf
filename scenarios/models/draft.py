"""The draft: the editable scenario, as rows that Django admin edits.

Rows that belong together share short keys; ``scenarios.drafting`` turns a draft into a document and back.
"""

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scenarios.models.key import validate_key
from scenarios.models.language import InLanguages, InLanguagesQuerySet
from scenarios.models.picture import Picture
from scenarios.models.policy import Policy
from training.lib.markdown import MarkdownField
from training.lib.ordered_json import OrderedJSONField

if TYPE_CHECKING:
    from scenarios.models.edition import Edition


class ScenarioQuerySet(InLanguagesQuerySet):
    def published(self) -> Self:
        return self.filter(current__isnull=False).select_related("current")


class Scenario(InLanguages):
    """A scenario and its draft. What staff play is ``current``, the newest edition."""

    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=400, help_text=_("One or two sentences for the list."))
    introduction = MarkdownField(help_text=_("Who I am today, where, what has just happened. Markdown."))
    picture = models.CharField(max_length=20, choices=Picture, blank=True)
    picture_alt = models.CharField(
        _("picture in words"),
        max_length=200,
        blank=True,
        help_text=_("For those who do not see it. Empty: decoration only."),
    )
    content_note = models.CharField(
        max_length=300, blank=True, help_text=_("Where it may be close to home. Shown first.")
    )
    aftercare = MarkdownField(
        blank=True, help_text=_("After the ending of something heavy: a calm word, and whom one can turn to. Markdown.")
    )
    minutes = models.PositiveSmallIntegerField(default=8, validators=[MinValueValidator(1)])
    tension = models.PositiveSmallIntegerField(
        _("tension at the start"),
        default=4,
        validators=[MaxValueValidator(10)],
        help_text=_("From 0 (settled) to 10 (danger)."),
    )
    policies = models.ManyToManyField(
        Policy, blank=True, help_text=_("The policies that apply, shown before the start.")
    )
    from_incident = models.BooleanField(
        _("drawn from something that happened here"),
        default=False,
        help_text=_("Then the check points at what could tell a reader who it was."),
    )
    current: "models.ForeignKey[Edition | None, Edition | None]" = models.ForeignKey(
        "Edition", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("scenarios:introduction", args=[self.slug])

    @property
    def picture_file(self) -> str:
        """Its place among the static files; empty without a picture."""
        return f"pictures/{self.picture}.svg" if self.picture else ""


class Meter(models.Model):
    """A number besides tension that choices move."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="meters")
    key = models.CharField(max_length=50, validators=[validate_key])
    label = models.CharField(max_length=60)
    start = models.SmallIntegerField(default=0)
    minimum = models.SmallIntegerField(default=0)
    maximum = models.SmallIntegerField(default=10)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "key"], name="meter_key_once"),
            models.CheckConstraint(
                condition=~models.Q(key="tension"),
                name="meter_not_tension",
                violation_error_message=_("Every scenario has tension already."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Flag(models.Model):
    """Something learned or done, set by a choice and tested by others."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="flags")
    key = models.CharField(max_length=50, validators=[validate_key])
    label = models.CharField(max_length=120, help_text=_("For example: You know that there is a receipt."))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["scenario", "key"], name="flag_key_once")]

    def __str__(self) -> str:
        return self.label


class Day(models.Model):
    """Another day of the same people: what is different then.

    ``starts`` maps a meter's key to where it starts, ``sets`` has the keys of flags that are set from the beginning,
    and ``changes`` what scenes and choices say and do instead, by their keys, as in a document.
    """

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="days")
    key = models.CharField(max_length=50, validators=[validate_key])
    label = models.CharField(max_length=120, help_text=_("For example: She has slept badly."))
    starts = OrderedJSONField(default=dict, blank=True)
    sets = models.JSONField(default=list, blank=True)
    changes = OrderedJSONField(default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["scenario", "key"], name="day_key_once")]

    def __str__(self) -> str:
        return self.label


class Scene(models.Model):
    """A scene, or, where ``ending`` names a kind, an ending. The first scene is where the scenario begins."""

    class Ending(models.TextChoices):
        RESOLVED = "resolved", _("ending: resolved")
        PARTLY = "partly-resolved", _("ending: partly resolved")
        ESCALATED = "escalated", _("ending: escalated")
        UNSAFE = "unsafe", _("ending: unsafe")

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="scenes")
    key = models.CharField(
        max_length=50, validators=[validate_key], help_text=_("Its stable name, for example “the-other-bag”.")
    )
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    ending = models.CharField(
        _("kind"), max_length=16, choices=Ending, blank=True, help_text=_("Leave empty for a scene.")
    )
    score = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("Endings only, 0 to 100. Empty: 100, 60, 30 or 0 by kind."),
    )
    description = MarkdownField(blank=True, help_text=_("What one sees; at an ending, how it turned out. Markdown."))
    speaker = models.CharField(max_length=80, blank=True)
    speech = MarkdownField(blank=True, help_text=_("The patron's words, without quotation marks. Markdown."))
    takeover_meter = models.CharField(
        _("takes over by"), max_length=50, blank=True, help_text=_("A meter: tension, or your own.")
    )
    takeover_at_least = models.SmallIntegerField(_("when at least"), null=True, blank=True)
    takeover_at_most = models.SmallIntegerField(_("when at most"), null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["scenario", "key"], name="scene_key_once")]

    def __str__(self) -> str:
        return self.title


class Choice(models.Model):
    """What staff may say or do in a scene.

    ``effects`` maps a meter's key to a change, ``skills`` a skill's slug to a rating, ``bounds`` a meter's key to
    ``at_least`` and ``at_most``; the other lists hold flags' keys. Admin fills them from picked fields.
    """

    scene = models.ForeignKey(Scene, models.CASCADE, related_name="choices")
    key = models.CharField(max_length=50, validators=[validate_key])
    text = models.TextField(max_length=600, help_text=_("What one says or does, as it stands on the button."))
    to = models.ForeignKey(
        Scene, models.SET_NULL, null=True, blank=True, related_name="arrivals", verbose_name=_("leads to")
    )
    position = models.PositiveSmallIntegerField(default=0)
    bounds = OrderedJSONField(default=dict, blank=True)
    has = models.JSONField(default=list, blank=True)
    lacks = models.JSONField(default=list, blank=True)
    effects = OrderedJSONField(default=dict, blank=True)
    sets = models.JSONField(default=list, blank=True)
    clears = models.JSONField(default=list, blank=True)
    consequence = MarkdownField(blank=True, help_text=_("How the patron reacts; shown first. Markdown."))
    coaching = MarkdownField(blank=True, help_text=_("What the coach says: two sentences at most. Markdown."))
    skills = OrderedJSONField(default=dict, blank=True)
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, help_text=_("The policy that it rests on.")
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["scene", "key"], name="choice_key_once")]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 60 else self.text[:59].rstrip() + "…"
