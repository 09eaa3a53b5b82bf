"""A sheet of paper: PDF pages in Roboto, which has the letters of Latin, Greek and Cyrillic.

What the font does not have is shown as a box, and nothing fails over it.
"""

import logging
import re
from pathlib import Path

import font_roboto
from fpdf import FPDF

FONTS = Path(font_roboto.__file__).parent / "files"
FAMILY = "Roboto"
# It warns of each letter that a font does not have.
logging.getLogger("fpdf").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


class Paper(FPDF):
    """A4 pages with a foot line: ``foot`` on the left, the page's number on the right."""

    def __init__(self, *, title: str, foot: str, landscape: bool = False, language: str = "en") -> None:
        super().__init__(orientation="landscape" if landscape else "portrait", format="A4")
        self.foot = printable(foot)
        self.set_title(printable(title))
        self.set_lang(language)
        self.set_margin(15)
        self.set_auto_page_break(True, margin=20)
        for style, name in (("", "Regular"), ("B", "Bold")):
            self.add_font(FAMILY, style, FONTS / f"Roboto-{name}.ttf")
        self.set_font(FAMILY, size=10)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font(FAMILY, size=8)
        self.cell(self.epw - 30, 5, self.foot)
        self.cell(30, 5, f"Page {self.page_no()} of {{nb}}", align="R")

    def say(self, text: str, *, size: float = 10, bold: bool = False, centred: bool = False, after: float = 1) -> None:
        """A paragraph."""
        self.set_font(FAMILY, "B" if bold else "", size)
        self.multi_cell(0, size * 0.5, printable(text), align="C" if centred else "L", new_x="LMARGIN", new_y="NEXT")
        self.ln(after)


def printable(text: str) -> str:
    """The text without what no page shows: controls, and halves of letters."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", text)
