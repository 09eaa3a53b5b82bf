"""One course: by unit, how confidence changed, how the knowledge checks went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Unit
from courses.models import Activity, Course, Use
from courses.reports.summaries.answers import CONFIDENCE, USE
from courses.reports.summaries.counts import FEWEST, PEOPLE, Counts, Value
from courses.reports.summaries.reading import Summaries
from courses.reports.summaries.rounds import overdue
from courses.reports.summaries.tree import Tree

MOST_UNITS = 50


@dataclass(frozen=True)
class UnitLine:
    unit: str
    enrolled: int
    completed: int
    overdue: int


@dataclass(frozen=True)
class Confidence:
    """The means of one statement before and after, from 1 to 5, over the people who answered both and can be shown."""

    statement: str
    people: int
    before: float
    after: float

    @property
    def is_shown(self) -> bool:
        return self.people >= FEWEST

    @property
    def start(self) -> int:
        return _along(self.before)

    @property
    def end(self) -> int:
        return _along(self.after)


def _along(rating: float) -> int:
    """Where a rating stands on a line from 4 to 96."""
    return round(4 + 92 * (rating - 1) / 4)


@dataclass(frozen=True)
class CheckLine:
    """How many people answered a knowledge check, passed it, and passed it at their first try."""

    activity: str
    answered: int
    passed: int
    first_time: int


def by_unit(found: Summaries, course: Course, units: Iterable[Unit], tree: Tree, now: datetime) -> list[UnitLine]:
    """In the order of the tree; of more than MOST_UNITS those in which most people are overdue."""
    names = {unit.pk: unit.name for unit in units}
    counted = ((place, found.own(("rounds", course.pk, place))) for place in tree.places)
    lines = [
        UnitLine(
            names.get(place) or _("No unit"), counts.total("enrolled"), counts.total("completed"), overdue(counts, now)
        )
        for place, counts in counted
        if counts.total("enrolled")
    ]
    return lines if len(lines) <= MOST_UNITS else sorted(lines, key=lambda line: -line.overdue)[:MOST_UNITS]


def confidence(counts: Counts, course: Course) -> list[Confidence]:
    """Of each statement that anybody rated before and after: over whole groups. One query."""
    rated = counts.shown | counts.left
    statements = course.confidence_statements.order_by("position", "pk").values_list("pk", "text")
    named = ((f"{CONFIDENCE}{pk}", text) for pk, text in statements)
    return [_means(text, counts.group(figure)) for figure, text in named if figure in rated]


def _means(statement: str, value: Value) -> Confidence:
    people = value.get(PEOPLE, 0)
    before, after = (value.get(name, 0) / max(1, people) for name in ("before", "after"))
    return Confidence(statement, people, before, after)


def checks(counts: Counts, activities: Iterable[Activity]) -> list[CheckLine]:
    """Of each of the activities that anybody answered, by its title."""
    answered = counts.by("checks")
    found = sorted((activity.title, activity.pk) for activity in activities if str(activity.pk) in answered)
    names = ("answered", "passed", "first_time")
    return [CheckLine(title, *(answered[str(pk)].get(name, 0) for name in names)) for title, pk in found]


def uses(counts: Counts) -> list[tuple[str, int]]:
    """How many answered what, some weeks later: over whole groups."""
    value = counts.group(USE)
    return [(str(answer.label), value.get(answer.value, 0)) for answer in Use.Answer] if value else []


def activities_of(course: Course) -> list[Activity]:
    """In its order, each with its scenario: one query."""
    found = Activity.objects.filter(module__course=course).select_related("scenario")
    return list(
        found.order_by("module__position", "position").only("title", "module", "scenario__slug", "scenario__title")
    )


def scenarios_of(activities: Iterable[Activity]) -> list[tuple[str, str]]:
    """The slugs and titles of the scenarios that are played, in their order."""
    played = (activity.scenario for activity in activities if activity.scenario)
    return list(dict.fromkeys((scenario.slug, scenario.title) for scenario in played))
