"""Short returns after a course: to the skills that a person's own decisions showed weakest, and to what they missed.

When something comes back is FSRS's business (https://github.com/open-spaced-repetition/py-fsrs); what comes back, and
that it is never more than a few minutes a week, is decided here.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from fsrs import Card, Rating, Scheduler

from accounts.models import Person
from courses.marking import Asked, asked
from courses.models import Course, Refresher, Return, Submission
from scenarios.engine.debrief import tally
from scenarios.engine.graph import Choice, Scene
from scenarios.engine.play import offer
from scenarios.models import Attempt, Scenario
from scenarios.models.edition import exploration_of

MINUTES = 2
A_WEEK = 2
WEEK = datetime.timedelta(days=7)
MOST_SKILLS, MOST_QUESTIONS = 3, 3
RATINGS = {1: Rating.Good, 0: Rating.Hard, -1: Rating.Again}
# Days, not minutes: nobody is asked twice in one sitting.
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


class NotDue(Exception):
    """It has been answered, or its time has not come."""


@dataclass(frozen=True)
class SceneAsked:
    """A scene out of a scenario that the person finished, with the choices that are on offer in it."""

    edition: int
    scene: Scene
    choices: tuple[Choice, ...]

    def texts(self) -> tuple[str, ...]:
        told = (f"{choice.text} {choice.consequence} {choice.coaching}" for choice in self.choices)
        return (self.scene.title, self.scene.description, self.scene.speech, *told)


@transaction.atomic
def begin(person: Person, course: Course, now: datetime.datetime) -> None:
    """After a completed course: what comes back to this person. What does already goes on as it is."""
    new = [Refresher(person=person, skill=skill) for skill in weakest_skills(person)[:MOST_SKILLS]]
    new += [Refresher(person=person, activity_id=pk, question=key) for pk, key in _missed(person, course)]
    for refresher in new:
        refresher.memory, refresher.due_at = _reviewed(Card(card_id=1, due=now), 0, now)
        refresher.due_at = max(refresher.due_at, now + WEEK)
    Refresher.objects.bulk_create(new, ignore_conflicts=True)


def weakest_skills(person: Person) -> list[str]:
    """The skills that the person's recorded decisions touched, weakest first; of equals the less often seen."""
    attempts = Attempt.objects.recorded().filter(person=person).with_path()
    choices = [step.choice for attempt in attempts.defer("came_from") for step in attempt.steps]
    tallies = tally(choices)
    return sorted(
        tallies,
        key=lambda skill: (
            (tallies[skill].helped - tallies[skill].hurt) / tallies[skill].decisions,
            tallies[skill].decisions,
            skill,
        ),
    )


def ask(refresher: Refresher, turn: int) -> SceneAsked | Asked | None:
    """What stands on its page at this turn; None where the content is gone."""
    if not refresher.skill:
        questions = asked(refresher.activity) if refresher.activity else []
        return next((found for found in questions if found.question.key == refresher.question), None)
    scenes = list(_scenes(refresher.person, refresher.skill))
    return scenes[(turn - 1) % len(scenes)] if scenes else None


def next_turn(refresher: Refresher) -> int:
    return refresher.returns.count() + 1


def answer(refresher: Refresher, *, turn: int, given: list[str]) -> Return:
    """Take the answer to a turn: a choice's key, or the keys of the options chosen.

    The same turn answered again gives the first answer. Raises NotDue for a turn that has not come, and ValueError
    for an answer that is not on the page.
    """
    found: Return | None = refresher.returns.filter(turn=turn).first()
    if found:
        return found
    now = timezone.now()
    if turn != next_turn(refresher) or refresher.due_at > now:
        raise NotDue
    done = _marked(refresher, turn, given)
    done.returned_at = now
    try:
        with transaction.atomic():
            done.save()
            refresher.memory, refresher.due_at = _reviewed(Card.from_dict(refresher.memory), done.rating, now)
            refresher.save(update_fields=["memory", "due_at"])
    except IntegrityError:
        done = refresher.returns.get(turn=turn)
    return done


def drop(refresher: Refresher) -> None:
    """Its content is gone, so it comes back no more."""
    refresher.delete()


def _marked(refresher: Refresher, turn: int, given: list[str]) -> Return:
    found = ask(refresher, turn)
    done = Return(refresher=refresher, person=refresher.person, turn=turn)
    if isinstance(found, SceneAsked):
        choice = next((choice for choice in found.choices if [choice.key] == given), None)
        if choice is None:
            raise ValueError
        done.edition_id, done.scene, done.choice = found.edition, found.scene.key, choice.key
        done.rating = -1 if choice.hurts else choice.skills.get(refresher.skill, 0)
    elif found and given and {option.key for option in found.options}.issuperset(given):
        done.chosen, done.rating = given, 1 if found.is_right(given) else -1
    else:
        raise ValueError
    return done


def _reviewed(card: Card, rating: int, now: datetime.datetime) -> tuple[dict[str, object], datetime.datetime]:
    card, _ = SCHEDULER.review_card(card, RATINGS[rating], now.astimezone(datetime.UTC))
    return dict(card.to_dict()), card.due


def _missed(person: Person, course: Course) -> list[tuple[int, str]]:
    """The questions that the person's first answers got wrong, as activity and key."""
    rows = Submission.objects.filter(enrolment__person=person, activity__module__course=course)
    first = {submission.activity_id: submission for submission in rows.select_related("activity")}
    wrong = [
        (submission.activity_id, question.question.key)
        for submission in first.values()
        for question in asked(submission.activity)
        if not question.is_right(submission.answers.get(question.question.key, []))
    ]
    return wrong[:MOST_QUESTIONS]


def _scenes(person: Person, skill: str) -> Iterator[SceneAsked]:
    """The scenes in which this skill can help or fail, of the scenarios that the person finished; in a fixed order."""
    finished = Attempt.objects.recorded().ended().filter(person=person).values("scenario")
    current = Scenario.objects.published().filter(pk__in=finished).order_by("pk")
    for pk in current.values_list("current", flat=True):
        exploration, seen = exploration_of(pk), set()
        for state in exploration.steps:
            scene = exploration.graph.scenes.get(state.at)
            choices = offer(exploration.graph, state)
            ratings = {choice.skills.get(skill, 0) for choice in choices}
            if scene and scene.key not in seen and 1 in ratings and len(ratings) > 1:
                seen.add(scene.key)
                yield SceneAsked(pk, scene, choices)
