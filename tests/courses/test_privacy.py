"""Nobody's choices, confidence or answer can be worked out by taking one page's figures from another's.

Small libraries are made at random, with profiles that are merged. Whoever looks, at whichever units and quarters: of
two selections of which one holds the other, no figure differs by one to four people; nor does a unit's from those of
the units below it taken together.
"""

import csv
import datetime
import io
import random
from itertools import permutations

import pytest
from django.utils import timezone

from accounts.merging import merge
from accounts.models import Unit
from courses.models import ConfidenceAnswer, Use
from courses.reports import course as course_report
from courses.reports import decisions
from courses.reports.decisions import chosen
from courses.reports.scenario import editions_of
from courses.reports.summaries import answers, plays
from courses.reports.summaries.counts import FEWEST, added, whole
from courses.reports.summaries.plays import quarter_of
from courses.reports.summaries.tree import Tree
from courses.reports.summaries.whom import Whom
from scenarios.models import Attempt, Scenario
from tests.courses.test_register import record
from tests.courses.test_reports import play
from tests.factories import EnrolmentFactory, PersonFactory, UnitFactory, a_course

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
TOP = "/"
TREE = {"system": None, "north": "system", "desk": "north", "back": "north", "south": "system", "shelves": "south"}


class Library:
    """Units, and what each person (by id, whichever their profile) did first, rated and answered."""

    def __init__(self, seed, erin):
        self.chance, self.erin, self.units = random.Random(seed), erin, {}
        for name, above in TREE.items():
            self.units[name] = UnitFactory(name=name, parent=self.units.get(above))
        self.course = a_course()
        self.scenario = Scenario.objects.get()
        for _ in range(38):
            self.person()

    def person(self):
        chance = self.chance
        person = PersonFactory(unit=chance.choice([None, *self.units.values()]))
        profiles = [
            person,
            *(PersonFactory(unit=chance.choice([*self.units.values()])) for _ in range(chance.random() < 0.25)),
        ]
        for profile in chance.sample(profiles, len(profiles)):
            for _ in range(chance.choice([0, 1, 1, 2])):
                self.plays(profile)
            for number in range(chance.choice([0, 1, 1, 2])):
                self.rates(profile, number + 1)
                self.answers(profile)
        for double in profiles[1:]:
            merge(double, into=person, by=self.erin, at=timezone.now())

    def plays(self, person):
        ago = self.chance.choice([0, 100, 200]) * DAY
        attempt = play(person, self.course, self.chance, upto=self.chance.choice([1, 2, 9, 9]))
        Attempt.objects.filter(pk=attempt.pk).update(started_at=timezone.now() - ago)

    def rates(self, person, number):
        now = timezone.now()
        row = EnrolmentFactory(
            person=person, course=self.course, round=number, completed_at=now, started_at=now,
            superseded=person.enrolments.exists(),
        )  # fmt: skip
        for statement in self.course.confidence_statements.all():
            for moment in ("before", "after"):
                ConfidenceAnswer.objects.create(
                    enrolment=row, statement=statement, moment=moment, rating=self.chance.randint(1, 5), answered_at=now
                )

    def answers(self, person):
        made = record(person, ago=80, course_slug=self.course.slug)
        Use.objects.create(
            record=made, person=person, answer=self.chance.choice(Use.Answer.values), answered_at=timezone.now()
        )

    def looks(self):
        """Every selection: the paths of units, and a period; () is the whole library, also whose unit is none."""
        own = [(unit.path,) for unit in Unit.objects.all()]
        pairs = [(self.units[one].path, self.units[other].path) for one, other in (("desk", "back"), ("desk", "south"))]
        return [(paths, period) for paths in [(TOP,), *own, *pairs] for period in ("", *self.periods())]

    def periods(self):
        now = timezone.now()
        quarters = {quarter_of(now - ago * DAY) for ago in (0, 100, 200)}
        return sorted({*quarters, *(quarter[:4] for quarter in quarters)})

    def figures(self, paths, period):
        """How many people stand behind each figure of the pages."""
        seen = chosen(self.counts(plays, self.scenario, paths), editions_of(self.scenario), period)
        found = {("scene", line.scene_key): line.met for line in seen.choices}
        found |= {("choices", line.scene_key): 0 for line in seen.choices}
        for line in seen.choices:
            found["choices", line.scene_key] += line.times
        found["played"] = seen.people
        found["second"] = seen.second.people if seen.second else 0
        if not period:
            counts = self.counts(answers, self.course, paths)
            lines = course_report.confidence(counts, self.course)
            found |= {("confidence", line.statement): line.people for line in lines}
            found["use"] = sum(number for _, number in course_report.uses(counts))
        return found

    def counts(self, kind, subject, paths):
        """Of these paths and below, taken from the whole library's."""
        tree = Tree.of(Unit.objects.all(), everything=True)
        found = kind.count(Whom(), subject.pk, timezone.now())

        def of(place):
            own = [counts for (_, at), counts in found.items() if at == place]
            return whole(added([*own, *map(of, tree.below.get(place, ()))]))

        return added(of(int(path.strip("/").split("/")[-1] or 0)) for path in paths)


