"""One synthetic library in a process of its own, which loads what it is asked for and says what that took.

It reads a line of JSON, ``[who, path]``, and answers with one: see ``Took`` in tests/bench_reports.py.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

SEED = 1
COURSE, SCENARIO = f"course-{SEED}-0-0", f"scenario-{SEED}-0-0"
CHANGED = "changed "


def main() -> None:
    os.environ |= {"PLAIN_HTTP": "true", "DJANGO_SETTINGS_MODULE": "training.settings", "EMAIL_URL": "dummymail://"}
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    browsers, facts = _signed_in()
    _answer(facts)
    for line in sys.stdin:
        who, path = json.loads(line)
        _answer(_took(browsers[who], path))


def _answer(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def _signed_in() -> tuple[dict[str, Any], dict[str, Any]]:
    """A browser for each who looks; and what the paths need to know of this library."""
    from django.test import Client

    from accounts.models import Person, Unit

    half = Unit.objects.filter(name__startswith="North District").get()
    branch = Person.objects.get(email=f"supervisor-{SEED}-0@example.org")
    lead, _ = Person.objects.get_or_create(email="lead@example.org", defaults={"name": "Lead", "unit": half})
    half.supervisors.add(lead)
    who = {
        "unit": branch,
        "half": lead,
        "all": Person.objects.get(email=f"administrator-{SEED}-0@example.org"),
    }
    browsers = {name: Client() for name in who}
    for name, person in who.items():
        browsers[name].force_login(person)
    assert branch.unit
    below = Person.objects.filter(email__startswith="person", unit__path__startswith=half.path)
    seen = {"unit": branch.unit.people.exclude(pk=branch.pk).latest("pk")}
    seen |= {"half": below.latest("pk"), "all": below.latest("pk")}
    facts = {"person": {name: person.pk for name, person in seen.items()}, "name": below.latest("pk").name}
    return browsers, facts | {"branch": branch.unit.pk, "half": half.pk}


def _took(browser: Any, path: str) -> dict[str, Any]:
    """``changed`` before the path: somebody did something since."""
    from django.db import connection

    if path.startswith(CHANGED):
        _change()
    queries: list[float] = []
    before, begun = _peak(), time.perf_counter()
    with connection.execute_wrapper(_timing(queries)):
        answer = browser.get(path.removeprefix(CHANGED))
        parts = answer.streaming_content if answer.streaming else [answer.content]
        first, size, lines = _read(iter(parts), begun)
    answer.close()
    took = time.perf_counter() - begun
    return {
        "status": answer.status_code, "ms": 1000 * took, "first_ms": 1000 * first, "queries": len(queries),
        "slowest_ms": 1000 * max(queries, default=0), "bytes": size, "lines": lines, "grown_mb": _peak() - before,
    }  # fmt: skip


def _change() -> None:
    """Somebody begins a course, and a scenario."""
    from django.utils import timezone

    from courses.models import Enrolment
    from scenarios.models import Attempt

    for rows in (Enrolment.objects.filter(course__slug=COURSE), Attempt.objects.filter(scenario__slug=SCENARIO)):
        rows.filter(pk=rows.latest("pk").pk).update(started_at=timezone.now())


def _timing(queries: list[float]) -> Callable[..., Any]:
    def timed(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            queries.append(time.perf_counter() - begun)

    return timed


def _read(parts: Iterator[bytes], begun: float) -> tuple[float, int, int]:
    """When the first part was there, in seconds; how many bytes and lines they are."""
    first, size, lines = 0.0, 0, 0
    for part in parts:
        first = first or time.perf_counter() - begun
        size += len(part)
        lines += part.count(b"\n")
    return first, size, lines


def _peak() -> float:
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
