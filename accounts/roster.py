"""A roster file: bytes in, rows and faults out. It believes nothing that the file says."""

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import YEARS

LARGEST = 30_000_000
MOST_ROWS = 200_000
# How the first line may name each column: in any case, with or without spaces and signs.
COLUMNS = {
    "email": ("email", "emailaddress", "mail"),
    "name": ("name", "fullname"),
    "job_title": ("jobtitle", "title", "position"),
    "unit": ("unit", "branch", "department"),
    "hired_on": ("hiredon", "hired", "hiredate", "startdate"),
    "left": ("left", "hasleft", "lefton"),
}
LONGEST = {"email": 254, "name": 150, "job_title": 120, "unit": 1000}
YES, NO = {"yes", "y", "x", "1", "true", "left"}, {"", "no", "n", "0", "false"}
# What these kinds of file begin with.
OTHERS = {
    b"PK\x03\x04": gettext_lazy(
        "This is a spreadsheet or an archive, not a CSV file. Save it as “CSV UTF-8” and choose that file."
    ),
    b"\xd0\xcf\x11\xe0": gettext_lazy(
        "This is an old spreadsheet, not a CSV file. Save it as “CSV UTF-8” and choose that file."
    ),
    b"%PDF": gettext_lazy("This is a PDF, not a CSV file. Save it as “CSV UTF-8” and choose that file."),
}


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in a line, and what to do; line 0 is the file as a whole."""

    line: int
    message: str


class Row(NamedTuple):
    """One person of the file. What is empty leaves as it is what the library knows; ``left`` is whether they left."""

    line: int
    email: str
    name: str
    job_title: str
    unit: str
    hired_on: datetime.date | None
    left: bool


@dataclass
class Roster:
    """What a file says. ``unused`` are the columns that nobody here knows."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def fault(self, line: int, message: str) -> None:
        self.faults.append(Fault(line, message))


class Misread(Exception):
    """Raised with a Fault where nothing further can be read."""

    def __init__(self, line: int, message: str) -> None:
        self.fault = Fault(line, message)
        super().__init__(message)


def read_roster(content: bytes, *, today: datetime.date) -> Roster:
    """Every row that is well, and every fault of the others."""
    roster = Roster()
    try:
        text = decoded(content)
        lines = _lines(text)
        width, places = _header(roster, lines)
        _read_rows(roster, lines, width, places, today)
    except Misread as misread:
        roster.faults.append(misread.fault)
    if not roster.rows and not roster.faults:
        roster.fault(0, _("There is nobody in this file, only names of columns."))
    return roster


