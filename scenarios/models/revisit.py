"""Asking those who completed a scenario to play it again, because it says something else now."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from accounts.models import Person
from scenarios.models.attempt import Attempt
from scenarios.models.edition import Edition
from training.lib.immutable import Immutable, ImmutableQuerySet


class RevisitQuerySet(ImmutableQuerySet):
    def open_for(self, person: Person) -> "RevisitQuerySet":
        """Those that the person has not played since, in that edition or a later one."""
        since = Attempt.objects.recorded().ended().filter(person=OuterRef("person"))
        since = since.filter(edition__scenario=OuterRef("edition__scenario"))
        since = since.filter(edition__number__gte=OuterRef("edition__number"))
        rows: Any = self.filter(~Exists(since), person=person)
        return rows.select_related("edition__scenario").defer("edition__document", "edition__page")  # type: ignore[no-any-return]


class Revisit(Immutable):
    """One person asked to play one edition."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="revisits")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="revisits")
    asked_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = RevisitQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["person", "edition"], name="revisit_once")]

    def __str__(self) -> str:
        return f"{self.person_id} asked to play edition {self.edition_id}"
