"""A small demo library: four accounts to sign in with, their colleagues, and what these have done so far."""

import datetime
import os
import random
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.authority import AUTHORS
from accounts.models import Person, Unit
from courses import assigning, marking, progressing
from courses.models import Absence, Activity, Assignment, Course
from scenarios import playing
from scenarios.engine.play import offer
from scenarios.models import Attempt, Scenario


@dataclass(frozen=True)
class Account:
    email: str
    name: str
    job_title: str
    what: str


@dataclass(frozen=True)
class Colleague:
    """``done`` activities of the course; ``care`` is how often they say the best that could be said."""

    name: str
    job_title: str
    unit: str
    done: int
    care: float = 0.7
    due_in_days: int = 10
    exempt_for_days: int = 0


ACCOUNTS = (
    Account("staff@example.org", "Sam Rivera", "Library assistant", "takes the training"),
    Account("supervisor@example.org", "Priya Nair", "Branch manager", "sees Riverside Branch in Reports"),
    Account("author@example.org", "Jo Lindqvist", "Training coordinator", "writes courses and scenarios in Admin"),
    Account("admin@example.org", "Alex Morgan", "Systems librarian", "administers everything"),
)
COLLEAGUES = (
    Colleague("Maya Okafor", "Circulation assistant", "Circulation", done=99, care=0.9),
    Colleague("Tom Becker", "Page", "Circulation", done=3, due_in_days=-6),
    Colleague("Lucia Ferrari", "Children's librarian", "Hilltop Branch", done=99, care=0.8),
    Colleague("Hannah Cho", "Reference librarian", "Riverside Branch", done=7),
    Colleague("Omar Haddad", "Library assistant", "Circulation", done=0),
    Colleague("Grace Miller", "Library assistant", "Hilltop Branch", done=5),
    Colleague("Dev Patel", "Circulation assistant", "Circulation", done=0, due_in_days=-6),
    Colleague("Ruth Abramson", "Branch librarian", "Riverside Branch", done=99, care=0.6),
    Colleague("Ines Duarte", "Library assistant", "Hilltop Branch", done=0, exempt_for_days=60),
)


EVERY_JANUARY = {"repeats": Assignment.Repeats.WINDOW, "window_from": 1, "window_to": 1, "grace_days": 7}


def password() -> str:
    return os.environ.get("DEMO_PASSWORD", "welcome-to-the-library")


@transaction.atomic
def load() -> None:
    """The starter content, then the library. For an empty database."""
    call_command("import_content", str(settings.BASE_DIR / "fixtures" / "starter"), verbosity=0)
    city = Unit.objects.create(name="Harbor City Library", kind=Unit.Kind.SYSTEM)
    riverside = Unit.objects.create(name="Riverside Branch", parent=city)
    circulation = Unit.objects.create(name="Circulation", parent=riverside, kind=Unit.Kind.DEPARTMENT)
    hilltop = Unit.objects.create(name="Hilltop Branch", parent=city)
    staff, supervisor, author, admin = (Person(email=a.email, name=a.name, job_title=a.job_title) for a in ACCOUNTS)
    for person, unit in ((staff, circulation), (supervisor, riverside), (author, city), (admin, city)):
        person.unit = unit
        person.is_staff = person in (author, admin)
        person.is_superuser = person is admin
        person.set_password(password())
        person.save()
    author.groups.add(Group.objects.get(name=AUTHORS))
    riverside.supervisors.add(supervisor)
    units = {unit.name: unit for unit in (riverside, circulation, hilltop)}
    chance = random.Random(4)  # noqa: S311
    for course in Course.objects.published().filter(language="en"):
        _assign(course, admin, 10, unit=city, **EVERY_JANUARY)
        for colleague in COLLEAGUES:
            _train(_hire(colleague, units[colleague.unit]), course, colleague, admin, chance)
        _train(staff, course, Colleague(staff.name, staff.job_title, "Circulation", done=1), admin, chance)


def _assign(course: Course, admin: Person, days: int, **more: Any) -> None:
    due = timezone.localdate() + datetime.timedelta(days=days)
    assigning.enrol(Assignment.objects.create(course=course, due="date", due_on=due, assigned_by=admin, **more))


def _exempt(person: Person, days: int) -> None:
    today = timezone.localdate()
    end = today + datetime.timedelta(days=days)
    Absence.objects.create(person=person, reason="Seconded to the county archive", starts_on=today, ends_on=end)
    assigning.settle(Person.objects.filter(pk=person.pk))


def _hire(colleague: Colleague, unit: Unit) -> Person:
    email = colleague.name.lower().replace(" ", ".") + "@example.org"
    found: Person | None = Person.objects.filter(email=email).first()
    return found or Person.objects.create_user(email, name=colleague.name, job_title=colleague.job_title, unit=unit)


def _train(person: Person, course: Course, colleague: Colleague, admin: Person, chance: random.Random) -> None:
    if colleague.due_in_days < 0:
        _assign(course, admin, colleague.due_in_days, person=person)
    if colleague.exempt_for_days:
        _exempt(person, colleague.exempt_for_days)
    activities = Activity.objects.filter(module__course=course).select_related("module__course", "policy", "scenario")
    for activity in activities.order_by("module__position", "position")[: colleague.done]:
        _do(person, activity, colleague.care, chance)


def _do(person: Person, activity: Activity, care: float, chance: random.Random) -> None:
    progressing.arrive(person, activity)
    if activity.kind == Activity.Kind.SCENARIO and activity.scenario:
        _play(person, activity.scenario, care, chance)
    elif activity.kind == Activity.Kind.KNOWLEDGE_CHECK:
        _answer(person, activity, chance)
    elif activity.kind == Activity.Kind.CONFIDENCE_CHECK:
        least = 2 if activity.moment == Activity.Moment.BEFORE else 3
        statements = activity.module.course.confidence_statements.all()
        progressing.rate_confidence(person, activity, {found.pk: least + chance.randint(0, 2) for found in statements})
    elif activity.kind == Activity.Kind.POLICY_ACKNOWLEDGEMENT:
        progressing.acknowledge(person, activity)
    else:
        progressing.complete(person, activity)


def _play(person: Person, scenario: Scenario, care: float, chance: random.Random) -> None:
    attempt = playing.start(person, scenario, mode=Attempt.Mode.RECORDED)
    while not attempt.ended_at:
        exploration, steps = attempt.exploration, attempt.path
        state = attempt.state
        best = exploration.best(exploration.of(state))
        choice = best if best and chance.random() < care else chance.choice(offer(exploration.graph, state))
        playing.decide(attempt.pk, person, choice=choice.key, sequence=len(steps) + 1)
        attempt = Attempt.objects.get(pk=attempt.pk)


def _answer(person: Person, activity: Activity, chance: random.Random) -> None:
    """One wrong answer the first time, as often as not; then a pass."""
    right = {
        asked.question.key: [option.key for option in asked.options if option.correct]
        for asked in marking.asked(activity)
    }
    slips = {key: keys if chance.random() > 0.35 else [] for key, keys in right.items()}
    if not progressing.submit(person, activity, slips).passed:
        progressing.submit(person, activity, right)
