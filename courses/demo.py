"""A small demo library: four accounts to sign in with, their colleagues, and what these have done so far."""

import datetime
import os
import random
from collections.abc import Mapping
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
    """``began`` the course so many days ago, a module every ``pace`` days, and did ``done`` activities of it.

    ``care`` is how often they say the best that could be said.
    """

    name: str
    job_title: str
    unit: str
    done: int = 0
    began: int = 0
    pace: int = 9
    care: float = 0.7
    due_in_days: int = 10
    exempt_for_days: int = 0


ACCOUNTS = (
    Account("staff@example.org", "Sam Rivera", "Library assistant", "takes the training"),
    Account("supervisor@example.org", "Priya Nair", "Branch manager", "sees Riverside Branch in Reports"),
    Account("author@example.org", "Jo Lindqvist", "Training coordinator", "writes courses and scenarios in Admin"),
    Account("admin@example.org", "Alex Morgan", "Systems librarian", "administers everything"),
)
# Enough of them in each branch for the figures that are shown for five people and more.
COLLEAGUES = (
    Colleague("Maya Okafor", "Circulation assistant", "Circulation", done=99, began=170, pace=12, care=0.9),
    Colleague("Tom Becker", "Page", "Circulation", done=3, began=20, due_in_days=-6),
    Colleague("Lucia Ferrari", "Children's librarian", "Hilltop Branch", done=99, began=140, care=0.8),
    Colleague("Hannah Cho", "Reference librarian", "Riverside Branch", done=12, began=33),
    Colleague("Omar Haddad", "Library assistant", "Circulation"),
    Colleague("Grace Miller", "Library assistant", "Hilltop Branch", done=8, began=5, care=0.6),
    Colleague("Dev Patel", "Circulation assistant", "Circulation", due_in_days=-6),
    Colleague("Ruth Abramson", "Branch librarian", "Riverside Branch", done=99, began=150, care=0.6),
    Colleague("Ines Duarte", "Library assistant", "Hilltop Branch", exempt_for_days=60),
    Colleague("Yusuf Demir", "Adult services librarian", "Riverside Branch", done=99, began=120, pace=14, care=0.75),
    Colleague("Nora Lindgren", "Youth services assistant", "Riverside Branch", done=99, began=95, pace=8, care=0.5),
    Colleague("Kofi Mensah", "Circulation assistant", "Circulation", done=99, began=80, pace=6, care=0.65),
    Colleague("Peter Novak", "Library assistant", "Hilltop Branch", done=15, began=45, care=0.5),
    Colleague("Mei Tanaka", "Makerspace technician", "Hilltop Branch", done=12, began=28, care=0.7),
    Colleague("Leah Stein", "Page", "Hilltop Branch", done=8, began=12, care=0.45),
)
# How long ago the course was given to everybody, and the people of the demo came.
GIVEN, HIRED = datetime.timedelta(days=210), datetime.timedelta(days=400)


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
    staff, supervisor, author, admin = (
        Person(email=a.email, name=a.name, job_title=a.job_title, date_joined=timezone.now() - HIRED) for a in ACCOUNTS
    )
    for person, unit in ((staff, circulation), (supervisor, riverside), (author, city), (admin, city)):
        person.unit = unit
        person.is_staff = person in (author, admin)
        person.is_superuser = person is admin
        person.set_password(password())
        person.save()
    author.groups.add(Group.objects.get(name=AUTHORS))
    riverside.supervisors.add(supervisor)
    units = {unit.name: unit for unit in (riverside, circulation, hilltop)}
    hired = {colleague: _hire(colleague, units[colleague.unit]) for colleague in COLLEAGUES}
    hired[Colleague(staff.name, staff.job_title, "Circulation", done=1, began=2)] = staff
    for course in Course.objects.published().filter(language="en"):
        _teach(course, city, hired, admin)
    assigning.settle_all()


