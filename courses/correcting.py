"""Putting a training record right: a new entry that names the old one, which stays as it was."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from courses.models import Correction, TrainingRecord
from courses.models.record import new_code

# What a mistake can be in; the rest says what was taught.
FIELDS = ("name", "job_title", "unit", "minutes", "outcome", "completed_at")


class CannotCorrect(Exception):
    """Why not, in a sentence; nothing was written."""


@transaction.atomic
def correct(record: TrainingRecord, *, by: Person, note: str, **changes: Any) -> TrainingRecord:
    """A new record with these fields changed, and the note of why. Raises CannotCorrect."""
    Person.objects.select_for_update().get(pk=record.person_id)
    if corrected := Correction.objects.filter(old=record).select_related("new").first():
        already = _("This record was corrected already, by %(code)s. Correct that one.")
        raise CannotCorrect(already % {"code": corrected.new.code})
    if not any(getattr(record, field) != value for field, value in changes.items()):
        raise CannotCorrect(_("Nothing is different, so there is nothing to correct."))
    _check_moment(record, changes.get("completed_at"))
    said = {field.attname: getattr(record, field.attname) for field in TrainingRecord._meta.concrete_fields}
    said |= {field: value for field, value in changes.items() if field in FIELDS}
    new = TrainingRecord.objects.create(**{**said, "id": None, "code": new_code()})
    Correction.objects.create(old=record, new=new, note=note, by=by)
    return new


def _check_moment(record: TrainingRecord, completed_at: datetime | None) -> None:
    if completed_at and completed_at < record.started_at:
        raise CannotCorrect(_("It cannot have been completed before it was begun."))
    if completed_at and completed_at > max(timezone.now(), record.completed_at):
        raise CannotCorrect(_("It cannot have been completed on a day that is still to come."))