def holds(wide, narrow):
    """Whether everything of the narrow selection is in the wide one."""
    return wide[1] in ("", narrow[1], narrow[1][:4]) and all(path.startswith(wide[0]) for path in narrow[0])


@pytest.mark.parametrize("seed", range(4))
def test_no_figure_is_of_fewer_than_five_nor_differs_by_fewer(erin, seed):
    library = Library(seed, erin)
    figures = {look: library.figures(*look) for look in library.looks()}
    apart = [figures[look] for look in figures]
    for wide, narrow in permutations(figures, 2):
        if holds(wide, narrow):
            names = (figures[wide].keys() | figures[narrow].keys()) if wide[1] == narrow[1] else figures[narrow].keys()
            apart.append({name: figures[wide].get(name, 0) - figures[narrow].get(name, 0) for name in names})
    for period in ("", *library.periods()):
        for name in ("system", "north", "south"):
            below = [(library.units[one].path,) for one, above in TREE.items() if above == name]
            whole = figures[(library.units[name].path,), period]
            apart.append({key: whole[key] - sum(figures[one, period].get(key, 0) for one in below) for key in whole})
    assert [found for found in apart for number in found.values() if number < 0 or 0 < number < FEWEST] == []
    assert sum(number >= FEWEST for found in apart for number in found.values()) > 100


@pytest.mark.parametrize("seed", range(4))
def test_whole_library_is_counted_once_a_person(erin, seed):
    """Of each figure, all but those who are left over: fewer than a group. A person with two profiles is one."""
    library = Library(seed, erin)
    found = library.figures((TOP,), "")
    attempts = list(Attempt.objects.recorded().select_related("person").order_by("pk"))
    owners = {attempt.pk: attempt.person.merged_into_id or attempt.person_id for attempt in attempts}
    several = {owner for owner in owners.values() if list(owners.values()).count(owner) > 1}
    answered = {use.person.merged_into_id or use.person_id for use in Use.objects.select_related("person")}
    assert several
    assert 0 <= len(set(owners.values())) - found["played"] < FEWEST
    assert 0 <= len(answered) - found["use"] < FEWEST
    assert 0 <= len(answered) - found["confidence", "I can stay calm."] < FEWEST
    twice = 0
    for owner in several:
        first, *others = [attempt for attempt in attempts if owners[attempt.pk] == owner]
        twice += bool(first.ended_at and any(attempt.ended_at for attempt in others))
    assert 0 <= twice - found["second"] < FEWEST


@pytest.mark.usefixtures("both_ways")
def test_pages_and_downloads_show_these_figures_and_no_others(as_, erin, bob, units):
    library = Library(9, erin)
    library.units["north"].supervisors.add(bob)
    for viewer, names in ((erin, [None, *TREE]), (bob, ["north", "desk", "back"])):
        browser = as_(viewer)
        for name in names:
            unit = library.units[name] if name else None
            paths = (unit.path,) if unit else (TOP,)
            address = f"/reports/scenarios/desk/?unit={unit.pk if unit else ''}"
            counts = library.counts(plays, library.scenario, paths)
            expected = decisions.chosen(counts, editions_of(library.scenario)).choices
            assert browser.get(address).context["chosen"].choices == expected
            answer = browser.get(f"{address}&format=csv")
            rows = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline=""))
            assert [int(row[3]) for row in list(rows)[1:]] == [line.times for line in expected]
    for viewer, paths in ((erin, [TOP]), (bob, [library.units["north"].path, units.north.path])):
        context = as_(viewer).get(f"/reports/courses/{library.course.slug}/").context
        counts = library.counts(answers, library.course, paths)
        assert context["confidence"] == course_report.confidence(counts, library.course)
        assert context["uses"] == course_report.uses(counts)


def test_one_person_who_answers_five_times_is_no_group(as_, bob, units):
    course, person = a_course(), PersonFactory(unit=units.north)
    for number in range(1, 6):
        row = EnrolmentFactory(person=person, course=course, round=number, superseded=number < 5)
        for moment in ("before", "after"):
            ConfidenceAnswer.objects.create(
                enrolment=row, statement=course.confidence_statements.get(), moment=moment, rating=number,
                answered_at=timezone.now(),
            )  # fmt: skip
        made = record(person, ago=80, course_slug=course.slug)
        Use.objects.create(record=made, person=person, answer="helped", answered_at=timezone.now())
    context = as_(bob).get(f"/reports/courses/{course.slug}/").context
    assert (context["uses"], [line.is_shown for line in context["confidence"]]) == ([], [False])
