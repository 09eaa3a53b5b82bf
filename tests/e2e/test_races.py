"""Double submits, two tabs, the back button, old forms, a killed server: at the site as it is really served."""

import threading

import pytest

from tests.crash import faults, run
from tests.plain_browser import PlainBrowser
from tests.running_site import RunningSite


@pytest.fixture
def sam(site):
    return PlainBrowser(site.url).sign_in("staff@example.org")


def anew(browser):
    return browser.post("/scenarios/forty-dollars/", mode="anew")


def test_double_click_is_one_decision_and_leads_on(sam):
    page = anew(sam)
    first = sam.post(page.url, choice=page.choices[0], sequence=1)
    second = sam.post(page.url, choice=page.choices[0], sequence=1)
    assert (first.sequence, second.sequence, second.status) == (2, 2, 200)
    assert "already answered" not in second.html


def test_two_tabs_get_one_answer_and_both_lead_on(site, sam):
    page = anew(sam)
    answers = []

    def tab(choice):
        other = PlainBrowser(site.url)
        other.cookies.__dict__["_cookies"] = sam.cookies.__dict__["_cookies"]
        answers.append(other.post(page.url, choice=choice, sequence=1))

    tabs = [threading.Thread(target=tab, args=[choice]) for choice in page.choices[:2] * 4]
    for thread in tabs:
        thread.start()
    for thread in tabs:
        thread.join()
    assert {answer.status for answer in answers} == {200}
    assert {answer.sequence for answer in answers} == {2}


def test_going_back_and_answering_otherwise_says_what_stands(sam):
    page = anew(sam)
    sam.post(page.url, choice=page.choices[0], sequence=1)
    again = sam.post(page.url, choice=page.choices[1], sequence=1)
    assert "You had already answered that scene" in again.html
    assert again.sequence == 2


@pytest.mark.parametrize("form", [{}, {"choice": "x"}, {"sequence": "9"}, {"choice": "\0", "sequence": "1e9"}])
def test_old_or_garbled_form_changes_nothing(sam, form):
    page = anew(sam)
    answer = sam.post(page.url, **form)
    assert (answer.status, answer.sequence, "Nothing was recorded" in answer.html) == (200, 1, True)


@pytest.mark.parametrize("path", ["/attempts/999999/", "/attempts/1/debrief/", "/attempts/0/", "/reports/people/1/"])
def test_tampering_with_ids_finds_nothing(sam, path):
    assert sam.get(path).status == 404


def test_form_of_a_set_aside_attempt_changes_nothing(sam):
    old = anew(sam)
    anew(sam)
    answer = sam.post(old.url, choice=old.choices[0], sequence=1)
    assert answer.status == 200
    assert "set that practice attempt aside" in answer.html


def test_what_was_acknowledged_survives_kill_9(tmp_path):
    site = RunningSite(tmp_path).start()
    try:
        kept, rows = run(site, kills=2)
    finally:
        site.stop()
    assert len(kept) > 10
    assert faults(kept, rows) == (0, 0)
