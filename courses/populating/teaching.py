"""A synthetic course: what it teaches, whom it is given to, and a sample of how its scenario can be played."""

import datetime
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Unit
from courses.assigning import Terms, written
from courses.due_rules import History, Rule, ask
from courses.models import Activity, Assignment, Course, Module, Option, Question
from courses.outlook import rulebook
from courses.publishing import publish as publish_course
from scenarios.drafting import write_draft
from scenarios.engine.debrief import figure
from scenarios.engine.graph import Document
from scenarios.engine.play import begin, choose, offer, replay
from scenarios.models import Edition, Scenario
from scenarios.publishing import publish

# The history of the library, in days up to yesterday and hours a day: what was completed is not due again yet.
DAYS, HOURS = 300, 8
SCENES, PLAYS = 7, 200
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
# How often people say the kind thing, the correct one, and the wrong one.
WEIGHTS = (5, 3, 2)


@dataclass(frozen=True)
class Play:
    """A play from beginning to end: each scene with the choice that was taken in it."""

    path: tuple[tuple[str, str], ...]
    ending: str
    kind: str
    figure: int


@dataclass(frozen=True)
class Taught:
    """A course as those who write its history need it. ``plays`` are sorted, the best last.

    ``unit`` is whose staff have to take it, or None; ``moments`` are the working hours of the library's history, and
    ``terms`` what the rule asks of whoever was reached at one of them.
    """

    course: Course
    unit: Unit | None
    activities: tuple[Activity, Activity, Activity]
    edition: Edition
    plays: Sequence[Play]
    moments: Sequence[datetime.datetime]
    terms: Mapping[datetime.datetime, Terms]

    @cached_property
    def minutes(self) -> int:
        return sum(activity.minutes for activity in self.activities)


def teach(
    number: int, unit: Unit | None, mark: str, moments: Sequence[datetime.datetime], chance: random.Random
) -> Taught:
    """A new course, given to the unit before its history begins, if to any."""
    scenario = Scenario()
    write_draft(scenario, _document(f"scenario-{mark}-{number}"))
    edition = publish(scenario, by=None)
    course = _course(number, mark, scenario)
    lesson, check, play = Activity.objects.filter(module__course=course)
    plays = sorted((_play(edition, chance) for _ in range(PLAYS)), key=lambda play: play.figure)
    terms = _give(course, unit, moments) if unit else {}
    return Taught(course, unit, (lesson, check, play), edition, plays, moments, terms)


def _course(number: int, mark: str, scenario: Scenario) -> Course:
    slug = f"course-{mark}-{number}"
    course = Course.objects.create(
        slug=slug, title=f"Course {number}", summary="Synthetic.", trainer="Nobody", trainer_qualification="None"
    )
    module = Module.objects.create(course=course, slug="module", title="Module")
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
    """A desk with seven scenes, three choices in each, and three endings, of which the third takes over."""
    scenes = {
        f"scene-{number}": {
            "title": f"Scene {number}",
            "speech": "Well?",
            "choices": {
                "listen": {"text": "Listen.", "to": f"scene-{number + 1}" if number < SCENES else "settled"},
                "explain": {"text": "Explain.", "to": f"scene-{number + 1}" if number < SCENES else "half"},
                "argue": {
                    "text": "Argue.",
                    "to": f"scene-{number + 1}" if number < SCENES else "stormy",
                    "effects": {"tension": 2},
                },
            },
        }
        for number in range(1, SCENES + 1)
    }
    kinds = {"settled": "resolved", "half": "partly-resolved", "stormy": "unsafe"}
    endings: dict[str, Any] = {key: {"kind": kind, "title": key, "text": "The end."} for key, kind in kinds.items()}
    endings["stormy"]["takes_over"] = {"meter": "tension", "at_least": 9}
    return {
        "format": "scenario/1", "slug": slug, "title": slug.capitalize(), "language": "en", "summary": "Synthetic.",
        "minutes": 3, "introduction": "A desk.", "meters": {"tension": {"start": 3}}, "scenes": scenes,
        "endings": endings,
    }  # fmt: skip


def _play(edition: Edition, chance: random.Random) -> Play:
    graph, state, keys = edition.graph, begin(edition.graph), list[str]()
    while state.at in graph.scenes:
        keys += chance.choices([choice.key for choice in offer(graph, state)], WEIGHTS)
        state = choose(graph, state, keys[-1])
    steps = replay(graph, keys)
    path = tuple((step.before.at, step.choice.key) for step in steps)
    return Play(path, state.at, graph.endings[state.at].kind, figure(edition.exploration, steps))


def _give(course: Course, unit: Unit, moments: Sequence[datetime.datetime]) -> Mapping[datetime.datetime, Terms]:
    Assignment.objects.create(
        course=course, unit=unit, due="assignment", due_days=90, repeats="rolling", every_months=12,
        assigned_at=moments[0] - DAY,
    )  # fmt: skip
    book = rulebook([course.pk])
    zone, ((_, rule),) = book.zones[unit.pk], book.by_unit[unit.pk]
    terms: dict[datetime.date, Terms] = {}
    found = {}
    for moment in moments:
        day = moment.astimezone(zone).date()
        if day not in terms:
            terms[day] = _terms(rule, zone, day, moment)
        found[moment] = replace(terms[day], assigned_at=moment, opened_at=moment)
    return found


def _terms(rule: Rule, zone: ZoneInfo, day: datetime.date, moment: datetime.datetime) -> Terms:
    asked = ask([rule], History(hired_on=day, reached_on=day), day)
    assert asked
    return written(asked, None, zone, moment)


def working_hours(midnight: datetime.datetime) -> list[datetime.datetime]:
    """Each hour of the library's history, up to the day before this midnight."""
    return [midnight - (DAYS - day) * DAY + (14 + hour) * HOUR for day in range(DAYS) for hour in range(HOURS)]
