"""When a course is due: as a table of sentences, and against a clerk who walks the calendar day by day."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.due_rules import LEAD, Absence, Due, History, Prerequisite, Repeats, Rule, add_months, ask

DAY = timedelta(days=1)
START = date(2026, 3, 2)
CIRCULATION = "Circulation"


def rule(**changes):
    return Rule(**{"given_on": START, "unit": CIRCULATION} | changes)


def history(*completions, **changes):
    return History(**{"hired_on": date(2020, 5, 1), "reached_on": START, "completions": completions} | changes)


def january(**changes):
    return rule(repeats=Repeats.WINDOW, **changes)


EXEMPT = Absence(True, date(2027, 1, 10), date(2027, 3, 31))
LEAVE = Absence(False, date(2027, 1, 10), date(2027, 1, 19))
WELCOME = Prerequisite(7, "Welcome")

# A rule, what is known of a person, and the sentence on 15 January 2027.
SENTENCES = [
    (rule(), history(), "No due date: given to Circulation staff."),
    (rule(unit=""), history(), "No due date: given personally."),
    (rule(mandatory=False), history(), "Recommended: given to Circulation staff."),
    (
        rule(due=Due.DATE, due_on=date(2027, 2, 1), grace=14),
        history(),
        "Due 1 February 2027: the date set for Circulation staff; overdue after 15 February 2027.",
    ),
    (
        rule(due=Due.DATE, due_on=date(2026, 2, 1)),
        history(),
        "Due 1 February 2026: the date set for Circulation staff.",
    ),
    (
        rule(due=Due.DATE, due_on=date(2026, 5, 1)),
        history(reached_on=date(2026, 6, 1)),
        "Due 1 July 2026: 30 days after it was assigned on 1 June 2026.",
    ),
    (
        rule(due=Due.DATE, due_on=date(2026, 6, 1)),
        history(reached_on=date(2026, 6, 1)),
        "Due 1 July 2026: 30 days after it was assigned on 1 June 2026.",
    ),
    (
        rule(due=Due.HIRE, days=30),
        history(hired_on=date(2026, 3, 1)),
        "Due 31 March 2026: 30 days after the hire on 1 March 2026.",
    ),
    (rule(due=Due.HIRE, days=30), history(), "Due 1 April 2026: 30 days after it was assigned on 2 March 2026."),
    (rule(due=Due.ASSIGNMENT, days=1), history(), "Due 3 March 2026: 1 day after it was assigned on 2 March 2026."),
    (
        january(),
        history(date(2026, 11, 12)),
        "Due 31 January 2027: Circulation staff renew each January; 12 November 2026 counted for 2026.",
    ),
    (january(unit=""), history(), "Due 31 January 2027: to be taken each January."),
    (
        january(window=(11, 2), mandatory=False),
        history(date(2025, 12, 24)),
        "Recommended by 28 February 2027: Circulation staff renew each year from November to February;"
        " 24 December 2025 counted for 2025–26.",
    ),
    (
        rule(repeats=Repeats.ROLLING, months=12),
        history(date(2026, 3, 31)),
        "Due 31 March 2027: Circulation staff renew every 12 months; the last completion was on 31 March 2026.",
    ),
    (
        rule(repeats=Repeats.ROLLING, months=12),
        history(date(2019, 3, 31)),
        "Due 1 April 2026: Circulation staff renew every 12 months; the last completion was on 31 March 2019,"
        " so 30 days after it was assigned on 2 March 2026.",
    ),
    (january(after=(WELCOME,)), history(), "Opens once “Welcome” is completed."),
    (
        rule(due=Due.HIRE, days=30, after=(WELCOME,)),
        history(hired_on=date(2026, 3, 1), firsts={7: date(2026, 4, 10)}),
        "Due 10 May 2026: 30 days after “Welcome” was completed on 10 April 2026.",
    ),
    (
        rule(due=Due.ASSIGNMENT, days=30, after=(WELCOME,)),
        history(firsts={7: date(2025, 4, 10)}),
        "Due 1 April 2026: 30 days after it was assigned on 2 March 2026.",
    ),
    (
        january(),
        history(date(2026, 11, 12), absences=(LEAVE,)),
        "Due 10 February 2027: Circulation staff renew each January; 12 November 2026 counted for 2026;"
        " 10 days of leave.",
    ),
    (
        january(),
        history(absences=(EXEMPT,)),
        "Due 30 April 2027: Circulation staff take it each January; exempt until 31 March 2027.",
    ),
    (
        rule(due=Due.DATE, due_on=date(2027, 12, 1)),
        history(absences=(Absence(True, date(2027, 1, 1), None),)),
        "Due 1 December 2027: the date set for Circulation staff; exempt from 1 January 2027 on.",
    ),
    (rule(anew="edition 3 has new rules"), history(date(2026, 5, 5)), "No due date: edition 3 has new rules."),
]


@pytest.mark.parametrize(("asked", "known", "sentence"), SENTENCES)
def test_every_date_explains_itself(asked, known, sentence):
    assert str(ask([asked], known, date(2027, 1, 15)).why) == sentence


def test_what_is_completed_and_does_not_repeat_is_not_asked():
    assert ask([rule(due=Due.DATE, due_on=date(2027, 2, 1))], history(START), date(2027, 1, 15)) is None


def test_window_opens_with_its_first_day():
    opened = [ask([january()], history(), date(2026, 12, 31) + n * DAY).is_open for n in (0, 1, 40)]
    assert opened == [False, True, True]


def test_rolling_round_opens_six_weeks_before():
    asked = ask([rule(repeats=Repeats.ROLLING, months=12)], history(date(2026, 3, 31)), START)
    assert (asked.due_on - asked.opens_on, asked.is_open) == (LEAD, False)


def test_not_asked_during_an_exemption():
    days = [EXEMPT.starts_on - DAY, EXEMPT.starts_on, EXEMPT.ends_on, EXEMPT.ends_on + DAY]
    assert [ask([january()], history(absences=(EXEMPT,)), day).is_open for day in days] == [True, False, False, True]


def test_what_was_overdue_before_an_exemption_is_due_after_it():
    late = rule(due=Due.DATE, due_on=date(2027, 1, 2))
    due = [ask([late], history(absences=(EXEMPT,)), day).due_on for day in (date(2027, 1, 9), date(2027, 4, 1))]
    assert due == [date(2027, 1, 2), date(2027, 4, 30)]


def test_what_waits_for_a_course_has_no_date():
    asked = ask([rule(due=Due.DATE, due_on=date(2026, 4, 1), after=(WELCOME,))], history(), date(2027, 1, 1))
    assert (asked.due_on, asked.grace_until, asked.is_open) == (None, None, False)


def test_mandatory_goes_before_recommended_and_what_is_open_before_both():
    later = january(key=1)
    recommended = rule(due=Due.DATE, due_on=date(2026, 4, 1), mandatory=False, key=2)
    mandatory = rule(due=Due.DATE, due_on=date(2026, 5, 1), key=3)
    orders = itertools.permutations([later, recommended, mandatory])
    assert {ask(order, history(), START).rule.key for order in orders} == {3}
    assert ask([later, recommended], history(), START).rule.key == 2


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 8, 31), 18, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_end_where_the_month_does(day, months, later):
    assert add_months(day, months) == later


# Against a clerk who knows no arithmetic of months, and turns one leaf of the calendar after the other.

days = st.dates(date(2023, 1, 1), date(2029, 12, 31))
windows = st.tuples(st.integers(1, 12), st.integers(1, 12))


def clerk_of_windows(window, known, today):
    """The due day of the open round, or None: walked from the first day on."""
    first, last = window
    months = {(first - 1 + n) % 12 + 1 for n in range((last - first) % 12 + 1)}
    due, day = None, date(2019, 1, 1)
    while day <= today:
        begins = day.day == 1 and day.month == first
        if begins or (day == known.reached_on and day.month in months):
            since = day
            while not (since.day == 1 and since.month == first):
                since -= DAY
            done = any(since <= completed < day for completed in known.completions)
            if due is None and day >= known.reached_on and not done:
                due = day
                while not ((due + DAY).day == 1 and due.month == last):
                    due += DAY
        if day in known.completions:
            due = None
        day += DAY
    return due


@settings(max_examples=150, deadline=None)
@given(windows, days, st.lists(days, max_size=3), days)
def test_windows_are_those_of_a_clerk_who_walks_day_by_day(window, reached, completions, today):
    known = history(*(day for day in completions if day <= today), reached_on=reached, hired_on=date(2019, 1, 1))
    asked = ask([january(window=window, given_on=reached)], known, today)
    found = asked.due_on if asked.is_open and today >= reached else None
    assert found == clerk_of_windows(window, known, today)


@settings(max_examples=200, deadline=None)
@given(days, st.integers(1, 60))
def test_months_are_those_of_a_clerk_who_walks_day_by_day(day, months):
    walked, ends = day, 0
    while ends < months:
        walked += DAY
        ends += walked.day == 1
    while walked.day < day.day and (walked + DAY).month == walked.month:
        walked += DAY
    assert add_months(day, months) == walked


rules = st.builds(
    Rule,
    given_on=days,
    due=st.sampled_from(Due),
    due_on=days,
    days=st.integers(1, 400),
    repeats=st.sampled_from(Repeats),
    months=st.integers(1, 60),
    window=windows,
    grace=st.integers(0, 60),
    mandatory=st.booleans(),
    unit=st.sampled_from(["", CIRCULATION]),
    after=st.sampled_from([(), (WELCOME,)]),
    key=st.integers(1, 9),
)
absences = st.builds(
    lambda exempt, start, length: Absence(exempt, start, None if length is None else start + length * DAY),
    st.booleans(), days, st.none() | st.integers(0, 300),
)  # fmt: skip
histories = st.builds(
    lambda hired, reached, completions, away, first: History(
        hired, reached, tuple(completions), tuple(away), {7: first} if first else {}
    ),
    days, days, st.lists(days, max_size=3), st.lists(absences, max_size=3), st.none() | days,
)  # fmt: skip


@given(rules, histories, days)
def test_what_holds_of_every_round(asked, known, today):
    found = ask([asked], known, today)
    if found is None:
        assert known.completions
        assert asked.repeats == Repeats.NO
        return
    assert str(found.why).endswith(".")
    assert not found.is_open or found.opens_on <= today
    assert found.due_on is None or found.grace_until - found.due_on == asked.grace * DAY
    if found.due_on and asked.due != Due.DATE:
        assert found.due_on >= min(known.reached_on, found.opens_on)
    if known.completions and found.due_on:
        assert found.due_on > max(known.completions)
    if any(absence.exempt and absence.covers(today) for absence in known.absences):
        assert not found.is_open


@given(st.lists(rules, max_size=3), histories, days, st.randoms())
def test_order_does_not_matter(asked, known, today, chance):
    asked = [Rule(**{**vars(rule), "key": number}) for number, rule in enumerate(asked)]
    mixed = chance.sample(asked, len(asked))
    parts = {
        name: tuple(chance.sample(getattr(known, name), len(getattr(known, name))))
        for name in ("completions", "absences")
    }
    assert ask(mixed, History(**vars(known) | parts), today) == ask(asked, known, today)


@given(rules, histories, days)
def test_the_day_of_a_round_does_not_move_by_waiting(asked, known, today):
    """Without absences, today decides only whether it is open; once open it stays open."""
    known = History(**vars(known) | {"absences": ()})
    dates = [ask([asked], known, today + n * DAY) for n in (0, 1, 30, 366)]
    assert len({found and (found.due_on, found.opens_on, found.why) for found in dates}) == 1
    opened = [bool(found and found.is_open) for found in dates]
    assert opened == sorted(opened)


@given(rules, histories, absences, days)
def test_absence_never_brings_a_date_forward(asked, known, absence, today):
    known = History(**vars(known) | {"absences": ()})
    before, after = (ask([asked], History(**vars(known) | {"absences": away}), today) for away in ((), (absence,)))
    if before and before.due_on:
        assert after.due_on >= before.due_on
