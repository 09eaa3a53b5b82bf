"""Mail that is sent once: claimed, committed, and only then handed to the mail server."""

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPServerDisconnected
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import override

from accounts.models import Person
from courses.models import Delivery, Enrolment
from training.lib.sentences import Sentence

LONGEST_ERROR = 300
# So that no holiday notice answers.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
logger = logging.getLogger(__name__)


class Unreachable(Exception):
    """The mail server does not answer."""


def reach(server: BaseEmailBackend) -> None:
    """Connect, where there is no connection yet: before anything is claimed. Raises Unreachable."""
    try:
        server.open()
    except OSError as error:
        raise Unreachable(f"The mail server cannot be reached: {error}") from error


@dataclass(frozen=True)
class Telling:
    """One thing to tell a person: ``about`` tells apart the times that it may be said."""

    occasion: Delivery.Occasion
    about: str
    enrolment: Enrolment | None = None


def claim(person: Person, tellings: Iterable[Telling], now: datetime) -> list[Delivery]:
    """Those of these that nobody has claimed, or that could not be sent before, now ours. Three queries, committed.

    It refuses to run inside a transaction: what is rolled back after the sending would be sent again.
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
    with transaction.atomic(durable=True):
        Delivery.objects.failed().filter(wanted, person=person).update(run=run, error="", claimed_at=now)
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return list(Delivery.objects.filter(run=run))


def post(
    person: Person,
    claimed: Sequence[Delivery],
    *,
    subject: Sentence,
    template: str,
    context: dict[str, Any],
    now: datetime,
    server: BaseEmailBackend | None = None,
) -> bool:
    """Send one mail for what was claimed, in the person's language. Says whether it went, and notes it, or why not.

    Where the connection was lost nobody can know, so nothing is noted, and it is not sent again.
    """
    with override(person.mail_language):  # whoever's request it comes from
        body = render_to_string(template, context | {"person": person, "site": settings.SITE_URL})
        head = " ".join(str(subject).split())
    server = server or get_connection()
    mail = EmailMessage(head, body, None, [person.email], headers=HEADERS, connection=server)
    rows = Delivery.objects.filter(pk__in=[row.pk for row in claimed])
    try:
        reach(server)
        mail.send()
    except SMTPServerDisconnected as error:
        logger.warning("A mail to person %s was cut off: %s", person.pk, error)
    except (Unreachable, OSError, ValueError) as error:  # what smtplib raises; ValueError is an address that is none
        rows.update(error=_said(error, person))
    else:
        return bool(rows.update(sent_at=now))
    finally:
        with suppress(OSError):
            server.close()
    return False


def _said(error: Exception, person: Person) -> str:
    """Without the address: the log stays when a person is anonymised."""
    return (str(error).replace(person.email, "…") or type(error).__name__)[:LONGEST_ERROR]
