"""One person: courses, recorded attempts, knowledge checks, training records. Never practice, never reflections."""

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from courses.counting import counted
from courses.models import Activity, ActivityProgress, Enrolment, Submission, TrainingRecord
from courses.reports.table import day
from scenarios.models import Attempt, Decision

HEADER = (_("What"), _("Title"), _("State"), _("Date"), _("Details"))
HEADINGS = {
    "Course": _("Courses"), "Recorded attempt": _("Recorded attempts"), "Knowledge check": _("Knowledge checks"),
    "Training record": _("Training records"),
}  # fmt: skip
STATES = (
    gettext_noop("passed"), gettext_noop("not passed"), gettext_noop("not finished"), gettext_noop("resolved"),
    gettext_noop("partly resolved"), gettext_noop("escalated"), gettext_noop("unsafe"),
)  # fmt: skip


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
    def heading(self) -> str:
        """What several of them are called."""
        return str(HEADINGS[self.what])

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
        explained = enrolment.closed_because or enrolment.why or gettext("Taken up without being asked.")
        count = {"done": done[enrolment.pk], "all": activities.get(enrolment.course_id, 0)}
        # What was taken together is complete with none of them done.
        said = "" if enrolment.completed_at else gettext("%(done)s of %(all)s activities done.") % count
        on = day(enrolment.completed_at or enrolment.closed_at or enrolment.started_at)
        lines.append(Entry("Course", enrolment.course.title, enrolment.state(now), on, f"{said} {explained}".strip()))
    return lines


def _attempts(person: Person) -> list[Entry]:
    """Recorded attempts, those that are not finished too, each with the decisions taken, and which one counts."""
    mine = Attempt.objects.recorded().filter(person__in=Person.objects.profiles_of(person)).select_related("scenario")
    attempts = list(mine.order_by("-started_at", "-pk"))
    taken = dict(Decision.objects.filter(attempt__in=mine).values_list("attempt").annotate(number=Count("pk")))
    count = _that_count(attempts)
    lines = []
    for attempt in attempts:
        number = taken.get(attempt.pk, 0)
        said = [ngettext("%(number)s decision", "%(number)s decisions", number) % {"number": number}]
        if attempt.ended_at:
            said.append(gettext("%(figure)s %% of the best possible") % {"figure": attempt.figure})
        if attempt.pk in count:
            said.append(gettext("this one counts"))
        state = attempt.ending_kind.replace("-", " ") if attempt.ended_at else "not finished"
        on = day(attempt.ended_at or attempt.started_at)
        lines.append(Entry("Recorded attempt", attempt.scenario.title, state, on, ", ".join(said)))
    return lines


def _that_count(attempts: list[Attempt]) -> set[int]:
    by_scenario = defaultdict(list)
    for attempt in attempts:
        by_scenario[attempt.scenario_id].append(attempt)
    activities = Activity.objects.filter(scenario__in=by_scenario, module__course__current__isnull=False)
    found = (counted(activity, by_scenario[activity.scenario_id or 0]) for activity in activities)
    return {attempt.pk for attempt in found if attempt}


def _checks(person: Person) -> list[Entry]:
    found = Submission.objects.filter(enrolment__person__in=Person.objects.profiles_of(person)).values_list(
        "activity__title", "passed", "submitted_at", "right", "asked"
    )
    said = gettext("%(right)s of %(asked)s right")
    return [
        Entry("Knowledge check", title or "", "passed" if passed else "not passed", day(at),
              said % {"right": right, "asked": asked})
        for title, passed, at, right, asked in found.order_by("-submitted_at", "-pk")
    ]  # fmt: skip


def _records(person: Person) -> list[Entry]:
    said = gettext("%(course)s, edition %(edition)s")
    return [
        Entry("Training record", said % {"course": record.course_title, "edition": record.edition}, "completed",
              day(record.completed_at), record.code, record.get_absolute_url())
        for record in TrainingRecord.objects.standing().of(person)
    ]  # fmt: skip
