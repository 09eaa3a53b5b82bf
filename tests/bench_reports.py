"""Reports, exports and imports of a library of 1,000 staff and of one of 100,000, side by side: see tests/bench.py.

The same pages are taken in turns, so that both see the same machine. Both libraries have as many people in a unit.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.bench_site import CHANGED, COURSE, SCENARIO, SEED
from tests.running_site import ROOT

# Units and staff: fifty people in each branch, and two halves.
SMALL, LARGE, COURSES = (23, 1_000), (2_000, 100_000), 20
# In turns until there are so many, or so many seconds are over.
ROUNDS, SECONDS = 12, 6
TIMES, QUERIES = 2, 12

FILTERS = (
    "", "view=list", "page=2", "name=lopez", "name={name}", "sort=due", "course=" + COURSE, "state=overdue",
    "state=due-soon",
    "state=in-progress", "state=never-started", "state=completed", "state=no-course", "state=overdue&sort=due",
    "course=" + COURSE + "&state=overdue&sort=due",
)  # fmt: skip
BELOW = ("unit={half}", "unit={branch}", "unit={branch}&sort=due", "unit_name=Branch+7")
EVERYBODY = (
    *(f"/reports/?{query}" for query in FILTERS),
    f"/reports/courses/{COURSE}/", f"/reports/courses/{COURSE}/?state=overdue&sort=due",
    f"/reports/scenarios/{SCENARIO}/",
    "/reports/records/", "/reports/records/?page=3", "/reports/records/?name=lopez", "/reports/records/?name={name}",
    "/reports/records/?course=" + COURSE,
    "/reports/hours/", "/reports/people/{person}/", "/reports/people/{person}/hours/", "/reports/together/",
)  # fmt: skip
COUNTED = ("/reports/", f"/reports/courses/{COURSE}/", f"/reports/scenarios/{SCENARIO}/")
NARROWED = (
    *(f"/reports/?{query}" for query in BELOW), "/reports/records/?unit={half}", "/reports/records/?unit={branch}",
    "/reports/hours/?unit={half}", f"/reports/scenarios/{SCENARIO}/?unit={{half}}",
)  # fmt: skip
ADMIN = (
    "/admin/accounts/person/", "/admin/accounts/person/?q=lopez", "/admin/accounts/person/?q={name}",
    "/admin/accounts/person/duplicates/", "/admin/accounts/unit/",
    "/admin/courses/trainingrecord/", "/admin/courses/trainingrecord/?q=lopez",
    "/admin/courses/trainingrecord/?q={name}", "/admin/courses/assignment/", "/admin/courses/delivery/",
    "/admin/courses/credit/",
)  # fmt: skip
PAGES = (
    *(("unit", path) for path in EVERYBODY),
    *(("half", path) for path in EVERYBODY),
    *(("all", path) for path in (*EVERYBODY, *NARROWED)),
    *((who, CHANGED + path) for who in ("half", "all") for path in COUNTED),
    *(("all", path) for path in ADMIN),
)
EXPORTS = (
    "/reports/?format=csv", f"/reports/courses/{COURSE}/?format=csv", "/reports/records/?format=csv",
    "/reports/records/?format=xlsx", "/reports/records/?format=pdf", "/reports/hours/?format=csv",
    "/reports/hours/?format=xlsx", "/reports/hours/?format=pdf",
)  # fmt: skip


@dataclass(frozen=True)
class Took:
    """What loading something took: until its end and until its first part, its queries, its size, and how much more
    memory the process had at most than ever before."""

    status: int
    ms: float
    first_ms: float
    queries: int
    slowest_ms: float
    bytes: int
    lines: int
    grown_mb: float


class Library:
    """A synthetic library, looked at in a process of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.bench_site"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._facts = self._line()

    def load(self, who: str, path: str) -> Took:
        assert self._process.stdin
        self._process.stdin.write(json.dumps([who, self._path(who, path)]) + "\n")
        self._process.stdin.flush()
        return Took(**self._line())

    def _path(self, who: str, path: str) -> str:
        facts = self._facts | {"person": self._facts["person"][who], "name": self._facts["name"].replace(" ", "+")}
        return path.format_map(facts)

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("The library stopped; what it said is above.")
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def looking_at(*environments: dict[str, str]) -> Iterator[list[Library]]:
    libraries = [Library(environment) for environment in environments]
    try:
        yield libraries
    finally:
        for library in libraries:
            library.close()


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def populated(folder: Path, size: tuple[int, int], database: str = "") -> dict[str, str]:
    """The environment of a library of this size, made if it is not there yet; an empty database is one on SQLite."""
    given = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "ALLOWED_HOSTS")}
    environment = given | {"DATA_DIR": str(folder), "PLAIN_HTTP": "true"}
    environment |= {"DATABASE_URL": database} if database else {}
    if (folder / "populated").exists():
        return environment
    for command in (["migrate", "-v0"], ["createcachetable"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.check_call([sys.executable, "manage.py", *command], cwd=ROOT, env=environment)
    units, staff = size
    options = ["--units", str(units), "--staff", str(staff), "--courses", str(COURSES), "--seed", str(SEED)]
    begun = time.perf_counter()
    command = [sys.executable, "manage.py", "populate", *options]
    shown = subprocess.check_output(command, cwd=ROOT, env=environment, text=True)
    say(f"{shown.splitlines()[0]} In {time.perf_counter() - begun:.0f} s.")
    (folder / "populated").touch()
    return environment


def _database(server: str, name: str) -> str:
    """The address of a new database of this name."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server.replace("/postgres?", f"/{name}?")


def pages(small: dict[str, str], large: dict[str, str]) -> list[str]:
    """Says what each page took in both; returns those that are over a budget."""
    over = []
    say(f"{'page':<75} {'1,000':>9} {'100,000':>9} {'times':>6} {'queries':>8} {'slowest':>9}")
    with looking_at(small, large) as (few, many):
        for who, path in PAGES:
            took = _in_turns(lambda: few.load(who, path), lambda: many.load(who, path))  # noqa: B023
            first, second = (statistics.median(one.ms for one in found) for found in took)
            queries = [max(one.queries for one in found) for found in took]
            slowest = statistics.median(one.slowest_ms for one in took[1])
            # The first look after a change sums it up, which takes a few queries more.
            is_over = max(queries) > QUERIES and not path.startswith(CHANGED)
            fault = second > TIMES * first or is_over or {one.status for one in took[1]} != {200}
            line = f"{who:<5}{path:<70} {first:>6.0f} ms {second:>6.0f} ms {second / first:>6.2f}"
            line += f" {queries[0]:>3}{queries[1]:>4}  {slowest:>6.0f} ms{'  OVER' if fault else ''}"
            say(line)
            over += [line] if fault else []
    return over


def _in_turns(first: Callable[[], Took], second: Callable[[], Took]) -> tuple[list[Took], list[Took]]:
    """What the two took, once each is warm."""
    first(), second()
    found: tuple[list[Took], list[Took]] = ([], [])
    until = time.monotonic() + SECONDS
    while not found[1] or (len(found[1]) < ROUNDS and time.monotonic() < until):
        found[0].append(first())
        found[1].append(second())
    return found


def exports(small: dict[str, str], large: dict[str, str]) -> None:
    """Each in a process that has done nothing else, so that its memory is its own."""
    say(f"\n{'export for an administrator':<50} {'lines':>9} {'MB':>6} {'first':>9} {'all':>9} {'memory':>8}")
    for path in EXPORTS:
        for environment in (small, large):
            with looking_at(environment) as (library,):
                library.load("all", "/reports/people/{person}/")
                took = library.load("all", path)
            say(
                f"{path:<50} {took.lines:>9,} {took.bytes / 1e6:>6.1f} {took.first_ms:>6.0f} ms {took.ms:>6.0f} ms"
                f" {took.grown_mb:>5.0f} MB{'' if took.status == 200 else f'  answered {took.status}'}"
            )


def roster(environment: dict[str, str], folder: Path, staff: int) -> None:
    """A file in which everybody who works here has another job title, and a tenth as many join."""
    columns = "email,name,job title,unit\n"
    stay = (f"person-{SEED}-0-{number}@example.org,,Page {SEED},\n" for number in range(staff))
    join = (
        f"joiner-{number}@example.org,Joan Joiner {number},Page,Branch {number % 9 + 1}\n"
        for number in range(staff // 10)
    )
    file = folder / "roster.csv"
    file.write_text("".join([columns, *stay, *join]))
    for option in ("--dry-run", "--verbosity=1"):
        begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        command = [sys.executable, "manage.py", "import_roster", str(file), option]
        shown = subprocess.check_output(command, cwd=ROOT, env=environment, text=True)
        most = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
        say(f"{shown.strip()} {time.perf_counter() - begun:.0f} s; the largest process so far had {most:.0f} MB")


def reports(folder: Path, database: str, server: str = "") -> None:
    """Everything at both sizes, in a folder each, and in a database each where a server is given."""
    environments = []
    for size in (SMALL, LARGE):
        place = folder / str(size[1])
        place.mkdir(exist_ok=True)
        environments.append(populated(place, size, _database(server, f"staff{size[1]}") if server else ""))
    say(f"\nOn {database}, in a library of {SMALL[1]:,} staff and in one of {LARGE[1]:,}")
    over = pages(*environments)
    exports(*environments)
    for environment, (_, staff) in zip(environments, (SMALL, LARGE), strict=True):
        roster(environment, folder, staff)
    say("\nNo page is over its budget." if not over else "\nOver the budget:\n" + "\n".join(over))
