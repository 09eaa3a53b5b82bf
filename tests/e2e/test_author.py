"""An author at work in admin: writes, is told what does not hold, tries it out, publishes."""

import pytest

from tests.e2e.conftest import follow, look, sign_in

# The tabular inlines of stock admin have columns without a heading, of which nothing is to be said.
OF_DJANGO = ["empty-table-header"]


def leave(page):
    follow(page.get_by_role("button", name="Save and return"))


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_of_an_author_are_accessible(browse, width):
    page = sign_in(browse(width=width, color_scheme="dark" if width == 390 else "light"), "author@example.org")
    page.goto("/admin/")
    look(page, but=OF_DJANGO)
    for section, thing in (
        ("scenarios/scenario", "Forty dollars"),
        ("courses/course", "Everyone welcome"),
        ("scenarios/policy", "Fines and fees"),
    ):
        page.goto(f"/admin/{section}/")
        look(page, but=OF_DJANGO)
        follow(page.get_by_role("link", name=thing).first)
        look(page, but=OF_DJANGO)
    page.goto("/admin/scenarios/scenario/")
    follow(page.get_by_role("link", name="Forty dollars").first)
    scenario = page.url
    for name in ("Publish…", "Preview the draft"):
        if page.get_by_role("link", name=name).count():
            follow(page.get_by_role("link", name=name))
            look(page, but=OF_DJANGO)
            page.goto(scenario)
    follow(page.get_by_role("link", name="Add day"))
    look(page, but=OF_DJANGO)
    page.goto(scenario)
    follow(page.locator(".map-frame a.start, .map-frame a.box").first)
    look(page, but=OF_DJANGO)
    page.goto("/admin/scenarios/scenario/add/")
    look(page, but=OF_DJANGO)
    page.goto("/admin/courses/course/")
    follow(page.get_by_role("link", name="Everyone welcome").first)
    course = page.url
    for name in ("Publish a new edition…", "Preview the draft"):
        follow(page.get_by_role("link", name=name))
        look(page, but=OF_DJANGO)
        page.goto(course)


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_of_an_administrator_are_accessible(browse, width):
    page = sign_in(browse(width=width, color_scheme="dark" if width == 390 else "light"), "admin@example.org")
    for path in (
        "/admin/accounts/person/roster/",
        "/admin/accounts/person/duplicates/",
        "/admin/courses/delivery/",
        "/admin/courses/hourstarget/add/",
        "/admin/courses/trainingrecord/",
    ):
        page.goto(path)
        look(page, but=OF_DJANGO)
    page.goto("/admin/courses/credit/add/")
    look(page, but=OF_DJANGO)
    page.goto("/admin/courses/trainingrecord/")
    follow(page.locator("#result_list tbody th a").first)
    look(page, but=OF_DJANGO)
    follow(page.get_by_role("link", name="Correct this record…"))
    look(page, but=OF_DJANGO)


def test_a_change_is_checked_tried_out_and_published(browse):
    """A choice that leads nowhere is found and holds publishing up; mended, the draft is played, then published."""
    page = sign_in(browse(), "author@example.org")
    page.goto("/admin/scenarios/scenario/")
    follow(page.get_by_role("link", name="Too loud to think"))
    scenario = page.url
    follow(page.locator(".map-frame a.start, .map-frame a.box").first)
    title = page.input_value("[name=title]")
    leads_to = page.locator("[name=choices-0-to]").input_value()
    page.fill("[name=title]", "A Saturday, too loud")
    page.locator("[name=choices-0-to]").select_option("")
    leave(page)
    assert "A Saturday, too loud" in page.locator("#findings").inner_text()
    assert not page.get_by_role("button", name="Publish").count()

    follow(page.locator("#findings .mistakes a").first)
    page.locator("[name=choices-0-to]").select_option(leads_to)
    leave(page)
    follow(page.get_by_role("link", name="Preview the draft"))
    look(page)
    assert page.locator("h1").inner_text() == "A Saturday, too loud"
    follow(page.locator("#choices button").first)
    follow(page.get_by_role("link", name="One step back"))
    follow(page.get_by_role("link", name="Back to editing"))
    assert page.url == scenario
    follow(page.get_by_role("link", name="Publish the changes"))
    look(page)
    page.locator("[name=note]").fill("A better title")
    follow(page.get_by_role("button", name="Publish"))
    assert "Edition 2" in page.locator("[aria-labelledby=status]").inner_text()

    page.goto("/scenarios/too-loud-to-think/")
    follow(page.locator("button[name=mode][value=practice]"))
    assert page.locator("h1").inner_text() == "A Saturday, too loud" != title
