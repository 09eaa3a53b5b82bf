"""A real Chromium at a really served demo library."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.running_site import RunningSite


def pytest_collection_modifyitems(items):
    """One worker drives the browser; the other goes on with the rest."""
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The demo library, served as an operator serves it. Each test brings its own people or leaves no trace."""
    running = RunningSite(tmp_path_factory.mktemp("site")).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium")
    assert path, "The browser tests need Chromium: `make chromium` installs it."
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium, site):
    """``browse(width=320)`` opens a page; whatever the site's own code gets wrong in it fails the test."""
    contexts, faults = [], []

    def opened(width=1280, **options):
        context = chromium.new_context(viewport={"width": width, "height": 800}, base_url=site.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if is_ours(said) else None)
        page.on("response", lambda answer: faults.append(answer.url) if answer.status >= 500 else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def follow(link):
    """Click, and be on the page that it leads to."""
    with link.page.expect_navigation():
        link.click()


def is_ours(said):
    """What has no address comes from axe itself, which writes a style here and there; a refused form is no fault."""
    return said.type == "error" and said.location["url"] and "status of 422" not in said.text


def sign_in(page, email, password="welcome-to-the-library"):
    page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    return page


def look(page, but=()):
    """The page as it stands is accessible, ``but`` for some rules, and nothing of it hangs over the edge."""
    page.wait_for_load_state()
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    broken = [violation["id"] for violation in found.response["violations"] if violation["id"] not in but]
    assert broken == [], found.generate_report()
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
