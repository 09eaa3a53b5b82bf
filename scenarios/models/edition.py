"""Editions: published, numbered, immutable snapshots of a draft."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import models

from scenarios.engine.days import day_of, days_of, graph_on
from scenarios.engine.explore import Exploration, explore
from scenarios.engine.graph import Document, Graph
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
        """The graph of its ordinary day, its prose as safe HTML; read once a process: an edition never changes."""
        return graph_of(self.pk)

    @property
    def exploration(self) -> Exploration:
        """Every state of the graph, walked once a process."""
        return exploration_of(self.pk)


@lru_cache(maxsize=128)
def labels_of(pk: int) -> tuple[str, ...]:
    """What each of the edition's days is called, by seed; the ordinary one has no name."""
    page = _page_of(pk)
    return tuple(page["days"][day]["label"] if day else "" for day in days_of(page))


@lru_cache(maxsize=128)
def graph_of(pk: int, seed: int = 0) -> Graph:
    page = _page_of(pk)
    return graph_on(page, day_of(page, seed))


@lru_cache(maxsize=128)
def exploration_of(pk: int, seed: int = 0) -> Exploration:
    return explore(graph_of(pk, seed))


def _page_of(pk: int) -> Document:
    page: Any = Edition.objects.values_list("page", flat=True).get(pk=pk)
    return page  # type: ignore[no-any-return]
