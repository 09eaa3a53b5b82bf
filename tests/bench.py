"""Timings, always as ratios measured side by side in one run: `make bench`. Budgets are those of the design.

A play step against the bare floor: a view with session and login that writes the same row in a transaction. A report
page with 100,000 staff against the same page with 1,000, at two sites that are really served.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.plain_browser import PlainBrowser
from tests.running_site import ROOT, RunningSite

STEPS, PAGES = 150, 25
SMALL, LARGE = 1_000, 100_000


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


def populated(folder: Path, staff: int) -> tuple[RunningSite, list[str]]:
    """A running site with so many staff, and who to sign in as: a unit's supervisor, an administrator."""
    environment = os.environ | {"DATA_DIR": str(folder), "PLAIN_HTTP": "true"}
    run = [sys.executable, "manage.py"]
    subprocess.check_call([*run, "migrate", "-v0"], cwd=ROOT, env=environment)
    options = ["--units", str(max(10, staff // 100)), "--staff", str(staff), "--courses", "2", "--seed", "1"]
    shown = subprocess.check_output([*run, "populate", *options], cwd=ROOT, env=environment, text=True)
    say(shown.splitlines()[0])
    return RunningSite(folder).start(), [word for word in shown.replace(",", " ").split() if "@example.org" in word]


def reports(folders: tuple[Path, Path]) -> None:
    sites = [populated(folder, staff) for folder, staff in zip(folders, (SMALL, LARGE), strict=True)]
    for role, number in (("a unit's supervisor", 0), ("an administrator", 1)):
        small, large = (PlainBrowser(site.url).sign_in(people[number]) for site, people in sites)
        for path in ("/reports/", "/reports/courses/course-1-0-0/"):
            alternately(lambda: small.get(path), lambda: large.get(path), 3)  # noqa: B023
            few, many = alternately(lambda: small.get(path), lambda: large.get(path), PAGES)  # noqa: B023
            said = f"{path} for {role}: {few:.0f} ms with {SMALL:,} staff, {many:.0f} ms with {LARGE:,}"
            say(f"{said}: {many / few:.2f} times (budget 2)")
    for site, _ in sites:
        site.stop()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        play_against_floor(Path(folder))
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
        reports((Path(small), Path(large)))


if __name__ == "__main__":
    main()
