"""What a person does in a course: opens, answers, completes; and the record that completing it writes.

``at`` is when it was done: now, unless the caller says otherwise.
"""

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import Person
from courses import assigning, refreshing
from courses.marking import Answers, asked
from courses.models import (
    Acknowledgement,
    Activity,
    ActivityProgress,
    ConfidenceAnswer,
    Course,
    Enrolment,
    Reconfirmation,
    Reflection,
    Submission,
    TrainingRecord,
)
from scenarios.models import Attempt, Policy, PolicyValue, Scenario
from scenarios.quoting import quote

# A record keeps it in English; certificates say it in the language of whoever reads them.
EVERY_ACTIVITY = gettext_noop("Completed every required activity")

Moment = datetime.datetime | None


def arrive(person: Person, activity: Activity, *, at: Moment = None) -> ActivityProgress:
    """Note that the person is at this activity, which is where they will resume. Starts the course if need be.

    Harmless twice: what is there already stays.
    """
    now = at or timezone.now()
    enrolment = _enrolment(person, activity.module.course)
    Enrolment.objects.filter(pk=enrolment.pk).update(resume_at=activity, started_at=Coalesce("started_at", now))
    progress = ActivityProgress(enrolment=enrolment, activity=activity, opened_at=now)
    ActivityProgress.objects.bulk_create([progress], ignore_conflicts=True)
    return progress


def _enrolment(person: Person, course: Course) -> Enrolment:
    """Their newest round. One that was closed is opened again as what they do by themselves."""
    found: Enrolment = Enrolment.objects.get_or_create(person=person, course=course, superseded=False)[0]
    if found.closed_at:
        mine = {"closed_at": None, "closed_because": "", "assigned_at": None, "assignment": None, "why": ""}
        Enrolment.objects.filter(pk=found.pk).update(**mine, due_on=None, due_at=None, overdue_at=None, is_open=True)
    return found


@transaction.atomic
def complete(person: Person, activity: Activity, *, at: Moment = None) -> ActivityProgress:
    """The activity is done. With the last required one the course is completed and its record written, in one go."""
    now = at or timezone.now()
    arrived = arrive(person, activity, at=now)
    enrolment = Enrolment.objects.select_for_update().get(pk=arrived.enrolment_id)
    progress = enrolment.progress.select_for_update().get(activity=activity)
    if not progress.completed_at:
        progress.completed_at = now
        progress.save(update_fields=["completed_at"])
    if not enrolment.completed_at and not remaining(enrolment):
        _complete_course(enrolment, now)
        refreshing.begin(person, enrolment.course, now)
    return progress


def remaining(enrolment: Enrolment) -> list[Activity]:
    """The required activities that are not completed yet, in order."""
    done = enrolment.progress.filter(completed_at__isnull=False).values("activity")
    activities = Activity.objects.filter(module__course=enrolment.course_id, required=True).exclude(pk__in=done)
    return list(activities.select_related("module").order_by("module__position", "position"))


def submit(person: Person, activity: Activity, answers: Answers, *, at: Moment = None) -> Submission:
    """Mark a knowledge check. It may be submitted as often as one likes; a pass completes the activity.

    ``answers`` maps each question's key to the keys of the options chosen. A question is right when exactly its
    correct options are chosen. The same answers as the last time are the same submission: a double click adds nothing.
    """
    now, questions = at or timezone.now(), asked(activity)
    right = sum(question.is_right(answers.get(question.question.key, [])) for question in questions)
    passed = 100 * right >= activity.pass_mark * len(questions)
    with transaction.atomic():
        # Arriving has written to the round, and so holds it against a second click until this is done.
        enrolment = arrive(person, activity, at=now).enrolment_id
        marked = {"answers": dict(answers), "right": right, "asked": len(questions), "passed": passed}
        last: Submission | None = Submission.objects.filter(enrolment=enrolment, activity=activity).first()
        if last and all(getattr(last, field) == value for field, value in marked.items()):
            return last
        submission = Submission.objects.create(enrolment_id=enrolment, activity=activity, submitted_at=now, **marked)
        if passed:
            complete(person, activity, at=now)
    return submission


@transaction.atomic
def reflect(person: Person, activity: Activity, text: str) -> None:
    """Keep what the person wrote for themselves, and complete the activity."""
    Reflection.objects.update_or_create(person=person, activity=activity, defaults={"text": text})
    complete(person, activity)


