"""What synthetic people did in synthetic courses, as the rows that the site's own rules would have written."""

import datetime
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from accounts.models import Person
from courses.models import ActivityProgress, Enrolment, Submission, TrainingRecord
from courses.models.record import new_code
from courses.populating.teaching import Play, Taught
from scenarios.models import Attempt, Decision
from training.lib.database import insert_rows, next_id, resume_ids

# Of those who take a course three in ten never start it, two are in the middle, and five complete it.
STARTED, COMPLETED = 0.3, 0.5
# Of those who do not have to take it so many do, if nobody has to; of those who complete it, so many practised before,
# or play once more.
BY_THEMSELVES, PRACTISED, AGAIN = 0.1, 0.2, 0.25
# In working hours at most, from being reached to beginning, to completing, and to playing once more.
PAUSES = (600, 100, 200)

Row = tuple[Any, ...]
ENROLMENT = (
    "id", "person", "course", "assignment", "assigned_at", "due_on", "due_at", "overdue_at", "opened_at", "why",
    "started_at", "completed_at", "resume_at",
)  # fmt: skip
PROGRESS = ("enrolment", "activity", "opened_at", "completed_at")
SUBMISSION = ("enrolment", "activity", "answers", "right", "asked", "passed", "submitted_at")
ATTEMPT = (
    "id", "person", "scenario", "edition", "mode", "started_at", "ended_at", "ending", "ending_kind", "figure",
)  # fmt: skip
DECISION = ("attempt", "sequence", "scene", "choice", "decided_at")
RECORD = (
    "code", "person", "name", "job_title", "unit", "course_slug", "course_title", "edition", "contents", "minutes",
    "trainer", "trainer_qualification", "outcome", "started_at", "completed_at",
)  # fmt: skip
RIGHT, WRONG = {"one": ["yes"]}, {"one": ["no"]}


@dataclass
class Rows:
    """The rows of one batch of people, in the order in which they are inserted."""

    enrolments: list[Row] = field(default_factory=list)
    progress: list[Row] = field(default_factory=list)
    submissions: list[Row] = field(default_factory=list)
    attempts: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    records: list[Row] = field(default_factory=list)

    def insert(self) -> None:
        insert_rows(Enrolment, ENROLMENT, self.enrolments)
        insert_rows(ActivityProgress, PROGRESS, self.progress)
        insert_rows(Submission, SUBMISSION, self.submissions)
        insert_rows(Attempt, ATTEMPT, self.attempts)
        insert_rows(Decision, DECISION, self.decisions)
        insert_rows(TrainingRecord, RECORD, self.records)
        resume_ids(Enrolment, Attempt)


class Case(NamedTuple):
    """One person in one course, and when: reached by its rule, if at all; begun, completed, and played once more."""

    enrolment: int
    person: Person
    taught: Taught
    reached: datetime.datetime | None
    started: datetime.datetime | None
    completed: datetime.datetime | None
    again: datetime.datetime


def live(people: Iterable[Person], taught: Sequence[Taught], chance: random.Random, codes: random.Random) -> Rows:
    """These people's way through the courses that they have to take, and a few others."""
    life = _Life(chance, codes)
    for person in people:
        for course in taught:
            if case := life.case(person, course):
                life.take(case)
    return life.rows


