"""Settle what everybody is asked to take: rounds open, dates move, rounds of those who left are closed.

For cron, once a day. Harmless twice, and killed midway it goes on where it was the next time.
"""

from typing import Any

from django.core.management.base import BaseCommand

from courses.assigning import settle_all


class Command(BaseCommand):
    help = __doc__

    def handle(self, *, verbosity: int, **options: Any) -> None:
        changed = settle_all()
        if verbosity:
            self.stdout.write(f"Settled: {changed} round{'' if changed == 1 else 's'} opened, moved or closed.")
