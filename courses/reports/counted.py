"""Counts over very many people are taken now and then, and the page says when; over fewer they are always of now."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.cache import caches
from django.utils import timezone
from django.utils.translation import get_language

from accounts import authority
from courses.reports.team import Team

KEPT_FOR = 300


@dataclass(frozen=True)
class Counted:
    """What was counted. ``at`` is when, where it was not just now."""

    values: dict[str, Any]
    at: datetime.datetime | None


def counted(name: str, people: Team, count: Callable[[], dict[str, Any]]) -> Counted:
    """What ``count`` gives; of many people, what it gave at most KEPT_FOR seconds ago. No query but its own.

    ``name`` names everything that the counts depend on besides the supervisor, whom they oversee, and the language.
    """
    if not people.is_many:
        return Counted(count(), None)
    scope = f"{authority.oversight(people.supervisor)} {get_language()} {name}"
    memory, key = caches["memory"], f"{people.supervisor.pk}-{sha256(scope.encode()).hexdigest()}"
    found: Counted | None = memory.get(key)
    if found is None:
        found = Counted(count(), timezone.now())
        memory.set(key, found, KEPT_FOR)
    return found
