"""A newcomer's afternoon: a scenario from nothing to published, by keyboard alone."""

from tests.e2e.conftest import sign_in

SCENES = 4
# Fewer than this many stops from one field to the next that matters, wherever one is.
FAR = 120


class Keyboard:
    """Tab, type, Enter: nothing else."""

    def __init__(self, page):
        self.page = page

    def go_to(self, selector):
        for _ in range(FAR):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is too far away on {self.page.url}")

    def write(self, field, words):
        self.go_to(f"[name={field}]")
        self.page.keyboard.type(words)

    def press(self, selector):
        self.go_to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def write_scene(keys, number):
    """Two choices: one leads to the next scene, or well to the end, the other badly to the end."""
    last = number == SCENES
    keys.write("description", f"What one sees in scene {number}.")
    keys.write("choices-0-text", f"Say something kind, number {number}")
    keys.write("choices-0-new_title", "Glad" if last else f"Scene {number + 1}")
    if last:
        keys.write("choices-0-new_kind", "ending: resolved")
    keys.go_to("#choices-group .add-row a")
    keys.page.keyboard.press("Enter")
    keys.write("choices-1-text", f"Say something else, number {number}")
    keys.write("choices-1-new_title", "Gone")
    keys.write("choices-1-new_kind", "ending: unsafe")
    keys.press("[name=_next]")


def test_scenario_from_nothing_to_published_by_keyboard_alone(browse):
    page = sign_in(browse(), "author@example.org")
    keys = Keyboard(page)
    page.goto("/admin/")
    keys.press("a[href='/admin/scenarios/scenario/add/']")
    keys.write("title", "The afternoon")
    keys.write("summary", "Somebody waits.")
    keys.write("introduction", "I am at the desk.")
    keys.press("[name=_save]:not(.visually-hidden)")
    keys.press("a[href*='/scene/add/']")
    keys.write("title", "Scene 1")
    written = 1
    write_scene(keys, 1)
    while (title := page.locator("h1").inner_text()) != "The afternoon":
        if title in ("Glad", "Gone"):
            keys.write("description", f"They are {title.lower()}.")
            keys.press("[name=_next]")
        else:
            written += 1
            write_scene(keys, written)
    assert (written, page.locator(".map-frame a .title, .map-frame a text").count() >= SCENES) == (SCENES, True)
    assert page.locator("#findings .mistakes li").count() == 0
    keys.press("a[href$='/publish/']")
    keys.press("form button.default")
    assert "Edition 1" in page.locator("[aria-labelledby=status]").inner_text()
