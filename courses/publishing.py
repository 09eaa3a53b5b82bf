"""Number a course's contents as they stand: the edition that training records refer to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Person
from courses.models import Activity, Course, CourseEdition, Enrolment, Module, Question, TrainingRecord
from scenarios.models import PolicyValue
from scenarios.quoting import literals, references


class CannotPublishCourse(Exception):
    """``reasons`` says in sentences what is missing."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


@override("en")
def outline_of(course: Course) -> list[dict[str, Any]]:
    """What the course contains, as an auditor reads it: modules, their outcomes, their activities with minutes.

    It is kept, so that its words are in one language, whoever publishes.
    """
    modules = course.modules.prefetch_related("activities")
    return [
        {
            "title": module.title,
            "summary": module.summary,
            "outcomes": module.outcomes,
            "activities": [
                {
                    "title": activity.title,
                    "kind": activity.get_kind_display(),
                    "minutes": activity.minutes,
                    "required": activity.required,
                }
                for activity in module.activities.all()
            ],
        }
        for module in modules
    ]


def advice_of(activities: Iterable[Activity], *, language: str) -> list[str]:
    """What holds nothing up and would better be otherwise: policy values that stand in the text as they are."""
    values = PolicyValue.objects.quotable_in(language)
    said = _(
        "“%(activity)s” says “%(value)s”, as the policy does. Write {%(name)s}, so that it is right when that changes."
    )
    return [
        said % {"activity": activity, "value": value, "name": name}
        for activity in activities
        for name, value in sorted(literals(_prose(activity), values).items())
    ]


def activities_of(course: Course) -> list[Activity]:
    """All activities of the course, with what they play and ask: four queries."""
    modules = Module.objects.filter(course=course).whole()
    return [activity for module in modules for activity in module.activities.all()]


def _prose(activity: Activity) -> Iterator[str]:
    yield activity.body
    for question in activity.questions.all():
        yield question.text
        for option in question.options.all():
            yield from (option.text, option.explanation)


def faults_of(course: Course, activities: Sequence[Activity]) -> list[str]:
    """Why the course, which has these activities, cannot be published, each a sentence that says what to do."""
    if not any(activity.required for activity in activities):
        return [_("The course has no required activity yet. Add at least one.")]
    known = {name for name, value in PolicyValue.objects.quotable().items() if value}
    return [fault for activity in activities for fault in _faults_in(activity, course, known)]


def _faults_in(activity: Activity, course: Course, known: set[str]) -> Iterator[str]:
    """What is wrong in one activity, where ``known`` are the policy values that can be quoted."""
    said: dict[str, object] = {"activity": activity}
    for name in sorted(references(activity.body) - known):
        yield _("“%(activity)s” quotes {%(name)s}, which no policy has a value for.") % {**said, "name": name}
    for scenario in (activity.scenario, activity.alternative):
        if scenario and not scenario.current_id:
            unpublished = _("“%(activity)s” plays “%(scenario)s”, which is not published. Publish it first.")
            yield unpublished % {**said, "scenario": scenario}
    if activity.kind == activity.Kind.KNOWLEDGE_CHECK and not activity.questions.all():
        yield _("“%(activity)s” has no questions yet. Add some.") % said
    for question in activity.questions.all():
        yield from _faults_of_options(question, {**said, "question": question})
    if activity.kind == activity.Kind.CONFIDENCE_CHECK and not course.confidence_statements.exists():
        yield _("“%(activity)s” has no statements to rate. Add some to the course.") % said


def _faults_of_options(question: Question, said: dict[str, object]) -> Iterator[str]:
    options = question.options.all()
    if not any(option.correct for option in options):
        yield _("“%(activity)s”: no option of “%(question)s” is right. Mark at least one.") % said
    if not all(option.explanation for option in options):
        yield _("“%(activity)s”: an option of “%(question)s” does not say why it is right or wrong.") % said


@dataclass(frozen=True)
class Impact:
    """How many of the people who work here are in the middle of the course, and have completed it."""

    in_the_middle: int
    completed: int


def impact_of(course: Course) -> Impact:
    """Two queries."""
    rounds = Enrolment.objects.current().filter(course=course, person__is_active=True)
    done = TrainingRecord.objects.filter(course_slug=course.slug, person__is_active=True)
    return Impact(rounds.in_progress().count(), done.values("person").distinct().count())


@transaction.atomic
def publish(course: Course, *, by: Person | None, note: str = "", anew: bool = False) -> CourseEdition:
    """The course's new edition; where its outline has not changed, the newest again, unless it is to be ``anew``.

    Raises CannotPublishCourse.
    """
    course = Course.objects.select_for_update(of=("self",)).select_related("current").get(pk=course.pk)
    if faults := faults_of(course, activities_of(course)):
        raise CannotPublishCourse(faults)
    outline = outline_of(course)
    if course.current and course.current.outline == outline and not anew:
        return course.current
    last = course.editions.aggregate(last=Max("number"))["last"] or 0
    edition = CourseEdition.objects.create(course=course, number=last + 1, outline=outline, note=note, published_by=by)
    course.current = edition
    course.save(update_fields=["current"])
    return edition