def _teach(course: Course, unit: Unit, hired: Mapping[Colleague, Person], admin: Person) -> None:
    now, chance = timezone.now(), random.Random(4)  # noqa: S311
    _assign(course, admin, 10, now - GIVEN, unit=unit, **EVERY_JANUARY)
    for colleague, person in hired.items():
        if colleague.due_in_days < 0:
            _assign(course, admin, colleague.due_in_days, now - datetime.timedelta(days=45), person=person)
        if colleague.exempt_for_days:
            _exempt(person, colleague.exempt_for_days)
    assigning.settle(Person.objects.all(), courses=[course.pk], at=now - GIVEN)
    for colleague, person in hired.items():
        _Learner(person, colleague, chance, now - datetime.timedelta(days=colleague.began)).take(course)


def _assign(course: Course, admin: Person, days: int, at: datetime.datetime, **more: Any) -> None:
    due = timezone.localdate() + datetime.timedelta(days=days)
    Assignment.objects.create(course=course, due="date", due_on=due, assigned_by=admin, assigned_at=at, **more)


def _exempt(person: Person, days: int) -> None:
    today = timezone.localdate()
    end = today + datetime.timedelta(days=days)
    Absence.objects.create(person=person, reason="Seconded to the county archive", starts_on=today, ends_on=end)


def _hire(colleague: Colleague, unit: Unit) -> Person:
    email = colleague.name.lower().replace(" ", ".") + "@example.org"
    joined = timezone.now() - HIRED
    return Person.objects.create_user(
        email, name=colleague.name, job_title=colleague.job_title, unit=unit, date_joined=joined
    )


@dataclass
class _Learner:
    """Somebody on their way through a course, by the same verbs as everybody's; ``at`` is their clock."""

    person: Person
    colleague: Colleague
    chance: random.Random
    at: datetime.datetime

    def take(self, course: Course) -> None:
        found = Activity.objects.filter(module__course=course).select_related("module__course", "policy", "scenario")
        module = None
        for activity in found.order_by("module__position", "position")[: self.colleague.done]:
            if module and activity.module != module:
                self.at += datetime.timedelta(days=self.colleague.pace)
            module = activity.module
            self.at = min(self.at + datetime.timedelta(minutes=self.chance.randint(2, 9)), timezone.now())
            self.do(activity)

    def do(self, activity: Activity) -> None:
        progressing.arrive(self.person, activity, at=self.at)
        if activity.kind == Activity.Kind.SCENARIO and activity.scenario:
            self.play(activity.scenario)
        elif activity.kind == Activity.Kind.KNOWLEDGE_CHECK:
            self.answer(activity)
        elif activity.kind == Activity.Kind.CONFIDENCE_CHECK:
            least = 2 if activity.moment == Activity.Moment.BEFORE else 3
            statements = activity.module.course.confidence_statements.all()
            ratings = {found.pk: least + self.chance.randint(0, 2) for found in statements}
            progressing.rate_confidence(self.person, activity, ratings, at=self.at)
        elif activity.kind == Activity.Kind.POLICY_ACKNOWLEDGEMENT:
            progressing.acknowledge(self.person, activity, at=self.at)
        else:
            progressing.complete(self.person, activity, at=self.at)

    def play(self, scenario: Scenario) -> None:
        attempt = playing.start(self.person, scenario, mode=Attempt.Mode.RECORDED, at=self.at)
        while not attempt.ended_at:
            exploration, state = attempt.exploration, attempt.state
            best = exploration.best(exploration.of(state))
            careful = best and self.chance.random() < self.colleague.care
            choice = best if best and careful else self.chance.choice(offer(exploration.graph, state))
            self.at = min(self.at + datetime.timedelta(seconds=self.chance.randint(15, 70)), timezone.now())
            sequence = len(attempt.path) + 1
            playing.decide(attempt.pk, self.person, choice=choice.key, sequence=sequence, at=self.at)
            attempt = Attempt.objects.get(pk=attempt.pk)

    def answer(self, activity: Activity) -> None:
        """One wrong answer the first time, as often as not; then a pass."""
        right = {
            asked.question.key: [option.key for option in asked.options if option.correct]
            for asked in marking.asked(activity)
        }
        slips = {key: keys if self.chance.random() > 0.35 else [] for key, keys in right.items()}
        if not progressing.submit(self.person, activity, slips, at=self.at).passed:
            self.at = min(self.at + datetime.timedelta(minutes=4), timezone.now())
            progressing.submit(self.person, activity, right, at=self.at)
