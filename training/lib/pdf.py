"""A sheet of paper: PDF pages in Roboto, which has the letters of Latin, Greek and Cyrillic.

A letter that the font does not have is shown as MISSING, for its own glyph for that is blank; nothing fails over it.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from unicodedata import category, normalize

import font_roboto
from django.http import HttpResponse
from django.utils.translation import gettext as _
from fpdf import FPDF, ViewerPreferences
from fpdf.fonts import TTFFont

FONTS = Path(font_roboto.__file__).parent / "files"
FAMILY = "Roboto"
MISSING = "\ufffd"
# Millimetres from line to line for each point of the letters' size; a row that would not fit on a page is cut off.
LINE = 0.48
MOST_LINES = 45
# It warns of each letter that a font does not have.
logging.getLogger("fpdf").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


class Paper(FPDF):
    """A4 pages with a foot line: ``foot`` on the left, the page's number on the right."""

    def __init__(self, *, title: str, foot: str, landscape: bool = False, language: str = "en") -> None:
        super().__init__(orientation="landscape" if landscape else "portrait", format="A4")
        self.foot = foot
        self.known_widths: dict[tuple[str, str], float] = {}
        self.set_title(printable(title))
        self.set_lang(language)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.set_margin(15)
        self.set_auto_page_break(True, margin=20)
        for style, name in (("", "Regular"), ("B", "Bold")):
            self.add_font(FAMILY, style, FONTS / f"Roboto-{name}.ttf")
        self.set_font(FAMILY, size=10)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font(FAMILY, size=8)
        self.cell(self.epw - 30, 5, self.shown(self.foot))
        self.cell(30, 5, _("Page %(number)s of %(total)s") % {"number": self.page_no(), "total": "{nb}"}, align="R")

    def shown(self, text: str) -> str:
        """The text as this paper can show it, with MISSING for the letters that it has not."""
        font = self.fonts[FAMILY.lower()]
        assert isinstance(font, TTFFont)
        known, unseen = font.cmap, ("Mn", "Me", "Cf")
        whole = normalize("NFC", printable(text))
        letters = (letter for letter in whole if ord(letter) in known or category(letter) not in unseen)
        return "".join(letter if letter.isspace() or ord(letter) in known else MISSING for letter in letters)

    def grid(self, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]], *, size: float = 7) -> None:
        """A table: the heads with their widths in parts, again on each page, and rows of text.

        Some ten times as fast as the table of fpdf, which measures every letter anew; thousands of rows are usual here.
        """
        parts = sum(width for _, width in columns)
        widths = [self.epw * width / parts for _, width in columns]
        self._heads(columns, widths, size)
        for row in rows:
            cells = [self._lines(self.shown(text), width - 2, size) for text, width in zip(row, widths, strict=True)]
            if self.y + _height(cells, size) > self.page_break_trigger:
                self.add_page()
                self._heads(columns, widths, size)
            self._draw(cells, widths, size)

    def _heads(self, columns: Sequence[tuple[str, float]], widths: Sequence[float], size: float) -> None:
        self.set_font(FAMILY, "B", size)
        heads = zip(columns, widths, strict=True)
        self._draw([self._lines(title, width - 2, size) for (title, _), width in heads], widths, size)
        self.set_font(FAMILY, "", size)

    def _draw(self, cells: Sequence[list[str]], widths: Sequence[float], size: float) -> None:
        left, top = self.l_margin, self.y
        for lines, width in zip(cells, widths, strict=True):
            for number, line in enumerate(lines, 1):
                if line:
                    self.text(left, top + number * size * LINE, line)
            left += width
        self.set_xy(self.l_margin, top + _height(cells, size))
        self.set_draw_color(190)
        self.line(self.l_margin, self.y - 0.7, left, self.y - 0.7)

    def _lines(self, text: str, width: float, size: float) -> list[str]:
        """The text in lines that are no wider, broken between words, or within one that is wider itself."""
        lines, line, used = [], "", 0.0
        for word in re.findall(r"\s+|\S+", " ".join(text.split())):
            wide = self._width(word, size)
            if used + wide > width and not word.isspace():
                for piece in self._pieces(word, width, size):
                    lines.append(line.strip())
                    line, used = piece, self._width(piece, size)
            else:
                line, used = line + word, used + wide
        found = [*filter(None, lines), line.strip()]
        return found if len(found) <= MOST_LINES else [*found[: MOST_LINES - 1], "…"]

    def _pieces(self, word: str, width: float, size: float) -> Iterator[str]:
        piece, used = "", 0.0
        for letter in word:
            wide = self._width(letter, size)
            if piece and used + wide > width:
                yield piece
                piece, used = "", 0.0
            piece, used = piece + letter, used + wide
        yield piece

    def _width(self, text: str, size: float) -> float:
        """In millimetres, in the present font; each letter is measured once."""
        known, style = self.known_widths, self.font_style
        for letter in set(text):
            if (style, letter) not in known:
                known[style, letter] = self.get_string_width(letter) / self.font_size_pt
        return sum(known[style, letter] for letter in text) * size

    def say(self, text: str, *, size: float = 10, bold: bool = False, centred: bool = False, after: float = 1) -> None:
        """A paragraph."""
        self.set_font(FAMILY, "B" if bold else "", size)
        self.multi_cell(0, size * 0.5, self.shown(text), align="C" if centred else "L", new_x="LMARGIN", new_y="NEXT")
        self.ln(after)


def pdf_response(name: str, sheet: bytes) -> HttpResponse:
    """A download called ``name``.pdf."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(sheet, content_type="application/pdf", headers=headers)


def _height(cells: Sequence[list[str]], size: float) -> float:
    return max(map(len, cells)) * size * LINE + 2


def printable(text: str) -> str:
    """The text without what no page shows: controls, and halves of letters."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", text)
