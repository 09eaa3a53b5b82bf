"""Queries and weights of the pages, counted. The budgets are DESIGN's: what they are is agreed, not measured."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from courses.models import Enrolment
from scenarios import playing
from tests.factories import EnrolmentFactory, a_course, a_document, a_scenario

pytestmark = pytest.mark.django_db

HTML_AND_CSS = 14 * 1024
SCRIPT = 5 * 1024


@pytest.fixture(params=[1, 3])
def size(request, alice):
    """Alice with one course, or with three and much played."""
    for number in range(request.param):
        course = a_course(f"welcome-{number}" if number else "welcome")
        EnrolmentFactory(person=alice, course=course)
        for _ in range(number):
            attempt = playing.start(
                alice, course.modules.get().activities.get(slug="scenario").scenario, mode="recorded"
            )
            for sequence, choice in enumerate(("listen", "agree"), 1):
                playing.decide(attempt.pk, alice, choice=choice, sequence=sequence)
    return request.param


def quoting_scenario():
    """The play page at its most expensive: it quotes a policy value."""
    document = a_document("quoting")
    for scene in document["scenes"].values():
        scene["speech"] = "It was {fines.block-at}!"
    return a_scenario("quoting", scenes=document["scenes"])


@pytest.mark.parametrize("slug", ["lesson", "knowledge-check", "scenario", "reflection", "confidence", "policy"])
def test_activity_page_takes_at_most_6_queries(as_, alice, size, slug, django_assert_max_num_queries):
    browser = as_(alice)
    browser.get(f"/courses/welcome/first/{slug}/")
    with django_assert_max_num_queries(6):
        browser.get(f"/courses/welcome/first/{slug}/")


def test_my_training_takes_at_most_8_queries(as_, alice, size, django_assert_max_num_queries):
    browser = as_(alice)
    with django_assert_max_num_queries(8):
        assert browser.get("/").status_code == 200


@pytest.mark.parametrize("taken", [0, 1])
def test_play_page_takes_at_most_4_queries(as_, alice, size, taken, django_assert_max_num_queries):
    attempt = playing.start(alice, quoting_scenario(), mode="recorded")
    for sequence, choice in enumerate(["listen"][:taken], 1):
        playing.decide(attempt.pk, alice, choice=choice, sequence=sequence)
    browser = as_(alice)
    browser.get(reverse("scenarios:attempt", args=[attempt.pk]))
    with django_assert_max_num_queries(4):
        browser.get(reverse("scenarios:attempt", args=[attempt.pk]))


def test_decision_takes_at_most_7_queries(as_, alice, size, django_assert_max_num_queries):
    attempt = playing.start(alice, quoting_scenario(), mode="recorded")
    browser = as_(alice)
    url = reverse("scenarios:attempt", args=[attempt.pk])
    browser.get(url)
    with django_assert_max_num_queries(7):
        assert browser.post(url, {"choice": "listen", "sequence": 1}).status_code == 302


def weight(text: str) -> int:
    return len(gzip.compress(text.encode(), 6))


def learners_pages(browser, alice):
    attempt = playing.start(alice, quoting_scenario(), mode="recorded")
    yield browser.get("/")
    for slug in ("lesson", "knowledge-check", "scenario", "reflection", "confidence", "policy"):
        yield browser.get(f"/courses/welcome/first/{slug}/")
    yield browser.get(reverse("scenarios:attempt", args=[attempt.pk]))


def test_first_visit_weighs_at_most_14_kb(as_, alice, size):
    for page in learners_pages(as_(alice), alice):
        html = page.content.decode()
        sheets = re.findall(r'rel="stylesheet" href="/static/([^"]+)"', html)
        css = sum(weight((Path(settings.BASE_DIR) / "static" / sheet).read_text()) for sheet in sheets)
        assert sheets
        assert weight(html) + css <= HTML_AND_CSS


def test_scripts_of_a_learners_page_weigh_at_most_5_kb(as_, alice, size):
    for page in learners_pages(as_(alice), alice):
        scripts = re.findall(r'<script[^>]* src="/static/([^"]+)"', page.content.decode())
        assert sum(weight((Path(settings.BASE_DIR) / "static" / script).read_text()) for script in scripts) <= SCRIPT
    assert Enrolment.objects.count() == size
