"""Bring the database up to date and serve the site with gunicorn."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.models import Person
from courses import demo
from training.lib.database import take_statistics


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="Leave an empty database empty.")

    def handle(self, *, no_demo: bool, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not no_demo and not Person.objects.exists():
            self.stdout.write("The database is empty: loading the starter content and a demo library…")
            demo.load()
        take_statistics()
        port = os.environ.get("PORT", "8000")
        self.stdout.write(f"\nLibrary training is at http://127.0.0.1:{port}/ (Ctrl-C stops it)\n")
        self._tell_demo_accounts()
        self.stdout.flush()
        # One process a core, and threads in each: a page waits for the database more than for Python.
        workers = os.environ.get("WEB_CONCURRENCY", str(min(os.cpu_count() or 1, 4)))
        gunicorn = [sys.executable, "-m", "gunicorn", "training.wsgi", "--bind", f"127.0.0.1:{port}"]
        gunicorn += ["--workers", workers, "--worker-class", "gthread", "--threads", "4"]
        gunicorn += ["--log-level", "warning", "--no-control-socket"]
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, gunicorn)  # noqa: S606

    def _tell_demo_accounts(self) -> None:
        present = Person.objects.filter(email__in=[account.email for account in demo.ACCOUNTS]).exists()
        if not present:
            return
        self.stdout.write(f"Demo accounts, password {demo.password()}:")
        for account in demo.ACCOUNTS:
            self.stdout.write(f"  {account.email:<26}{account.what}")
