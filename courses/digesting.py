"""Once a week each supervisor is told how their units stand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.core.mail import get_connection
from django.db.models import Q

from accounts.models import Person, Unit
from courses.assigning import batches
from courses.models import Delivery, Enrolment
from courses.posting import Telling, claim, post, reach
from courses.reminding import MONDAY, Tally
from training.lib.sentences import Sentence, counted, sentence

WEEK = timedelta(weeks=1)
AHEAD = timedelta(weeks=2)
NAMED = 15


@dataclass(frozen=True)
class Digest:
    """How the units of one supervisor stand: the longest overdue by name, and what else in numbers."""

    units: tuple[str, ...]
    overdue: tuple[Enrolment, ...]
    overdue_count: int
    due_soon: int
    completed: int

    @property
    def more(self) -> int:
        return self.overdue_count - len(self.overdue)

    @property
    def says_something(self) -> bool:
        return bool(self.overdue_count or self.due_soon or self.completed)


def digest_for(supervisor: Person, now: datetime) -> Digest:
    """Five queries, whatever the size of the units. Administrators too hear only of the units that name them."""
    units = list(supervisor.supervised_units.all())
    here = reduce(or_, (Q(person__unit__path__startswith=unit.path) for unit in units), Q(pk__in=[]))
    seen = Enrolment.objects.visible_to(supervisor).filter(here, person__is_active=True)
    late = seen.overdue(now)
    open_ = seen.current().unfinished()
    return Digest(
        units=tuple(unit.name for unit in units),
        overdue=tuple(late.select_related("person", "course").order_by("overdue_at", "person__name", "pk")[:NAMED]),
        overdue_count=late.count(),
        due_soon=open_.filter(due_at__gt=now, due_at__lte=now + AHEAD).count(),
        completed=seen.filter(completed_at__gt=now - WEEK, completed_at__lte=now).count(),
    )


def digest(now: datetime) -> Tally:
    """A mail to each supervisor where it is Monday and there is something to say: once a week, however often run."""
    tally, server = Tally(), get_connection()
    for supervisor, about, found in waiting(now):
        reach(server)
        if claimed := claim(supervisor, [Telling(Delivery.Occasion.DIGEST, about)], now):
            went = post(
                supervisor, claimed, subject=subject(found), template="courses/mail/digest.txt",
                context={"digest": found}, now=now, server=server,
            )  # fmt: skip
            tally.note(went=went)
    return tally


def waiting(now: datetime) -> Iterator[tuple[Person, str, Digest]]:
    """Each supervisor who is to be told today, the name of the week, and what; each worked out when it is asked for."""
    zones = Unit.objects.all().time_zones()
    for supervisor in _supervisors():
        today = now.astimezone(zones[supervisor.unit_id])
        about = f"{today.isocalendar().year} week {today.isocalendar().week}"
        if today.weekday() != MONDAY or _was_told(supervisor, about):
            continue
        found = digest_for(supervisor, now)
        if found.says_something:
            yield supervisor, about, found


def _supervisors() -> Iterator[Person]:
    """Each looked at when their turn has come."""
    found = Person.objects.working().filter(pk__in=Unit.supervisors.through.objects.values("person"))
    for batch in batches(found):
        yield from filter(None, (found.filter(pk=pk).first() for pk in batch))


def _was_told(supervisor: Person, about: str) -> bool:
    said: Iterable[Delivery] = Delivery.objects.filter(
        person=supervisor, occasion=Delivery.Occasion.DIGEST, about=about, error=""
    )
    return bool(said)


def subject(found: Digest) -> Sentence:
    units = len(found.units)
    where = found.units[0] if units == 1 else counted("{count} unit", "{count} units", count=units)
    if not found.overdue_count:
        return sentence("Training at {where}: nobody overdue", where=where)
    return sentence("Training at {where}: {number} overdue", where=where, number=found.overdue_count)
