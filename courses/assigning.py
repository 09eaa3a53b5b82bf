"""Who has to take what by when: what the rules ask becomes rounds, for those who are here and those who join."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Person, Unit
from courses.due_rules import Ask
from courses.models import Assignment, Course, Enrolment, TrainingRecord
from courses.outlook import Courses, Prospect, profile, prospects, rulebook
from training.lib.sentences import NOTHING, Sentence

BATCH = 1000
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """What settling writes to a round."""

    assignment_id: int | None
    assigned_at: datetime.datetime | None
    due_on: datetime.date | None
    due_at: datetime.datetime | None
    overdue_at: datetime.datetime | None
    mandatory: bool
    is_open: bool
    opened_at: datetime.datetime | None
    why: Sentence
    closed_at: datetime.datetime | None = None
    closed_because: Sentence = NOTHING


def enrol(assignment: Assignment) -> int:
    """Settle everyone whom the assignment reaches, also one that changed; returns how many people it reaches."""
    settle(concerned(assignment), courses=[assignment.course_id])
    return reached(assignment).count()


@transaction.atomic
def withdraw(assignment: Assignment) -> None:
    """Take the assignment back: where no other asks, the round is closed. Everybody keeps what they did."""
    people, course = concerned(assignment), assignment.course_id
    found = list(people.values_list("pk", flat=True))
    assignment.delete()
    for start in range(0, len(found), BATCH):
        settle(Person.objects.filter(pk__in=found[start : start + BATCH]), courses=[course])


def reached(assignment: Assignment) -> QuerySet[Person]:
    """The people who work here now and are in the assignment's unit or below it, or are its person."""
    unit = assignment.unit
    here = Q(unit__path__startswith=unit.path) if unit else Q(pk=profile(assignment.person))
    return Person.objects.filter(here, is_active=True)  # type: ignore[no-any-return]


def concerned(assignment: Assignment) -> QuerySet[Person]:
    """Whom it reaches, and whose round it decided last."""
    decided = Enrolment.objects.newest().filter(assignment__isnull=False, assignment=assignment.pk).values("person")
    return Person.objects.filter(  # type: ignore[no-any-return]
        Q(pk__in=reached(assignment).values("pk")) | Q(pk__in=decided)
    )


def waits_for_itself(course: Course, after: Iterable[Course]) -> bool:
    """Whether the course, if these had to be completed first, would wait for itself by way of other assignments."""
    waits: dict[int, set[int]] = defaultdict(set)
    for waiting, first in Assignment.after.through.objects.values_list("assignment__course", "course"):
        waits[waiting].add(first)
    found, ahead = set[int](), [first.pk for first in after]
    while ahead:
        found.add(here := ahead.pop())
        ahead += waits[here] - found
    return course.pk in found


def settle_unit(unit: Unit) -> None:
    """Settle everyone in the unit and below it: for a unit that moved, or whose time zone changed."""
    settle(Person.objects.filter(unit__path__startswith=unit.path))


def settle_all(*, at: datetime.datetime | None = None) -> int:
    """Settle everybody: once a day, for the rounds that open by themselves. Returns how many rounds changed."""
    return settle(Person.objects.all(), at=at)


def settle(people: QuerySet[Person], *, courses: Courses = None, at: datetime.datetime | None = None) -> int:
    """Make the rounds of these people, in these courses or in all, what the rules ask; returns how many changed.

    Harmless twice. In batches, each in its transaction with three queries to read; memory does not grow with people.
    """
    now, book = at or timezone.now(), rulebook(courses)
    changed = 0
    for batch in batches(people):
        with transaction.atomic():
            changed += _write(prospects(batch, book, now, courses), now)
    return changed


def batches(people: QuerySet[Person]) -> Iterator[list[int]]:
    """Their ids, BATCH at a time."""
    found = people.order_by("pk").values_list("pk", flat=True)
    batch = list(found[:BATCH])
    while batch:
        yield batch
        batch = list(found.filter(pk__gt=batch[-1])[:BATCH])


