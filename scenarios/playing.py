"""Start an attempt, record a decision, notice the ending."""

import datetime
import secrets
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Person
from scenarios.engine.debrief import figure
from scenarios.engine.graph import Ending
from scenarios.engine.play import State, begin, choose, place, replay
from scenarios.models import Attempt, Decision, PolicyValue, Scenario
from scenarios.models.edition import labels_of
from scenarios.signals import attempt_ended

# All that a decision reads of an attempt.
NEEDED = ("person", "scenario", "edition", "mode", "seed", "set_aside_at", "ended_at")


class OutOfStep(Exception):
    """The sequence is not of this attempt yet: the form came from another play."""


@dataclass(frozen=True)
class Answer:
    """What became of a decision. ``repeated``: the scene was answered before; ``differs``: by another choice."""

    attempt: Attempt
    repeated: bool = False
    differs: bool = False


def start(
    person: Person, scenario: Scenario, *, mode: str, came_from: str = "", at: datetime.datetime | None = None
) -> Attempt:
    """The person's open attempt in this mode, or a new one on the current edition, on any of its days.

    Two starts at once are one: the constraint refuses the second, which then finds the first.
    """
    mine = Attempt.objects.open().filter(person=person, scenario=scenario, mode=mode)
    if found := mine.first():
        return found
    assert scenario.current is not None
    try:
        with transaction.atomic():
            return Attempt.objects.create(
                person=person,
                scenario=scenario,
                edition=scenario.current,
                mode=mode,
                seed=secrets.randbelow(len(labels_of(scenario.current.pk))),
                came_from=came_from,
                started_at=at or timezone.now(),
            )
    except IntegrityError:
        return mine.get()


def decide(
    attempt_id: int, person: Person, *, choice: str, sequence: int, at: datetime.datetime | None = None
) -> Answer:
    """Take a choice as the ``sequence``-th decision (from 1) of the person's attempt.

    One transaction: the attempt is locked, the choice checked by the engine, the decision inserted, and at an ending
    the attempt stamped and ``attempt_ended`` sent. A scene that is already answered stays as it is.

    Raises Attempt.DoesNotExist, OutOfStep, or NotOffered.
    """
    try:
        return _decide(attempt_id, person, choice, sequence, at or timezone.now())
    except IntegrityError:
        # PostgreSQL may have read the path before it got the lock; the constraint saw it, and now we see the answer.
        return _decide(attempt_id, person, choice, sequence, at or timezone.now())


@transaction.atomic
def _decide(attempt_id: int, person: Person, choice: str, sequence: int, at: datetime.datetime) -> Answer:
    mine = Attempt.objects.played_by(person).with_path().only(*NEEDED)
    attempt = mine.select_for_update(of=("self",)).get(pk=attempt_id)
    path = attempt.path
    if 1 <= sequence <= len(path):
        return Answer(attempt, repeated=True, differs=path[sequence - 1] != choice)
    if sequence != len(path) + 1 or attempt.set_aside_at:
        raise OutOfStep
    _record(attempt, path, choice, at)
    return Answer(attempt)


def _record(attempt: Attempt, path: list[str], choice: str, at: datetime.datetime) -> None:
    graph = attempt.graph
    steps = replay(graph, path)
    state = steps[-1].after if steps else begin(graph)
    after = choose(graph, state, choice)
    Decision.objects.create(
        attempt=attempt,
        sequence=len(path) + 1,
        scene=state.at,
        choice=choice,
        quoted=_quoted(attempt, state),
        decided_at=at,
    )
    ending = place(graph, after)
    if isinstance(ending, Ending):
        _end(attempt, [*path, choice], ending, at)


def _quoted(attempt: Attempt, state: State) -> dict[str, str]:
    """The policy values on the page of this scene."""
    scene = attempt.graph.scenes[state.at]
    words = [f"{choice.text} {choice.consequence} {choice.coaching}" for choice in scene.choices]
    return PolicyValue.objects.quoted_in(scene.title, scene.description, scene.speech, *words)


def _end(attempt: Attempt, path: list[str], ending: Ending, at: datetime.datetime) -> None:
    attempt.ended_at = at
    attempt.ending = ending.key
    attempt.ending_kind = ending.kind
    attempt.figure = figure(attempt.exploration, replay(attempt.graph, path))
    attempt.save(update_fields=["ended_at", "ending", "ending_kind", "figure"])
    attempt_ended.send(Attempt, attempt=attempt)


@transaction.atomic
def start_anew(person: Person, scenario: Scenario, *, came_from: str = "") -> Attempt:
    """A fresh practice attempt; one that is open is set aside, and kept."""
    _set_aside(person, scenario)
    return start(person, scenario, mode=Attempt.Mode.PRACTICE, came_from=came_from)


@transaction.atomic
def try_again(attempt: Attempt, *, before: int) -> Attempt:
    """A practice attempt that stands where ``attempt`` stood before its ``before``-th decision (from 1).

    The attempt itself is not touched. An open practice attempt of the scenario is set aside.
    """
    _set_aside(attempt.person, attempt.scenario)
    again = Attempt.objects.create(
        person=attempt.person,
        scenario=attempt.scenario,
        edition=attempt.edition,
        mode=Attempt.Mode.PRACTICE,
        seed=attempt.seed,
        came_from=attempt.came_from,
        started_at=timezone.now(),
    )
    taken = attempt.decisions.filter(sequence__lt=before).order_by("sequence")
    Decision.objects.bulk_create(
        Decision(
            attempt=again,
            sequence=old.sequence,
            scene=old.scene,
            choice=old.choice,
            quoted=old.quoted,
            decided_at=old.decided_at,
        )
        for old in taken
    )
    return again


def _set_aside(person: Person, scenario: Scenario) -> None:
    Person.objects.select_for_update().get(pk=person.pk)
    mine = Attempt.objects.open().filter(person=person, scenario=scenario, mode=Attempt.Mode.PRACTICE)
    mine.update(set_aside_at=timezone.now())
