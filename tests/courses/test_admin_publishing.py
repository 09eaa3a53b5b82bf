"""Publishing a course says what changes and whom it touches, and asks again those who completed it if it is told to."""

import pytest
from django.urls import reverse

from courses.differing import outline_changes
from courses.models import Activity, Enrolment, Module
from courses.progressing import arrive, complete
from tests.admin_pages import page, said
from tests.factories import ActivityFactory, PersonFactory, a_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(as_, carol):
    return as_(carol)


@pytest.fixture
def course():
    return a_course()


def done_by(person, course):
    for activity in Activity.objects.filter(module__course=course, required=True):
        complete(person, activity)
    return person


def test_page_says_what_changes_and_for_how_many(browser, course, alice):
    done_by(alice, course)
    arrive(PersonFactory(), Activity.objects.first())
    Activity.objects.filter(kind="lesson").update(minutes=9)
    context = browser.get(page(course, "publish")).context
    lesson = Activity.objects.get(kind="lesson")
    assert context["changes"] == (f"“{lesson}” takes 9 minutes and not 5.",)
    assert (context["impact"].in_the_middle, context["impact"].completed) == (1, 1)


def test_what_was_completed_counts_unless_it_is_to_be_done_again(browser, course, alice):
    done_by(alice, course)
    browser.post(page(course, "publish"), {"note": "A better lesson", "redo": ""})
    assert course.editions.first().number == 2
    assert Enrolment.objects.newest().get(person=alice).completed_at


def test_who_completed_an_older_edition_does_it_again(browser, course, alice):
    done_by(alice, course)
    posted = {"note": "New rules", "redo": "yes", "due_on": "2031-01-31"}
    response = browser.post(page(course, "publish"), posted, follow=True)
    assert said(response) == ["Published as edition 2. 1 person does it again."]
    row = Enrolment.objects.newest().get(person=alice)
    assert (row.round, row.completed_at, str(row.due_on)) == (2, None, "2031-01-31")
    assert "edition 2: New rules" in str(row.why)


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ({"redo": "yes", "note": ""}, "note"),
        ({"redo": "", "due_on": "2031-01-31"}, "due_on"),
        ({"redo": "perhaps"}, "redo"),
        ({"redo": "yes", "note": "x", "due_on": "31/31/31"}, "due_on"),
        ({"note": "x" * 500}, "note"),
        ({"note": "\0"}, "note"),
    ],
)
def test_what_makes_no_sense_is_said_and_publishes_nothing(browser, course, posted, field):
    response = browser.post(page(course, "publish"), posted)
    assert (list(response.context["form"].errors), course.editions.count()) == ([field], 1)


def test_first_edition_asks_nothing(browser):
    lesson = ActivityFactory(body="Words.")
    course = lesson.module.course
    assert list(browser.get(page(course, "publish")).context["form"].fields) == []
    assert said(browser.post(page(course, "publish"), follow=True)) == ["Published as edition 1."]


def test_learners_do_not_publish(as_, alice, course):
    assert as_(alice).post(page(course, "publish")).status_code == 302
    assert course.editions.count() == 1


def activity(title, **more):
    return {"title": title, "kind": "lesson", "minutes": 5, "required": True} | more


def outline(*activities, title="One", outcomes=()):
    return {"title": title, "summary": "", "outcomes": list(outcomes), "activities": list(activities)}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ([outline(activity("a"))], [outline(activity("a"))], ()),
        ([outline(activity("a"))], [outline(activity("a"), activity("b"))], ("New in “One”: the lesson “b”.",)),
        ([outline(activity("a"), activity("b"))], [outline(activity("a"))], ("No longer in “One”: the lesson “b”.",)),
        ([outline(activity("a"))], [outline(activity("a", required=False))], ("“a” is no longer required.",)),
        ([outline(activity("a"))], [outline(activity("a", kind="reflection"))],
         ("“a” was a lesson and is a reflection.",)),
        ([outline(title="One")], [outline(title="One", outcomes=["x"])], ("“One” aims at something else.",)),
        ([outline(title="A"), outline(title="B")], [outline(title="B"), outline(title="A")],
         ("The modules stand in another order.",)),
        ([outline(activity("a"), title="A"), outline(title="B")],
         [outline(title="A"), outline(activity("a"), title="B")],
         ("“a” moved from “A” to “B”.",)),
        ([outline(title="A")], [outline(title="B")], ("New module: “B”.", "No longer in it: the module “A”.")),
    ],
)  # fmt: skip
def test_difference_of_outlines_is_told_in_sentences(old, new, said):
    assert outline_changes(old, new) == said


# The preview.


def test_course_that_nobody_sees_yet_is_previewed_whole(browser, course):
    Module.objects.filter(course=course).update(outcomes=["Wave"])
    course.current = None
    course.save()
    content = browser.get(page(course, "preview")).content.decode()
    assert "Wave" in content
    for found in Activity.objects.filter(module__course=course):
        address = reverse("admin:courses_course_preview_activity", args=[course.pk, found.pk])
        assert address in content
        assert browser.get(address).status_code == 200


def test_preview_leads_on_and_records_nothing(browser, course):
    activities = list(Activity.objects.filter(module__course=course).order_by("module__position", "position"))
    for found, following in zip(activities, [*activities[1:], None], strict=True):
        if found.kind == "knowledge-check":
            continue
        address = reverse("admin:courses_course_preview_activity", args=[course.pk, found.pk])
        arguments = [course.pk, following.pk] if following else [course.pk]
        name = "admin:courses_course_preview_activity" if following else "admin:courses_course_preview"
        assert browser.post(address, {"text": "x"}).url == reverse(name, args=arguments)
    assert Enrolment.objects.count() == 0


def test_knowledge_check_in_the_preview_is_marked_and_explained(browser, course):
    check = Activity.objects.get(kind="knowledge-check")
    address = reverse("admin:courses_course_preview_activity", args=[course.pk, check.pk])
    answers = {question.key: [option.key for option in question.options.all() if option.correct]
               for question in check.questions.all()}  # fmt: skip
    context = browser.post(address, answers).context
    assert (context["last"].right, context["last"].passed) == (check.questions.count(), True)
    assert "have no answer yet" in browser.post(address, {"x": "y"}).content.decode()
    assert check.submissions.count() == 0


def test_activity_of_another_course_is_not_in_the_preview(browser, course):
    other = a_course(slug="other")
    foreign = Activity.objects.filter(module__course=other).first()
    address = reverse("admin:courses_course_preview_activity", args=[course.pk, foreign.pk])
    assert browser.get(address).status_code == 404


def test_learners_have_no_preview(as_, alice, course):
    assert as_(alice).get(page(course, "preview")).status_code == 302
