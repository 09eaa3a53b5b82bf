"""Add a synthetic library with history, for trials and benchmarks. Never in a database with real people."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.demo import password
from courses.populating import populate
from training.lib.database import take_statistics


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--units", type=int, default=10, help="Units: one system and its branches.")
        parser.add_argument("--staff", type=int, default=100, help="People.")
        parser.add_argument("--courses", type=int, default=2, help="Courses, each given to everyone.")
        parser.add_argument("--seed", type=int, default=1, help="The same seed gives the same library.")

    def handle(self, *, units: int, staff: int, courses: int, seed: int, **options: Any) -> None:
        if min(units, staff, courses) < 1:
            raise CommandError("Units, staff and courses each have to be at least 1.")
        made = populate(units=units, staff=staff, courses=courses, seed=seed, password=password())
        take_statistics()
        self.stdout.write(
            f"Added {made.people} people in {units} units, {made.courses} courses, {made.attempts} attempts with"
            f" {made.decisions} decisions, {made.records} training records.\n"
            f"Sign in as {made.supervisor} (oversees one unit) or {made.administrator}, password {password()}"
        )
