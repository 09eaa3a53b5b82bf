"""Check scenario files (YAML or JSON) without a database: their shape, and whether a learner can get stuck.

Prints what it finds in words, or with --json one object:

  {"files": [{"file": "…", "scenario": "its slug, empty where unknown", "ok": true,
              "complete": true, "proved": true, "states": 123,
              "findings": [{"code": "…", "severity": "error or advice", "scene": "key or empty",
                            "choice": "key or empty", "message": "…", "line": 12}]}]}

"ok" says that there is no error. "states" counts the situations that were looked at, "complete" says that they are
all that there are, and "proved" is both: complete and without an error. "line" is 0 where the fault is the file
itself. What only a database knows (skills, policies and their values) is checked when a pack is imported.

Exit status: 1 where any file has an error, otherwise 0.
"""

import json
import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from scenarios.engine.check import Finding, errors
from scenarios.engine.days import check_days
from scenarios.exchange import Fault, Faults, read_scenario
from scenarios.exchange.scenario import line_of


@dataclass(frozen=True)
class Found:
    """A finding, or a fault of the file's shape, with its line."""

    code: str
    severity: str
    scene: str
    choice: str
    message: str
    line: int


@dataclass(frozen=True)
class Report:
    """What was found in one file."""

    file: str
    scenario: str = ""
    ok: bool = False
    complete: bool = False
    proved: bool = False
    states: int = 0
    findings: list[Found] = field(default_factory=list)


def report_on(file: str) -> Report:
    """Read and check one file; a file that cannot be read is an error like any other."""
    path, file = Path(file), os.fsencode(file).decode(errors="replace")
    try:
        source = read_scenario(path, file)
    except Faults as refused:
        return Report(file, findings=[_from_fault(fault) for fault in refused.faults])
    examined = check_days(source.data)
    findings, walked = examined.findings, examined.explorations.values()
    complete = bool(walked) and all(exploration.complete for exploration in walked)
    ok = not errors(findings)
    return Report(
        file=file,
        scenario=source.data["slug"],
        ok=ok,
        complete=complete,
        proved=ok and complete,
        states=sum(len(exploration.steps) for exploration in walked),
        findings=[_from_finding(finding, line_of(source, finding)) for finding in findings],
    )


def _from_fault(fault: Fault) -> Found:
    return Found(fault.code, "error", "", "", fault.message, fault.line)


def _from_finding(finding: Finding, line: int) -> Found:
    return Found(finding.code, finding.severity, finding.scene, finding.choice, finding.text, line)


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="Print one JSON object instead of words.")

    def handle(self, *, files: list[str], **options: Any) -> None:
        reports = [report_on(file) for file in files]
        if options["json"]:
            self.stdout.write(json.dumps({"files": [asdict(report) for report in reports]}, indent=2))
        else:
            for report in reports:
                self._tell(report)
        if not all(report.ok for report in reports):
            sys.exit(1)

    def _tell(self, report: Report) -> None:
        self.stdout.write(f"{report.file}: {self._verdict(report)}")
        for found in report.findings:
            place = f"line {found.line}" if found.line else "the file"
            where = " → ".join(key for key in (found.scene, found.choice) if key)
            self.stdout.write(f"  {found.severity}, {place}{', ' if where else ''}{where}: {found.message}")

    def _verdict(self, report: Report) -> str:
        if report.proved:
            return f"no errors. All {report.states:,} situations lead to an ending; nobody gets stuck."
        count = sum(found.severity == "error" for found in report.findings)
        return f"{count} error{'' if count == 1 else 's'} to mend."
