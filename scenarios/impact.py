"""Whom a new edition touches."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Person
from scenarios.differing import Change, changed_places
from scenarios.models import Attempt, Decision, Scenario

# Where more scenes than this changed, everybody came by one.
MOST_SCENES = 100


@dataclass(frozen=True)
class Impact:
    """How many of the people who work here are in the middle of it, have completed it, did so through a change."""

    in_the_middle: int
    completed: int
    went_through: int


def impact_of(scenario: Scenario, changes: tuple[Change, ...]) -> Impact:
    """Three queries. Who is in the middle stays on the edition that they began."""
    attempts = Attempt.objects.filter(scenario=scenario, person__is_active=True)
    return Impact(
        in_the_middle=attempts.open().values("person").distinct().count(),
        completed=attempts.recorded().ended().values("person").distinct().count(),
        went_through=went_through(scenario, changes).count(),
    )


def went_through(scenario: Scenario, changes: tuple[Change, ...]) -> QuerySet[Person]:
    """Those who work here and in a recorded attempt came by a scene, took a choice or met an ending that changed."""
    choices: dict[str, list[str]] = {}
    for scene, choice in changed_places(changes):
        choices.setdefault(scene, []).append(choice)
    everywhere = len(choices) > MOST_SCENES or any(map(_meets_everybody, changes))
    scenes = [scene for scene, taken in choices.items() if "" in taken]
    met = Q(scene__in=scenes)
    for scene, taken in () if everywhere else choices.items():
        met |= Q(scene=scene, choice__in=taken)
    done = Attempt.objects.recorded().ended().filter(scenario=scenario)
    decided = Decision.objects.filter(met, attempt__in=done)
    touched = done if everywhere else done.filter(Q(pk__in=decided.values("attempt")) | Q(ending__in=scenes))
    people: QuerySet[Person] = Person.objects.working().filter(pk__in=touched.values("person"))
    return people


def _meets_everybody(change: Change) -> bool:
    """Whether it is about the scenario as a whole, and something that whoever plays it meets."""
    met = ("Introduction", "Meters at the start", "Begins with")
    return change.thing == "scenario" and any(edit.field in met for edit in change.edits)
