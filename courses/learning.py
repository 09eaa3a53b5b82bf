"""What a learner's pages show: where I am in my courses, and what to do next."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from accounts.models import Person
from courses.asking import Ask, asks
from courses.models import Activity, ActivityProgress, Course, Enrolment, Module, TrainingRecord
from scenarios.models import Attempt

# The states of steps and ways, which pages show in the reader's words.
STATES = (
    gettext_noop("completed"), gettext_noop("in progress"), gettext_noop("not started"), gettext_noop("overdue"),
    gettext_noop("closed"), gettext_noop("not open yet"),
)  # fmt: skip
DAY = datetime.timedelta(days=1)
SOON = 14 * DAY


@dataclass(frozen=True)
class Step:
    """An activity and how far the learner is in it: completed, in progress, not started."""

    activity: Activity
    state: str


@dataclass(frozen=True)
class ModuleSteps:
    module: Module
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> int:
        return sum(step.activity.minutes for step in self.steps)

    @property
    def done(self) -> int:
        return sum(step.state == "completed" for step in self.steps)


@dataclass(frozen=True)
class Way:
    """One person's way through one course. ``next`` is where to go on; None when every activity is done."""

    course: Course
    enrolment: Enrolment | None
    modules: tuple[ModuleSteps, ...]
    now: datetime.datetime

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for module in self.modules for step in module.steps)

    @property
    def required(self) -> int:
        return sum(step.activity.required for step in self.steps)

    @property
    def done(self) -> int:
        return sum(step.activity.required and step.state == "completed" for step in self.steps)

    @property
    def minutes_left(self) -> int:
        return sum(step.activity.minutes for step in self.steps if step.activity.required and step.state != "completed")

    @property
    def time_left(self) -> str:
        """In words: minutes up to an hour and a half, then half hours; empty when nothing is left."""
        halves = round(self.minutes_left / 30)
        if halves > 3:
            return _("%(hours)s hours") % {"hours": f"{halves // 2}{'½' if halves % 2 else ''}"}
        left = self.minutes_left
        return ngettext("%(minutes)s minute", "%(minutes)s minutes", left) % {"minutes": left} if left else ""

    @property
    def minutes(self) -> int:
        return sum(step.activity.minutes for step in self.steps)

    @property
    def state(self) -> str:
        return self.enrolment.state(self.now) if self.enrolment else "not started"

    @property
    def is_started(self) -> bool:
        return bool(self.enrolment and self.enrolment.started_at)

    @property
    def is_recommended(self) -> bool:
        """Given to them, and theirs to leave."""
        return bool(self.enrolment and self.enrolment.assigned_at and not self.enrolment.mandatory)

    @property
    def why(self) -> str:
        """When it is due, or opens, and why, in a sentence; empty for what they took up by themselves or is done."""
        return str(self.enrolment.why) if self.enrolment and self.state not in ("completed", "closed") else ""

    @property
    def due(self) -> str:
        """The due date in words, empty where there is none, where it is far, or where it no longer matters."""
        if not self.enrolment or not self.enrolment.due_at or self.state in ("completed", "closed", "not open yet"):
            return ""
        days = (self.enrolment.due_at - self.now) // DAY
        if days < 0:
            return "" if self.is_recommended else _("was due %(days)s ago") % {"days": _days(-days)}
        if days > SOON.days:
            return ""
        if self.is_recommended:
            said = {0: _("recommended today"), 1: _("recommended by tomorrow")}
            return said.get(days) or _("recommended within %(days)s") % {"days": _days(days)}
        said = {0: _("due today"), 1: _("due tomorrow")}
        return said.get(days) or _("due in %(days)s") % {"days": _days(days)}

    @property
    def next(self) -> Activity | None:
        return self.after(self.enrolment.resume_at_id if self.enrolment else None)

    def after(self, activity: int | None) -> Activity | None:
        """The activity with this id unless it is done, else the next one to do after it, else the first one to do."""
        ids = [step.activity.pk for step in self.steps]
        start = ids.index(activity) if activity in ids else 0
        order = self.steps[start:] + self.steps[:start]
        open_ = [step.activity for step in order if step.state != "completed"]
        return next((found for found in open_ if found.required or found.pk == activity), next(iter(open_), None))


