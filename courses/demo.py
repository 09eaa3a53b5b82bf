"""A small demo library: four accounts to sign in with, their colleagues, and what these have done so far."""

import datetime
import os
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.authority import AUTHORS
from accounts.models import Person, Unit
from courses import assigning
from courses.models import Assignment, Course


@dataclass(frozen=True)
class Account:
    email: str
    name: str
    job_title: str
    what: str


ACCOUNTS = (
    Account("staff@example.org", "Sam Rivera", "Library assistant", "takes the training"),
    Account("supervisor@example.org", "Priya Nair", "Branch manager", "sees Riverside Branch in Reports"),
    Account(
        "author@example.org", "Jo Lindqvist", "Training coordinator", "writes courses and scenarios in the admin site"
    ),
    Account("admin@example.org", "Alex Morgan", "Systems librarian", "administers everything"),
)
COLLEAGUES = (
    ("Maya Okafor", "Circulation assistant", 3), ("Tom Becker", "Page", 1), ("Lucia Ferrari", "Children's librarian", 5),
    ("Hannah Cho", "Reference librarian", 4), ("Omar Haddad", "Library assistant", 0), ("Grace Miller", "Library assistant", 2),
    ("Dev Patel", "Circulation assistant", 0), ("Ruth Abramson", "Branch librarian", 5),
)  # fmt: skip


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
    due = timezone.localdate() + datetime.timedelta(days=10)
    for course in Course.objects.published():
        assigning.enrol(Assignment.objects.create(course=course, unit=city, due_on=due, assigned_by=admin))
    _hire_colleagues(circulation, hilltop)


def _hire_colleagues(circulation: Unit, hilltop: Unit) -> None:
    for number, (name, job_title, _) in enumerate(COLLEAGUES):
        email = name.lower().replace(" ", ".") + "@example.org"
        person = Person(email=email, name=name, job_title=job_title, unit=hilltop if number % 3 == 2 else circulation)
        person.set_unusable_password()
        person.save()
