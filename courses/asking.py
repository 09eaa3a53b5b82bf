"""What a person is asked outside their courses: play what changed, confirm what reads differently, return, tell."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from accounts.models import Person
from courses.models import Reconfirmation, Refresher, Return, Use
from courses.refreshing import A_WEEK, WEEK
from scenarios.models import Revisit


@dataclass(frozen=True)
class Ask:
    """``kind`` is revisit, policy, refresher or use; ``key`` is what stands in its address.

    ``note`` says what changed; of a refresher, how many its person had within seven days. It has no title.
    """

    kind: str
    key: str
    title: str
    note: str
    at: datetime.datetime


def asks(person: Person, now: datetime.datetime) -> list[Ask]:
    """All of them, the oldest of each kind first; of refreshers no more than are left for the week. One query."""
    rows: Any = _revisits(person).union(_policies(person), _refreshers(person, now), _uses(person, now), all=True)
    found = sorted((Ask(*row) for row in rows), key=lambda ask: ask.at)
    refreshers = [ask for ask in found if ask.kind == "refresher"]
    left = max(0, A_WEEK - int(refreshers[0].note)) if refreshers else 0
    return [ask for ask in found if ask.kind != "refresher"] + refreshers[:left]


def _revisits(person: Person) -> "QuerySet[Any, Any]":
    slug, title = "edition__scenario__slug", "edition__scenario__title"
    return _rows(Revisit.objects.open_for(person), "revisit", key=slug, title=title, note=Value(""), at="asked_at")


def _policies(person: Person) -> "QuerySet[Any, Any]":
    again = Reconfirmation.objects.open_for(person).newest()
    return _rows(again, "policy", key="policy__slug", title="policy__title", note="note", at="asked_at")


def _refreshers(person: Person, now: datetime.datetime) -> "QuerySet[Any, Any]":
    had = Return.objects.filter(person=OuterRef("person"), returned_at__gt=now - WEEK)
    count = Subquery(had.order_by().values("person").annotate(had=Count("pk")).values("had"))
    due = Refresher.objects.of(person).due(now)
    return _rows(due, "refresher", key="pk", title=Value(""), note=Coalesce(count, 0), at="due_at")


def _uses(person: Person, now: datetime.datetime) -> "QuerySet[Any, Any]":
    return _rows(
        Use.objects.open_for(person, now), "use", key="pk", title="course_title", note=Value(""), at="completed_at"
    )


def _rows(found: Any, kind: str, *, key: str, title: Any, note: Any, at: str) -> "QuerySet[Any, Any]":
    texts = (Cast(column, CharField()) for column in (key, title, note))
    return found.order_by().values_list(Value(kind, CharField()), *texts, at)  # type: ignore[no-any-return]
