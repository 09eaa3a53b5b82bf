"""A record of training on paper: the certificate."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from courses.models import TrainingRecord
from training.lib.pdf import MISSING, Paper


def certificate(record: TrainingRecord, address: str) -> bytes:
    """The record as a PDF of one page or two; ``address`` is where anybody can verify it."""
    paper = Paper(
        title=gettext("Certificate %(code)s") % {"code": record.code},
        foot=gettext("Verify at %(address)s") % {"address": address},
    )
    paper.ln(12)
    if correction := getattr(record, "corrected_by", None):
        paper.say(
            gettext("This record was corrected. What holds is %(code)s.") % {"code": correction.new.code},
            size=12,
            bold=True,
            centred=True,
        )
    paper.say(gettext("Record of training"), size=12, centred=True, after=4)
    paper.say(record.name, size=26, bold=True, centred=True)
    paper.say(", ".join(filter(None, (record.job_title, record.unit))), size=12, centred=True, after=4)
    paper.say(pgettext("somebody … a course", "completed"), size=12, centred=True)
    paper.say(record.course_title, size=18, bold=True, centred=True)
    paper.say(
        gettext("on %(day)s") % {"day": date_format(timezone.localtime(record.completed_at))},
        size=12,
        centred=True,
        after=8,
    )
    for name, value in _facts(record):
        paper.say(f"{name}: {value}", after=0.5)
    if MISSING in paper.shown(record.name):
        paper.say(
            gettext("%(sign)s stands for a letter that this page cannot show. The whole name is at %(address)s")
            % {"sign": MISSING, "address": address},
            size=9,
        )
    paper.ln(4)
    paper.say(gettext("What it covered"), bold=True)
    for module in record.contents:
        aims = "; ".join(map(str, module.get("outcomes", ())))
        paper.say(f"• {module.get('title', '')}{': ' if aims else ''}{aims}", size=9)
    return bytes(paper.output())


def _facts(record: TrainingRecord) -> Iterable[tuple[str, object]]:
    yield gettext("Edition"), record.edition
    yield gettext("Length"), gettext("%(minutes)s minutes") % {"minutes": record.minutes}
    yield gettext("Begun"), date_format(timezone.localtime(record.started_at))
    yield gettext("Outcome"), gettext(record.outcome)
    yield gettext("Conducted by"), ", ".join(filter(None, (record.trainer, record.trainer_qualification)))
    yield gettext("Code"), record.code
    if correction := getattr(record, "corrects", None):
        yield gettext("Corrects"), f"{correction.old.code}: {correction.note}"
