"""Number a course's contents as they stand: the edition that training records refer to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import Person
from courses.models import Activity, Course, CourseEdition, Enrolment, Module, TrainingRecord
from scenarios.models import PolicyValue
from scenarios.quoting import literals, references


class CannotPublishCourse(Exception):
    """``reasons`` says in sentences what is missing."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


def outline_of(course: Course) -> list[dict[str, Any]]:
    """What the course contains, as an auditor reads it: modules, their outcomes, their activities with minutes."""
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
    return [
        f"“{activity}” says “{value}”, as the policy does. Write {{{name}}}, so that it is right when that changes."
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
        return ["The course has no required activity yet. Add at least one."]
    known = {name for name, value in PolicyValue.objects.quotable().items() if value}
    faults = []
    for activity in activities:
        missing = references(activity.body) - known
        faults += [f"“{activity}” quotes {{{name}}}, which no policy has a value for." for name in sorted(missing)]
        faults += [
            f"“{activity}” plays “{scenario}”, which is not published. Publish it first."
            for scenario in (activity.scenario, activity.alternative)
            if scenario and not scenario.current_id
        ]
        if activity.kind == activity.Kind.KNOWLEDGE_CHECK and not activity.questions.all():
            faults.append(f"“{activity}” has no questions yet. Add some.")
        for question in activity.questions.all():
            if not any(option.correct for option in question.options.all()):
                faults.append(f"“{activity}”: no option of “{question}” is right. Mark at least one.")
            if not all(option.explanation for option in question.options.all()):
                faults.append(f"“{activity}”: an option of “{question}” does not say why it is right or wrong.")
        if activity.kind == activity.Kind.CONFIDENCE_CHECK and not course.confidence_statements.exists():
            faults.append(f"“{activity}” has no statements to rate. Add some to the course.")
    return faults


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
