"""A synthetic library with history, for trials and benchmarks: made in bulk, the same for the same seed."""

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Person, Unit
from courses import assigning
from courses.models import (
    Activity,
    ActivityProgress,
    Assignment,
    Course,
    Enrolment,
    Module,
    Option,
    Question,
    Submission,
    TrainingRecord,
)
from courses.publishing import publish as publish_course
from scenarios.drafting import write_draft
from scenarios.engine.debrief import figure
from scenarios.engine.graph import Document
from scenarios.engine.play import Step, begin, choose, offer, replay
from scenarios.models import Attempt, Decision, Edition, Scenario
from scenarios.publishing import publish

BATCH = 2_000
JOBS = ("Library assistant", "Page", "Librarian", "Circulation clerk", "Branch manager")
FIRST = ("Ada", "Ben", "Chi", "Dee", "Eli", "Fay", "Gus", "Hal", "Ida", "Jan", "Kit", "Lea", "Max", "Nia", "Ola", "Pat")
LAST = (
    "Abbot",
    "Berg",
    "Cruz",
    "Dunn",
    "Ellis",
    "Fox",
    "Grant",
    "Hale",
    "Ito",
    "Jones",
    "Khan",
    "Lopez",
    "Moore",
    "Ng",
)


@dataclass
class Made:
    """What was made, and how to sign in to look at it."""

    supervisor: str
    administrator: str
    people: int
    courses: int
    attempts: int = 0
    decisions: int = 0
    records: int = 0


@dataclass
class Rows:
    """The rows of one batch of people, in the order in which they are inserted."""

    progress: list[ActivityProgress] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    attempts: list[tuple[Attempt, tuple[Step, ...]]] = field(default_factory=list)
    records: list[TrainingRecord] = field(default_factory=list)


@transaction.atomic
def populate(*, units: int, staff: int, courses: int, seed: int, password: str) -> Made:
    """Add so many units, people and courses, with enrolments in every state and plays, finished and not."""
    chance = random.Random(seed)  # noqa: S311
    mark = f"{seed}-{Person.objects.count()}"
    tree = _units(units, mark)
    administrator, supervisor = _leaders(tree, mark, password)
    taught = [_course(number, mark) for number in range(courses)]
    made = Made(supervisor.email, administrator.email, staff, courses)
    given_at = timezone.now() - datetime.timedelta(days=300)
    for course in taught:
        Assignment.objects.create(
            course=course, unit=tree[0], due="assignment", due_days=90, repeats="rolling", every_months=12,
            assigned_at=given_at,
        )  # fmt: skip
    people = _people(staff, tree, mark, chance)
    while batch := list(islice(people, BATCH)):
        created = Person.objects.bulk_create(batch)
        for course in taught:
            _take(course, created, chance, made)
    assigning.settle(Person.objects.filter(pk=supervisor.pk))
    return made


def _units(count: int, mark: str) -> list[Unit]:
    system = Unit.objects.create(name=f"System {mark}", kind=Unit.Kind.SYSTEM)
    return [system, *(Unit.objects.create(name=f"Branch {number}", parent=system) for number in range(1, count))]


def _leaders(tree: list[Unit], mark: str, password: str) -> tuple[Person, Person]:
    administrator = Person.objects.create_superuser(f"administrator-{mark}@example.org", password, name="Administrator")
    supervisor = Person.objects.create_user(
        f"supervisor-{mark}@example.org", password, name="Supervisor", unit=tree[-1]
    )
    tree[-1].supervisors.add(supervisor)
    return administrator, supervisor


def _people(count: int, tree: list[Unit], mark: str, chance: random.Random) -> Iterator[Person]:
    unusable = make_password(None)
    branches = tree[1:] or tree
    for number in range(count):
        yield Person(
            email=f"person-{mark}-{number}@example.org",
            name=f"{chance.choice(FIRST)} {chance.choice(LAST)} {number}",
            job_title=chance.choice(JOBS),
            unit=branches[number % len(branches)],
            hired_on=timezone.localdate() - datetime.timedelta(days=chance.randint(1, 3000)),
            password=unusable,
        )


def _course(number: int, mark: str) -> Course:
    slug = f"course-{mark}-{number}"
    course = Course.objects.create(
        slug=slug, title=f"Course {number}", summary="Synthetic.", trainer="Nobody", trainer_qualification="None"
    )
    module = Module.objects.create(course=course, slug="module", title="Module")
    scenario = Scenario()
    write_draft(scenario, _document(f"scenario-{mark}-{number}"))
    publish(scenario, by=None)
    kinds: list[dict[str, Any]] = [
        {"kind": Activity.Kind.LESSON, "body": "Words."},
        {"kind": Activity.Kind.KNOWLEDGE_CHECK},
        {"kind": Activity.Kind.SCENARIO, "scenario": scenario},
    ]
    for position, fields in enumerate(kinds):
        kind = fields["kind"]
        activity = Activity.objects.create(module=module, slug=kind, title=kind.label, position=position, **fields)
        if kind == Activity.Kind.KNOWLEDGE_CHECK:
            question = Question.objects.create(activity=activity, key="one", text="Which?")
            for key in ("yes", "no"):
                Option.objects.create(
                    question=question, key=key, text=key, correct=key == "yes", explanation="Because."
                )
    publish_course(course, by=None)
    published: Course = Course.objects.select_related("current").get(pk=course.pk)
    return published


