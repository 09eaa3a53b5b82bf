"""What authors do with courses in admin, and what administrators do with assignments and records."""

import datetime
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Person
from courses.models import Absence, Activity, Assignment, Course, CourseEdition, Enrolment, Module, Option, Question
from courses.progressing import complete
from courses.publishing import outline_of
from tests.admin_pages import filled_in, found_in, garbled, page, said
from tests.factories import (
    ActivityFactory,
    CourseFactory,
    ModuleFactory,
    OptionFactory,
    PersonFactory,
    PolicyValueFactory,
    QuestionFactory,
    a_course,
)

pytestmark = pytest.mark.django_db


def adding(model, **given):
    return reverse(f"admin:courses_{model._meta.model_name}_add") + "?" + "&".join(f"{k}={v}" for k, v in given.items())


@pytest.fixture
def browser(as_, carol):
    return as_(carol)


@pytest.fixture
def office(as_, erin):
    return as_(erin)


# Courses.


def test_course_is_written_from_nothing_to_published(browser):
    words = {"title": "First days", "summary": "s", "trainer": "T", "trainer_qualification": "q", "language": "en"}
    assert browser.post(reverse("admin:courses_course_add"), words).status_code == 302
    course = Course.objects.get(slug="first-days")
    module = {"title": "Hello", "outcomes": "Greet\n\n  Smile "}
    assert browser.post(adding(Module, course=course.pk), module).status_code == 302
    module = course.modules.get(slug="hello")
    assert module.outcomes == ["Greet", "Smile"]
    address = adding(Activity, module=module.pk, kind="lesson")
    lesson = filled_in(browser.get(address)) | {"title": "The desk", "body": "Words."}
    assert browser.post(address, lesson).url == page(module)
    assert said(browser.post(page(course, "publish"), follow=True))[-1] == "Published as edition 1."
    assert LogEntry.objects.latest("pk").get_change_message() == "Published edition 1."


def test_publishing_a_course_is_refused_with_reasons(browser):
    course = CourseFactory()
    reasons = "Not published. The course has no required activity yet. Add at least one."
    assert said(browser.post(page(course, "publish"), follow=True)) == [reasons]
    assert browser.get(page(course, "publish")).status_code == 302
    assert CourseEdition.objects.count() == 0


def contents():
    return [list(model.objects.order_by("pk").values()) for model in (Course, Module, Activity, Question, Option)]


def test_every_page_of_a_course_opens_and_saves_without_a_change(browser):
    course = a_course()
    things = [course, *course.modules.all(), *Activity.objects.all(), *Question.objects.all()]
    before = contents()
    for thing in things:
        response = browser.get(page(thing))
        assert response.status_code == 200
        response = browser.post(page(thing), filled_in(response))
        assert response.status_code == 302, found_in(response)
    assert contents() == before
    assert outline_of(course) == course.current.outline


def test_breadcrumbs_lead_from_the_question_to_the_course(browser):
    question = QuestionFactory()
    activity, module = question.activity, question.activity.module
    trail = browser.get(page(question)).context["trail"]
    lists = reverse("admin:courses_course_changelist")
    assert [address for _, address in trail] == [lists, page(module.course), page(module), page(activity)]


def test_activity_asks_for_what_its_kind_needs(browser):
    address = adding(Activity, module=ModuleFactory().pk, kind="scenario")
    data = filled_in(browser.get(address)) | {"title": "Play"}
    assert "A Scenario needs this." in found_in(browser.post(address, data))


def test_row_of_an_activity_that_lacks_something_says_so(browser):
    activity = ActivityFactory()
    Activity.objects.filter(pk=activity.pk).update(body="")
    data = filled_in(browser.get(page(activity.module)))
    assert "A Lesson needs this." in found_in(browser.post(page(activity.module), data))


def test_question_is_written_with_its_options(browser):
    activity = ActivityFactory(kind="knowledge-check")
    address = adding(Question, activity=activity.pk)
    data = filled_in(browser.get(address)) | {"text": "What first?"}
    for number, text in enumerate(("Listen", "Argue")):
        data |= {f"options-{number}-text": text, f"options-{number}-explanation": "Because."}
    data |= {"options-0-correct": "on"}
    assert browser.post(address, data).url == page(activity)
    options = Option.objects.filter(question__key="what-first").values_list("key", "correct")
    assert list(options) == [("listen", True), ("argue", False)]


def test_confidence_statement_is_named_by_its_words(browser):
    course = CourseFactory()
    data = filled_in(browser.get(page(course))) | {"confidence_statements-0-text": "I can stay calm."}
    browser.post(page(course), data)
    assert course.confidence_statements.get().key == "i-can-stay-calm"


