"""The order of parts: scenes of a scenario, choices of a scene, modules of a course."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet


@transaction.atomic
def move(siblings: "QuerySet[Any]", pk: int, *, up: bool) -> int:
    """Put one of the siblings a place earlier or later, at the ends nowhere; returns its place, from 0.

    All get consecutive positions, so that two which shared one have an order as well. Raises ValueError where the
    row is none of them.
    """
    order = list(siblings.select_for_update().order_by("position", "pk"))
    place = [row.pk for row in order].index(pk)
    other = min(max(place + (-1 if up else 1), 0), len(order) - 1)
    order[place], order[other] = order[other], order[place]
    changed = [(row, number) for number, row in enumerate(order) if row.position != number]
    for row, number in changed:
        row.position = number
    siblings.model._default_manager.bulk_update([row for row, _ in changed], ["position"])
    return other
