"""What a page says about some people, counted now or kept."""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import OperationalError

from courses.models.summary import NOWHERE
from courses.reports.summaries import rounds, store
from courses.reports.summaries.counts import Counts, added, whole
from courses.reports.summaries.tree import Tree
from courses.reports.summaries.whom import Whom
from courses.reports.team import Team

Key = tuple[str, int, int]
LIVE = store.KINDS | {"rounds": rounds.count_now}


@dataclass(frozen=True)
class Places:
    """Where the people are whom a figure is about: in these units and below them, or in just these."""

    tops: tuple[int, ...] = ()
    just: tuple[int, ...] = ()


@dataclass(frozen=True)
class Summaries:
    """By kind, subject and place: ``own``, and ``whole`` with all that is below it."""

    own: Callable[[Key], Counts]
    whole: Callable[[Key], Counts]

    def total(self, kind: str, subject: int, places: Places) -> Counts:
        tops = [self.whole((kind, subject, place)) for place in places.tops]
        return added([*tops, *(self.own((kind, subject, place)) for place in places.just)])


def summaries(
    team: Team, tree: Tree, wanted: Collection[store.Subject], places: Places, now: datetime.datetime
) -> Summaries:
    """Of the team, in the tree of the units that are theirs; of many, what is kept of the tree's tops and the places.

    Of many two queries where nothing is outdated; of few as many as each of the kinds takes.
    """
    if team.is_many:
        try:
            return _kept(wanted, {*tree.tops, *places.tops, *places.just})
        except OperationalError as error:
            # Where somebody else writes for very long, counting takes long as well, but ends.
            if "locked" not in str(error):
                raise
    return _taken(team, tree, wanted, now)


def _taken(team: Team, tree: Tree, wanted: Collection[store.Subject], now: datetime.datetime) -> Summaries:
    whom = Whom(None if NOWHERE in tree.tops else tree.places, team.people)
    found: dict[Key, Counts] = {}
    for kind in dict.fromkeys(kind for kind, _ in wanted):
        of_kind = [subject for name, subject in wanted if name == kind]
        counted = LIVE[kind](whom, of_kind[0] if len(of_kind) == 1 else None, now)
        found |= {(kind, *at): counts for at, counts in counted.items()}

    def own(key: Key) -> Counts:
        return found.get(key, Counts())

    def whole_of(key: Key) -> Counts:
        kind, subject, place = key
        below = (whole_of((kind, subject, under)) for under in tree.below.get(place, ()))
        return whole(added([own(key), *below]))

    return Summaries(own, whole_of)


def _kept(wanted: Collection[store.Subject], places: Collection[int]) -> Summaries:
    store.refresh(wanted)
    rows = store.read(wanted, places)

    def own(key: Key) -> Counts:
        return Counts.load(rows[key][0])

    def whole_of(key: Key) -> Counts:
        return whole(Counts.load(rows[key][1] or rows[key][0]))

    return Summaries(own, whole_of)
