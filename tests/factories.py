"""How tests make things."""

import datetime
from typing import Any

import factory
from django.utils import timezone
from fsrs import Card

from accounts.models import Person, Unit
from courses.models import Activity, ConfidenceStatement, Course, Enrolment, Module, Option, Question, Refresher
from courses.publishing import publish as publish_course
from scenarios.drafting import write_draft
from scenarios.models import Policy, PolicyValue, Scenario, Skill
from scenarios.publishing import publish


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit

    name = factory.Sequence("Branch {}".format)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence("Person {}".format)
    email = factory.Sequence("person{}@example.org".format)
    job_title = "Library assistant"
    unit = factory.SubFactory(UnitFactory)


class SkillFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Skill
        django_get_or_create = ("slug",)

    slug = "clear-limits"
    name = "Clear limits"
    description = "Says what will happen."


class PolicyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Policy
        django_get_or_create = ("slug",)

    slug = "fines"
    title = "Fines"
    purpose = "Why we have fines."
    text = "A card is blocked at {fines.block-at}."


class PolicyValueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PolicyValue
        django_get_or_create = ("policy", "key")

    policy = factory.SubFactory(PolicyFactory)
    key = "block-at"
    label = "A card is blocked at"
    default = "$25"


class CourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Course

    slug = factory.Sequence("course-{}".format)
    title = factory.Sequence("Course {}".format)
    summary = "What it is about."
    trainer = "Ms Trainer"
    trainer_qualification = "Twenty years at the desk"


class ModuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Module

    course = factory.SubFactory(CourseFactory)
    slug = factory.Sequence("module-{}".format)
    title = factory.Sequence("Module {}".format)
    position = factory.Sequence(int)


class ActivityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Activity

    module = factory.SubFactory(ModuleFactory)
    slug = factory.Sequence("activity-{}".format)
    title = factory.Sequence("Activity {}".format)
    body = "Some **words**."
    position = factory.Sequence(int)


class QuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Question

    activity = factory.SubFactory(ActivityFactory, kind="knowledge-check")
    key = factory.Sequence("question-{}".format)
    text = "What do you say?"
    position = factory.Sequence(int)


class OptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Option

    question = factory.SubFactory(QuestionFactory)
    key = factory.Sequence("option-{}".format)
    text = factory.Sequence("Option {}".format)
    explanation = factory.Sequence("Because of {}.".format)
    position = factory.Sequence(int)


def end_of(day: datetime.date | None) -> datetime.datetime | None:
    """The moment at which a day ends here."""
    after = day + datetime.timedelta(days=1) if day else None
    return timezone.make_aware(datetime.datetime.combine(after, datetime.time.min)) if after else None


class EnrolmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enrolment

    person = factory.SubFactory(PersonFactory)
    course = factory.SubFactory(CourseFactory)
    assigned_at = factory.LazyFunction(timezone.now)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=30))
    due_at = factory.LazyAttribute(lambda made: end_of(made.due_on))
    overdue_at = factory.LazyAttribute(lambda made: end_of(made.due_on))


class RefresherFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Refresher

    person = factory.SubFactory(PersonFactory)
    memory = factory.LazyFunction(lambda: dict(Card(card_id=1).to_dict()))
    due_at = factory.LazyFunction(timezone.now)


def a_document(slug: str = "desk", **changes: Any) -> dict[str, Any]:
    """A scenario that passes the check: calm, or rush; after a rush there is a way back, or a storm.

    The best line is listen, agree (two decisions); rush, sorry ends partly resolved; rush, argue ends unsafe.
    """
    return {
        "format": "scenario/1",
        "slug": slug,
        "title": "At the desk",
        "language": "en",
        "summary": "A patron is upset.",
        "minutes": 5,
        "introduction": "You are at the *desk*.",
        "meters": {"tension": {"start": 4}},
        "scenes": {
            "opening": {
                "title": "A patron comes up",
                "description": "She puts a bag down.",
                "speaker": "Ms Adeyemi",
                "speech": "I **returned** those books.",
                "choices": {
                    "rush": {
                        "text": "The system says otherwise.",
                        "to": "heated",
                        "effects": {"tension": 3},
                        "consequence": "She leans in.",
                        "coaching": "Facts first can sound like blame.",
                        "skills": {"clear-limits": -1},
                    },
                    "listen": {
                        "text": "Tell me what happened.",
                        "to": "calmer",
                        "effects": {"tension": -2},
                        "consequence": "She breathes out.",
                        "coaching": "Being heard lowers the heat.",
                        "skills": {"clear-limits": 1},
                    },
                },
            },
            "calmer": {
                "title": "She explains",
                "speech": "There was a receipt.",
                "choices": {
                    "agree": {"text": "Let us look together.", "to": "settled", "skills": {"clear-limits": 1}},
                    "refuse": {
                        "text": "I need the receipt first.",
                        "to": "half-settled",
                        "skills": {"clear-limits": 0},
                    },
                },
            },
            "heated": {
                "title": "Voices rise",
                "speech": "Are you calling me a liar?",
                "choices": {
                    "sorry": {
                        "text": "I am sorry, I put that badly.",
                        "to": "half-settled",
                        "effects": {"tension": -2},
                    },
                    "argue": {
                        "text": "Calm down.",
                        "to": "stormy",
                        "effects": {"tension": 2},
                        "skills": {"clear-limits": -1},
                    },
                },
            },
        },
        "endings": {
            "settled": {"kind": "resolved", "title": "Settled", "text": "She will be back."},
            "half-settled": {"kind": "partly-resolved", "title": "Half settled", "text": "She may be back."},
            "stormy": {"kind": "unsafe", "title": "Stormy", "text": "She will not be back."},
        },
    } | changes


def a_scenario(slug: str = "desk", **changes: Any) -> Scenario:
    """A published scenario made from ``a_document``."""
    SkillFactory()
    scenario = Scenario()
    write_draft(scenario, a_document(slug, **changes))
    publish(scenario, by=None)
    scenario.refresh_from_db()
    return scenario


def a_course(slug: str = "welcome", **changes: Any) -> Course:
    """A published course: one module with an activity of each kind, in the order of ``Activity.Kind``."""
    course = CourseFactory(slug=slug, **changes)
    module = ModuleFactory(course=course, slug="first")
    ConfidenceStatement.objects.create(course=course, key="stay-calm", text="I can stay calm.")
    ActivityFactory(module=module, slug="lesson", title="A lesson", body="Fines start at {fines.block-at}.")
    knowledge = ActivityFactory(module=module, slug="knowledge-check", kind="knowledge-check", title="A check")
    single = QuestionFactory(activity=knowledge, key="single")
    OptionFactory(question=single, key="yes", correct=True)
    OptionFactory(question=single, key="no")
    several = QuestionFactory(activity=knowledge, key="several", multiple=True)
    OptionFactory(question=several, key="one", correct=True)
    OptionFactory(question=several, key="two", correct=True)
    OptionFactory(question=several, key="three")
    policy = PolicyValueFactory().policy
    scenario = Scenario.objects.filter(slug="desk").first() or a_scenario()
    ActivityFactory(module=module, slug="scenario", kind="scenario", title="A scenario", scenario=scenario)
    ActivityFactory(module=module, slug="reflection", kind="reflection", title="A reflection")
    ActivityFactory(module=module, slug="confidence", kind="confidence-check", title="Confidence", moment="before")
    ActivityFactory(module=module, slug="policy", kind="policy-acknowledgement", title="The policy", policy=policy)
    publish_course(course, by=None)
    course.refresh_from_db()
    return course