@dataclass(frozen=True)
class MyTraining:
    now: Way | None
    due: tuple[Way, ...]
    others: tuple[Way, ...]
    waiting: tuple[Way, ...]
    paused: tuple[Attempt, ...]
    asks: tuple[Ask, ...]
    records: tuple[TrainingRecord, ...]


def my_training(person: Person) -> MyTraining:
    """What to do next, what is due, which scenario waits, what is asked, what is done: six queries."""
    enrolments = Enrolment.objects.newest().filter(person=person, closed_at=None, course__current__isnull=False)
    ways = sorted(_ways(enrolments.select_related("course")), key=_urgency)
    open_ = [way for way in ways if way.state not in ("completed", "not open yet")]
    now = next((way for way in open_ if way.is_started), None) if not any(_pressing(way) for way in open_) else open_[0]
    now = now or next(iter(open_), None)
    rest = [way for way in open_ if way is not now]
    return MyTraining(
        now=now,
        due=tuple(way for way in rest if way.due),
        others=tuple(way for way in rest if not way.due),
        waiting=tuple(way for way in ways if way.state == "not open yet"),
        paused=tuple(Attempt.objects.played_by(person).open().select_related("scenario")),
        asks=tuple(asks(person, timezone.now())),
        records=tuple(TrainingRecord.objects.standing().of(person)),
    )


def way_through(course: Course, person: Person) -> Way:
    """The person's way through a course, whether or not they have begun it: three queries."""
    enrolment = Enrolment.objects.newest().filter(course=course, person=person).first()
    if enrolment:
        enrolment.course = course
        return _ways([enrolment])[0]
    return unbegun(course)


def unbegun(course: Course) -> Way:
    """The way of somebody who has not begun the course: one query."""
    return _way(course, None, list(_activities([course.pk])), {})


def activities_for(person: Person) -> QuerySet[Activity]:
    """Activities of published courses with what the person did in each: ``enrolment``, ``opened``, ``done``."""
    enrolment = Enrolment.objects.newest().filter(person=person, course=OuterRef("module__course"))
    progress = ActivityProgress.objects.filter(
        enrolment__person=person, enrolment__superseded=False, activity=OuterRef("pk")
    )
    mine = {
        "enrolment": Subquery(enrolment.values("pk")),
        "at": Subquery(enrolment.values("resume_at")),
        "opened": Subquery(progress.values("opened_at")),
        "done": Subquery(progress.values("completed_at")),
    }
    return (
        Activity.objects.filter(module__course__current__isnull=False)
        .select_related("module__course", "policy", "scenario__current", "alternative")
        .defer("scenario__current__document", "scenario__current__page")
        .annotate(**mine)
    )


def _ways(enrolments: Iterable[Enrolment]) -> list[Way]:
    found = list(enrolments)
    activities = list(_activities([enrolment.course_id for enrolment in found]))
    progress = ActivityProgress.objects.filter(enrolment__in=[enrolment.pk for enrolment in found])
    states = {
        (enrolment, activity): "completed" if done else "in progress"
        for enrolment, activity, done in progress.values_list("enrolment", "activity", "completed_at")
    }
    return [_way(enrolment.course, enrolment, activities, states) for enrolment in found]


def _way(
    course: Course, enrolment: Enrolment | None, activities: list[Activity], states: dict[tuple[int, int], str]
) -> Way:
    modules: dict[int, tuple[Module, list[Step]]] = {}
    for activity in activities:
        if activity.module.course_id == course.pk:
            state = states.get((enrolment.pk, activity.pk), "not started") if enrolment else "not started"
            modules.setdefault(activity.module_id, (activity.module, []))[1].append(Step(activity, state))
    steps = tuple(ModuleSteps(module, tuple(found)) for module, found in modules.values())
    return Way(course, enrolment, steps, timezone.now())


def _activities(courses: list[int]) -> QuerySet[Activity]:
    found = Activity.objects.filter(module__course__in=courses).select_related("module__course")
    return found.defer("body", "body_html").order_by("module__position", "module__pk", "position", "pk")


def _pressing(way: Way) -> bool:
    return way.state == "overdue"


def _urgency(way: Way) -> tuple[bool, bool, datetime.datetime, bool]:
    due = way.enrolment.due_at if way.enrolment else None
    return (way.is_recommended, due is None, due or way.now, not way.is_started)


def _days(count: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", count) % {"days": count}
