"""Paper shows what it can, says what it cannot, and lays out any row."""

import re

import pytest

from training.lib.pdf import MISSING, MOST_LINES, Paper


def a_paper():
    return Paper(title="Records", foot="Printed by Pat", landscape=True, language="en")


def pages(paper):
    return len(re.findall(rb"/Type /Page\b", bytes(paper.output())))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë Ґалина Ωμέγα", "Zoë Ґалина Ωμέγα"),
        ("Zoe\u0308", "Zoë"),
        ("أليس", MISSING * 4),
        ("Al 🦄", f"Al {MISSING}"),
        ("A\ufe0f🎤", f"A{MISSING}"),
        ("a\x07b\ud800", "ab"),
        ("", ""),
    ],
)
def test_letters_that_the_font_lacks_are_marked_and_no_name_is_blank(text, shown):
    assert a_paper().shown(text) == shown


@pytest.mark.parametrize("text", ["one two three four five", "x" * 60, "W", "  ", "", "a " + "y" * 30 + " b"])
def test_lines_hold_every_letter_and_none_is_too_wide(text):
    paper = a_paper()
    lines = paper._lines(text, 12, 7)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(paper._width(line, 7) <= 12 for line in lines)


def test_row_longer_than_a_page_is_cut_off_and_says_so():
    assert a_paper()._lines("word " * 999, 12, 7)[MOST_LINES - 1 :] == ["…"]


def test_table_goes_on_over_pages_with_its_heads():
    paper, drawn = a_paper(), []
    draw = paper.text
    paper.text = lambda x, y, text: (drawn.append((paper.page, text)), draw(x, y, text))
    paper.grid([("Name", 1), ("Unit", 3)], ([f"Person {n}", "Branch " * (n % 40)] for n in range(90)))
    assert pages(paper) == paper.page > 2
    assert [page for page, text in drawn if text == "Name"] == list(range(1, paper.page + 1))
    assert [text for _, text in drawn if text.startswith("Person")] == [f"Person {n}" for n in range(90)]


def test_paper_has_a_title_and_a_language():
    made = bytes(a_paper().output())
    assert (b"/Title (Records)" in made, b"/Lang (en)" in made, b"/DisplayDocTitle true" in made) == (True, True, True)