class _Life:
    def __init__(self, chance: random.Random, codes: random.Random) -> None:
        self.rows, self.luck, self.codes = Rows(), chance.random, codes
        self.enrolments, self.attempts = count(next_id(Enrolment)), count(next_id(Attempt))

    def case(self, person: Person, taught: Taught) -> Case | None:
        """What happens to the person, if anything. Who takes a course by themselves has begun it."""
        assert person.unit
        has_to = taught.unit is not None and person.unit.path.startswith(taught.unit.path)
        if not has_to and (taught.unit or self.luck() > BY_THEMSELVES):
            return None
        luck = self.luck() if has_to else STARTED + (1 - STARTED) * self.luck()
        reached, started, completed, again = self._hours(len(taught.moments))
        return Case(
            next(self.enrolments), person, taught,
            taught.moments[reached] if has_to else None,
            taught.moments[started] if luck >= STARTED else None,
            taught.moments[completed] if luck >= COMPLETED else None,
            taught.moments[again],
        )  # fmt: skip

    def _hours(self, end: int) -> list[int]:
        hours = [int(self.luck() * end)]
        for pause in PAUSES:
            hours.append(hours[-1] + int(self.luck() * min(pause, end - hours[-1])))
        return hours

    def take(self, case: Case) -> None:
        taught = case.taught
        terms = taught.terms[case.reached] if case.reached else None
        asked = (
            (terms.assignment_id, terms.assigned_at, terms.due_on, terms.due_at, terms.overdue_at, terms.opened_at,
             terms.why.kept) if terms else (None, None, None, None, None, None, "")
        )  # fmt: skip
        resume = taught.activities[-1].pk if case.started else None
        self.rows.enrolments.append(
            (case.enrolment, case.person.pk, taught.course.pk, *asked, case.started, case.completed, resume)
        )
        if case.started:
            self._work(case, case.started)
        if case.started and case.completed:
            self._complete(case, case.started, case.completed)

    def _work(self, case: Case, at: datetime.datetime) -> None:
        """The lesson is read; whoever gives a wrong answer is still in the middle of the scenario."""
        lesson, check, play = (activity.pk for activity in case.taught.activities)
        is_right = case.completed is not None
        self.rows.progress += (
            (case.enrolment, lesson, at, at),
            (case.enrolment, check, at, at if is_right else None),
            (case.enrolment, play, at, case.completed),
        )
        answers = RIGHT if is_right else WRONG
        self.rows.submissions.append((case.enrolment, check, answers, int(is_right), 1, is_right, at))
        if not is_right:
            path = self._draw(case.taught.plays).path[: int(3 * self.luck())]
            self._play(case, path, Attempt.Mode.RECORDED, at, at, None)

    def _complete(self, case: Case, started: datetime.datetime, completed: datetime.datetime) -> None:
        """Some practise first; and some play again, and rather better."""
        plays = case.taught.plays
        if self.luck() < PRACTISED:
            self._play_through(case, self._draw(plays), Attempt.Mode.PRACTICE, started, started)
        self._play_through(case, self._draw(plays), Attempt.Mode.RECORDED, started, completed)
        if self.luck() < AGAIN:
            better = max(self._draw(plays), self._draw(plays), key=lambda play: play.figure)
            self._play_through(case, better, Attempt.Mode.RECORDED, case.again, case.again)
        self._record(case, started, completed)

    def _draw(self, plays: Sequence[Play]) -> Play:
        return plays[int(self.luck() * len(plays))]

    def _play_through(
        self, case: Case, play: Play, mode: str, started: datetime.datetime, ended: datetime.datetime
    ) -> None:
        self._play(case, play.path, mode, started, ended, play)

    def _play(
        self, case: Case, path: Sequence[tuple[str, str]], mode: str, at: datetime.datetime,
        decided: datetime.datetime, ended: Play | None,
    ) -> None:  # fmt: skip
        attempt, taught = next(self.attempts), case.taught
        end = (decided, ended.ending, ended.kind, ended.figure) if ended else (None, "", "", None)
        self.rows.attempts.append(
            (attempt, case.person.pk, taught.edition.scenario_id, taught.edition.pk, mode, at, *end)
        )
        self.rows.decisions += [
            (attempt, sequence, scene, choice, decided) for sequence, (scene, choice) in enumerate(path, 1)
        ]

    def _record(self, case: Case, started: datetime.datetime, completed: datetime.datetime) -> None:
        course, person = case.taught.course, case.person
        assert course.current
        assert person.unit
        self.rows.records.append((
            new_code(self.codes.choice), person.pk, person.name, person.job_title, person.unit.name, course.slug,
            course.title, course.current.number, course.current.outline, case.taught.minutes, course.trainer,
            course.trainer_qualification, "Completed every required activity", started, completed,
        ))  # fmt: skip
