"""Training that several people took together: credited to everyone who was there, by a supervisor."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Person
from courses.models import Course, Credit, Enrolment
from courses.progressing import complete_as_told


@dataclass(frozen=True)
class Session:
    """What was taken. ``key`` tells apart two that look the same, so that one sent twice is credited once."""

    key: UUID
    title: str
    conducted_by: str
    category: str
    minutes: int
    on: datetime.date
    proof: str


@transaction.atomic
def credit(supervisor: Person, people: Iterable[int], session: Session) -> int:
    """Credit those of these people (by id) whom the supervisor oversees; returns how many. Harmless twice."""
    present = list(_present(supervisor, people))
    said = {name: getattr(session, name) for name in ("title", "conducted_by", "category", "minutes", "on", "proof")}
    rows = [Credit(person=person, together=session.key, entered_by=supervisor, **said) for person in present]
    Credit.objects.bulk_create(rows, ignore_conflicts=True)
    return len(present)


@transaction.atomic
def complete_together(supervisor: Person, people: Iterable[int], course: Course, on: datetime.date) -> int:
    """The course is completed by those of these people whom the supervisor oversees; returns how many did so now.

    Their records say that they took it together, when, and who confirmed it. Whoever had completed it keeps that.
    """
    done = 0
    for person in _present(supervisor, people):
        newest: Enrolment = Enrolment.objects.get_or_create(person=person, course=course, superseded=False)[0]
        row = (
            Enrolment.objects.select_for_update(of=("self",))
            .select_related("course__current", "person__unit")
            .get(pk=newest.pk)
        )
        if not row.completed_at:
            complete_as_told(row, _told(on, supervisor)[:200])
            done += 1
    return done


def _told(on: datetime.date, supervisor: Person) -> str:
    """In the library's language, whoever confirms it: a record stays as it was written."""
    with override(settings.LANGUAGE_CODE):
        told = _("Taken together on %(day)s, confirmed by %(name)s")
        return told % {"day": date_format(on), "name": supervisor.name}


def _present(supervisor: Person, people: Iterable[int]) -> Iterable[Person]:
    found: Iterable[Person] = Person.objects.visible_to(supervisor).working().filter(pk__in=list(people)).order_by("pk")
    return found


def withdraw(entry: Credit, *, because: str) -> None:
    """The credit counts no more. It stays to be read; withdrawn once, it keeps its first reason."""
    Credit.objects.filter(pk=entry.pk, withdrawn_at=None).update(
        withdrawn_at=timezone.now(), withdrawn_because=because[:200]
    )
