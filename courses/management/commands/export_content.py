"""Export all content as a pack: skills, policies, the drafts of scenarios, courses.

DIR is a new or empty folder, or one that has this site's pack already, which is brought up to date. Nothing in it is
ever deleted. Importing the pack gives the same content; fixtures/README.md describes its files.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.packs.composing import CannotCompose
from courses.packs.exporting import CannotExport, export_pack


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)

    def handle(self, *, folder: Path, verbosity: int, **options: Any) -> None:
        try:
            written, faults = export_pack(folder)
        except (CannotExport, CannotCompose) as refused:
            raise CommandError(f"{refused}\nNothing was exported.") from None
        except OSError as error:
            raise CommandError(f"{error.filename or folder} cannot be written: {error.strerror}.") from None
        if verbosity:
            self.stdout.write(f"Exported to {folder}: files written: {len(written)}.")
        if faults:
            self.stderr.write("The pack is complete, but as it stands an import would refuse it:")
            self.stderr.write("\n".join(map(str, faults)))