def test_what_a_record_rests_on_is_not_deleted(browser, alice):
    course = a_course()
    complete(alice, Activity.objects.get(slug="lesson"))
    response = browser.get(page(course, "delete"))
    assert response.context["protected"]
    browser.post(page(course, "delete"), {"post": "yes"})
    assert Course.objects.count() == 1


def test_garbage_in_any_field_gives_errors_and_never_a_fault(browser):
    course = a_course()
    for thing in (course, Module.objects.get(), *Activity.objects.all()[:3], Question.objects.first()):
        for field, garbage in garbled(filled_in(browser.get(page(thing)))):
            assert browser.post(page(thing), garbage).status_code in (200, 302), (thing, field)


def test_policy_says_which_lessons_use_it(browser):
    a_course()
    other = PolicyValueFactory(policy__slug="other").policy
    ActivityFactory(body="Nothing of {fines.block-at}; but {other.block-at}.", title="Quotes two")
    address = reverse("admin:scenarios_policy_change", args=[other.pk])
    assert re.findall(r"<li>(\w+): <a [^>]+>([^<]+)", browser.get(address).content.decode()) == [
        ("Lesson", "Quotes two")
    ]


@pytest.mark.parametrize("count", [1, 6])
def test_pages_of_a_course_ask_the_same_queries_for_any_size(browser, count, django_assert_num_queries):
    course = CourseFactory()
    module = ModuleFactory(course=course)
    ModuleFactory.create_batch(count, course=course)
    for _ in range(count):
        activity = ActivityFactory(module=module, kind="knowledge-check")
        OptionFactory.create_batch(count, question=QuestionFactory(activity=activity))
    QuestionFactory.create_batch(count, activity=activity)
    question = activity.questions.first()
    found = {}
    for thing in (course, module, activity, question):
        browser.get(page(thing))
    for thing, queries in ((course, 14), (module, 9), (activity, 14), (question, 11)):
        with django_assert_num_queries(queries):
            found[thing] = browser.get(page(thing)).status_code
    browser.get(reverse("admin:courses_course_changelist"))
    with django_assert_num_queries(7):
        browser.get(reverse("admin:courses_course_changelist"))


# Assignments and records.


RULE = {"due": "none", "repeats": "no", "grace_days": "0", "mandatory": "on"}


def give(office, **data):
    address = reverse("admin:courses_assignment_add")
    return office.post(address, RULE | data | {"confirmed": "yes"}, follow=True)


def test_assignment_enrols_everybody_in_the_unit_and_below(office, erin, alice, bob, dave, units):
    response = give(office, course=a_course().pk, unit=units.north.pk, due="date", due_on="2030-01-31")
    assert said(response)[0] == "It reaches 2 people."
    enrolled = Enrolment.objects.values_list("person__name", "due_on").order_by("person__name")
    due = datetime.date(2030, 1, 31)
    assert list(enrolled) == [("Alice Learner", due), ("Bob Supervisor", due)]
    assert Assignment.objects.get().assigned_by == erin


def test_assignment_is_for_a_unit_or_a_person(office, alice, units):
    course = a_course()
    for data in ({"unit": units.north.pk, "person": alice.pk}, {}):
        assert "either to a unit or to a person" in give(office, course=course.pk, **data).content.decode()
    assert said(give(office, course=course.pk, person=alice.pk))[0] == "It reaches 1 person."


def test_assignment_says_how_many_it_reaches(office, alice, bob, units):
    give(office, course=a_course().pk, unit=units.north.pk)
    assert "2 people who work here now" in office.get(page(Assignment.objects.get())).content.decode()


def test_moving_the_date_moves_it_for_those_who_have_it(office, alice, bob, units):
    course = a_course()
    give(office, course=course.pk, unit=units.north.pk, due="date", due_on="2030-01-31")
    give(office, course=course.pk, person=bob.pk, due="date", due_on="2030-03-01")
    whole = Assignment.objects.get(unit=units.north)
    for moved, dates in (("2030-02-28", [28, 28]), ("2030-06-30", [30, 1]), ("2030-01-01", [1, 1])):
        office.post(page(whole), RULE | {"due": "date", "due_on": moved, "confirmed": "yes"})
        found = Enrolment.objects.order_by("person__name").values_list("due_on", flat=True)
        assert [day.day for day in found] == dates


