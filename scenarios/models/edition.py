"""Editions: published, numbered, immutable snapshots of a draft."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import models

from scenarios.engine.explore import Exploration, explore
from scenarios.engine.graph import Graph, from_document
from scenarios.models.draft import Scenario
from training.lib.immutable import Immutable
from training.lib.ordered_json import OrderedJSONField


class Edition(Immutable):
    """One edition. ``document`` is as its author wrote it; ``page`` is the same document as pages show it.

    In ``page`` the Markdown is safe HTML, and ``names`` holds the titles of the policies and skills that it uses.
    References to policy values stay references in both. ``material``: it teaches something else than the one before.
    """

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    document = OrderedJSONField()
    page = OrderedJSONField()
    names = models.JSONField(default=dict)
    note = models.CharField(max_length=400, blank=True)
    material = models.BooleanField(default=False)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["scenario", "number"], name="edition_number_once")]

    def __str__(self) -> str:
        return f"{self.scenario_id}, edition {self.number}"

    @property
    def graph(self) -> Graph:
        """The graph, its prose as safe HTML; read once a process, since an edition never changes."""
        return graph_of(self.pk)

    @property
    def exploration(self) -> Exploration:
        """Every state of the graph, walked once a process."""
        return exploration_of(self.pk)


@lru_cache(maxsize=64)
def graph_of(pk: int) -> Graph:
    page: Any = Edition.objects.values_list("page", flat=True).get(pk=pk)
    return from_document(page)


@lru_cache(maxsize=64)
def exploration_of(pk: int) -> Exploration:
    return explore(graph_of(pk))
