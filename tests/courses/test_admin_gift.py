"""Questions of another system into a knowledge check: rehearsed, then added, whole or not at all."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.gift.reading import MOST_QUESTIONS
from courses.models import Activity, Question
from tests.admin_pages import GARBAGE, page, said
from tests.factories import a_course

pytestmark = pytest.mark.django_db

GIFT = """\
::Greeting::What do you say first? {
  =Good morning#People like it.
  ~What?#It sounds rude.
}

A library card is {=free#For all. ~dear#Never.} here.

Write an essay. {}
"""


@pytest.fixture
def check():
    a_course()
    return Activity.objects.get(kind="knowledge-check")


@pytest.fixture
def browser(as_, carol):
    return as_(carol)


def keys(check):
    return list(check.questions.values_list("key", flat=True))


def test_page_of_a_check_leads_to_the_import(browser, check):
    assert browser.get(page(check)).context["gift_url"] == page(check, "gift")


def test_rehearsal_adds_nothing_and_accounts_for_each(browser, check):
    before = keys(check)
    response = browser.post(page(check, "gift"), {"text": GIFT})
    read = response.context["read"]
    assert ([remark.outcome for remark in read.remarks], len(read.questions)) == (["kept", "kept", "dropped"], 2)
    assert keys(check) == before
    assert "Add these questions" in response.content.decode()


def test_confirmed_they_come_after_those_that_are_there(browser, check):
    before = keys(check)
    response = browser.post(page(check, "gift"), {"text": GIFT, "confirmed": "yes"}, follow=True)
    assert said(response) == ["Added 2 questions."]
    assert keys(check) == [*before, "greeting", "a-library-card-is-here"]
    options = Question.objects.get(key="greeting").options.values_list("text", "correct", "explanation")
    assert list(options) == [("Good morning", True, "People like it."), ("What?", False, "It sounds rude.")]


def test_same_questions_twice_get_names_of_their_own(browser, check):
    for _ in range(2):
        browser.post(page(check, "gift"), {"text": GIFT, "confirmed": "yes"})
    assert {"greeting", "greeting-2"} <= set(keys(check))


def test_file_is_shown_as_its_text_to_be_confirmed(browser, check):
    file = SimpleUploadedFile("q.gift", GIFT.encode("utf-16"))
    response = browser.post(page(check, "gift"), {"file": file})
    assert response.context["form"]["text"].value() == GIFT
    assert len(response.context["read"].questions) == 2


def test_more_than_a_check_can_have_is_refused_whole(browser, check):
    before = keys(check)
    text = "\n\n".join(f"Question {number} {{T}}" for number in range(MOST_QUESTIONS))
    response = browser.post(page(check, "gift"), {"text": text, "confirmed": "yes"})
    assert (keys(check), "200 questions at most" in response.content.decode()) == (before, True)


def test_question_without_explanations_holds_the_course_up(browser, check):
    browser.post(page(check, "gift"), {"text": "Two and two {=four ~five}", "confirmed": "yes"})
    course = check.module.course
    faults = browser.get(page(course)).context["faults"]
    assert faults == [f"“{check}”: an option of “Two and two” does not say why it is right or wrong."]


@pytest.mark.parametrize(
    "garbage", [*GARBAGE, "", "{", "}{", "::a", "x {=" + "~" * 5000, "<script>alert(1)</script> {T}"]
)
def test_garbage_is_answered_and_changes_nothing(browser, check, garbage):
    before = keys(check)
    response = browser.post(page(check, "gift"), {"text": garbage})
    assert (response.status_code, keys(check)) == (200, before)
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("content", [b"", b"\0\0\xff\xfe", b"PK\x03\x04" + b"\0" * 500, b"\xff\xfe\0", b"{" * 900_000])
def test_file_of_anything_is_answered_and_changes_nothing(browser, check, content):
    before = keys(check)
    response = browser.post(page(check, "gift"), {"file": SimpleUploadedFile("q.txt", content), "confirmed": "yes"})
    assert (response.status_code, keys(check)) == (200, before)


def test_only_a_knowledge_check_has_the_page(browser, check):
    lesson = Activity.objects.get(kind="lesson")
    assert browser.get(page(lesson, "gift")).status_code == 404
    assert browser.get(page(lesson, "gift").replace(str(lesson.pk), "999999")).status_code == 404


def test_learners_and_supervisors_do_not_get_there(as_, alice, bob, check):
    assert [as_(person).get(page(check, "gift")).status_code for person in (alice, bob)] == [302, 302]
