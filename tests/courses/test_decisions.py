"""What a team chose: exact over whole groups, and nothing about fewer than five people, however one asks."""

import datetime
import random

import pytest
from django.utils import timezone

from courses.reports.summaries.counts import FEWEST
from scenarios import playing
from scenarios.models import Attempt
from tests.courses.test_reports import downloaded, play, table
from tests.factories import PersonFactory, a_course, a_document, a_scenario

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("both_ways")]
REPORT = "/reports/scenarios/desk/"


@pytest.fixture
def course(db):
    return a_course()


def first_played(person, course, chance, *, upto=9, days_ago=0):
    attempt = play(person, course, chance, upto=upto)
    Attempt.objects.filter(pk=attempt.pk).update(started_at=timezone.now() - datetime.timedelta(days=days_ago))
    return attempt


def chosen(browser, query=""):
    return {
        (scene, text): int(times)
        for _, scene, text, times, *_ in downloaded(browser, f"{REPORT}?format=csv&{query}")[1:]
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_first_recorded_attempts_are_counted_exactly_over_whole_groups(as_, bob, units, course, seed):
    """Of each scene: of a department five or more, and the rest of its branch if that is five or more, or together."""
    chance = random.Random(seed)
    team = [PersonFactory(unit=chance.choice([units.north, units.circulation])) for _ in range(14)]
    first = [play(person, course, chance, upto=chance.randint(0, 2)) for person in team]
    for person in team[:6]:
        play(person, course, chance, upto=2)
        playing.decide(
            playing.start(person, course.modules.get().activities.get(slug="scenario").scenario, mode="practice").pk,
            person, choice="rush", sequence=1,
        )  # fmt: skip
    first = [Attempt.objects.get(pk=attempt.pk) for attempt in first]
    places = (units.circulation, units.north)
    taken = [(step.before.at, step.choice.key, attempt.person.unit) for attempt in first for step in attempt.steps]
    graph = first[0].graph
    expected = {}
    for scene in graph.scenes.values():
        below, above = ([found for found in taken if found[0] == scene.key and found[2] == unit] for unit in places)
        large = [group for group in (below, above) if len(group) >= FEWEST]
        together = (
            below + above if len(below) < FEWEST <= len(below + above) else [one for group in large for one in group]
        )
        for choice in scene.choices if together else ():
            expected[scene.title, choice.text] = sum(key == choice.key for _, key, _ in together)
    assert expected
    assert chosen(as_(bob)) == expected


def test_fewer_than_five_people_are_not_shown(as_, bob, units, course):
    for _ in range(4):
        play(PersonFactory(unit=units.circulation), course, random.Random(1), upto=9)
    browser = as_(bob)
    assert chosen(browser) == {}
    assert "so that nobody can be picked out" in browser.get(REPORT).content.decode()
    play(PersonFactory(unit=units.circulation), course, random.Random(1), upto=9)
    assert sum(times for (scene, _), times in chosen(browser).items() if scene == "A patron comes up") == 5


def test_no_two_pages_differ_by_fewer_than_five_people(as_, bob, erin, units, course):
    """Six in one department, three in its branch, two elsewhere; in three quarters."""
    chance = random.Random(7)
    for unit, count in ((units.circulation, 11), (units.north, 8), (units.south, 7), (None, 3)):
        for _ in range(count):
            first_played(PersonFactory(unit=unit), course, chance, days_ago=chance.choice([0, 100, 200]))
    here = timezone.localdate()
    dates = [here, here - datetime.timedelta(days=100), here - datetime.timedelta(days=200)]
    quarters = {f"{date.year}-{(date.month + 2) // 3}" for date in dates}
    counts = {}
    for browser, seen in ((as_(bob), (units.north, units.circulation)), (as_(erin), (None, *vars(units).values()))):
        for unit in seen:
            for period in ("", *quarters):
                found = chosen(browser, f"unit={unit.pk if unit else ''}&period={period}")
                met = sum(times for (scene, _), times in found.items() if scene == "A patron comes up")
                counts[browser, unit.path if unit else "/", period] = met
    nested = [
        (counts[wide], counts[narrow])
        for wide in counts
        for narrow in counts
        if narrow[1].startswith(wide[1]) and narrow[2].startswith(wide[2])
    ]
    assert len(set(nested)) > 6
    assert [pair for pair in nested if 0 < pair[0] - pair[1] < FEWEST or pair[0] < pair[1]] == []


def test_supervisor_sees_the_choices_of_nobody_outside(as_, bob, units, course):
    for _ in range(6):
        play(PersonFactory(unit=units.south), course, random.Random(1), upto=9)
    browser = as_(bob)
    assert chosen(browser) == {}
    assert chosen(browser, f"unit={units.south.pk}") == {}


def test_download_of_a_scenario_is_what_the_screen_shows(as_, bob, units, course):
    for number in range(6):
        play(PersonFactory(unit=units.north), course, random.Random(number), upto=9)
    browser = as_(bob)
    screen = table(browser.get(REPORT).content.decode(), "What was chosen")
    rows = downloaded(browser, f"{REPORT}?format=csv")[1:]
    assert screen == [[scene, text, rating, times, share] for _, scene, text, times, share, rating in rows]
    assert len(screen) >= 2


def test_second_try_is_compared_with_the_first_of_the_same_people(as_, bob, units, course):
    scenario = course.modules.get().activities.get(slug="scenario").scenario
    for _ in range(5):
        person = PersonFactory(unit=units.north)
        for choices in (("rush", "argue"), ("listen", "agree")):
            attempt = playing.start(person, scenario, mode="recorded")
            for sequence, choice in enumerate(choices, 1):
                playing.decide(attempt.pk, person, choice=choice, sequence=sequence)
    second = as_(bob).get(REPORT).context["chosen"].second
    assert (second.people, second.better, second.same, second.worse) == (5, 5, 0, 0)
    assert (second.first, second.second) == (0, 100)


def test_where_it_got_harder_names_the_scene_and_what_helps(as_, bob, units, course):
    scenario = course.modules.get().activities.get(slug="scenario").scenario
    for number in range(6):
        person = PersonFactory(unit=units.north)
        attempt = playing.start(person, scenario, mode="recorded")
        playing.decide(attempt.pk, person, choice="rush" if number < 4 else "listen", sequence=1)
    turn = as_(bob).get(REPORT).context["chosen"].wrong_turns[0]
    assert (turn.scene, turn.share, turn.better) == ("A patron comes up", 67, "Tell me what happened.")


@pytest.mark.parametrize(
    "query", ["period=2026-9", "period=%00", "period=x", "unit=999999999999999999999", "unit=a&period=[]"]
)
def test_garbage_in_the_query_is_as_if_it_were_not_there(as_, bob, course, query):
    assert as_(bob).get(f"{REPORT}?{query}").status_code == 200


def test_where_it_got_harder_adds_people_and_not_rounded_shares(as_, bob, units):
    """One in six and one in six are a third; 17 % and 17 % would be 34 %."""
    scenes = a_document()["scenes"]
    choices = scenes["opening"]["choices"]
    choices["scold"] = choices["rush"] | {"text": "You always say that."}
    scenario = a_scenario(scenes=scenes)
    for choice in ("rush", "scold", *["listen"] * 4):
        person = PersonFactory(unit=units.north)
        attempt = playing.start(person, scenario, mode="recorded")
        playing.decide(attempt.pk, person, choice=choice, sequence=1)
    assert as_(bob).get(REPORT).context["chosen"].wrong_turns[0].share == 33


def test_endings_are_named_in_the_readers_language(as_, bob, units, course):
    bob.language = "es"
    bob.save()
    for _ in range(5):
        play(PersonFactory(unit=units.north), course, random.Random(1), upto=9)
    shown = as_(bob).get(REPORT).content.decode()
    assert 'class="tag"' in shown
    assert not [word for word in (">Resolved<", ">Partly resolved<", ">Unsafe<", ">Escalated<") if word in shown]
