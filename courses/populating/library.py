"""Units, people, and batch by batch all that they ever did: each batch is written whole or not at all."""

import datetime
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import Person, Unit
from courses import assigning
from courses.populating.history import Rows, live
from courses.populating.teaching import Taught, teach, working_hours
from courses.reports.summaries import store

BATCH = 1_000
# Fewer units than this are branches only.
WITH_DISTRICTS = 6
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
    """What was made so far, and how to sign in to look at it."""

    supervisor: str
    administrator: str
    courses: int
    people: int = 0
    enrolments: int = 0
    attempts: int = 0
    decisions: int = 0
    records: int = 0


@dataclass(frozen=True)
class Tree:
    """A system, two halves of it, and the branches that people work in, those of the halves in turns."""

    system: Unit
    halves: tuple[Unit, Unit]
    branches: list[Unit]


def populate(
    *, units: int, staff: int, courses: int, seed: int, password: str, say: Callable[[Made], object] = lambda made: None
) -> Made:
    """Add so many units, people and courses, with enrolments in every state and plays, finished and not.

    Units, courses and accounts are one transaction, and so is each batch of people with all that they did; after each
    of them ``say`` hears what there is. What is cut short leaves those that were said, which keep to every rule.
    """
    mark = f"{seed}-{Person.objects.count()}"
    chance, codes = random.Random(seed), random.Random(mark)  # noqa: S311
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    with transaction.atomic():
        tree = _units(units, mark)
        made, taught = _found(tree, courses, mark, midnight, password, chance)
    say(made)
    people = _people(staff, tree, mark, midnight.date(), chance)
    while batch := list(islice(people, BATCH)):
        with store.unnoted():
            rows = live(Person.objects.bulk_create(batch), taught, chance, codes)
            rows.insert()
        _count(made, len(batch), rows)
        say(made)
    return made


def _count(made: Made, people: int, rows: Rows) -> None:
    made.people += people
    made.enrolments += len(rows.enrolments)
    made.attempts += len(rows.attempts)
    made.decisions += len(rows.decisions)
    made.records += len(rows.records)


def _units(count: int, mark: str) -> Tree:
    system = Unit.objects.create(name=f"System {mark}", kind=Unit.Kind.SYSTEM)
    above = [system, system]
    if count >= WITH_DISTRICTS:
        above = [Unit.objects.create(name=f"{name} District {mark}", parent=system) for name in ("North", "South")]
    number = count - 1 - (2 if count >= WITH_DISTRICTS else 0)
    branches = [Unit.objects.create(name=f"Branch {place + 1}", parent=above[place % 2]) for place in range(number)]
    halves = above if count >= WITH_DISTRICTS else (branches * 2 or above)
    return Tree(system, (halves[0], halves[1]), branches or [system])


def _found(
    tree: Tree, courses: int, mark: str, midnight: datetime.datetime, password: str, chance: random.Random
) -> tuple[Made, list[Taught]]:
    """The courses, and two accounts to look at them with.

    Of four courses one is for everybody, one for each half of the library, and one is what people take by themselves.
    """
    whom = (tree.system, *tree.halves, None)
    moments = working_hours(midnight)
    taught = [teach(number, whom[number % 4], mark, moments, chance) for number in range(courses)]
    administrator = Person.objects.create_superuser(f"administrator-{mark}@example.org", password, name="Administrator")
    mine = tree.branches[-1]
    supervisor = Person.objects.create_user(f"supervisor-{mark}@example.org", password, name="Supervisor", unit=mine)
    mine.supervisors.add(supervisor)
    assigning.settle(Person.objects.filter(pk=supervisor.pk))
    return Made(supervisor.email, administrator.email, courses), taught


def _people(count: int, tree: Tree, mark: str, today: datetime.date, chance: random.Random) -> Iterator[Person]:
    unusable = make_password(None)
    for number in range(count):
        yield Person(
            email=f"person-{mark}-{number}@example.org",
            name=f"{chance.choice(FIRST)} {chance.choice(LAST)} {number}",
            job_title=chance.choice(JOBS),
            unit=tree.branches[number % len(tree.branches)],
            hired_on=today - datetime.timedelta(days=chance.randint(301, 3000)),
            password=unusable,
        )
