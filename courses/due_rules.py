"""When a course is due, when its next round opens, and why: pure, and a function of dates alone.

The day that a round is due on follows from the rule, from when the person was hired and reached, and from what they
completed. Today decides only whether it is open, and whether an exemption has begun. So it does not matter how often
anybody looks, nor in which order.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from courses import due_words
from courses.due_words import Since
from training.lib.sentences import NOTHING, Sentence

DAY = timedelta(days=1)
# A rolling round opens so long before it is due.
LEAD = timedelta(weeks=6)
# What one has where the day itself had passed before one was asked.
TIME = timedelta(days=30)


class Due(StrEnum):
    NONE = "none"
    DATE = "date"
    HIRE = "hire"
    ASSIGNMENT = "assignment"


class Repeats(StrEnum):
    NO = "no"
    ROLLING = "rolling"
    WINDOW = "window"


@dataclass(frozen=True)
class Prerequisite:
    course: int
    title: str


@dataclass(frozen=True)
class Rule:
    """What one assignment asks. ``key`` is the caller's; ``unit`` is the name of one, or empty for one person.

    ``days`` goes with HIRE and ASSIGNMENT, ``months`` with ROLLING, ``window`` (first and last month) with WINDOW.
    ``anew``, if there is any, says why it is asked whatever was completed before.
    """

    given_on: date
    due: Due = Due.NONE
    due_on: date | None = None
    days: int = 0
    repeats: Repeats = Repeats.NO
    months: int = 12
    window: tuple[int, int] = (1, 1)
    grace: int = 0
    mandatory: bool = True
    unit: str = ""
    after: tuple[Prerequisite, ...] = ()
    anew: str = ""
    key: int | None = None


@dataclass(frozen=True)
class Absence:
    """Both days included; without ``ends_on``, until further notice. An exemption, or else leave."""

    exempt: bool
    starts_on: date
    ends_on: date | None

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class History:
    """One person and one course. ``reached_on`` is the day on which they were first asked.

    ``firsts`` maps other courses to the day of their first completion.
    """

    hired_on: date
    reached_on: date
    completions: tuple[date, ...] = ()
    absences: tuple[Absence, ...] = ()
    firsts: Mapping[int, date] = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """One round. It is asked while ``is_open``; overdue, if it is mandatory, after ``grace_until``.

    ``opens_on`` is None where it waits for something without a date.
    """

    rule: Rule
    due_on: date | None
    opens_on: date | None
    grace_until: date | None
    is_open: bool
    why: Sentence


@dataclass(frozen=True)
class _Draft:
    """``pause`` says why it is not asked just now, if it is not; ``notes`` what moved the day."""

    due: date | None
    opens: date | None
    reason: Sentence | str
    pause: Sentence = NOTHING
    notes: tuple[Sentence, ...] = ()


def ask(rules: Iterable[Rule], history: History, today: date) -> Ask | None:
    """The round that these rules ask for now or next; None where none is left to ask for.

    Of several, an open one goes before a later one, then a mandatory one, then the earliest day.
    """
    found = [asked for rule in rules if (asked := _ask(rule, history, today))]
    return min(found, key=_rank, default=None)


def _rank(asked: Ask) -> tuple[bool, bool, date, int]:
    return (not asked.is_open, not asked.rule.mandatory, asked.due_on or date.max, asked.rule.key or 0)


def _ask(rule: Rule, history: History, today: date) -> Ask | None:
    last = None if rule.anew else max(history.completions, default=None)
    if last and rule.repeats == Repeats.NO:
        return None
    draft = _absent(_repeated(rule, history, last) if last else _first(rule, history), history.absences, today)
    is_open = not draft.pause and draft.opens is not None and draft.opens <= today
    grace = draft.due + timedelta(days=rule.grace) if draft.due else None
    return Ask(rule, draft.due, draft.opens, grace, is_open, _sentence(rule, draft, grace))


# The first round.


def _first(rule: Rule, history: History) -> _Draft:
    missing = [found.title for found in rule.after if found.course not in history.firsts]
    if missing:
        return _Draft(None, None, NOTHING, due_words.opens_after(missing))
    done = (Since(history.firsts[found.course], found.title) for found in rule.after)
    ready = max(done, default=Since(date.min))
    start = max(Since(history.reached_on), ready)
    if rule.due == Due.DATE:
        return _by_date(rule, start)
    if rule.due == Due.HIRE:
        return _after_hire(rule, history.hired_on, start.day, ready)
    if rule.due == Due.ASSIGNMENT:
        return _counted(rule.days, start)
    if rule.repeats == Repeats.WINDOW:
        return _windowed(rule, start.day, due_words.taken_each(rule.unit, rule.window))
    return _Draft(None, start.day, rule.anew or due_words.given(rule.unit))


def _by_date(rule: Rule, start: Since) -> _Draft:
    """Who is asked only on that day or after it is given time; who set a day that had passed meant it."""
    assert rule.due_on
    if rule.due_on <= start.day and rule.given_on < start.day:
        return _counted(TIME.days, start)
    return _Draft(rule.due_on, start.day, rule.anew or due_words.date_set(rule.unit))


def _after_hire(rule: Rule, hired: date, start: date, ready: Since) -> _Draft:
    """From a prerequisite on, where that was later; and the same number of days for those hired long ago."""
    since = max(Since(hired, hired=True), ready)
    if since.day + timedelta(days=rule.days) < start:
        return _counted(rule.days, Since(start))
    return replace(_counted(rule.days, since), opens=start)


def _counted(days: int, since: Since) -> _Draft:
    return _Draft(since.day + timedelta(days=days), since.day, due_words.days_after(days, since))


# The rounds after it.


def _repeated(rule: Rule, history: History, last: date) -> _Draft:
    """Whom the rule came to when the day had passed already has time from then on, or the next window."""
    history = replace(history, reached_on=max(history.reached_on, rule.given_on))
    if rule.repeats == Repeats.WINDOW:
        window = _window_of(rule, last)
        draft = _windowed(
            rule, max(window[1] + DAY, history.reached_on), due_words.renewed_each(rule.unit, rule.window)
        )
        return replace(draft, notes=(due_words.counted_for(last, window),))
    due, reason = add_months(last, rule.months), due_words.renewed_every(rule.unit, rule.months)
    if due < history.reached_on:
        since = Since(history.reached_on)
        return _Draft(since.day + TIME, since.day, reason, notes=(due_words.lapsed(last, TIME.days, since),))
    return _Draft(due, max(last + DAY, due - LEAD), reason, notes=(due_words.last_completed(last),))


def _windowed(rule: Rule, start: date, reason: Sentence) -> _Draft:
    """The first window that has not ended before ``start``."""
    opens, due = _window_of(rule, start)
    if due < start:
        opens, due = _window(rule, opens.year + 1)
    return _Draft(due, opens, reason)


def _window(rule: Rule, year: int) -> tuple[date, date]:
    """The first and last day of the window that begins in this year."""
    first, last = rule.window
    return date(year, first, 1), _month_end(year + (last < first), last)


def _window_of(rule: Rule, day: date) -> tuple[date, date]:
    """The latest window that had begun by this day: what is completed on it counts for that one."""
    this = _window(rule, day.year)
    return this if this[0] <= day else _window(rule, day.year - 1)


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), _month_end(year, month + 1))


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


# Absences.


def _absent(draft: _Draft, absences: Iterable[Absence], today: date) -> _Draft:
    """Leave between opening and due day moves that day by as much; an exemption moves it past its own end."""
    counted = draft.opens - DAY if draft.opens else date.min
    for absence in sorted(absences, key=lambda found: (found.starts_on, found.ends_on or date.max, found.exempt)):
        if absence.ends_on is None or absence.exempt:
            draft = _exempt(draft, absence, today)
        elif draft.due and max(absence.starts_on, counted + DAY) <= min(draft.due, absence.ends_on):
            days = (absence.ends_on - max(absence.starts_on, counted + DAY)).days + 1
            counted = absence.ends_on
            notes = (*draft.notes, due_words.days_of_leave(days))
            draft = replace(draft, due=draft.due + timedelta(days=days), notes=notes)
    return draft


def _exempt(draft: _Draft, absence: Absence, today: date) -> _Draft:
    """Also leave without an end, which there are no days to add of."""
    until, note = absence.ends_on, due_words.away(absence.starts_on, absence.ends_on, exempt=absence.exempt)
    if draft.due and until and draft.due <= until and (absence.starts_on <= today or absence.starts_on <= draft.due):
        draft = replace(draft, due=until + TIME, notes=(*draft.notes, note))
    return replace(draft, pause=note) if absence.covers(today) else draft


def _sentence(rule: Rule, draft: _Draft, grace: date | None) -> Sentence:
    if draft.opens is None:
        return due_words.waiting(draft.pause)
    notes = draft.notes if not draft.pause or draft.pause in draft.notes else (*draft.notes, draft.pause)
    if grace and rule.grace and rule.mandatory:
        notes = (*notes, due_words.overdue_after(grace))
    return due_words.whole(draft.due, mandatory=rule.mandatory, reasons=(draft.reason, *notes))
