"""A roster in, people and units out: rehearsed first, then written whole or not at all.

A person is known by their email address. What is empty in the file leaves as it is what the library knows, so that
the same file twice changes nothing.
"""

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from django.contrib.auth.hashers import make_password
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from accounts.roster import Fault, Roster, Row, read_roster
from accounts.signals import people_changed
from accounts.unit_tree import Node, NoUnit, UnitTree
from training.lib.database import update_rows

Thing = TypeVar("Thing")
BATCH = 500
ANNOUNCED = 1000
EMAIL = "merged_into__email"
FIELDS = ("name", "job_title", "unit", "hired_on", "is_active")


@dataclass(frozen=True)
class Options:
    """``leavers``: who is not in the file has left. ``make_units``: units that do not exist are made."""

    leavers: bool = False
    make_units: bool = False


class Known(NamedTuple):
    """What the library knows of a person already."""

    pk: int
    email: str
    name: str
    job_title: str
    unit_id: int | None
    hired_on: datetime.date
    is_active: bool
    is_superuser: bool
    anonymised_at: datetime.datetime | None


@dataclass(frozen=True)
class Change:
    """What becomes of a person who is known; ``unit`` is where they will be."""

    known: Known
    name: str
    job_title: str
    unit: Node | None
    hired_on: datetime.date

    @property
    def moves(self) -> bool:
        return self.unit is not None and self.unit.pk != self.known.unit_id

    @property
    def is_renamed(self) -> bool:
        known = self.known
        return (self.name, self.job_title, self.hired_on) != (known.name, known.job_title, known.hired_on)

    @property
    def returns(self) -> bool:
        return not self.known.is_active


