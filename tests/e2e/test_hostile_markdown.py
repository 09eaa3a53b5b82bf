"""What a real browser makes of hostile Markdown, with no Content-Security-Policy to help."""

from tests.training.test_markdown import VECTORS
from training.lib.markdown import to_html


def test_nothing_runs(chromium):
    page = chromium.new_page()
    ran = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    for vector in VECTORS:
        page.set_content(f"<!doctype html><main>{to_html(vector)}</main>")
        for link in page.query_selector_all("a[href]"):
            if not (link.get_attribute("href") or "").startswith(("http", "mailto", "tel")):
                link.evaluate("link => link.click()")
        page.wait_for_timeout(5)
    page.close()
    assert ran == []


def test_the_browser_would_have_noticed(chromium):
    page = chromium.new_page()
    ran = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.set_content("<a href='javascript&colon;alert&lpar;1&rpar;'>x</a>")
    page.query_selector("a").evaluate("link => link.click()")
    page.wait_for_timeout(50)
    page.close()
    assert ran == ["1"]