@transaction.atomic
def rate_confidence(person: Person, activity: Activity, ratings: Mapping[int, int], *, at: Moment = None) -> None:
    """Keep a rating from 1 to 5 for each statement (by id), and complete the activity."""
    now = at or timezone.now()
    progress = arrive(person, activity, at=now)
    for statement, rating in ratings.items():
        ConfidenceAnswer.objects.update_or_create(
            enrolment_id=progress.enrolment_id,
            statement_id=statement,
            moment=activity.moment,
            defaults={"rating": rating, "answered_at": now},
        )
    complete(person, activity, at=now)


@transaction.atomic
def acknowledge(person: Person, activity: Activity, *, at: Moment = None) -> Acknowledgement:
    """Keep that the person confirmed the policy, with its words as they stand now, and complete the activity."""
    assert activity.policy is not None
    acknowledgement = confirm(person, activity.policy, at=at)
    complete(person, activity, at=at)
    return acknowledgement


@transaction.atomic
def confirm(person: Person, policy: Policy, *, at: Moment = None) -> Acknowledgement:
    """Keep that the person confirmed the policy, with its words as they stand now.

    The same words are confirmed once, unless they were asked to confirm them again: a double click adds nothing.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    text = quote(f"{policy.purpose}\n\n{policy.text}", PolicyValue.objects.quotable())
    last: Acknowledgement | None = Acknowledgement.objects.by(person).filter(policy=policy).first()
    asked = Reconfirmation.objects.open_for(person).filter(policy=policy).exists()
    if last and not asked and (last.title, last.text) == (policy.title, text):
        return last
    return Acknowledgement.objects.create(
        person=person, policy=policy, title=policy.title, text=text, acknowledged_at=at or timezone.now()
    )


def scenario_ended(attempt: Attempt) -> None:
    """A recorded attempt ended: that completes what it is played for in the courses that the person is taking.

    The alternative of a scenario counts like the scenario itself, and so does a translation. Runs in the transaction
    of the last decision. A person who plays it outside any course starts none by it.
    """
    if not attempt.is_recorded:
        return
    original = Scenario.objects.filter(pk=attempt.scenario_id).exclude(translates="").values("translates")
    played = Scenario.objects.filter(Q(pk=attempt.scenario_id) | Q(slug__in=original)).values("pk")
    activities = Activity.objects.filter(
        Q(scenario__in=played) | Q(alternative__in=played),
        module__course__current__isnull=False,
        module__course__in=Enrolment.objects.newest()
        .filter(person=attempt.person_id, closed_at__isnull=True)
        .values("course"),
    ).select_related("module__course")
    for activity in activities:
        complete(attempt.person, activity, at=attempt.ended_at)


def complete_as_told(enrolment: Enrolment, outcome: str) -> TrainingRecord:
    """The round is completed although nothing was done here, because somebody confirms it: the record says who."""
    now = timezone.now()
    enrolment.started_at = enrolment.started_at or now
    Enrolment.objects.filter(pk=enrolment.pk).update(
        started_at=enrolment.started_at, closed_at=None, closed_because="", is_open=True
    )
    return _complete_course(enrolment, now, outcome)


def _complete_course(enrolment: Enrolment, now: datetime.datetime, outcome: str = EVERY_ACTIVITY) -> TrainingRecord:
    course, person = enrolment.course, enrolment.person
    enrolment.completed_at = now
    enrolment.save(update_fields=["completed_at"])
    edition = course.current
    assert edition is not None
    assert enrolment.started_at is not None
    unit = person.unit
    record = TrainingRecord.objects.create(
        person=person,
        name=person.name,
        job_title=person.job_title,
        unit=unit.name if unit else "",
        course_slug=course.slug,
        course_title=course.title,
        edition=edition.number,
        contents=edition.outline,
        minutes=sum(Activity.objects.filter(module__course=course, required=True).values_list("minutes", flat=True)),
        trainer=course.trainer,
        trainer_qualification=course.trainer_qualification,
        outcome=outcome,
        started_at=enrolment.started_at,
        completed_at=enrolment.completed_at,
    )
    # What had to wait for this course opens.
    assigning.settle(Person.objects.filter(pk=person.pk), at=now)
    return record
