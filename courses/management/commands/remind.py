"""Mail the reminders that stand today, and on Mondays a digest to supervisors. For cron, once a day, after `settle`.

Harmless twice, killed midway, or on two machines at once: nobody gets the same mail twice.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Unit
from courses.digesting import digests, send_digests
from courses.mailing import Postbox, Unreachable
from courses.reminding import people_to_remind, remind_all


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Send nothing; say how many would be sent.")

    def handle(self, *, dry_run: bool, verbosity: int, **options: Any) -> None:
        said = self._rehearse() if dry_run else self._send()
        if verbosity:
            self.stdout.write(said)

    def _rehearse(self) -> str:
        now, zones = timezone.now(), Unit.objects.all().time_zones()
        reminders, weekly = (sum(1 for _ in found(now, zones)) for found in (people_to_remind, digests))
        return f"Would send {_mails(reminders, 'reminder')} and {_mails(weekly, 'digest')}."

    def _send(self) -> str:
        postbox, now = Postbox(), timezone.now()
        try:
            done, weekly = remind_all(now, postbox), send_digests(now, postbox)
        except Unreachable as error:
            raise CommandError(f"{error}. What was not sent is sent by the next run.") from error
        finally:
            postbox.close()
        count = done.failed + weekly.failed
        failed = f"; {count} failed, see the delivery log" if count else ""
        return f"Sent {_mails(done.sent, 'reminder')} and {_mails(weekly.sent, 'digest')}{failed}."


def _mails(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