@dataclass
class Plan:
    """What importing a file does. ``stay`` would leave and do not: whoever imports, and the last administrators."""

    roster: Roster
    units: UnitTree
    joiners: list[tuple[Row, Node | None]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    leavers: list[Known] = field(default_factory=list)
    stay: list[Known] = field(default_factory=list)
    unchanged: int = 0
    # Of everybody who joined, changed or left, once it is written.
    changed: list[int] = field(default_factory=list)

    @property
    def faults(self) -> list[Fault]:
        return sorted(self.roster.faults)

    @property
    def is_empty(self) -> bool:
        return not (self.joiners or self.changes or self.leavers or self.units.new)

    @property
    def movers(self) -> list[Change]:
        return [change for change in self.changes if change.moves and not change.returns]

    @property
    def renamed(self) -> list[Change]:
        return [change for change in self.changes if change.is_renamed and not change.returns]

    @property
    def returners(self) -> list[Change]:
        return [change for change in self.changes if change.returns]

    @property
    def counts(self) -> list[str]:
        """Such as “2 join”, “1 moves”, “97 unchanged”; who moves and has a new name is in both."""
        made, join, left = len(self.units.new), len(self.joiners), len(self.leavers)
        back, move, renamed = len(self.returners), len(self.movers), len(self.renamed)
        counted = [
            (made, ngettext("%(n)s unit made", "%(n)s units made", made)),
            (join, ngettext("%(n)s joins", "%(n)s join", join)),
            (back, ngettext("%(n)s comes back", "%(n)s come back", back)),
            (move, ngettext("%(n)s moves", "%(n)s move", move)),
            (renamed, _("%(n)s with another name, job title or first day")),
            (left, _("%(n)s left")),
        ]
        found = [words % {"n": intcomma(count)} for count, words in counted if count]
        return [*found, _("%(n)s unchanged") % {"n": intcomma(self.unchanged)}]

    @property
    def in_words(self) -> str:
        return ", ".join(self.counts)

    @property
    def digest(self) -> str:
        """The same for two plans that do the same to the same people."""
        found = hashlib.sha256()
        for row, unit in self.joiners:
            found.update(repr((row, unit and unit.path)).encode())
        for change in self.changes:
            found.update(repr((change.known, change.name, change.job_title, change.hired_on)).encode())
            found.update(str(change.unit).encode())
        found.update(repr([self.leavers, [node.path for node in self.units.new]]).encode())
        return found.hexdigest()


class Refused(Exception):
    """Raised where nothing was written; says why."""


def rehearse(content: bytes, options: Options, *, today: datetime.date, by: Person | None = None) -> Plan:
    """What importing the file would do, and everything that is wrong in it. Four queries."""
    plan = Plan(read_roster(content, today=today), UnitTree())
    rows = _by_person(plan)
    for known in _everybody():
        if row := rows.pop(known.email, None):
            _compare(plan, row, known, options)
        elif options.leavers and known.is_active:
            plan.leavers.append(known)
    for row in rows.values():
        _join(plan, row, options)
    _keep_administrators(plan, by)
    return plan


def import_roster(
    content: bytes, options: Options, *, today: datetime.date, by: Person | None = None, expected: str = ""
) -> Plan:
    """Do it, in one transaction. Raises Refused, with everything as it was. What follows from it, ``announce`` does.

    ``expected`` is the digest of the plan that somebody agreed to: what would do something else is refused.
    """
    try:
        with transaction.atomic():
            # Two that import at once, or an administrator who steps down meanwhile, wait for each other here.
            list(Person.objects.working().filter(is_superuser=True).select_for_update().values_list("pk"))
            plan = rehearse(content, options, today=today, by=by)
            if plan.faults:
                raise Refused(_("There are faults in the file."))
            if expected and plan.digest != expected:
                changed = _("Somebody changed people or units meanwhile, so that the file now does something else.")
                raise Refused(changed)
            plan.changed += _write(plan)
    except IntegrityError:
        raise Refused(_("Somebody else was changing people or units at the same moment.")) from None
    plan.changed += [change.known.pk for change in plan.changes] + [known.pk for known in plan.leavers]
    return plan


def announce(plan: Plan) -> Iterator[int]:
    """Say who changed, to the apps above, in batches: yields after each how many that were. Run it to its end."""
    done = 0
    for people in batches(plan.changed, ANNOUNCED):
        done += len(people)
        people_changed.send(Person, people=people, are_last=done == len(plan.changed))
        yield done


def _by_person(plan: Plan) -> dict[str, Row]:
    """The rows by address. What is about a profile that was merged is about the person; once is enough."""
    merged = {old.lower(): email.lower() for old, email in Person.objects.merged().values_list("email", EMAIL)}
    rows = {row.email: row for row in plan.roster.rows if row.email not in merged}
    for row in plan.roster.rows:
        if row.email in merged and rows.setdefault(merged[row.email], row) is not row:
            plan.unchanged += 1
    return rows


def _everybody() -> Iterator[Known]:
    columns = ("pk", "email", "name", "job_title", "unit", "hired_on", "is_active", "is_superuser", "anonymised_at")
    people = Person.objects.filter(merged_into__isnull=True).order_by("name", "pk")
    for row in people.values_list(*columns).iterator(2000):
        known = Known(*row)
        yield known._replace(email=known.email.lower())


def _compare(plan: Plan, row: Row, known: Known, options: Options) -> None:
    if known.anonymised_at:
        said = _("This address is of somebody who was anonymised. Give them their own address.")
        plan.roster.fault(row.line, said)
        return
    if row.left:
        plan.leavers += [known] if known.is_active else []
        plan.unchanged += not known.is_active
        return
    unit = _unit(plan, row, options) or plan.units.nodes.get(known.unit_id or 0)
    change = Change(
        known, row.name or known.name, row.job_title or known.job_title, unit, row.hired_on or known.hired_on
    )
    if change.moves or change.is_renamed or change.returns:
        plan.changes.append(change)
    else:
        plan.unchanged += 1


def _join(plan: Plan, row: Row, options: Options) -> None:
    if row.left:
        plan.unchanged += 1
        return
    if not row.name:
        plan.roster.fault(row.line, _("%(email)s is new here, and has no name.") % {"email": row.email})
    plan.joiners.append((row, _unit(plan, row, options)))


def _unit(plan: Plan, row: Row, options: Options) -> Node | None:
    """The unit that the row names, if it names one."""
    try:
        return plan.units.find(row.unit, make=options.make_units) if row.unit else None
    except NoUnit as why:
        plan.roster.fault(row.line, str(why))
        return None


def _keep_administrators(plan: Plan, by: Person | None) -> None:
    """Whoever imports stays; and where no administrator at all would be left, all of them stay."""
    working = set(Person.objects.working().filter(is_superuser=True).values_list("pk", flat=True))
    kept = {by.pk} if by else set()
    if working <= {known.pk for known in plan.leavers} - kept:
        kept |= working
    plan.stay = [known for known in plan.leavers if known.pk in kept]
    plan.leavers = [known for known in plan.leavers if known.pk not in kept]
    plan.unchanged += len(plan.stay)


def _write(plan: Plan) -> list[int]:
    """Write the plan in batches; returns the ids of those who joined."""
    plan.units.save_new()
    joined: list[int] = []
    for rows in batches(plan.joiners):
        joined += [person.pk for person in Person.objects.bulk_create([_new(*row) for row in rows])]
    for changes in batches(plan.changes):
        update_rows(Person, FIELDS, map(_changed, changes))
        if back := [change.known.pk for change in changes if change.returns]:
            Person.objects.filter(pk__in=back).update(back_on=timezone.localdate())
    for leavers in batches(plan.leavers):
        Person.objects.filter(pk__in=[known.pk for known in leavers]).update(is_active=False)
    return joined


def batches(things: Sequence[Thing], size: int = BATCH) -> Iterator[Sequence[Thing]]:
    """The things, so many at a time."""
    return (things[start : start + size] for start in range(0, len(things), size))


def _new(row: Row, unit: Node | None) -> Person:
    """Nobody types a password for another: they choose theirs by a link."""
    hired = {"hired_on": row.hired_on} if row.hired_on else {}
    person = Person(email=row.email, name=row.name, job_title=row.job_title, password=make_password(None), **hired)
    person.unit_id = unit.pk if unit else None
    return person


def _changed(change: Change) -> tuple[object, ...]:
    unit = change.unit.pk if change.unit else None
    return (change.known.pk, change.name, change.job_title, unit, change.hired_on, True)
