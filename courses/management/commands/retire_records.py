"""Write the training records that are kept no longer (RECORDS_KEPT_YEARS) to a CSV file; with --remove, take them away.

Nothing is removed before the file is on the disk, and nothing that is not in it. Without a setting
every record is kept for ever.
"""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.retiring import ended, remove, write

MOST_YEARS = 1000


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="A new file: one that exists is not touched.")
        parser.add_argument("--remove", action="store_true", help="Then take them out of the database.")

    def handle(self, *, file: Path, remove: bool, **options: Any) -> None:
        if settings.RECORDS_KEPT_YEARS <= 0:
            raise CommandError("RECORDS_KEPT_YEARS is not set: every record is kept for ever.")
        if settings.RECORDS_KEPT_YEARS > MOST_YEARS:
            raise CommandError(f"RECORDS_KEPT_YEARS is {settings.RECORDS_KEPT_YEARS}: write {MOST_YEARS} at most.")
        records = ended(timezone.now(), settings.RECORDS_KEPT_YEARS)
        try:
            with open(file, "x", encoding="utf-8-sig", newline="", opener=_for_its_owner) as out:
                count = write(records, out)
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}. Nothing was removed.") from error
        self.stdout.write(f"{count} records were written to {file}.")
        if remove:
            self.stdout.write(f"{_remove(records)} records were removed.")


def _for_its_owner(path: str, flags: int) -> int:
    """It is about people, so nobody else on the machine reads it."""
    return os.open(path, flags, 0o600)


_remove = remove