def test_moving_the_date_leaves_those_who_are_done(office, alice, units):
    course = a_course()
    give(office, course=course.pk, person=alice.pk, due="date", due_on="2030-01-31")
    Enrolment.objects.update(completed_at="2029-12-01T00:00:00Z")
    office.post(page(Assignment.objects.get()), RULE | {"due": "date", "due_on": "2030-02-28", "confirmed": "yes"})
    assert Enrolment.objects.get().due_on == datetime.date(2030, 1, 31)


def test_deleting_an_assignment_takes_it_back(office, alice, bob, units):
    course = a_course()
    give(office, course=course.pk, unit=units.north.pk, due="date", due_on="2030-01-31")
    complete(bob, Activity.objects.get(slug="lesson"))
    shown = office.get(page(Assignment.objects.get(), "delete"))
    assert (shown.context["difference"].loses, Enrolment.objects.current().count()) == (2, 2)
    office.post(page(Assignment.objects.get(), "delete"), {"post": "yes"})
    closed = Enrolment.objects.values_list("person__name", "closed_because").order_by("person__name")
    today = date_format(timezone.localdate())
    reason = f"The assignment was withdrawn on {today}."
    said = [(name, str(because)) for name, because in closed]
    assert said == [("Alice Learner", reason), ("Bob Supervisor", reason)]


def kept():
    return [list(model.objects.order_by("pk").values()) for model in (Assignment, Absence, Enrolment)]


def shown_lines(response):
    return [(line.person.name, line.before, line.after) for line in response.context["difference"].lines]


def test_assignment_is_rehearsed_before_it_is_saved(office, alice, bob, units):
    course, due = a_course(), datetime.date(2030, 1, 31)
    give(office, course=course.pk, person=bob.pk, due="date", due_on="2030-03-01")
    before = kept()
    data = RULE | {"course": course.pk, "unit": units.north.pk, "due": "date", "due_on": "2030-01-31"}
    response = office.post(reverse("admin:courses_assignment_add"), data)
    expected = [("Alice Learner", None, due), ("Bob Supervisor", datetime.date(2030, 3, 1), due)]
    assert (shown_lines(response), kept()) == (expected, before)
    assert list(office.get("/admin/").context["messages"]) == []
    office.post(reverse("admin:courses_assignment_add"), dict(response.context["posted"]) | {"confirmed": "yes"})
    assert [row.due_on for row in Enrolment.objects.all()] == [due, due]


def test_changed_rule_is_rehearsed_too(office, alice, bob, units):
    first = a_course("first-course")
    give(office, course=first.pk, unit=units.north.pk)
    before = kept()
    rule = RULE | {"repeats": "window", "window_from": "1", "window_to": "1", "after": [a_course().pk]}
    response = office.post(page(Assignment.objects.get()), rule)
    assert response.context["difference"].total == 0
    response = office.post(page(Assignment.objects.get()), {key: rule[key] for key in rule if key != "after"})
    january = datetime.date(timezone.localdate().year + (timezone.localdate().month > 1), 1, 31)
    assert shown_lines(response) == [("Alice Learner", "", january), ("Bob Supervisor", "", january)]
    assert kept() == before


def test_rule_says_what_it_lacks(office, alice):
    course = a_course()
    for rule in ({"due": "date"}, {"due": "hire"}, {"repeats": "rolling"}, {"repeats": "window", "window_from": "1"}):
        assert "This is needed." in give(office, course=course.pk, person=alice.pk, **rule).content.decode()
    shown = give(office, course=course.pk, person=alice.pk, due_on="2030-01-31").content.decode()
    assert "Choose how it is due" in shown
    assert Assignment.objects.count() == 0


def test_courses_that_would_wait_for_each_other_are_refused(office, alice):
    one, two = a_course("one"), a_course("two")
    assert "would wait for the other" in give(office, course=one.pk, person=alice.pk, after=[one.pk]).content.decode()
    give(office, course=one.pk, person=alice.pk, after=[two.pk])
    assert "would wait for the other" in give(office, course=two.pk, person=alice.pk, after=[one.pk]).content.decode()
    assert Assignment.objects.count() == 1


def test_list_of_assignments_says_the_rule_in_a_sentence(office, alice):
    rules = {
        "No date": {},
        "By 31 January 2030; 7 days of grace": {"due": "date", "due_on": "2030-01-31", "grace_days": 7},
        "30 days after hire, then each January": {
            "due": "hire", "due_days": 30, "repeats": "window", "window_from": 1, "window_to": 1,
        },
        "Every 12 months (recommended)": {"repeats": "rolling", "every_months": 12, "mandatory": ""},
        "Each year from November to February": {"repeats": "window", "window_from": 11, "window_to": 2},
    }  # fmt: skip
    course = a_course()
    for rule in rules.values():
        give(office, course=course.pk, person=alice.pk, **rule)
    shown = office.get(reverse("admin:courses_assignment_changelist")).content.decode()
    assert re.findall(r'field-rule_in_words">([^<]+)<', shown) == [*reversed(rules)]


