"""Timings, always as ratios measured side by side in one run: `make bench`. Budgets are those of the design.

A play step against the bare floor: a view with session and login that writes the same row in a transaction. Reports,
exports and the roster of 100,000 staff against those of 1,000, on SQLite and on PostgreSQL: see tests/bench_reports.py.
It takes about half an hour, and 5 GB of disk.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests import bench_reports
from tests.on_postgres import a_server

STEPS = 150


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def alternately(first: Callable[[], object], second: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The medians of the two in milliseconds, taken in turns so that both see the same machine."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for action, found in zip((first, second), times, strict=True):
            begun = time.perf_counter()
            action()
            found.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times[0]), statistics.median(times[1])


def play_against_floor(folder: Path) -> None:
    os.environ |= {"DATA_DIR": str(folder), "PLAIN_HTTP": "true", "DJANGO_SETTINGS_MODULE": "training.settings"}
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    settings.ROOT_URLCONF = "tests.bench_urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from accounts.models import Person
    from scenarios import playing
    from scenarios.engine.play import offer
    from tests.factories import a_document, a_scenario

    document = a_document()
    scene = document["scenes"]["opening"]
    scene["choices"]["listen"]["to"] = "opening"
    scene["choices"]["leave"] = {"text": "Step along.", "to": "calmer"}
    scenario = a_scenario(scenes=document["scenes"])
    person = Person.objects.create_user("ann@example.org", "pass", name="Ann")
    played = playing.start(person, scenario, mode="practice")
    floor = playing.start(person, scenario, mode="recorded")
    assert offer(played.edition.graph, played.state)
    browser = Client()
    browser.force_login(person)
    counts = {"played": 0, "floor": 0}

    def step() -> None:
        counts["played"] += 1
        # Every eighth step begins a new attempt, so that the path is as long as in a real scenario.
        nonlocal played
        if counts["played"] % 8 == 0:
            played, counts["sequence"] = playing.start_anew(person, scenario), 0
        counts["sequence"] = counts.get("sequence", 0) + 1
        answer = browser.post(f"/attempts/{played.pk}/", {"choice": "listen", "sequence": counts["sequence"]})
        assert answer.status_code == 302

    def bare() -> None:
        counts["floor"] += 1
        assert browser.post(f"/floor/{floor.pk}/", {"sequence": counts["floor"]}).status_code == 302

    alternately(step, bare, 10)
    played_ms, floor_ms = alternately(step, bare, STEPS)
    say(f"play step {played_ms:.1f} ms, bare floor {floor_ms:.1f} ms: {played_ms / floor_ms:.2f} times (budget 1.5)")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        play_against_floor(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        bench_reports.reports(Path(folder), "SQLite")
    with tempfile.TemporaryDirectory() as folder, a_server() as url:
        if url:
            bench_reports.reports(Path(folder), "PostgreSQL", url)


if __name__ == "__main__":
    main()
