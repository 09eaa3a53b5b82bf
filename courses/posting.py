"""Mail that is sent once: claimed, committed, and only then handed to the mail server."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string

from accounts.models import Person
from courses.models import Delivery, Enrolment

LONGEST_ERROR = 300


@dataclass(frozen=True)
class Telling:
    """One thing to tell a person: ``about`` tells apart the times that it may be said."""

    occasion: Delivery.Occasion
    about: str
    enrolment: Enrolment | None = None


def claim(person: Person, tellings: Iterable[Telling], now: datetime) -> list[Delivery]:
    """Those of these that nobody has claimed, or that could not be sent before, now ours. Three queries, committed.

    Must not run inside a transaction: what is rolled back after the sending would be sent again.
    """
    run, tellings = uuid4().hex, list(tellings)
    rows = [
        Delivery(person=person, occasion=found.occasion, about=found.about, enrolment=found.enrolment,
                 run=run, claimed_at=now)
        for found in tellings
    ]  # fmt: skip
    wanted = Q(pk__in=[])
    for found in tellings:
        wanted |= Q(occasion=found.occasion, about=found.about)
    with transaction.atomic():
        Delivery.objects.failed().filter(wanted, person=person).update(run=run, error="", claimed_at=now)
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return list(Delivery.objects.filter(run=run))


def post(
    person: Person,
    claimed: Sequence[Delivery],
    *,
    subject: str,
    template: str,
    context: dict[str, Any],
    now: datetime,
    server: BaseEmailBackend | None = None,
) -> bool:
    """Send one mail for what was claimed, and note that it went, or why it did not. Says whether it went."""
    body = render_to_string(template, context | {"person": person, "site": settings.SITE_URL})
    mail = EmailMessage(" ".join(subject.split()), body, None, [person.email], connection=server)
    rows = Delivery.objects.filter(pk__in=[row.pk for row in claimed])
    try:
        mail.send()
    except (OSError, ValueError) as error:  # smtplib raises nothing else; ValueError is an address that is none
        rows.update(error=(str(error) or type(error).__name__)[:LONGEST_ERROR])
        return False
    rows.update(sent_at=now)
    return True
