"""A mail goes out at most once: what it is about is claimed, for good, before it is sent."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Person
from courses.models import Delivery

# So that no holiday notice answers, and a list does not pass it on.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


@dataclass(frozen=True)
class Claim:
    """``key`` tells apart what is told of one kind to one person; see ``Delivery``."""

    kind: Delivery.Kind
    key: str
    enrolment: int | None = None


@dataclass(frozen=True)
class Mail:
    subject: str
    template: str
    context: dict[str, Any]


@dataclass(frozen=True)
class Tally:
    """How many mails were sent, and how many the mail server refused."""

    sent: int = 0
    failed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.sent + other.sent, self.failed + other.failed)


NOTHING = Tally()


class Unreachable(Exception):
    """The mail server does not answer: nothing was claimed, and the next run sends it."""


class Postbox:
    """A connection to the mail server, kept open from one mail to the next."""

    def __init__(self) -> None:
        self.connection = get_connection()

    def open(self) -> None:
        """Raises Unreachable."""
        try:
            self.connection.open()
        except OSError as error:
            raise Unreachable(f"The mail server cannot be reached: {error}") from error

    def close(self) -> None:
        """What goes wrong with a connection that is given up does not matter any more."""
        try:
            self.connection.close()
        except OSError:
            self.connection = get_connection()

    def deliver(
        self, person: Person, claims: Iterable[Claim], write: Callable[[Sequence[Claim]], Mail], now: datetime.datetime
    ) -> Tally:
        """Send one mail about those of the claims that nobody has claimed before; none if there are none.

        Three queries. Raises Unreachable before anything is claimed; what goes wrong after that is in the log.
        """
        self.open()
        mine = claim(person, claims, now)
        if not mine:
            return NOTHING
        rows = Delivery.objects.filter(pk__in=[row.pk for row in mine])
        told = [Claim(Delivery.Kind(row.kind), row.key, row.enrolment_id) for row in mine]
        try:
            self._send(person, write(told))
        except Exception as error:
            # Whatever it is: this one is not sent again, and must not keep the others from being sent.
            self.close()
            rows.update(error=_told(error, person))
            return Tally(failed=1)
        rows.update(sent_at=timezone.now())
        return Tally(sent=1)

    def _send(self, person: Person, mail: Mail) -> None:
        with translation.override(person.language or settings.LANGUAGE_CODE):
            body = render_to_string(mail.template, mail.context | _about(person)).strip() + "\n"
        subject = " ".join(mail.subject.split())
        message = EmailMessage(subject, body, None, [person.email], headers=HEADERS, connection=self.connection)
        message.send()


@transaction.atomic(durable=True)
def claim(person: Person, claims: Iterable[Claim], now: datetime.datetime) -> list[Delivery]:
    """Those that were not claimed before and are this mail's now, whatever another machine does at the same time."""
    mail = uuid4()
    new = [
        Delivery(person=person, kind=one.kind, key=one.key, enrolment_id=one.enrolment, mail=mail, claimed_at=now)
        for one in sorted(claims, key=lambda one: (one.kind, one.key))
    ]
    Delivery.objects.bulk_create(new, ignore_conflicts=True)
    return list(Delivery.objects.filter(mail=mail))


def send_test(person: Person, now: datetime.datetime) -> Tally:
    """A mail that says that mails arrive. Raises Unreachable."""
    postbox = Postbox()
    mail = Mail("A test from library training", "courses/mail/test.txt", {"sent_at": now})
    try:
        return postbox.deliver(person, [Claim(Delivery.Kind.TEST, now.isoformat())], lambda told: mail, now)
    finally:
        postbox.close()


def link(name: str, *args: Any) -> str:
    """The whole address of a page."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def _about(person: Person) -> dict[str, Any]:
    return {"person": person, "my_training": link("courses:my-training"), "account": link("accounts:me")}


def _told(error: Exception, person: Person) -> str:
    """What the log keeps of an error: not the address, which goes when a person asks to be forgotten."""
    return f"{type(error).__name__}: {error}".replace(person.email, "the address")[:300]
