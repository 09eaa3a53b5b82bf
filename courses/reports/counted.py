"""Counts over very many people are taken now and then, and the page says when; over fewer they are always of now."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.cache import caches
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Person

MANY = 5_000
KEPT_FOR = 300


@dataclass(frozen=True)
class Counted:
    """What was counted. ``at`` is when, where it was not just now."""

    values: dict[str, Any]
    at: datetime.datetime | None


def counted(name: str, supervisor: Person, people: QuerySet[Person], count: Callable[[], dict[str, Any]]) -> Counted:
    """What ``count`` gives, at most KEPT_FOR seconds old where the supervisor oversees more than MANY people.

    ``name`` names everything that the counts depend on besides the supervisor. One query, and those of ``count``.
    """
    if not people.order_by()[MANY : MANY + 1].values_list("pk", flat=True):
        return Counted(count(), None)
    memory, key = caches["memory"], f"{supervisor.pk}-{sha256(name.encode()).hexdigest()}"
    found: Counted | None = memory.get(key)
    if found is None:
        found = Counted(count(), timezone.now())
        memory.set(key, found, KEPT_FOR)
    return found


def named(people: QuerySet[Person]) -> QuerySet[Person]:
    """The same people, by their ids where they are no more than MANY: one query.

    A database that is given ids looks at these people's rows and at no others, whatever else it could begin with.
    """
    ids = list(people.order_by().values_list("pk", flat=True)[: MANY + 1])
    found: QuerySet[Person] = Person.objects.filter(pk__in=ids)
    return found if len(ids) <= MANY else people
