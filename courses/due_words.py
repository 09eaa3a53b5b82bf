"""The words in which a due date explains itself: parts of one sentence, said in the language of whoever reads it."""

import calendar
from collections.abc import Sequence
from datetime import date
from functools import reduce
from typing import NamedTuple

from training.lib.sentences import Sentence, counted, sentence


class Since(NamedTuple):
    """The day from which days are counted, and what happened on it: it was assigned, if not a course completed."""

    day: date
    completed: str = ""
    hired: bool = False


def whole(due: date | None, *, mandatory: bool, reasons: tuple[Sentence | str, ...]) -> Sentence:
    if due and mandatory:
        return sentence("Due {day}: {reasons}.", day=due, reasons=reasons)
    if due:
        return sentence("Recommended by {day}: {reasons}.", day=due, reasons=reasons)
    if mandatory:
        return sentence("No due date: {reasons}.", reasons=reasons)
    return sentence("Recommended: {reasons}.", reasons=reasons)


def opens_after(titles: Sequence[str]) -> Sentence:
    courses = reduce(
        lambda first, last: sentence("{first} and {last}", first=first, last=last),
        (sentence("“{title}”", title=title) for title in titles),
    )
    return counted(
        "opens once {courses} is completed", "opens once {courses} are completed", count=len(titles), courses=courses
    )


def given(unit: str) -> Sentence:
    return sentence("given to {unit} staff", unit=unit) if unit else sentence("given personally")


def date_set(unit: str) -> Sentence:
    return sentence("the date set for {unit} staff", unit=unit) if unit else sentence("the date set")


def days_after(days: int, since: Since) -> Sentence:
    if since.completed:
        return counted(
            "{count} day after “{title}” was completed on {day}", "{count} days after “{title}” was completed on {day}",
            count=days, title=since.completed, day=since.day,
        )  # fmt: skip
    if since.hired:
        return counted(
            "{count} day after the hire on {day}", "{count} days after the hire on {day}", count=days, day=since.day
        )
    return counted(
        "{count} day after it was assigned on {day}", "{count} days after it was assigned on {day}",
        count=days, day=since.day,
    )  # fmt: skip


def taken_each(unit: str, window: tuple[int, int]) -> Sentence:
    if unit:
        return sentence("{unit} staff take it each {months}", unit=unit, months=_span(*window))
    return sentence("to be taken each {months}", months=_span(*window))


def renewed_each(unit: str, window: tuple[int, int]) -> Sentence:
    if unit:
        return sentence("{unit} staff renew each {months}", unit=unit, months=_span(*window))
    return sentence("to be renewed each {months}", months=_span(*window))


def renewed_every(unit: str, months: int) -> Sentence:
    if unit:
        return counted(
            "{unit} staff renew every month", "{unit} staff renew every {count} months", count=months, unit=unit
        )
    return counted("to be renewed every month", "to be renewed every {count} months", count=months)


def last_completed(day: date) -> Sentence:
    return sentence("the last completion was on {day}", day=day)


def lapsed(last: date, days: int, since: Since) -> Sentence:
    return sentence("the last completion was on {day}, so {days}", day=last, days=days_after(days, since))


def counted_for(day: date, window: tuple[date, date]) -> Sentence:
    first, last = (day.year for day in window)
    year = str(first) if first == last else f"{first}–{last % 100:02}"
    return sentence("{day} counted for {year}", day=day, year=year)


def days_of_leave(days: int) -> Sentence:
    return counted("{count} day of leave", "{count} days of leave", count=days)


def away(starts_on: date, ends_on: date | None, *, exempt: bool) -> Sentence:
    if exempt and ends_on:
        return sentence("exempt until {day}", day=ends_on)
    if exempt:
        return sentence("exempt from {day} on", day=starts_on)
    return sentence("on leave from {day} on", day=starts_on)


def overdue_after(day: date) -> Sentence:
    return sentence("overdue after {day}", day=day)


def waiting(reason: Sentence) -> Sentence:
    return sentence("{reason}.", reason=reason)


def _span(first: int, last: int) -> Sentence:
    """The months of a window after the word *each*: January, or year from November to February."""
    names = [sentence(calendar.month_name[month]) for month in (first, last)]
    return names[0] if first == last else sentence("year from {first} to {last}", first=names[0], last=names[1])
