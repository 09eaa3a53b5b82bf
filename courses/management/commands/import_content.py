"""Import content packs: folders such as fixtures/starter, which fixtures/README.md describes.

All of them or nothing: where a file has a fault, every fault is listed as file:line, and nothing is changed.
Importing the same pack again changes nothing.
"""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.packs.importing import import_packs
from courses.packs.ledger import Ledger
from scenarios.exchange import Faults


class Command(BaseCommand):
    help = __doc__

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", type=Path, help="The folder of a pack.")

    def handle(self, *, paths: list[Path], verbosity: int, **options: Any) -> None:
        try:
            ledger = import_packs(paths)
        except Faults as refused:
            self.stderr.write(str(refused))
            count = len(refused.faults)
            raise CommandError(
                f"Nothing was imported: {count} fault{'' if count == 1 else 's'}, listed above."
            ) from None
        if verbosity:
            self._tell(paths, ledger)

    def _tell(self, paths: list[Path], ledger: Ledger) -> None:
        self.stdout.write(f"Imported {', '.join(map(str, paths))}.")
        if ledger.is_empty:
            self.stdout.write("Everything was there already; nothing was changed.")
        for what, counts in (("Added", ledger.added), ("Changed", ledger.changed), ("Removed", ledger.removed)):
            if counts:
                self.stdout.write(f"{what}: {_listed(counts)}.")
        for name in ledger.published:
            self.stdout.write(f"Published: {name}.")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
