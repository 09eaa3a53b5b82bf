"""Counts add up, and show groups of five and more only, whatever is taken from what."""

import json
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from courses.reports.summaries.counts import FEWEST, PEOPLE, Counts, added, whole

BELOW = {"top": ["system", "other"], "system": ["north", "south"], "north": ["desk", "back"]}
PLACES = ["top", "system", "north", "desk", "back", "south", "other"]
QUARTERS = ["2025-4", "2026-1", "2026-2"]
PERIODS = ["", "2025", "2026", *QUARTERS]
people = st.dictionaries(st.tuples(st.sampled_from(PLACES), st.sampled_from(QUARTERS)), st.integers(1, 7))


def counted(people):
    """Of each place what is whole; everybody of one place and quarter counts for something that has its name."""

    def of(place):
        own = Counts()
        for (at, quarter), number in people.items():
            for _ in range(number if at == place else 0):
                own.count("figure", quarter, {f"{at} {quarter}": 1})
        return whole(added([own, *map(of, BELOW.get(place, ()))]))

    return {place: of(place) for place in PLACES}


def shown(counts, period):
    return {name: number for name, number in counts.group("figure", period).items() if name != PEOPLE}


@given(people)
def test_no_two_selections_differ_by_fewer_than_five_people(people):
    found = counted(people)
    asked = [shown(found[place], period) for place in PLACES for period in PERIODS]
    for one, other in [*combinations(asked, 2), *((some, {}) for some in asked)]:
        for apart in (one.keys() - other.keys(), other.keys() - one.keys(), one.keys() & other.keys()):
            assert not 0 < sum((one | other)[name] for name in apart) < FEWEST


@given(people)
def test_all_of_one_place_and_quarter_are_shown_or_none(people):
    found = counted(people)
    for place in PLACES:
        for period in PERIODS:
            for name, number in shown(found[place], period).items():
                at, quarter = name.split()
                assert number == people[at, quarter]
                assert quarter.startswith(period)


@given(people)
def test_at_most_four_are_in_no_group(people):
    top = counted(people)["top"]
    everybody = sum(people.values())
    assert 0 <= everybody - top.group("figure").get(PEOPLE, 0) < FEWEST
    assert sum(shown(top, "").values()) == top.group("figure").get(PEOPLE, 0)


@given(people)
def test_what_is_kept_as_text_is_the_same(people):
    for counts in counted(people).values():
        assert Counts.load(counts.dump()).dump() == counts.dump()
        assert Counts.load(counts.dump()).group("figure") == counts.group("figure")


@given(people, people)
def test_what_is_taken_away_again_leaves_what_was(one, other):
    one, other = counted(one)["top"], counted(other)["top"]
    assert json.loads(added([one, other], but=[other]).dump()) == json.loads(one.dump())


def test_numbers_are_added_by_their_names_and_nothing_is_changed():
    one, other = Counts({"a": 1, "by": {"x": 2}}), Counts({"by": {"x": 3, "y": 4}})
    assert added([one, other, one]).sums == {"a": 2, "by": {"x": 7, "y": 4}}
    assert (one.sums, other.sums) == ({"a": 1, "by": {"x": 2}}, {"by": {"x": 3, "y": 4}})