def test_absence_is_rehearsed_saved_and_taken_back(office, alice, bob):
    course, due = a_course(), datetime.date(2030, 1, 31)
    for person in (alice, bob):
        give(office, course=course.pk, person=person.pk, due="date", due_on="2030-01-31")
    data = {"person": alice.pk, "kind": "leave", "reason": "Family", "starts_on": "2030-01-22", "ends_on": "2030-01-31"}
    before = kept()
    response = office.post(reverse("admin:courses_absence_add"), data)
    moved = due + datetime.timedelta(days=10)
    assert (shown_lines(response), kept()) == ([("Alice Learner", due, moved)], before)
    office.post(reverse("admin:courses_absence_add"), data | {"confirmed": "yes"})
    assert list(Enrolment.objects.order_by("person__name").values_list("due_on", flat=True)) == [moved, due]
    assert shown_lines(office.get(page(Absence.objects.get(), "delete"))) == [("Alice Learner", moved, due)]
    office.post(page(Absence.objects.get(), "delete"), {"post": "yes"})
    assert set(Enrolment.objects.values_list("due_on", flat=True)) == {due}


def test_absence_cannot_end_before_it_starts(office, alice):
    data = {"person": alice.pk, "kind": "leave", "reason": "Family", "starts_on": "2030-01-22", "ends_on": "2030-01-21"}
    assert "cannot end before" in found_in(office.post(reverse("admin:courses_absence_add"), data))


def test_only_a_published_course_can_be_given(office, alice):
    response = give(office, course=CourseFactory().pk, person=alice.pk)
    assert "Select a valid choice" in response.content.decode()


def test_records_are_read_and_never_written(office, erin, alice):
    a_course()
    for activity in Activity.objects.all():
        complete(alice, activity)
    record = alice.records.get()
    address = page(record)
    assert office.get(address).status_code == 200
    refused = [office.post(address, {"name": "Forged"}), office.post(page(record, "delete"), {"post": "yes"})]
    assert [response.status_code for response in refused] == [403, 403]
    assert office.get(reverse("admin:courses_trainingrecord_add")).status_code == 403


@pytest.mark.parametrize("count", [1, 5])
def test_lists_ask_the_same_queries_for_any_number(office, erin, units, count, django_assert_num_queries):
    for _ in range(count):
        course = CourseFactory()
        lesson = ActivityFactory(module=ModuleFactory(course=course))
        office.post(page(course, "publish"))
        complete(PersonFactory(unit=units.north), lesson)
        Assignment.objects.create(course=course, person=PersonFactory(unit=units.north), assigned_by=erin)
        Assignment.objects.create(course=course, unit=units.north)
    for name, queries in (("assignment", 6), ("trainingrecord", 4)):
        address = reverse(f"admin:courses_{name}_changelist")
        office.get(address)
        with django_assert_num_queries(queries):
            assert office.get(address).status_code == 200


def test_assignments_and_records_are_not_for_authors(browser, alice):
    give(browser, course=a_course().pk, person=alice.pk)
    lists = [reverse(f"admin:courses_{name}_changelist") for name in ("assignment", "trainingrecord")]
    assert [browser.get(address).status_code for address in lists] == [403, 403]
    assert (Assignment.objects.count(), Person.objects.filter(enrolments__isnull=False).count()) == (0, 0)


@pytest.mark.parametrize("garbage", ["x" * 60_000, "\0", "9" * 26, "-1", "<script>"])
def test_garbage_in_an_assignment_gives_errors_and_never_a_fault(office, alice, garbage):
    course = a_course()
    whole = {"course": course.pk, "person": alice.pk, "due": "hire", "due_days": 5, "repeats": "rolling"}
    for field in ("course", "unit", "person", "due", "due_days", "repeats", "every_months", "grace_days", "after"):
        response = give(office, **whole | {"every_months": 6, field: garbage})
        assert response.status_code == 200, field
    give(office, course=course.pk, person=alice.pk, due="date", due_on=garbage)
    give(office, course=course.pk, person=alice.pk, repeats="window", window_from=garbage, window_to=garbage)
    assert Assignment.objects.count() == 0
