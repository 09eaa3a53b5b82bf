"""Proof on paper: a certificate, and the register of records."""

from collections.abc import Iterable

from django.utils import timezone

from courses.models import TrainingRecord
from courses.reports.records import RecordRow
from training.lib.pdf import FAMILY, Paper, printable

# Of the register's columns, those that fit on a page, with their widths in parts.
REGISTER = (
    ("Person", "name", 22), ("Job title", "job_title", 18), ("Unit then", "unit", 18), ("Course", "course", 24),
    ("Ed.", "edition", 6), ("Min.", "minutes", 8), ("Trainer", "trainer", 20), ("Completed", "completed_on", 14),
    ("Outcome", "outcome", 22), ("Renew by", "renew_by", 14), ("Code", "code", 26),
)  # fmt: skip


def certificate(record: TrainingRecord, address: str) -> bytes:
    """The record as a PDF of one page or two; ``address`` is where anybody can verify it."""
    paper = Paper(title=f"Certificate {record.code}", foot=f"Verify at {address}")
    paper.ln(12)
    paper.say("Record of training", size=12, centred=True, after=4)
    paper.say(record.name, size=26, bold=True, centred=True)
    paper.say(", ".join(filter(None, (record.job_title, record.unit))), size=12, centred=True, after=4)
    paper.say("completed", size=12, centred=True)
    paper.say(record.course_title, size=18, bold=True, centred=True)
    paper.say(f"on {timezone.localtime(record.completed_at):%-d %B %Y}", size=12, centred=True, after=8)
    for name, value in _facts(record):
        paper.say(f"{name}: {value}", after=0.5)
    paper.ln(4)
    paper.say("What it covered", bold=True)
    for module in record.contents:
        aims = "; ".join(map(str, module.get("outcomes", ())))
        paper.say(f"• {module.get('title', '')}{': ' if aims else ''}{aims}", size=9)
    return bytes(paper.output())


def _facts(record: TrainingRecord) -> Iterable[tuple[str, object]]:
    yield "Edition", record.edition
    yield "Length", f"{record.minutes} minutes"
    yield "Begun", f"{timezone.localtime(record.started_at):%-d %B %Y}"
    yield "Outcome", record.outcome
    yield "Conducted by", ", ".join(filter(None, (record.trainer, record.trainer_qualification)))
    yield "Code", record.code
    if correction := getattr(record, "corrects", None):
        yield "Corrects", f"{correction.old.code}: {correction.note}"
    if correction := getattr(record, "corrected_by", None):
        yield "No longer valid", f"corrected by {correction.new.code}"


def register_sheet(rows: Iterable[RecordRow], *, said: str, by: str) -> bytes:
    """The register as a PDF with its heads on each page; ``said`` is what was asked for, ``by`` who printed it."""
    now = timezone.localtime()
    paper = Paper(title="Training records", foot=f"Printed by {by}, {now:%-d %B %Y, %H:%M}", landscape=True)
    paper.say("Training records", size=16, bold=True)
    paper.say(said or "All that the supervisor oversees", after=3)
    paper.set_font(FAMILY, size=7)
    widths = tuple(width for *_, width in REGISTER)
    with paper.table(col_widths=widths, line_height=4, text_align="LEFT", repeat_headings=1) as table:
        heads = table.row()
        for title, *_ in REGISTER:
            heads.cell(title)
        for row in rows:
            line = table.row()
            for _, name, _ in REGISTER:
                value = getattr(row, name)
                line.cell(printable("" if value is None else str(value)))
    return bytes(paper.output())
