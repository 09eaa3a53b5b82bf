"""What was done in a profile counts for the person whom it was merged into: their rounds are repeated there.

A repeated round says for which one it stands. To separate the profiles takes it back, unless somebody went on in it.
"""

import datetime
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import Person
from courses import assigning
from courses.models import ActivityProgress, ConfidenceAnswer, Enrolment, TrainingRecord
from courses.outlook import prospects, rulebook
from scenarios.models import Attempt

REPEATED = (
    "course_id", "assignment_id", "assigned_at", "due_on", "due_at", "overdue_at", "mandatory", "is_open", "why",
    "started_at", "completed_at", "resume_at_id",
)  # fmt: skip
# Above every number of a round, while rounds get new ones.
ASIDE = 1_000_000


def repeat_rounds(duplicate: Person, kept: Person) -> None:
    """Give the kept person what the duplicate completed, and what they began where the kept one did not."""
    theirs = Enrolment.objects.filter(person=duplicate).filter(
        Q(completed_at__isnull=False) | Q(superseded=False, started_at__isnull=False, closed_at__isnull=True)
    )
    courses = set(theirs.values_list("course", flat=True))
    for course in sorted(courses):
        _repeat(list(theirs.filter(course=course).order_by("round")), _rounds(kept, course), kept)
    _put_completed_first(kept, courses)
    assigning.settle(Person.objects.filter(pk=kept.pk))


def take_back(duplicate: Person, kept: Person, *, since: datetime.datetime) -> None:
    """Take back the rounds that stand for the duplicate's, and those that only their assignments asked for.

    One in which somebody went on ``since`` they were merged is the kept person's.
    """
    mine = Enrolment.objects.filter(person=kept)
    copies = list(mine.filter(stands_for__person=duplicate).select_related("stands_for"))
    asked = mine.never_started().filter(assignment__person=duplicate, assigned_at__gte=since, stands_for=None)
    over = [copy.pk for copy in copies if not _is_touched(copy)] + [row.pk for row in asked]
    courses = {copy.course_id for copy in copies} | {row.course_id for row in asked}
    mine.filter(pk__in=over).delete()
    mine.filter(stands_for__person=duplicate).update(stands_for=None)
    for course in courses:
        _number(_rounds(kept, course))
    assigning.settle(Person.objects.filter(pk__in=[kept.pk, duplicate.pk]))


def described(person: Person) -> list[str]:
    """What there is of the person in courses and scenarios, as far as an administrator may know."""
    rounds = Enrolment.objects.filter(person=person)
    done, begun = rounds.completed().count(), rounds.newest().in_progress().count()
    records = TrainingRecord.objects.filter(person=person).count()
    attempts = Attempt.objects.recorded().filter(person=person).count()
    counts = [
        (done, ngettext("%(n)s round of courses completed", "%(n)s rounds of courses completed", done)),
        (begun, ngettext("%(n)s course begun and not finished", "%(n)s courses begun and not finished", begun)),
        (records, ngettext("%(n)s training record", "%(n)s training records", records)),
        (attempts, ngettext("%(n)s recorded attempt at scenarios", "%(n)s recorded attempts at scenarios", attempts)),
    ]
    return [words % {"n": count} for count, words in counts if count]


def _rounds(person: Person, course: int) -> list[Enrolment]:
    return list(Enrolment.objects.filter(person=person, course=course).order_by("round"))


def _repeat(theirs: list[Enrolment], mine: list[Enrolment], kept: Person) -> None:
    """Copies of their rounds among mine, in the order in which they were completed."""
    anything_done = any(row.completed_at for row in (*theirs, *mine))
    for row in theirs:
        if row.completed_at:
            place = next((at for at, own in enumerate(mine) if _is_after(own, row.completed_at)), len(mine))
            mine.insert(place, _copy(row, kept))
        elif not anything_done and not (mine and mine[-1].started_at):
            mine.append(_copy(row, kept))
    _number(mine)


def _is_after(own: Enrolment, moment: datetime.datetime) -> bool:
    """Completed later, or the newest and still open."""
    return own.completed_at > moment if own.completed_at else not own.superseded


def _put_completed_first(kept: Person, courses: set[int]) -> None:
    """Where nothing is asked of the kept person any more, what counts is what was completed, and not an open round."""
    asked = {
        found.course
        for found in prospects([kept.pk], rulebook(courses), timezone.now(), courses)
        if found.asked and found.asked.is_open
    }
    for course in courses - asked:
        rows = _rounds(kept, course)
        done = [row for row in rows if row.completed_at]
        if done and not rows[-1].completed_at:
            _number([*(row for row in rows if row != done[-1]), done[-1]])


def _copy(row: Enrolment, kept: Person) -> Enrolment:
    """The round with what was done in it. Its number is provisional."""
    last = Enrolment.objects.filter(person=kept, course=row.course_id).order_by("-round").first()
    number = max(last.round if last else 0, ASIDE) + 1
    same = {name: getattr(row, name) for name in REPEATED}
    copy = Enrolment.objects.create(person=kept, round=number, superseded=True, stands_for=row, **same)
    ActivityProgress.objects.bulk_create(
        ActivityProgress(enrolment=copy, activity_id=activity, opened_at=opened, completed_at=done)
        for activity, opened, done in _progress(row)
    )
    ConfidenceAnswer.objects.bulk_create(
        ConfidenceAnswer(enrolment=copy, statement_id=statement, moment=moment, rating=rating, answered_at=at)
        for statement, moment, rating, at in _confidence(row)
    )
    return copy


def _is_touched(copy: Enrolment) -> bool:
    """Whether anything was done in a round that stands for another, since then."""
    row = copy.stands_for
    assert row is not None
    is_same = (_progress(copy), _confidence(copy), copy.completed_at) == (
        _progress(row),
        _confidence(row),
        row.completed_at,
    )
    return not is_same or copy.submissions.exists()


def _progress(row: Enrolment) -> list[tuple[int, datetime.datetime, datetime.datetime | None]]:
    return list(row.progress.order_by("activity").values_list("activity", "opened_at", "completed_at"))


def _confidence(row: Enrolment) -> list[tuple[int, str, int, datetime.datetime]]:
    answers = row.confidence.order_by("statement", "moment")
    return list(answers.values_list("statement", "moment", "rating", "answered_at"))


def _number(rows: Iterable[Enrolment]) -> None:
    """Number the rounds in this order; the last one is the newest. What is right already is not written."""
    ordered = list(rows)
    wanted = [(number, number < len(ordered)) for number in range(1, len(ordered) + 1)]
    if [(row.round, row.superseded) for row in ordered] == wanted:
        return
    for aside, row in enumerate(ordered, 2 * ASIDE):
        Enrolment.objects.filter(pk=row.pk).update(round=aside, superseded=True)
    for row, (number, superseded) in zip(ordered, wanted, strict=True):
        Enrolment.objects.filter(pk=row.pk).update(round=number, superseded=superseded)
