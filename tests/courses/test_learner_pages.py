"""What a learner sees and does in courses."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from courses import progressing
from courses.models import Activity, ActivityProgress, Enrolment, Reflection, Submission, TrainingRecord
from scenarios import playing
from scenarios.models import PolicyValue
from tests.factories import (
    ActivityFactory,
    CourseFactory,
    EnrolmentFactory,
    PolicyValueFactory,
    a_course,
    a_scenario,
    end_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(alice):
    course = a_course()
    EnrolmentFactory(person=alice, course=course)
    return course


def page(browser, slug):
    return browser.get(f"/courses/welcome/first/{slug}/")


def send(browser, slug, **data):
    return browser.post(f"/courses/welcome/first/{slug}/", data)


def state(alice, slug):
    progress = ActivityProgress.objects.filter(enrolment__person=alice, activity__slug=slug).first()
    return progress and ("completed" if progress.completed_at else "opened")


def play_recorded(person, course, *choices):
    play(person, course.modules.get().activities.get(slug="scenario").scenario, *choices)


def play(person, scenario, *choices):
    attempt = playing.start(person, scenario, mode="recorded")
    for number, choice in enumerate(choices, 1):
        playing.decide(attempt.pk, person, choice=choice, sequence=number)


def test_my_training_says_what_to_do_next(as_, alice, course):
    browser = as_(alice)
    assert "Start here" in (first := browser.get("/").content.decode())
    assert "A lesson" in first
    page(browser, "lesson")
    page(browser, "reflection")
    later = browser.get("/").content.decode()
    assert "Continue where you were" in later
    assert 'href="/courses/welcome/first/reflection/"' in later


@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "1 minute"), (35, "35 minutes"), (104, "104 minutes"), (222, "3½ hours")]
)
def test_time_left_is_in_words(as_, alice, course, minutes, words):
    Activity.objects.filter(module__course=course).update(minutes=0)
    Activity.objects.filter(module__course=course, slug="lesson").update(minutes=minutes)
    assert f"about {words} left" in as_(alice).get("/courses/welcome/").content.decode()


def test_my_training_puts_what_is_due_first_and_shows_a_paused_scenario(as_, alice, course):
    Enrolment.objects.update(due_at=end_of(timezone.localdate() + datetime.timedelta(days=3)))
    play_recorded(alice, course, "listen")
    shown = as_(alice).get("/").content.decode()
    assert "due in 3 days" in shown
    assert "Scenarios that wait for you" in shown


def test_stranger_to_all_courses_is_told_what_there_is(as_, dave):
    assert "Nothing has been given to you yet" in as_(dave).get("/").content.decode()


def test_unpublished_course_is_nowhere(as_, alice):
    draft = CourseFactory(slug="draft")
    EnrolmentFactory(person=alice, course=draft)
    browser = as_(alice)
    assert draft.title not in browser.get("/").content.decode() + browser.get("/courses/").content.decode()
    assert browser.get("/courses/draft/").status_code == 404


def test_lesson_quotes_the_policy_value_of_today(as_, alice, course):
    PolicyValue.objects.update(value="$40 <b>")
    assert "Fines start at $40 &lt;b&gt;." in page(as_(alice), "lesson").content.decode()


def test_lesson_is_opened_then_completed_and_leads_on(as_, alice, course):
    browser = as_(alice)
    page(browser, "lesson")
    assert state(alice, "lesson") == "opened"
    assert send(browser, "lesson")["Location"] == "/courses/welcome/first/knowledge-check/"
    assert state(alice, "lesson") == "completed"


def test_knowledge_check_explains_every_answer_and_may_be_retried(as_, alice, course):
    browser = as_(alice)
    assert "Because of" not in page(browser, "knowledge-check").content.decode()
    send(browser, "knowledge-check", single="no", several=["one"])
    shown = page(browser, "knowledge-check").content.decode()
    assert ("0 of 2 right" in shown, shown.count("Because of"), state(alice, "knowledge-check")) == (True, 5, "opened")
    send(browser, "knowledge-check", single="yes", several=["one", "two"])
    assert "2 of 2 right: passed" in page(browser, "knowledge-check").content.decode()
    assert (state(alice, "knowledge-check"), Submission.objects.count()) == ("completed", 2)


def test_double_click_on_a_check_is_one_submission(as_, alice, course):
    browser = as_(alice)
    for answers in (["one"], ["one"], ["one", "two"], ["one", "two"]):
        send(browser, "knowledge-check", single="yes", several=answers)
    assert list(Submission.objects.order_by("pk").values_list("right", flat=True)) == [1, 2]


def test_failing_after_a_pass_takes_nothing_away(as_, alice, course):
    browser = as_(alice)
    send(browser, "knowledge-check", single="yes", several=["one", "two"])
    send(browser, "knowledge-check", single="no", several=["three"])
    assert state(alice, "knowledge-check") == "completed"


@pytest.mark.parametrize(
    "data",
    [{}, {"single": "yes"}, {"single": "nonsense", "several": ["one"]}, {"single": ["yes", "no"], "several": "\0"}],
)
def test_unanswered_or_garbled_check_keeps_the_rest_and_records_nothing(as_, alice, course, data):
    answer = send(as_(alice), "knowledge-check", **data)
    assert (answer.status_code, Submission.objects.count()) == (422, 0)
    assert "Some questions have no answer yet" in answer.content.decode()


def test_missing_question_is_named_by_its_own_number(as_, alice, course):
    answer = send(as_(alice), "knowledge-check", single="yes").content.decode()
    assert '<a href="#q-several">question 2</a>' in answer


def test_reflection_is_kept_and_only_its_writer_reads_it(as_, alice, bob, erin, course):
    send(as_(alice), "reflection", text="My secret thought")
    assert "My secret thought" in page(as_(alice), "reflection").content.decode()
    for other in (bob, erin):
        browser = as_(other)
        urls = [reverse("courses:person-report", args=[alice.pk]), "/courses/welcome/first/reflection/"]
        for url in [*urls, *(f"{url}?format=csv" for url in urls)]:
            answer = browser.get(url)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert b"My secret thought" not in body


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_001, "nul \0 byte"])
def test_bad_reflection_gets_a_message(as_, alice, course, text):
    answer = send(as_(alice), "reflection", text=text)
    assert (answer.status_code, Reflection.objects.count()) == (422, 0)


def test_confidence_is_asked_again_where_a_number_is_missing(as_, alice, course):
    browser = as_(alice)
    assert send(browser, "confidence").status_code == 422
    assert send(browser, "confidence", **{"stay-calm": "9"}).status_code == 422
    assert send(browser, "confidence", **{"stay-calm": "4"}).status_code == 302
    assert state(alice, "confidence") == "completed"


def test_policy_is_acknowledged_with_the_words_of_the_day(as_, alice, course):
    browser = as_(alice)
    assert send(browser, "policy").status_code == 422
    send(browser, "policy", read="on")
    send(browser, "policy", read="on")
    PolicyValue.objects.update(value="$99")
    kept = alice.acknowledgements.get()
    assert "A card is blocked at $25." in kept.text


def test_scenario_activity_needs_a_recorded_play_to_an_ending(as_, alice, course):
    scenario = course.modules.get().activities.get(slug="scenario").scenario
    attempt = playing.start(alice, scenario, mode="practice")
    for number, choice in enumerate(("listen", "agree"), 1):
        playing.decide(attempt.pk, alice, choice=choice, sequence=number)
    assert state(alice, "scenario") is None
    play_recorded(alice, course, "listen")
    assert state(alice, "scenario") is None
    play_recorded(alice, course, "listen", "agree")
    assert state(alice, "scenario") == "completed"


def test_page_says_which_attempt_counts(as_, alice, course):
    play_recorded(alice, course, "rush", "argue")
    play_recorded(alice, course, "listen", "agree")
    shown = page(as_(alice), "scenario").content.decode()
    assert shown.count("this one counts") == 1
    assert "100 % of the best possible · <strong>this one counts" in shown


def finish(browser, alice, course):
    send(browser, "lesson")
    send(browser, "knowledge-check", single="yes", several=["one", "two"])
    play_recorded(alice, course, "rush", "sorry")
    send(browser, "reflection", text="Thoughts")
    send(browser, "confidence", **{"stay-calm": "3"})


def test_last_required_activity_completes_the_course_and_writes_the_record(as_, alice, course):
    browser = as_(alice)
    finish(browser, alice, course)
    assert TrainingRecord.objects.count() == 0
    last = browser.post("/courses/welcome/first/policy/", {"read": "on"}, follow=True)
    record = TrainingRecord.objects.get()
    assert "you have completed the course" in last.content.decode()
    assert (record.person, record.course_slug, record.edition, record.unit) == (alice, "welcome", 1, "Circulation")
    assert Enrolment.objects.get(person=alice).completed_at == record.completed_at


def test_course_is_completed_once(as_, alice, course):
    browser = as_(alice)
    finish(browser, alice, course)
    for _ in range(2):
        send(browser, "policy", read="on")
    assert TrainingRecord.objects.count() == 1


def test_completion_and_record_come_together_or_not_at_all(as_, alice, course, monkeypatch):
    browser = as_(alice)
    finish(browser, alice, course)

    def broken(**kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(TrainingRecord.objects, "create", broken)
    with pytest.raises(RuntimeError):
        send(browser, "policy", read="on")
    assert Enrolment.objects.get(person=alice).completed_at is None
    assert state(alice, "policy") == "opened" or state(alice, "policy") is None


def test_scenario_that_is_last_completes_the_course_in_the_decisions_transaction(as_, alice, course):
    browser = as_(alice)
    finish(browser, alice, course)
    ActivityProgress.objects.filter(activity__slug="scenario").update(completed_at=None)
    send(browser, "policy", read="on")
    assert TrainingRecord.objects.count() == 0
    play_recorded(alice, course, "listen", "agree")
    assert TrainingRecord.objects.count() == 1


def test_certificate_can_be_verified_by_anyone_with_its_code(client, as_, alice, course):
    browser = as_(alice)
    finish(browser, alice, course)
    send(browser, "policy", read="on")
    record = TrainingRecord.objects.get()
    shown = client.get(f"/records/{record.code.lower()}/").content.decode()
    for words in ("Alice Learner", "Course", "This record is genuine", record.code, "Ms Trainer", "Twenty years"):
        assert words in shown
    for code in ("AAAA-AAAA-AAAA-AAAA", "%00", "A%00B", "%FF", "A" * 500):
        assert client.get(f"/records/{code}/").status_code == 404


def test_activity_added_later_does_not_undo_a_completion(as_, alice, course):
    browser = as_(alice)
    finish(browser, alice, course)
    send(browser, "policy", read="on")
    ActivityFactory(module=course.modules.get(), slug="new", title="A new one")
    assert "Your certificate" in browser.get("/courses/welcome/").content.decode()


def test_resuming_on_another_device_goes_to_the_last_activity(as_, alice, course):
    page(as_(alice), "confidence")
    assert 'href="/courses/welcome/first/confidence/">Continue' in as_(alice).get("/courses/welcome/").content.decode()


def test_taking_up_a_course_oneself_enrols(as_, dave, course):
    send(as_(dave), "lesson")
    enrolment = Enrolment.objects.get(person=dave)
    assert (enrolment.assigned_at, enrolment.started_at is not None) == (None, True)


def test_remaining_lists_what_is_left_in_order(alice, course):
    progressing.complete(alice, course.modules.get().activities.get(slug="knowledge-check"))
    left = progressing.remaining(Enrolment.objects.get(person=alice))
    assert [activity.slug for activity in left] == ["lesson", "scenario", "reflection", "confidence", "policy"]


def test_alternative_counts_like_the_scenario_and_leads_back(as_, alice, course):
    activity = course.modules.get().activities.get(slug="scenario")
    activity.alternative = a_scenario("gentler")
    activity.save()
    browser = as_(alice)
    shown = page(browser, "scenario").content.decode()
    assert "/scenarios/gentler/?from=/courses/welcome/first/scenario/" in shown
    intro = browser.get("/scenarios/gentler/?from=/courses/welcome/first/scenario/").content.decode()
    assert 'name="came_from" value="/courses/welcome/first/scenario/"' in intro
    play(alice, activity.alternative, "rush", "argue")
    assert state(alice, "scenario") == "completed"
    assert "rather not play" not in page(browser, "scenario").content.decode()


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "x" * 400, "\0"])
def test_page_to_go_back_to_is_one_of_ours(as_, alice, course, address):
    shown = as_(alice).get("/scenarios/desk/", {"from": address}).content.decode()
    assert 'name="came_from" value=""' in shown


def test_aftercare_stands_at_the_ending_only(as_, alice, course):
    PolicyValueFactory(key="support", default="extension 250")
    scenario = a_scenario("heavy", aftercare="You can *talk* to {fines.support}.")
    browser = as_(alice)
    attempt = playing.start(alice, scenario, mode="practice")
    url = reverse("scenarios:attempt", args=[attempt.pk])
    for number, choice in enumerate(("listen", "agree"), 1):
        assert "Before you go on" not in browser.get(url).content.decode()
        playing.decide(attempt.pk, alice, choice=choice, sequence=number)
    shown = browser.get(url).content.decode()
    assert "Before you go on" in shown
    assert "You can <em>talk</em> to extension 250." in shown


def test_due_date_explains_itself_where_the_learner_sees_it(as_, alice, course):
    why = "Due 31 January 2027: circulation staff renew each January; 12 November 2026 counted for 2026."
    Enrolment.objects.filter(person=alice).update(why=why)
    assert [why in as_(alice).get(address).content.decode() for address in ("/", "/courses/welcome/")] == [True, True]


def test_course_that_opens_later_is_shown_as_such(as_, alice, course):
    why = "Opens once “First steps” is completed."
    Enrolment.objects.filter(person=alice).update(why=why, is_open=False)
    content = as_(alice).get("/").content.decode()
    assert content.index('id="later"') < content.index(why)


def test_nothing_is_explained_of_what_is_done(as_, alice, course):
    Enrolment.objects.filter(person=alice).update(why="Due some day.", completed_at=timezone.now())
    assert "Due some day" not in as_(alice).get("/courses/welcome/").content.decode()
