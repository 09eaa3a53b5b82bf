"""A branch manager looks: who is ready, who is overdue, where it is hard; and takes the rows away."""

import csv

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import follow, look, sign_in


@pytest.mark.parametrize("width", [320, 1280])
def test_reports_are_accessible(browse, width):
    page = sign_in(browse(width=width, color_scheme="dark" if width == 320 else "light"), "supervisor@example.org")
    follow(page.get_by_role("link", name="Reports"))
    look(page)
    for path in (
        "/reports/courses/everyone-welcome/",
        "/reports/scenarios/forty-dollars/",
        "/reports/records/",
        "/reports/hours/",
        "/reports/together/",
    ):
        page.goto(path)
        look(page)
    page.goto("/reports/")
    follow(page.get_by_role("link", name="Tom Becker").first)
    look(page)


def test_finding_the_overdue_and_taking_them_away(browse, tmp_path):
    page = sign_in(browse(), "supervisor@example.org")
    page.goto("/reports/")
    page.get_by_label("State").select_option("overdue")
    follow(page.get_by_role("button", name="Show"))
    shown = page.locator("#people tbody th a").all_inner_texts()
    assert "Tom Becker" in shown
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    kept = tmp_path / "people.csv"
    download.value.save_as(kept)
    rows = list(csv.DictReader(kept.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["Person"] for row in rows] == shown


def test_the_overdue_are_nudged_and_the_register_is_printed(browse, tmp_path):
    page = sign_in(browse(width=390), "supervisor@example.org")
    page.goto("/reports/")
    follow(page.get_by_role("link", name="Choose whom to nudge"))
    page.get_by_label("Choose Tom Becker, Everyone welcome").check()
    follow(page.get_by_role("button", name="Nudge those chosen"))
    assert "1 person was nudged." in page.get_by_role("status").inner_text()
    assert page.get_by_label("State").input_value() == "overdue"
    follow(page.get_by_role("link", name="Training records, for an audit"))
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF register").click()
    kept = tmp_path / "register.pdf"
    download.value.save_as(kept)
    assert kept.read_bytes().startswith(b"%PDF-")


# The demo library is small: what it answers is made long.
SLOWLY = """() => { window.fetch = (_, { signal }) => Promise.resolve(new Response(new ReadableStream({ start(it) {
  it.enqueue(new TextEncoder().encode("name\\nTom\\n"));
  signal.addEventListener("abort", () => it.error(new DOMException("", "AbortError")));
} }), { headers: { "Content-Type": "text/csv" } })); }"""


def test_long_download_says_how_far_it_is_and_can_be_stopped(browse):
    page = sign_in(browse(), "supervisor@example.org")
    page.goto("/reports/records/")
    page.evaluate(SLOWLY)
    page.get_by_role("link", name="CSV").click()
    told = page.locator("#download")
    expect(told).to_contain_text("2 lines so far")
    look(page)
    told.get_by_role("button", name="Stop").click()
    expect(told).to_be_hidden()


def test_reports_are_not_there_for_staff(browse):
    page = sign_in(browse(), "author@example.org")
    assert not page.get_by_role("link", name="Reports").count()
