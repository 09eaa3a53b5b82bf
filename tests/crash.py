"""Kills a playing server over and over, and counts what it had acknowledged: `make crashtest`.

Several people play at once. At random moments the server and all its workers get SIGKILL. A decision counts as
acknowledged when the answer to its POST arrived. After the last restart each must be there, once.
"""

import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from http.client import HTTPException
from pathlib import Path

from tests.plain_browser import PlainBrowser
from tests.running_site import RunningSite

PLAYERS, KILLS = 4, 6
ACCOUNTS = ("staff", "supervisor", "author", "admin")
Acknowledged = dict[tuple[str, int], str]


def play(site: RunningSite, account: str, stop: threading.Event, kept: Acknowledged) -> None:
    """Practise again and again; note each decision whose answer arrived."""
    chance = random.Random(account)
    while not stop.is_set():
        try:
            browser = PlainBrowser(site.url).sign_in(f"{account}@example.org")
            while not stop.is_set():
                page = browser.post("/scenarios/forty-dollars/", mode="anew")
                while page.choices and not stop.is_set():
                    choice, sequence, url = chance.choice(page.choices), page.sequence, page.url
                    page = browser.post(url, choice=choice, sequence=sequence)
                    if page.status == 200:
                        kept[url, sequence] = choice
        except (OSError, HTTPException, AssertionError):
            time.sleep(0.2)


def run(site: RunningSite, kills: int = KILLS) -> tuple[Acknowledged, list[tuple[int, int, str]]]:
    """What was acknowledged, and the decisions that the database holds in the end."""
    stop, kept = threading.Event(), Acknowledged()
    players = [threading.Thread(target=play, args=[site, account, stop, kept]) for account in ACCOUNTS[:PLAYERS]]
    for player in players:
        player.start()
    chance = random.Random(1)
    for _ in range(kills):
        _wait_for(len(kept) + 10, kept)
        time.sleep(chance.uniform(0, 0.5))
        site.kill()
        site.start()
    _wait_for(len(kept) + 10, kept)
    stop.set()
    for player in players:
        player.join()
    with sqlite3.connect(site.database) as database:
        rows = database.execute("SELECT attempt_id, sequence, choice FROM scenarios_decision").fetchall()
    return kept, rows


def _wait_for(decisions: int, kept: Acknowledged, seconds: float = 30) -> None:
    """A kill means something only in the midst of play, and machines differ in how soon that is."""
    end = time.monotonic() + seconds
    while len(kept) < decisions and time.monotonic() < end:
        time.sleep(0.05)


def faults(kept: Acknowledged, rows: list[tuple[int, int, str]]) -> tuple[int, int]:
    """How many acknowledged decisions are lost or changed, and how many places hold more than one decision."""
    held = {(f"/attempts/{attempt}/", sequence): choice for attempt, sequence, choice in rows}
    lost = sum(
        held.get((url[url.index("/attempts/") :], sequence)) != choice for (url, sequence), choice in kept.items()
    )
    doubled = sum(count > 1 for count in Counter((attempt, sequence) for attempt, sequence, _ in rows).values())
    return lost, doubled


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        site = RunningSite(Path(folder)).start()
        kept, rows = run(site)
        site.stop()
    lost, doubled = faults(kept, rows)
    sys.stdout.write(f"{KILLS} kills, {len(kept)} decisions acknowledged: {lost} lost, {doubled} counted twice\n")
    return 1 if lost or doubled else 0


if __name__ == "__main__":
    sys.exit(main())
