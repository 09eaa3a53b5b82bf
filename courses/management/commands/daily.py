"""What is to be done once a day: settle what everybody is asked to take, remind them, and on Mondays tell supervisors.

For cron, early in the morning. Harmless twice, killed midway, or on two machines at once: no mail is sent twice.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.assigning import settle_all
from courses.digesting import digest
from courses.posting import Unreachable
from courses.reminding import remind


class Command(BaseCommand):
    help = __doc__

    def handle(self, *, verbosity: int, **options: Any) -> None:
        now = timezone.now()
        changed = settle_all()
        try:
            reminders, digests = remind(now), digest(now)
        except Unreachable as error:
            raise CommandError(f"{error}. What was not sent is sent the next time.") from error
        if verbosity:
            self.stdout.write(f"Rounds settled: {changed}. Reminders sent: {reminders.sent}. Digests: {digests.sent}.")
        if failed := reminders.failed + digests.failed:
            raise CommandError(f"Not sent: {failed}. The delivery log says why, and what is tried again the next time.")
