"""Add a synthetic library with history, for trials and benchmarks. Never in a database with real people."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.demo import password
from courses.populating.library import Made, populate
from courses.reports.summaries import store
from training.lib.database import take_statistics

# Seconds.
EVERY = 10


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--units", type=int, default=10, help="Units: a system, its halves, branches.")
        parser.add_argument("--staff", type=int, default=100, help="People.")
        parser.add_argument(
            "--courses",
            type=int,
            default=2,
            help="Courses: of four one for all, one for each half, one for whoever likes.",
        )
        parser.add_argument(
            "--seed", type=int, default=1, help="The same seed, on the same day, gives the same library."
        )

    def handle(self, *, units: int, staff: int, courses: int, seed: int, **options: Any) -> None:
        if min(units, staff, courses) < 1:
            raise CommandError("Units, staff and courses each have to be at least 1.")
        made = self._populate(units=units, staff=staff, courses=courses, seed=seed)
        take_statistics()
        store.catch_up()
        self.stdout.write(
            f"Added {made.people} people in {units} units, {made.courses} courses, {made.enrolments} enrolments,"
            f" {made.attempts} attempts with {made.decisions} decisions, {made.records} training records.\n"
            f"Sign in as {made.supervisor} (oversees one unit) or {made.administrator}, password {password()}"
        )

    def _populate(self, *, staff: int, **options: int) -> Made:
        """Says now and then how far it is; and what there is, where it is cut short."""
        begun = said = time.monotonic()
        so_far = "nobody yet"

        def say(made: Made) -> None:
            nonlocal said, so_far
            so_far = (
                f"{made.people:,} of {staff:,} people, {made.enrolments:,} enrolments, {made.decisions:,} decisions"
            )
            if time.monotonic() - said > EVERY:
                said = time.monotonic()
                self.stderr.write(f"{said - begun:.0f} s: {so_far}")

        try:
            return populate(staff=staff, **options, password=password(), say=say)
        except BaseException:
            self.stderr.write(f"Stopped. What is there stays, each person with all of their history: {so_far}.")
            raise
