"""What the rules ask of people, worked out for many at once; it changes nothing.

Settling writes what it finds, and a rehearsal compares what it finds before and after a change.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts.models import Person, Unit
from courses import due_rules
from courses.due_rules import Ask, History, Prerequisite, Rule, ask
from courses.models import Absence, Assignment, Enrolment
from training.lib.sentences import NOTHING, Sentence, sentence

Courses = Collection[int] | None


@dataclass(frozen=True)
class Rulebook:
    """All rules with whom they reach, by course; and the time zone of each unit."""

    by_unit: Mapping[int, Sequence[tuple[int, Rule]]]
    by_person: Mapping[int, Sequence[tuple[int, Rule]]]
    units: Mapping[int, str]
    zones: Mapping[int | None, ZoneInfo]

    @cached_property
    def repeating(self) -> set[int]:
        """The courses that some rule asks for again and again."""
        return {course for course, rule in self._given() if rule.repeats != due_rules.Repeats.NO}

    @cached_property
    def before(self) -> dict[int, set[int]]:
        """By course, the courses that some rule wants completed before it."""
        found: dict[int, set[int]] = defaultdict(set)
        for course, rule in self._given():
            found[course].update(first.course for first in rule.after)
        return found

    def _given(self) -> Iterator[tuple[int, Rule]]:
        return chain.from_iterable(chain(self.by_unit.values(), self.by_person.values()))

    def reaching(self, person: Person) -> dict[int, list[Rule]]:
        """The rules that reach a person who works here, by course."""
        found: dict[int, list[Rule]] = defaultdict(list)
        above = person.unit.path.strip("/").split("/") if person.unit else []
        given = [self.by_person.get(person.pk, ()), *(self.by_unit.get(int(unit), ()) for unit in above)]
        for course, rule in chain.from_iterable(given) if person.is_active else ():
            found[course].append(rule)
        return found


@dataclass(frozen=True)
class Prospect:
    """What is asked of one person in one course. ``row`` is their newest round; ``because`` says why nothing is."""

    person: Person
    course: int
    row: Enrolment | None
    asked: Ask | None
    zone: ZoneInfo
    because: Sentence


def rulebook(courses: Courses = None) -> Rulebook:
    """At most three queries."""
    by_unit: dict[int, list[tuple[int, Rule]]] = defaultdict(list)
    by_person: dict[int, list[tuple[int, Rule]]] = defaultdict(list)
    units: dict[int, str] = {}
    zones = Unit.objects.all().time_zones()
    assignments = Assignment.objects.select_related("unit", "person").prefetch_related("after")
    for given in assignments if courses is None else assignments.filter(course__in=courses):
        unit = given.unit_id or (given.person.unit_id if given.person else None)
        place = by_unit[given.unit_id] if given.unit_id else by_person[profile(given.person)]
        place.append((given.course_id, rule_of(given, zones[unit])))
        units[given.pk] = given.unit.name if given.unit else ""
    return Rulebook(by_unit, by_person, units, zones)


def profile(person: Person | None) -> int:
    """Whom an assignment to the person reaches: where their profile was merged into another, that one."""
    return (person.merged_into_id or person.pk) if person else 0


def rule_of(given: Assignment, zone: ZoneInfo) -> Rule:
    return Rule(
        given_on=given.assigned_at.astimezone(zone).date(),
        due=due_rules.Due(given.due),
        due_on=given.due_on,
        days=given.due_days or 0,
        repeats=due_rules.Repeats(given.repeats),
        months=given.every_months or 0,
        window=(given.window_from or 1, given.window_to or 1),
        grace=given.grace_days,
        mandatory=given.mandatory,
        unit=given.unit.name if given.unit else "",
        after=tuple(Prerequisite(course.pk, course.title) for course in given.after.all()),
        key=given.pk,
    )


def prospects(
    people: Collection[int], book: Rulebook, now: datetime.datetime, courses: Courses = None
) -> Iterator[Prospect]:
    """Of these people (by id), in these courses or in all, where a rule asks or an assigned round is open.

    Three queries. What people took up by themselves is theirs, and left out; so are profiles that were merged.
    """
    for case in _cases(people, _rounds_of(people, courses, book), book, now):
        for course in sorted(case.concerned()):
            if courses is None or course in courses:
                yield case.prospect(course)


def prospects_in(named: Mapping[int, Collection[int]], book: Rulebook, now: datetime.datetime) -> Iterator[Prospect]:
    """The same, of each of these people (by id) in the courses that are named for them. Three queries."""
    for case in _cases(named.keys(), _rounds_in(named, book), book, now):
        for course in case.concerned().intersection(named[case.person.pk]):
            yield case.prospect(course)


def _cases(
    people: Collection[int], rows: QuerySet[Enrolment], book: Rulebook, now: datetime.datetime
) -> "Iterator[_Case]":
    """Each person with these rounds, in order, by course."""
    rounds: dict[int, dict[int, list[Enrolment]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.order_by("round"):
        rounds[row.person_id][row.course_id].append(row)
    absences = _absences(people)
    here = Person.objects.filter(pk__in=people, merged_into__isnull=True)
    for person in here.select_related("unit").order_by("pk"):
        yield _Case(person, book, now, rounds[person.pk], absences[person.pk])


class _Case:
    """One person, with everything that the rules look at."""

    def __init__(
        self,
        person: Person,
        book: Rulebook,
        now: datetime.datetime,
        rounds: dict[int, list[Enrolment]],
        absences: list[tuple[int | None, due_rules.Absence]],
    ) -> None:
        self.person, self.book, self.rounds, self.absences = person, book, rounds, absences
        self.zone, self.rules = book.zones[person.unit_id], book.reaching(person)
        self.today = now.astimezone(self.zone).date()
        completed = {course: self._completions(rows) for course, rows in rounds.items()}
        self.completed = {course: days for course, days in completed.items() if days}
        self.firsts = {course: min(days) for course, days in self.completed.items()}

    def concerned(self) -> set[int]:
        return self.rules.keys() | {course for course, rows in self.rounds.items() if _has_to_end(rows[-1])}

    def prospect(self, course: int) -> Prospect:
        row = self.rounds[course][-1] if course in self.rounds else None
        rules = self._rules(course, row)
        back = min(self.today, self.person.back_on or datetime.date.min)
        reached = max(_reached_on(row, self.zone) or self.today, back)
        away = tuple(absence for about, absence in self.absences if about in (None, course))
        history = History(self.person.hired_on, reached, self.completed.get(course, ()), away, self.firsts)
        asked = ask(rules, history, self.today)
        return Prospect(self.person, course, row, asked, self.zone, NOTHING if asked else self._because(row, rules))

    def _rules(self, course: int, row: Enrolment | None) -> list[Rule]:
        rules = self.rules.get(course, [])
        is_anew = row and row.asked_again and row.assigned_at and not row.completed_at and self.person.is_active
        return [*rules, _anew(row, self.zone)] if row and is_anew else rules

    def _completions(self, rows: list[Enrolment]) -> tuple[datetime.date, ...]:
        return tuple(row.completed_at.astimezone(self.zone).date() for row in rows if row.completed_at)

    def _because(self, row: Enrolment | None, rules: list[Rule]) -> Sentence:
        if not self.person.is_active:
            return sentence("Left the library on {day}.", day=self.today)
        if rules:
            return sentence("Completed before, and not asked again.")
        if row and (unit := self.book.units.get(row.assignment_id or 0)):
            return sentence("Left {unit} on {day}.", unit=unit, day=self.today)
        return sentence("The assignment was withdrawn on {day}.", day=self.today)


def _rounds_of(people: Collection[int], courses: Courses, book: Rulebook) -> QuerySet[Enrolment]:
    """These people's rounds: also of the courses that have to be completed first."""
    rows = Enrolment.objects.filter(person__in=people)
    return rows if courses is None else rows.filter(course__in=set(courses).union(*book.before.values()))


