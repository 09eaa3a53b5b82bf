"""Proof on paper: a certificate, and the register of records."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import date_format

from courses.models import TrainingRecord
from courses.reports.records import RecordRow
from training.lib.pdf import MISSING, Paper

# Of the register's columns, those that fit on a page, with their widths in parts.
REGISTER = (
    ("Person", "name", 20), ("Job title", "job_title", 16), ("Unit then", "unit", 16), ("Course", "course", 22),
    ("Ed.", "edition", 6), ("Min.", "minutes", 7), ("Trainer", "trainer", 16), ("Qualification", "qualification", 22),
    ("Completed", "completed_on", 14), ("Outcome", "outcome", 20), ("Renew by", "renew_by", 14), ("Code", "proof", 27),
)  # fmt: skip


def certificate(record: TrainingRecord, address: str) -> bytes:
    """The record as a PDF of one page or two; ``address`` is where anybody can verify it."""
    paper = Paper(title=f"Certificate {record.code}", foot=f"Verify at {address}")
    paper.ln(12)
    if correction := getattr(record, "corrected_by", None):
        paper.say(f"This record was corrected. What holds is {correction.new.code}.", size=12, bold=True, centred=True)
    paper.say("Record of training", size=12, centred=True, after=4)
    paper.say(record.name, size=26, bold=True, centred=True)
    paper.say(", ".join(filter(None, (record.job_title, record.unit))), size=12, centred=True, after=4)
    paper.say("completed", size=12, centred=True)
    paper.say(record.course_title, size=18, bold=True, centred=True)
    paper.say(f"on {date_format(timezone.localtime(record.completed_at))}", size=12, centred=True, after=8)
    for name, value in _facts(record):
        paper.say(f"{name}: {value}", after=0.5)
    if MISSING in paper.shown(record.name):
        paper.say(f"{MISSING} stands for a letter that this page cannot show. The whole name is at {address}", size=9)
    paper.ln(4)
    paper.say("What it covered", bold=True)
    for module in record.contents:
        aims = "; ".join(map(str, module.get("outcomes", ())))
        paper.say(f"• {module.get('title', '')}{': ' if aims else ''}{aims}", size=9)
    return bytes(paper.output())


def _facts(record: TrainingRecord) -> Iterable[tuple[str, object]]:
    yield "Edition", record.edition
    yield "Length", f"{record.minutes} minutes"
    yield "Begun", date_format(timezone.localtime(record.started_at))
    yield "Outcome", record.outcome
    yield "Conducted by", ", ".join(filter(None, (record.trainer, record.trainer_qualification)))
    yield "Code", record.code
    if correction := getattr(record, "corrects", None):
        yield "Corrects", f"{correction.old.code}: {correction.note}"


def register_sheet(rows: Iterable[RecordRow], *, said: str, by: str) -> bytes:
    """The register as a PDF with its heads on each page; ``said`` is what was asked for, ``by`` who printed it."""
    now = timezone.localtime()
    paper = Paper(
        title="Training records", foot=f"Printed by {by}, {date_format(now, 'DATETIME_FORMAT')}", landscape=True
    )
    paper.say("Training records", size=16, bold=True)
    paper.say(said or "All that the supervisor oversees", after=3)
    columns = [(title, width) for title, _, width in REGISTER]
    paper.grid(columns, ([_text(row, name) for _, name, _ in REGISTER] for row in rows))
    return bytes(paper.output())


def _text(row: RecordRow, name: str) -> str:
    value = getattr(row, name)
    return "" if value is None else str(value)
