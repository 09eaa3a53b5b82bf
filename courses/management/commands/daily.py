"""What is to be done once a day: settle what everybody is asked to take, remind them, ask whether they used what they
learned some weeks ago, and on Mondays tell supervisors.

For cron, early in the morning. Harmless twice, killed midway, or on two machines at once: no mail is sent twice.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses import day
from courses.posting import Unreachable


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done; send and write nothing.")

    def handle(self, *, verbosity: int, dry_run: bool, **options: Any) -> None:
        now = timezone.now()
        if dry_run:
            self.stdout.writelines(f"{line}\n" for line in day.foresee(now))
            return
        try:
            done = day.do(now)
        except Unreachable as error:
            raise CommandError(f"{error}. What was not sent is sent the next time.") from error
        if verbosity:
            self.stdout.write(
                f"Rounds settled: {done.settled}. Reminders sent: {done.reminders.sent}. "
                f"Digests: {done.digests.sent}. Questions: {done.questions.sent}."
            )
        if done.failed:
            raise CommandError(
                f"Not sent: {done.failed}. The delivery log says why, and what is tried again the next time."
            )
