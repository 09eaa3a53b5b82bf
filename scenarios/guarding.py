"""Two people write at the same thing: the second to save is told, and nothing is overwritten in silence."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from scenarios.naming import NamedForm


def fingerprint(rows: Iterable[Model]) -> str:
    """What the rows say now, in a few characters. Stamps that write themselves do not count."""
    said = [
        [
            str(field.value_from_object(row))
            for field in row._meta.concrete_fields
            if not getattr(field, "auto_now", False)
        ]
        for row in rows
    ]
    return sha256(repr(said).encode()).hexdigest()[:32]


class GuardedForm(NamedForm):
    """A form that carries what its page was made from, and is refused once where that has changed since."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.now = fingerprint(self.rows())
            self.initial["seen"] = self.now

    def rows(self) -> list[Model]:
        """What the page shows for writing, as the database has it."""
        return [self.instance]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk and cleaned.get("seen") != self.now:
            self.add_error(None, _told(self.instance))
            # Whoever saves again has been told.
            told: Any = self.data.copy()  # type: ignore[attr-defined]
            told[self.add_prefix("seen")] = self.now
            self.data = told
        return cleaned


def _told(thing: Model) -> str:
    kind = ContentType.objects.get_for_model(thing)
    last = LogEntry.objects.filter(content_type=kind, object_id=str(thing.pk)).select_related("user").first()
    if last:
        who = _("%(person)s changed this at %(time)s, after you had opened it.")
        who %= {"person": last.user, "time": f"{timezone.localtime(last.action_time):%H:%M}"}
    else:
        who = _("This was changed, after you had opened it.")
    what = _(
        "Nothing is lost: what you wrote is still below, and not saved yet."
        " Open the page in another tab to see theirs. Saving again puts yours in its place."
    )
    return f"{who} {what}"
