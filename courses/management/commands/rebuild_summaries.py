"""Count anew what the reports of very many people sum up. They keep it up to date themselves; this is for a database
that was changed by hand, with its triggers off."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from courses.reports.summaries import store


class Command(BaseCommand):
    help = __doc__

    def handle(self, *, verbosity: int, **options: Any) -> None:
        begun = time.monotonic()

        def say(subject: store.Subject) -> None:
            if verbosity > 1:
                self.stdout.write(f"{time.monotonic() - begun:.1f} s: {subject[0]} {subject[1]}")

        store.rebuild(say)
        if verbosity:
            self.stdout.write("Counted anew.")