def decoded(content: bytes) -> str:
    """The text of the file: UTF-8 or, with its mark, UTF-16; else Windows-1252. Raises Misread."""
    if len(content) > LARGEST:
        said = _("This file is larger than %(most)s MB, which is the most. Divide it in two.")
        raise Misread(0, said % {"most": LARGEST // 1_000_000})
    for beginning, what in OTHERS.items():
        if content.startswith(beginning):
            raise Misread(0, str(what))
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _checked(text)
    raise Misread(0, _("This is not a text file. Save it as “CSV UTF-8” and choose that file."))


def _checked(text: str) -> str:
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Misread(line, _("There is a NUL byte here, which no text has. Save the file as “CSV UTF-8” again."))
    if not text.strip():
        raise Misread(0, _("This file is empty."))
    return text


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The number of the line at which each row begins, and its cells. Raises Misread."""
    first = io.StringIO(text.lstrip(), newline=None).readline()
    stream = io.StringIO(text, newline=None)
    reader = csv.reader(stream, delimiter=_delimiter(first), strict=True, skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Misread(line, _("A quotation mark opens here and is not closed as it should be.")) from None
        if any(map(str.strip, cells)):
            yield line, cells


def _delimiter(first: str) -> str:
    """The one with which the first line names most columns that we know."""

    def known(delimiter: str) -> int:
        return len({column for cell in first.split(delimiter) if (column := _column(cell))})

    return max(",;\t", key=known)


def _column(cell: str) -> str:
    """Which column a cell of the first line names; empty for one that we do not know."""
    plain = re.sub(r"[^a-z]", "", cell.lower())
    return next((column for column, names in COLUMNS.items() if plain in names), "")


def _header(roster: Roster, lines: Iterator[tuple[int, list[str]]]) -> tuple[int, dict[int, str]]:
    """How many columns there are, and the name of each that we know by its place. Raises Misread."""
    line, cells = next(lines, (1, []))
    places = {place: column for place, cell in enumerate(cells) if (column := _column(cell))}
    named = list(places.values())
    roster.unused += [cell.strip()[:60] for place, cell in enumerate(cells) if cell.strip() and place not in places]
    if "email" not in named:
        raise Misread(line, _("The first line has to name the columns, and one of them has to be “email”."))
    if twice := next((column for column in named if named.count(column) > 1), ""):
        said = _("Two columns are for “%(column)s”. Take one of them out.")
        raise Misread(line, said % {"column": twice.replace("_", " ")})
    return len(cells), places


def _read_rows(
    roster: Roster, lines: Iterator[tuple[int, list[str]]], width: int, places: Mapping[int, str], today: datetime.date
) -> None:
    seen = dict[str, int]()
    for line, cells in lines:
        if len(roster.rows) + len(roster.faults) >= MOST_ROWS:
            many = _("There are more than %(most)s rows, which is the most. Divide the file in two.")
            raise Misread(line, many % {"most": intcomma(MOST_ROWS)})
        if len(cells) > width and any(map(str.strip, cells[width:])):
            wide = _("There are more cells than columns (%(cells)s, not %(columns)s). Is one in two?")
            roster.fault(line, wide % {"cells": len(cells), "columns": width})
            continue
        said = {places[place]: " ".join(cell.split()) for place, cell in enumerate(cells[:width]) if place in places}
        before = len(roster.faults)
        row = _row(roster, line, said, today)
        if first := seen.get(row.email) if row.email else None:
            twice = _("%(email)s is in line %(line)s as well. Take one of the two out.")
            roster.fault(line, twice % {"email": row.email, "line": first})
        seen.setdefault(row.email, line)
        if len(roster.faults) == before:
            roster.rows.append(row)


def _row(roster: Roster, line: int, said: Mapping[str, str], today: datetime.date) -> Row:
    for column, cell in said.items():
        most = LONGEST.get(column, 100)
        named = {"column": column.replace("_", " "), "most": most}
        if any(unicodedata.category(letter) == "Cc" for letter in cell):
            roster.fault(line, _("There is a character that cannot be shown in the %(column)s.") % named)
        if len(cell) > most:
            roster.fault(line, _("The %(column)s is longer than %(most)s characters.") % named)
    return Row(
        line,
        _email(roster, line, said.get("email", "")),
        said.get("name", ""),
        said.get("job_title", ""),
        said.get("unit", ""),
        _day(roster, line, said.get("hired_on", "")),
        _left(roster, line, said.get("left", ""), today),
    )


def _email(roster: Roster, line: int, cell: str) -> str:
    if not cell:
        roster.fault(line, _("There is no email address. Everybody is known by theirs."))
        return ""
    try:
        validate_email(cell)
    except ValidationError:
        roster.fault(line, _("“%(said)s” is not an email address.") % {"said": _short(cell)})
        return ""
    return cell.lower()


def _day(roster: Roster, line: int, cell: str) -> datetime.date | None:
    if not cell:
        return None
    if (day := date_of(cell)) is None:
        unknown = _("“%(said)s” is no date that we know. Write 2026-01-31 for 31 January 2026.")
        roster.fault(line, unknown % {"said": _short(cell)})
    return day


def _left(roster: Roster, line: int, cell: str, today: datetime.date) -> bool:
    """Yes, no, or the day: who leaves in the future still works here."""
    if (day := date_of(cell)) is not None:
        return day <= today
    if cell.lower() not in YES | NO:
        unclear = _("“%(said)s” does not say whether they left. Write yes, no, or the day: 2026-01-31.")
        roster.fault(line, unclear % {"said": _short(cell)})
    return cell.lower() in YES


def date_of(cell: str) -> datetime.date | None:
    """The date that is written like 2026-01-31, within the years that make sense here."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell) or int(cell[:4]) not in YEARS:
        return None
    try:
        return datetime.date.fromisoformat(cell)
    except ValueError:
        return None


def _short(cell: str) -> str:
    return cell if len(cell) <= 60 else f"{cell[:60]}…"