def _rounds_in(named: Mapping[int, Collection[int]], book: Rulebook) -> QuerySet[Enrolment]:
    """The same, of each person only in the courses named for them and in what comes before those."""
    takers: dict[int, list[int]] = defaultdict(list)
    for person, courses in named.items():
        for course in courses:
            takers[course].append(person)
    either = Q(pk__in=[])
    for course, people in takers.items():
        either |= Q(course__in={course, *book.before.get(course, ())}, person__in=people)
    return Enrolment.objects.filter(either)


def _absences(people: Collection[int]) -> dict[int, list[tuple[int | None, due_rules.Absence]]]:
    found = defaultdict(list)
    for absence in Absence.objects.filter(person__in=Person.objects.in_profiles(people)).select_related("person"):
        exempt = absence.kind == Absence.Kind.EXEMPTION
        what = due_rules.Absence(exempt, absence.starts_on, absence.ends_on)
        found[profile(absence.person)].append((absence.course_id, what))
    return found


def _has_to_end(row: Enrolment) -> bool:
    """Whether the round is closed once no rule asks for it."""
    return bool(row.assigned_at and not row.completed_at and not row.closed_at)


def _anew(row: Enrolment, zone: ZoneInfo) -> Rule:
    assert row.assigned_at
    due = due_rules.Due.DATE if row.asked_again_due_on else due_rules.Due.NONE
    given_on = row.assigned_at.astimezone(zone).date()
    return Rule(given_on, due, row.asked_again_due_on, anew=row.asked_again)


def _reached_on(row: Enrolment | None, zone: ZoneInfo) -> datetime.date | None:
    """Who comes back after a round was closed is reached anew."""
    return row.assigned_at.astimezone(zone).date() if row and row.assigned_at and not row.closed_at else None