def _write(found: Iterable[Prospect], now: datetime.datetime) -> int:
    """Rounds with the same new terms are one update. What is completed meanwhile is left alone."""
    changes: dict[Terms, list[int]] = defaultdict(list)
    new: list[Enrolment] = []
    over: list[int] = []
    for prospect in found:
        row, terms = prospect.row, _terms(prospect, now)
        if terms is None:
            continue
        if row and not row.completed_at:
            if any(getattr(row, name) != value for name, value in vars(terms).items()):
                changes[terms].append(row.pk)
            continue
        over += [row.pk] if row else []
        number = row.round + 1 if row else 1
        new.append(Enrolment(person_id=prospect.person.pk, course_id=prospect.course, round=number, **vars(terms)))
    Enrolment.objects.filter(pk__in=over).update(superseded=True)
    Enrolment.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    for terms, rows in changes.items():
        Enrolment.objects.filter(pk__in=rows, completed_at__isnull=True).update(**vars(terms))
    return len(new) + sum(map(len, changes.values()))


def _terms(prospect: Prospect, now: datetime.datetime) -> Terms | None:
    """What the newest round, or a new one, has to say; None where there is nothing to write.

    A round that is not open yet takes nothing away: what was completed, and what somebody does by themselves, stays.
    """
    row, asked = prospect.row, prospect.asked
    if asked is None:
        return _closed(row, prospect.because, now) if row and not row.completed_at else None
    if not asked.is_open and row and (row.completed_at or not row.assigned_at):
        return None
    return written(asked, row, prospect.zone, now)


def written(asked: Ask, row: Enrolment | None, zone: ZoneInfo, now: datetime.datetime) -> Terms:
    """What is asked, as it is written to a round, or to a new one."""
    due_at, overdue_at = (_end(day, zone) for day in (asked.due_on, asked.grace_until))
    assigned_at = row.assigned_at if row and not row.closed_at else None
    opened_at = row.opened_at if row and not (row.closed_at or row.completed_at) else None
    return Terms(
        assignment_id=asked.rule.key,
        assigned_at=assigned_at or now,
        due_on=asked.due_on,
        due_at=due_at,
        overdue_at=overdue_at if asked.rule.mandatory else None,
        mandatory=asked.rule.mandatory,
        is_open=asked.is_open,
        opened_at=(opened_at or now) if asked.is_open else None,
        why=asked.why,
    )


def _closed(row: Enrolment, because: Sentence, now: datetime.datetime) -> Terms:
    """Closed for the reason that it was closed for first."""
    kept = {name: getattr(row, name) for name in Terms.__dataclass_fields__}
    return Terms(**kept) if row.closed_at else Terms(**kept | {"closed_at": now, "closed_because": because})


def _end(day: datetime.date | None, zone: ZoneInfo) -> datetime.datetime | None:
    """The moment at which the day ends where the person works."""
    return datetime.datetime.combine(day + DAY, datetime.time.min, zone) if day else None


@transaction.atomic
def ask_again(course: Course, people: QuerySet[Person], *, because: str, due_on: datetime.date | None = None) -> int:
    """A new round for those of these people who completed an older edition than the newest; returns how many.

    ``because`` is what the explanation says, such as “edition 3 has new rules”. Whose newest round is not completed
    has it before them already. Harmless twice.
    """
    assert course.current
    who = Coalesce("person__merged_into", "person")
    latest = TrainingRecord.objects.filter(course_slug=course.slug).values(who=who).annotate(last=Max("edition"))
    older = latest.filter(last__lt=course.current.number).values("who")
    done = Enrolment.objects.newest().completed().filter(course=course, person__in=people.filter(is_active=True))
    asked, now = 0, timezone.now()
    for row in list(done.filter(person__in=older)):
        Enrolment.objects.filter(pk=row.pk).update(superseded=True)
        Enrolment.objects.get_or_create(
            person_id=row.person_id, course=course, round=row.round + 1,
            defaults={"asked_again": because[:200], "asked_again_due_on": due_on, "assigned_at": now, "opened_at": now},
        )  # fmt: skip
        asked += 1
    settle(people, courses=[course.pk])
    return asked
