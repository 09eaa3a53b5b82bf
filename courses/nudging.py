"""A supervisor asks people, in so many words, to go on with a course."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.mail import get_connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from courses.models import Delivery, Enrolment
from courses.posting import Telling, Unreachable, claim, post, reach
from training.lib.sentences import sentence


@dataclass
class Nudged:
    """How many were written to, had been nudged today already, and could not be written to; whether it was stopped."""

    sent: int = 0
    already: int = 0
    failed: int = 0
    stopped: bool = False

    @property
    def words(self) -> str:
        nudged = ngettext("%(number)s person was nudged.", "%(number)s people were nudged.", self.sent)
        failed = _("%(number)s could not be written to; see the delivery log.")
        told = [nudged % {"number": self.sent}]
        told += [_("%(number)s had been today already.") % {"number": self.already}] if self.already else []
        told += [failed % {"number": self.failed}] if self.failed else []
        told += [_("The mail server does not answer: nudge the others later.")] if self.stopped else []
        return " ".join(told)


def nudge(supervisor: Person, enrolments: Iterable[int], now: datetime) -> Nudged:
    """Write to each person about these rounds (by id), of those that the supervisor oversees and that are open.

    Once a day about each, whoever asks. It stops where the mail server does not answer.
    """
    asked = Enrolment.objects.visible_to(supervisor).current().unfinished()
    found = asked.filter(pk__in=enrolments, person__is_active=True, course__current__isnull=False)
    nudged, server, today = Nudged(), get_connection(), timezone.localdate(now)
    for enrolment in found.select_related("person", "course").order_by("person", "pk"):
        person = enrolment.person
        try:
            reach(server)
        except Unreachable:
            nudged.stopped = True
            break
        claimed = claim(person, [Telling(Delivery.Occasion.NUDGE, f"{enrolment.pk} {today}", enrolment)], now)
        if not claimed:
            nudged.already += 1
            continue
        went = post(
            person, claimed, subject=sentence(
                "{name} asks you to go on with “{title}”", name=supervisor.name, title=enrolment.course.title
            ),
            template="courses/mail/nudge.txt", context={"supervisor": supervisor, "enrolment": enrolment},
            now=now, server=server,
        )  # fmt: skip
        nudged.sent += went
        nudged.failed += not went
    server.close()
    return nudged
