"""Import a roster: a CSV file of the people who work here, with a first line that names its columns.

The columns are email, name, job title, unit, hired on, and left, in any order; only email has to be there. A unit is a
path such as "City Library > North Branch", or a name that only one unit has. Dates are written 2026-01-31. All of it or
nothing: where a line has a fault, every fault is listed, and nothing is changed. The same file again changes nothing.
"""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.importing import Options, Plan, Refused, import_roster, rehearse
from accounts.roster import LARGEST


class Command(BaseCommand):
    help = __doc__

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--leavers", action="store_true", help="Who is not in the file has left.")
        parser.add_argument("--make-units", action="store_true", help="Make units that do not exist.")
        parser.add_argument("--dry-run", action="store_true", help="Say what it would do, and change nothing.")

    def handle(self, *, file: Path, leavers: bool, make_units: bool, dry_run: bool, **options: Any) -> None:
        content, wanted, today = _read(file), Options(leavers, make_units), timezone.localdate()
        plan = rehearse(content, wanted, today=today)
        if plan.faults:
            for fault in plan.faults:
                self.stderr.write(f"{file}:{fault.line}: {fault.message}")
            count = len(plan.faults)
            raise CommandError(f"Nothing was changed: {count} fault{'' if count == 1 else 's'}, listed above.")
        if not dry_run:
            plan = _import(content, wanted, plan.digest)
        if options["verbosity"]:
            self._tell(plan, dry_run=dry_run)

    def _tell(self, plan: Plan, *, dry_run: bool) -> None:
        self.stdout.write(f"{'This would be' if dry_run else 'Done'}: {plan.in_words}.")
        if plan.roster.unused:
            self.stdout.write(f"Columns that were not used: {', '.join(plan.roster.unused)}.")
        for known in plan.stay:
            self.stdout.write(f"{known.name} stays: without them nobody would administer the site.")


def _read(file: Path) -> bytes:
    """One byte more than is allowed is enough to refuse it."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None


def _import(content: bytes, options: Options, expected: str) -> Plan:
    try:
        return import_roster(content, options, today=timezone.localdate(), expected=expected)
    except Refused as why:
        raise CommandError(f"Nothing was changed. {why}") from None
