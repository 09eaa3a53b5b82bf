"""Reports on paper: the register of records, the hours of a team, and the lines of one person."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit
from courses.models.hours import Category
from courses.reports.hours import HEADER, LINES, Ledger
from courses.reports.records import RecordRow
from training.lib.pdf import Paper

# Of the register's columns, those that fit on a page, with their widths in parts.
REGISTER = (
    (gettext_lazy("Person"), "name", 20),
    (gettext_lazy("Job title"), "job_title", 16),
    (gettext_lazy("Unit then"), "unit", 16),
    (gettext_lazy("Course"), "course", 22),
    (gettext_lazy("Ed."), "edition", 6),
    (gettext_lazy("Min."), "minutes", 7),
    (gettext_lazy("Trainer"), "trainer", 16),
    (gettext_lazy("Qualification"), "qualification", 22),
    (gettext_lazy("Completed"), "completed_on", 14),
    (gettext_lazy("Outcome"), "outcome", 20),
    (gettext_lazy("Renew by"), "renew_by", 14),
    (gettext_lazy("Code"), "proof", 27),
)


# The widths of the columns of hours, in parts.
TEAM = (22, 19, *(11 for _ in Category), 8, 12, 9, 12, 9)
LEDGER = (14, 40, 24, 10, 44)


def register_sheet(rows: Iterable[RecordRow], *, said: str, by: str) -> bytes:
    """The register as a PDF with its heads on each page; ``said`` is what was asked for, ``by`` who printed it."""
    paper = Paper(title=_("Training records"), foot=_foot(by), landscape=True)
    paper.say(_("Training records"), size=16, bold=True)
    paper.say(said or _("All that the supervisor oversees"), after=3)
    columns = [(str(title), width) for title, _name, width in REGISTER]
    paper.grid(columns, ([_text(row, name) for _title, name, _width in REGISTER] for row in rows))
    return bytes(paper.output())


def _text(row: RecordRow, name: str) -> str:
    value = getattr(row, name)
    return "" if value is None else str(value)


def hours_sheet(ledgers: Iterable[Ledger], *, year: int, whom: Unit | None, by: str) -> bytes:
    """What each person has in the year, in a table with its heads on each page; ``by`` is who printed it."""
    paper = Paper(title=_("Hours in %(year)s") % {"year": year}, foot=_foot(by), landscape=True)
    paper.say(_("Hours in %(year)s") % {"year": year}, size=16, bold=True)
    paper.say(
        _("The people of %(unit)s and below") % {"unit": whom} if whom else _("All whom the supervisor oversees"),
        after=3,
    )
    paper.grid(list(zip(map(str, HEADER), TEAM, strict=True)), (list(map(str, row.cells)) for row in ledgers))
    return bytes(paper.output())


def lines_sheet(ledger: Ledger, *, year: int, by: str) -> bytes:
    """One person's year, line by line, with what it comes to."""
    title = _("Hours of %(name)s in %(year)s") % {"name": ledger.name, "year": year}
    paper = Paper(title=title, foot=_foot(by))
    paper.say(title, size=16, bold=True)
    paper.say(f"{date_format(ledger.start)} – {date_format(ledger.end)}. {ledger.unit}")
    said = ledger.hours
    for name, key in ((_("Hours"), "earned"), (_("Carried over"), "carried"), (_("Asked for"), "asked"),
                      (_("Let off"), "waived"), (_("Missing"), "missing")):  # fmt: skip
        paper.say(f"{name}: {said[key]}", after=0.5)
    paper.ln(3)
    paper.grid(
        list(zip(map(str, LINES), LEDGER, strict=True)),
        ([capfirst(str(cell)) for cell in line.cells] for line in ledger.lines),
    )
    return bytes(paper.output())


def _foot(by: str) -> str:
    at = date_format(timezone.localtime(), "DATETIME_FORMAT")
    return _("Printed by %(name)s, %(at)s") % {"name": by, "at": at}
