"""Short returns after a course: to what was weakest, less and less often, never more than a few minutes a week."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from courses import progressing, refreshing
from courses.asking import asks
from courses.models import Activity, Course, Refresher, Return
from scenarios import playing
from tests.factories import EnrolmentFactory, PersonFactory, RefresherFactory, a_course

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def course(db):
    return a_course()


def complete(person, course, *, choices=("rush", "argue"), single="no"):
    """Take the whole course: play the scenario so, and answer the first question so before passing."""
    EnrolmentFactory(person=person, course=course)
    activities = Activity.objects.filter(module__course=course).select_related("module__course", "scenario", "policy")
    for activity in activities.order_by("position"):
        if activity.kind == "scenario":
            attempt = playing.start(person, activity.scenario, mode="recorded")
            for sequence, choice in enumerate(choices, 1):
                playing.decide(attempt.pk, person, choice=choice, sequence=sequence)
        elif activity.kind == "knowledge-check":
            progressing.submit(person, activity, {"single": [single], "several": ["one", "two"]})
            progressing.submit(person, activity, {"single": ["yes"], "several": ["one", "two"]})
        else:
            progressing.complete(person, activity)


def waiting(person, now):
    return [ask.key for ask in asks(person, now) if ask.kind == "refresher"]


def test_completed_course_brings_back_weak_skills_and_missed_questions(alice, course):
    complete(alice, course)
    found = set(Refresher.objects.of(alice).values_list("skill", "question"))
    assert found == {("clear-limits", ""), ("", "single")}


def test_nothing_missed_is_no_question(alice, course):
    complete(alice, course, single="yes")
    assert set(Refresher.objects.of(alice).values_list("skill", "question")) == {("clear-limits", "")}


def test_nothing_comes_back_within_the_first_week(alice, course):
    complete(alice, course)
    now = timezone.now()
    assert waiting(alice, now + 6 * DAY) == []
    assert len(waiting(alice, now + 8 * DAY)) == 2


def test_completing_again_keeps_what_is_remembered(alice, course):
    complete(alice, course)
    before = list(Refresher.objects.of(alice).values_list("pk", "due_at"))
    refreshing.begin(alice, course, timezone.now())
    assert list(Refresher.objects.of(alice).values_list("pk", "due_at")) == before


def test_intervals_grow_while_it_goes_well_and_shrink_when_not(alice, course):
    complete(alice, course)
    refresher = Refresher.objects.get(skill="clear-limits")
    gaps = []
    for turn, rating in enumerate([1, 1, 1, 1, -1], 1):
        choices = refreshing.ask(refresher, turn).choices
        choice = next(found for found in choices if found.skills.get("clear-limits") == rating)
        with time_machine.travel(refresher.due_at + datetime.timedelta(minutes=1)):
            done = refreshing.answer(refresher, turn=turn, given=[choice.key])
        gaps.append((refresher.due_at - done.returned_at).days)
    assert gaps[:4] == sorted(set(gaps[:4]))
    assert gaps[4] < gaps[0] + 7 < gaps[3]


def test_never_more_than_two_in_seven_days(alice):
    now = timezone.now()
    for skill in ("one", "two", "three", "four"):
        RefresherFactory(person=alice, skill=skill, due_at=now - DAY)
    assert len(waiting(alice, now)) == 2
    Return.objects.create(
        refresher=Refresher.objects.get(skill="one"), person=alice, turn=1, rating=1, returned_at=now - DAY
    )
    assert len(waiting(alice, now)) == 1
    assert len(waiting(alice, now + 7 * DAY)) == 2


@pytest.fixture
def due(alice, course):
    complete(alice, course)
    Refresher.objects.update(due_at=timezone.now() - DAY)
    return Refresher.objects.get(skill="clear-limits")


def page(refresher):
    return reverse("courses:refresher", args=[refresher.pk])


def test_scene_is_shown_answered_and_looked_at(as_, alice, due):
    browser = as_(alice)
    content = browser.get(page(due)).context["content"]
    choice = next(found for found in content.choices if found.skills.get("clear-limits") == 1)
    response = browser.post(page(due), {"turn": 1, "answer": choice.key}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("courses:return", args=[Return.objects.get().pk])
    assert choice.text in response.content.decode()
    assert Return.objects.get().rating == 1


def test_question_is_shown_answered_and_explained(as_, alice, due):
    question = Refresher.objects.get(question="single")
    browser = as_(alice)
    assert "What do you say?" in browser.get(page(question)).content.decode()
    shown = browser.post(page(question), {"turn": 1, "answer": "no"}, follow=True).content.decode()
    assert "Not yet right" in shown
    assert "your answer" in shown
    assert Return.objects.get().rating == -1


def test_answer_sent_twice_is_one_return(as_, alice, due):
    browser = as_(alice)
    choices = browser.get(page(due)).context["content"].choices
    first = browser.post(page(due), {"turn": 1, "answer": choices[0].key})
    second = browser.post(page(due), {"turn": 1, "answer": choices[1].key})
    assert first.url == second.url
    assert Return.objects.count() == 1


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"turn": "1"},
        {"turn": "1", "answer": "gone"},
        {"turn": "9", "answer": "listen"},
        {"turn": "\0", "answer": "x" * 9999},
    ],
)
def test_garbage_records_nothing(as_, alice, due, posted):
    assert as_(alice).post(page(due), posted).status_code in (302, 422)
    assert Return.objects.count() == 0


def test_what_is_not_due_is_not_asked(as_, alice, due):
    Refresher.objects.update(due_at=timezone.now() + DAY)
    browser = as_(alice)
    assert browser.get(page(due)).status_code == 302
    browser.post(page(due), {"turn": 1, "answer": "listen"})
    assert Return.objects.count() == 0


def test_refresher_whose_content_is_gone_comes_back_no_more(as_, alice):
    gone = RefresherFactory(person=alice, skill="follow-through")
    assert as_(alice).get(page(gone), follow=True).status_code == 200
    assert not Refresher.objects.exists()


def test_supervisor_never_sees_which(as_, alice, bob, due):
    PersonFactory(unit=alice.unit)
    assert as_(bob).get(page(due)).status_code == 404


def test_my_training_leads_to_what_is_due_and_only_there(as_, alice, dave, due):
    shown = as_(alice).get("/").content.decode()
    assert all(page(found) in shown for found in Refresher.objects.all())
    assert "clear-limits" not in shown
    assert "Refresher" not in as_(dave).get("/").content.decode()


def test_what_comes_back_says_in_which_language_it_speaks(as_, alice, course, due):
    Course.objects.filter(pk=course.pk).update(language="es")
    both = (due, Refresher.objects.get(question="single"))
    content = [as_(alice).get(page(refresher)).content.decode() for refresher in both]
    assert ['<div lang="en">' in content[0], '<div lang="es">' in content[1]] == [True, True]
