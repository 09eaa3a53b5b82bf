"""One person: courses, recorded attempts, knowledge checks, training records. Never practice, never reflections."""

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from accounts.models import Person
from courses.counting import counted
from courses.models import Activity, ActivityProgress, Enrolment, Submission, TrainingRecord
from courses.reports.table import day
from scenarios.models import Attempt, Decision

HEADER = ("What", "Title", "State", "Date", "Details")


@dataclass(frozen=True)
class Entry:
    """One line of a person's report. ``url`` is where more is told, if anywhere."""

    what: str
    title: str
    state: str
    on: datetime.date | None
    details: str
    url: str = ""

    @property
    def tag(self) -> str:
        """The state as the stylesheet knows it."""
        return {"passed": "completed", "not passed": "in-progress", "not finished": "in-progress"}.get(
            self.state, self.state.replace(" ", "-")
        )

    @property
    def cells(self) -> tuple[object, ...]:
        return (self.what, self.title, self.state, self.on, self.details)


def entries(person: Person) -> list[Entry]:
    """Everything that a supervisor may see of a person, by what it is, newest first: eight queries."""
    return [*_courses(person), *_attempts(person), *_checks(person), *_records(person)]


def _courses(person: Person) -> list[Entry]:
    now = timezone.now()
    finished = ActivityProgress.objects.filter(enrolment__person=person, completed_at__isnull=False)
    done = Counter(finished.values_list("enrolment", flat=True))
    activities = dict(
        Activity.objects.filter(module__course__in=Enrolment.objects.filter(person=person).values("course"))
        .values_list("module__course")
        .annotate(number=Count("pk"))
    )
    lines = []
    for enrolment in Enrolment.objects.filter(person=person).select_related("course").order_by("-assigned_at", "-pk"):
        explained = enrolment.closed_because or enrolment.why or "taken up without being asked"
        details = f"{done[enrolment.pk]} of {activities.get(enrolment.course_id, 0)} activities done. {explained}"
        on = day(enrolment.completed_at or enrolment.closed_at or enrolment.started_at)
        lines.append(Entry("Course", enrolment.course.title, enrolment.state(now), on, details))
    return lines


def _attempts(person: Person) -> list[Entry]:
    """Recorded attempts, those that are not finished too, each with the decisions taken, and which one counts."""
    mine = Attempt.objects.recorded().filter(person=person).select_related("scenario")
    attempts = list(mine.order_by("-started_at", "-pk"))
    taken = dict(Decision.objects.filter(attempt__in=mine).values_list("attempt").annotate(number=Count("pk")))
    count = _that_count(attempts)
    lines = []
    for attempt in attempts:
        decisions = f"{taken.get(attempt.pk, 0)} decision{'' if taken.get(attempt.pk) == 1 else 's'}"
        value = f", {attempt.figure} % of the best possible" if attempt.ended_at else ""
        counts = ", this one counts" if attempt.pk in count else ""
        state = attempt.kind_label.lower() if attempt.ended_at else "not finished"
        on = day(attempt.ended_at or attempt.started_at)
        lines.append(Entry("Recorded attempt", attempt.scenario.title, state, on, decisions + value + counts))
    return lines


def _that_count(attempts: list[Attempt]) -> set[int]:
    by_scenario = defaultdict(list)
    for attempt in attempts:
        by_scenario[attempt.scenario_id].append(attempt)
    activities = Activity.objects.filter(scenario__in=by_scenario, module__course__current__isnull=False)
    found = (counted(activity, by_scenario[activity.scenario_id or 0]) for activity in activities)
    return {attempt.pk for attempt in found if attempt}


def _checks(person: Person) -> list[Entry]:
    found = Submission.objects.filter(enrolment__person=person).values_list(
        "activity__title", "passed", "submitted_at", "right", "asked"
    )
    return [
        Entry(
            "Knowledge check", title or "", "passed" if passed else "not passed", day(at), f"{right} of {asked} right"
        )
        for title, passed, at, right, asked in found.order_by("-submitted_at", "-pk")
    ]


def _records(person: Person) -> list[Entry]:
    return [
        Entry("Training record", f"{record.course_title}, edition {record.edition}", "completed",
              day(record.completed_at), record.code, record.get_absolute_url())
        for record in TrainingRecord.objects.standing().filter(person=person)
    ]  # fmt: skip
