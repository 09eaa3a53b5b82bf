"""A library assistant trains: every journey, at phone and desktop width, with and without JavaScript."""

from pathlib import Path

import pytest
import yaml

from tests.e2e.conftest import follow, look, sign_in

PACK = Path(__file__).resolve().parents[2] / "fixtures" / "starter" / "courses"
MODULE = "/courses/everyone-welcome/calm-is-a-skill/"


def right_answers(course, module, check):
    """The keys of the right options of a knowledge check, by question."""
    check = yaml.safe_load((PACK / course / module / f"{check}.yaml").read_text())
    return {
        key: [option for option, value in question["options"].items() if value.get("correct")]
        for key, question in check["questions"].items()
    }


def play(page):
    """From the first scene to an ending, always the first choice; the number of decisions."""
    for decisions in range(20):
        if not page.locator("#choices").count():
            return decisions
        look_if(page, decisions < 2)
        follow(page.locator("#choices button").first)
    raise AssertionError("no ending within 20 decisions")


def look_if(page, wanted):
    if wanted and page.evaluate("1") == 1:
        look(page)


def do_activity(page):
    """Whatever the page asks for, done as a person would."""
    course, module, slug = page.url.rstrip("/").rsplit("/", 3)[1:]
    if page.locator("form.modes").count():
        follow(page.locator("button[name=mode][value=recorded]"))
        play(page)
        follow(page.get_by_role("link", name="See how it went"))
        look(page)
        return
    for rating in page.locator("fieldset .scale").all():
        rating.locator("input").nth(3).check()
    if slug == "knowledge-check":
        for question, options in right_answers(course, module, slug).items():
            for option in options:
                page.locator(f"input[name='{question}'][value='{option}']").check()
    if page.locator("input[name=read]").count():
        page.locator("input[name=read]").check()
    if page.locator("textarea[name=text]").count():
        page.fill("textarea[name=text]", "I straighten the flyers.")
    follow(page.locator("main form button").last)


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_of_a_learner_are_accessible(browse, width):
    page = browse(width=width, color_scheme="dark" if width == 320 else "light", reduced_motion="reduce")
    page.goto("/")
    look(page)
    page.goto("/accounts/login/")
    look(page)
    sign_in(page, "staff@example.org")
    look(page)
    for path in ("/courses/", "/courses/everyone-welcome/", MODULE, "/scenarios/", "/scenarios/forty-dollars/"):
        page.goto(path)
        look(page)
    for slug in ("signs-of-escalation", "the-code-of-conduct", "knowledge-check", "your-own-warning-light"):
        page.goto(f"{MODULE}{slug}/")
        look(page)
    for path in ("/accounts/", "/hours/", "/seen/"):
        page.goto(path)
        look(page)


@pytest.mark.parametrize(
    "slug",
    ["knowledge-check", "../a-place-for-everyone/confidence-before", "the-code-of-conduct", "your-own-warning-light"],
)
def test_refused_answer_says_why_where_the_focus_is(browse, slug):
    page = sign_in(browse(width=320), "author@example.org")
    page.goto(f"{MODULE}{slug}/")
    page.evaluate("document.querySelector('main form').noValidate = true")
    with page.expect_navigation():
        page.locator("main form button").last.click()
    look(page)
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"


def test_whole_course_to_the_certificate(browse, site):
    """As somebody who has not begun; every module, with axe at each ending, and a certificate that verifies."""
    page = browse(width=1280)
    sign_in(page, "author@example.org")
    page.goto("/courses/everyone-welcome/")
    for _ in range(60):
        page.goto("/courses/everyone-welcome/")
        if page.get_by_role("link", name="Your certificate").count():
            break
        follow(page.locator("section.next a.button"))
        do_activity(page)
    page.get_by_role("link", name="Your certificate").click()
    look(page)
    address = page.url
    assert "This record is genuine" in page.content()
    page.emulate_media(media="print")
    assert not page.locator(".site-head").is_visible()
    assert page.locator(".certificate").is_visible()
    stranger = browse(width=320)
    stranger.goto(address)
    look(stranger)
    assert "Jo Lindqvist" in stranger.content()


def test_scenario_by_keyboard_alone(browse):
    page = sign_in(browse(width=1280), "staff@example.org")
    page.goto("/scenarios/too-loud-to-think/")
    page.locator("button[name=mode][value=practice]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/attempts/*/")
    assert page.evaluate("document.activeElement.id") == "now"
    before = page.locator("h1").inner_text()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "choice":
            break
    page.keyboard.press("Enter")
    page.wait_for_function("title => document.querySelector('h1').innerText !== title", arg=before)
    assert page.evaluate("document.activeElement.id") == "now"
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "/attempts/" not in url)


def test_stepping_out_leaves_no_trace_and_coming_back_resumes(browse):
    page = sign_in(browse(width=320), "staff@example.org")
    page.goto("/scenarios/forty-dollars/")
    page.locator("button[name=mode][value=practice], button[name=mode][value=anew]").last.click()
    page.locator("#choices button").first.click()
    scene = page.locator("h1").inner_text()
    page.get_by_role("link", name="Step out").click()
    other_device = sign_in(browse(width=1280), "staff@example.org")
    other_device.goto("/scenarios/forty-dollars/")
    other_device.get_by_role("button", name="Continue practising").click()
    assert other_device.locator("h1").inner_text() == scene


@pytest.mark.parametrize("width", [320, 1280])
def test_scenario_without_javascript(browse, width):
    page = sign_in(browse(width=width, java_script_enabled=False), "staff@example.org")
    page.goto("/scenarios/forty-dollars/")
    modes = page.locator("button[name=mode][value=practice], button[name=mode][value=anew]")
    modes.last.click()
    assert "Practice" in page.locator(".play-head").inner_text()
    decisions = 0
    while page.locator("#choices").count():
        assert "decision" in page.locator(".status").inner_text()
        page.locator("#choices button").first.click()
        decisions += 1
    page.get_by_role("link", name="See how it went").click()
    assert page.locator(".transcript > li").count() == decisions
    page.get_by_role("button", name="Try again from here").nth(1).click()
    assert "Practice" in page.locator(".play-head").inner_text()


def test_consequence_comes_before_the_coach_and_before_the_next_scene(browse):
    page = sign_in(browse(), "staff@example.org")
    page.goto("/scenarios/forty-dollars/")
    page.locator("button[name=mode][value=practice], button[name=mode][value=anew]").last.click()
    page.locator("#choices button").first.click()
    order = page.evaluate(
        "[...document.querySelectorAll('.consequence, .coach, h1, .speech, #choices')]"
        ".map(found => found.className || found.tagName)"
    )
    assert order == ["consequence", "coach", "H1", "speech", "choices"]


def test_back_button_shows_where_one_is(browse):
    """A page that comes back from the browser's cache asks the server again."""
    page = sign_in(browse(), "staff@example.org")
    page.goto("/scenarios/forty-dollars/")
    page.locator("button[name=mode][value=practice], button[name=mode][value=anew]").last.click()
    page.locator("#choices button").first.click()
    scene = page.locator("h1").inner_text()
    page.go_back()
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() == scene
