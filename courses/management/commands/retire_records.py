"""Write the training records that are kept no longer (RECORDS_KEPT_YEARS) to a CSV file; with --remove, take them away.

Nothing is removed before the file is written and closed. Without a setting every record is kept for ever.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.retiring import ended, remove, write


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="A new file: one that exists is not touched.")
        parser.add_argument("--remove", action="store_true", help="Then take them out of the database.")

    def handle(self, *, file: Path, remove: bool, **options: Any) -> None:
        if settings.RECORDS_KEPT_YEARS <= 0:
            raise CommandError("RECORDS_KEPT_YEARS is not set: every record is kept for ever.")
        records = ended(timezone.now(), settings.RECORDS_KEPT_YEARS)
        try:
            with file.open("x", encoding="utf-8-sig", newline="") as out:
                count = write(records, out)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}. Nothing was removed.") from error
        self.stdout.write(f"{count} records were written to {file}.")
        if remove:
            self.stdout.write(f"{_remove(records)} records were removed.")


_remove = remove