def _document(slug: str) -> Document:
    """A desk with three scenes, three choices in each, and three endings."""
    scenes = {
        f"scene-{number}": {
            "title": f"Scene {number}",
            "speech": "Well?",
            "choices": {
                "listen": {"text": "Listen.", "to": f"scene-{number + 1}" if number < 3 else "settled"},
                "explain": {"text": "Explain.", "to": f"scene-{number + 1}" if number < 3 else "half"},
                "argue": {"text": "Argue.", "to": "stormy", "effects": {"tension": 3}},
            },
        }
        for number in range(1, 4)
    }  # fmt: skip
    endings = {"settled": "resolved", "half": "partly-resolved", "stormy": "unsafe"}
    return {
        "format": "scenario/1", "slug": slug, "title": slug.capitalize(), "language": "en", "summary": "Synthetic.",
        "minutes": 3, "introduction": "A desk.", "meters": {"tension": {"start": 3}}, "scenes": scenes,
        "endings": {key: {"kind": kind, "title": key, "text": "The end."} for key, kind in endings.items()},
    }  # fmt: skip


def _take(course: Course, people: list[Person], chance: random.Random, made: Made) -> None:
    """These people's way through a course: three in ten never start, five in ten complete it."""
    now = timezone.now()
    lesson, check, play = Activity.objects.filter(module__course=course).select_related("scenario__current")
    enrolments, done = [], []
    for person in people:
        luck, start = chance.random(), now - datetime.timedelta(days=chance.randint(1, 300))
        started = start if luck > 0.3 else None
        enrolments.append(Enrolment(person=person, course=course, assigned_at=start, started_at=started))
        done.append(luck > 0.5)
    Enrolment.objects.bulk_create(enrolments)
    # What is completed has the date that it was due on, too.
    assigning.settle(Person.objects.filter(pk__in=[person.pk for person in people]), courses=[course.pk])
    completed = [enrolment.pk for enrolment, is_done in zip(enrolments, done, strict=True) if is_done]
    Enrolment.objects.filter(pk__in=completed).update(completed_at=F("started_at"))
    rows = Rows()
    for enrolment, is_done in zip(enrolments, done, strict=True):
        enrolment.completed_at = enrolment.started_at if is_done else None
        if enrolment.started_at:
            _work(enrolment, (lesson, check, play), rows, chance)
    _insert(rows, made)


def _work(enrolment: Enrolment, activities: tuple[Activity, ...], rows: Rows, chance: random.Random) -> None:
    at, completed = enrolment.started_at, enrolment.completed_at
    assert at
    lesson, check, play = activities
    done = (lesson, check, play) if completed else (lesson,)
    rows.progress += [
        ActivityProgress(enrolment=enrolment, activity=found, opened_at=at, completed_at=at) for found in done
    ]
    right = 1 if completed else 0
    answers = {"one": ["yes" if right else "no"]}
    rows.submissions.append(
        Submission(
            enrolment=enrolment,
            activity=check,
            answers=answers,
            right=right,
            asked=1,
            passed=bool(right),
            submitted_at=at,
        )
    )
    assert play.scenario
    assert play.scenario.current
    rows.attempts.append(_attempt(enrolment, play.scenario, play.scenario.current, chance))
    if completed:
        rows.records.append(_record(enrolment))


def _attempt(
    enrolment: Enrolment, scenario: Scenario, edition: Edition, chance: random.Random
) -> tuple[Attempt, tuple[Step, ...]]:
    """To its end for those who completed the course, else a decision or none."""
    graph, state, keys = edition.graph, begin(edition.graph), list[str]()
    while state.at in graph.scenes and (enrolment.completed_at or len(keys) < chance.randint(0, 2)):
        keys.append(chance.choice(offer(graph, state)).key)
        state = choose(graph, state, keys[-1])
    steps = replay(graph, keys)
    assert enrolment.started_at
    attempt = Attempt(
        person_id=enrolment.person_id,
        scenario=scenario,
        edition=edition,
        mode="recorded",
        started_at=enrolment.started_at,
    )
    if state.at in graph.endings:
        attempt.ended_at, attempt.ending = enrolment.started_at, state.at
        attempt.ending_kind, attempt.figure = graph.endings[state.at].kind, figure(edition.exploration, steps)
    return attempt, steps


def _record(enrolment: Enrolment) -> TrainingRecord:
    course, person = enrolment.course, enrolment.person
    assert course.current
    assert enrolment.started_at
    assert enrolment.completed_at
    return TrainingRecord(
        person=person, name=person.name, job_title=person.job_title, unit=person.unit.name if person.unit else "",
        course_slug=course.slug, course_title=course.title, edition=course.current.number,
        contents=course.current.outline, minutes=15, trainer=course.trainer,
        trainer_qualification=course.trainer_qualification, outcome="Completed every required activity",
        started_at=enrolment.started_at, completed_at=enrolment.completed_at,
    )  # fmt: skip


def _insert(rows: Rows, made: Made) -> None:
    ActivityProgress.objects.bulk_create(rows.progress)
    Submission.objects.bulk_create(rows.submissions)
    Attempt.objects.bulk_create([attempt for attempt, _ in rows.attempts])
    decisions = [
        Decision(attempt=attempt, sequence=sequence, scene=step.before.at, choice=step.choice.key,
                 decided_at=attempt.started_at)
        for attempt, steps in rows.attempts
        for sequence, step in enumerate(steps, 1)
    ]  # fmt: skip
    Decision.objects.bulk_create(decisions, batch_size=BATCH)
    TrainingRecord.objects.bulk_create(rows.records)
    made.attempts += len(rows.attempts)
    made.decisions += len(decisions)
    made.records += len(rows.records)
