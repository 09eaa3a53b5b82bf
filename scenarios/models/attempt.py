"""Plays of an edition, and the decisions taken in them."""

import json
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.expressions import Subquery
from django.utils.translation import gettext, gettext_noop, pgettext_lazy

from accounts.models import Person
from scenarios.engine.explore import Exploration
from scenarios.engine.graph import Graph
from scenarios.engine.play import State, Step, begin, replay
from scenarios.models.draft import Scenario
from scenarios.models.edition import Edition, exploration_of, graph_of, labels_of
from training.lib.immutable import Immutable

# What an ending may be called: the keys of the engine, which knows of no language.
ENDINGS = (
    gettext_noop("Resolved"), gettext_noop("Partly resolved"), gettext_noop("Escalated"), gettext_noop("Unsafe"),
)  # fmt: skip


class JSONRows(Subquery):
    """The rows of a subquery with columns ``sequence`` and ``choice`` as one JSON object; on both databases."""

    output_field = models.TextField()
    template = "(SELECT json_group_object(sequence, choice) FROM (%(subquery)s) AS decided)"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "(SELECT json_object_agg(sequence, choice)::text FROM (%(subquery)s) AS decided)"
        return self.as_sql(compiler, connection, template=template, **extra)


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def visible_to(self, person: Person) -> Self:
        """Recorded attempts of the people whom the person oversees. Practice is nobody's but the learner's."""
        return self.recorded().filter(person__in=Person.objects.visible_to(person))

    def played_by(self, person: Person) -> Self:
        return self.filter(person=person)

    def recorded(self) -> Self:
        return self.filter(mode=Attempt.Mode.RECORDED)

    def ended(self) -> Self:
        return self.filter(ended_at__isnull=False)

    def open(self) -> Self:
        return self.filter(ended_at__isnull=True, set_aside_at__isnull=True)

    def with_path(self) -> Self:
        """Adds what ``Attempt.path`` reads, in the same query."""
        decided = (
            Decision.objects.filter(attempt=models.OuterRef("pk")).order_by("sequence").values("sequence", "choice")
        )
        return self.annotate(decided=JSONRows(decided))


class Attempt(models.Model):
    """One play of one edition by one person. Its state is what replaying its decisions gives.

    ``seed`` picks the edition's day that it is played on. ``came_from`` is the page of this site to go back to.
    ``figure`` is the value reached in percent of the best that the edition allows on that day. A practice attempt may
    be set aside to start anew; a recorded one is played to its end.
    """

    class Mode(models.TextChoices):
        PRACTICE = "practice", pgettext_lazy("mode", "Practice")
        RECORDED = "recorded", pgettext_lazy("mode", "Recorded")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attempts")
    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="attempts")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="attempts")
    mode = models.CharField(max_length=8, choices=Mode)
    seed = models.PositiveSmallIntegerField(default=0)
    came_from = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField()
    set_aside_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=50, blank=True)
    ending_kind = models.CharField(max_length=16, blank=True)
    figure = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "scenario", "mode"],
                condition=models.Q(ended_at__isnull=True, set_aside_at__isnull=True),
                name="one_open_attempt_a_mode",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, figure__isnull=True)
                | models.Q(ended_at__isnull=False, figure__isnull=False),
                name="ended_attempt_has_figure",
            ),
        ]
        indexes = [models.Index(fields=["scenario", "mode", "person", "id"], name="attempt_first_by_scenario")]

    def __str__(self) -> str:
        return f"attempt {self.pk}"

    @property
    def is_recorded(self) -> bool:
        return self.mode == self.Mode.RECORDED

    @property
    def kind_label(self) -> str:
        """The kind of the ending in words: partly resolved."""
        return gettext(self.ending_kind.replace("-", " ").capitalize())

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.set_aside_at is None

    @property
    def graph(self) -> Graph:
        """The edition's on this attempt's day, without reading the edition."""
        return graph_of(self.edition_id, self.seed)

    @property
    def exploration(self) -> Exploration:
        return exploration_of(self.edition_id, self.seed)

    @property
    def day(self) -> str:
        """What its day is called; empty for the ordinary one."""
        return labels_of(self.edition_id)[self.seed]

    @property
    def path(self) -> list[str]:
        """The keys of the choices taken, in order."""
        decided = getattr(self, "decided", None)
        if decided is None and "decided" not in self.__dict__:
            return list(self.decisions.order_by("sequence").values_list("choice", flat=True))
        rows: dict[str, str] = json.loads(decided or "{}")
        return [rows[sequence] for sequence in sorted(rows, key=int)]

    @property
    def steps(self) -> tuple[Step, ...]:
        return replay(self.graph, self.path)

    @property
    def state(self) -> State:
        steps = self.steps
        return steps[-1].after if steps else begin(self.graph)


class Decision(Immutable):
    """One choice taken. ``quoted`` holds the policy values that were on screen, by reference."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="decisions")
    sequence = models.PositiveSmallIntegerField()
    scene = models.CharField(max_length=50)
    choice = models.CharField(max_length=50)
    quoted = models.JSONField(default=dict)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["attempt", "sequence"]
        constraints = [models.UniqueConstraint(fields=["attempt", "sequence"], name="decision_sequence_once")]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.sequence}: {self.choice}"
