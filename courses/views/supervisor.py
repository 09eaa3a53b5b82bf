"""Reports, for the units that one oversees and those below. Whoever oversees nobody finds nothing here."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import authority
from accounts.http import PersonRequest
from accounts.models import Person, Unit
from courses import nudging
from courses.models import Course
from courses.reports import course as one_course
from courses.reports import decisions
from courses.reports import people as many_people
from courses.reports import person as one_person
from courses.reports import scenario as one_scenario
from courses.reports.charts import completions
from courses.reports.decision_map import decision_map
from courses.reports.matrix import matrix
from courses.reports.people import PAGE, SORTS, STATES, VIEWS, Wanted
from courses.reports.profiles import whose
from courses.reports.summaries import staff, store
from courses.reports.summaries.counts import FEWEST
from courses.reports.summaries.reading import Places, summaries
from courses.reports.summaries.tree import Tree
from courses.reports.table import Page, Row, cells
from courses.reports.team import Team, team
from scenarios.models import PolicyValue, Scenario
from scenarios.quoting import quote
from training.lib.spreadsheets import csv_response

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

View = Callable[..., HttpResponseBase]


def for_supervisors(view: View) -> View:
    """Signed in, and overseeing somebody; to anyone else there is no such page."""
    return require_safe(for_supervisors_only(view))


def for_supervisors_only(view: View) -> View:
    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: PersonRequest, **kwargs: Any) -> HttpResponseBase:
        if not authority.oversees_anyone(request.user):
            raise Http404
        return view(request, **kwargs)

    return guarded


def is_csv(request: PersonRequest) -> bool:
    return request.GET.get("format") == "csv"


def download(name: str, header: "Sequence[StrOrPromise]", rows: Iterable[Row]) -> HttpResponseBase:
    return csv_response(name, header, cells(rows))


def unit_of(request: PersonRequest, units: list[Unit]) -> Unit | None:
    """The unit that was chosen, or that has the name which was written: all of it, or a part that no other has."""
    asked = {key: request.GET.get(key, "").strip() for key in ("unit", "unit_name")}
    if chosen := next((unit for unit in units if str(unit.pk) == asked["unit"]), None):
        return chosen
    name = asked["unit_name"].casefold()
    alike = [unit for unit in units if name and name in unit.name.casefold()]
    same = [unit for unit in alike if unit.name.casefold() == name]
    return same[0] if same else alike[0] if len(alike) == 1 else None


def wanted_by(request: PersonRequest, units: list[Unit], courses: Sequence[str] = (), course: str = "") -> Wanted:
    """``courses`` are the slugs of those that may be asked for; ``course`` is that of the page, if it is about one."""
    asked = {
        key: request.GET.get(key, "").replace("\0", "")[:100]
        for key in ("unit", "unit_name", "course", "state", "name", "sort", "view")
    }
    unit = next((unit for unit in units if str(unit.pk) == asked["unit"]), None)
    state = asked["state"] if asked["state"] in STATES else ""
    sort = asked["sort"] if asked["sort"] in SORTS else ""
    view = asked["view"] if asked["view"] in VIEWS else ""
    name, unit_name = asked["name"].strip(), asked["unit_name"].strip()
    course = course or (asked["course"] if asked["course"] in courses else "")
    return Wanted(unit, course, state, name, unit_name, sort, view)


def named(units: list[Unit], wanted: Wanted) -> list[int] | None:
    """The ids of the units of the name that is wanted, within the unit that is; None where no name is."""
    if not wanted.unit_name:
        return None
    name, within = wanted.unit_name.casefold(), wanted.unit.path if wanted.unit else ""
    return [unit.pk for unit in units if name in unit.name.casefold() and unit.path.startswith(within)]


def places_of(tree: Tree, units: list[Unit], wanted: Wanted) -> Places:
    """Where the people are whom the figures are about."""
    just = named(units, wanted)
    if just is not None:
        return Places(just=tuple(just))
    return Places((wanted.unit.pk,) if wanted.unit else tree.tops)


def number_of(request: PersonRequest) -> int:
    """The page that was asked for, or the first."""
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1


def page_of(request: PersonRequest, people: Team, wanted: Wanted) -> Page:
    number = number_of(request)
    first = (number - 1) * PAGE
    rows = many_people.part(people, wanted, first, first + PAGE + 1)
    return Page.of(rows, number, PAGE)


@for_supervisors
def people(request: PersonRequest) -> HttpResponseBase:
    """People by courses: the matrix, or a list of rounds. Figures, where it is not about a few people by name."""
    units = list(Unit.objects.visible_to(request.user))
    courses, now = list(Course.objects.order_by("title", "pk")), timezone.now()
    everybody, wanted = team(request.user), wanted_by(request, units, [course.slug for course in courses])
    narrowed = everybody.narrowed(wanted, named(units, wanted))
    here = narrowed.people
    if is_csv(request):
        return download("people", many_people.HEADER, many_people.read(many_people.rows(here, wanted)))
    tree = Tree.of(units, everything=request.user.is_superuser)
    places = places_of(tree, units, wanted)
    found = summaries(everybody, tree, [("staff", 0), *(("rounds", course.pk) for course in courses)], places, now)
    context: dict[str, Any] = {"units": units, "wanted": wanted}
    context["courses"] = many_people.courses_in_short(found, courses, Places(tree.tops), now)
    if not wanted.name:
        counted = [course.pk for course in courses if wanted.course in ("", course.slug)]
        context["figures"] = many_people.figures(found, counted, places, now, of_one=bool(wanted.course))
        context["completions"] = completions(staff.completed(found.total("staff", 0, places), now))
        context["overdue"] = many_people.longest_overdue(here, wanted)
        if wanted.state == "no-course" and narrowed.is_many:
            narrowed = narrowed.at(store.places_with("staff", 0, staff.NO_COURSE))
    if wanted.is_matrix:
        context["matrix"] = matrix(narrowed.people, wanted, number_of(request), now)
    context["page"] = context["matrix"].page if wanted.is_matrix else page_of(request, narrowed, wanted)
    return shown(request, "reports/people.html", context)


@for_supervisors
def course(request: PersonRequest, course: str) -> HttpResponseBase:
    """One course."""
    found = get_object_or_404(Course.objects.published(), slug=course)
    units = list(Unit.objects.visible_to(request.user))
    everybody, wanted, now = team(request.user), wanted_by(request, units, course=found.slug), timezone.now()
    narrowed = everybody.narrowed(wanted, named(units, wanted))
    if is_csv(request):
        rows = many_people.rows(narrowed.people, wanted)
        return download(found.slug, many_people.HEADER, many_people.read(rows))
    tree, activities = Tree.of(units, everything=request.user.is_superuser), one_course.activities_of(found)
    everywhere, places = Places(tree.tops), places_of(tree, units, wanted)
    of_course = [("rounds", found.pk), ("answers", found.pk)]
    counts = summaries(everybody, tree, of_course, Places(just=tuple(tree.places)), now)
    answers = counts.total("answers", found.pk, everywhere)
    context = {
        "course": found, "fewest": FEWEST, "units": units, "wanted": wanted,
        "by_unit": one_course.by_unit(counts, found, units, tree, now),
        "confidence": one_course.confidence(answers, found), "checks": one_course.checks(answers, activities),
        "uses": one_course.uses(answers), "scenarios": one_course.scenarios_of(activities),
        "page": page_of(request, narrowed, wanted),
    }  # fmt: skip
    if not wanted.name:
        context["figures"] = many_people.figures(counts, [found.pk], places, now, of_one=True)
    return shown(request, "reports/course.html", context)


@for_supervisors
def person(request: PersonRequest, person: int) -> HttpResponseBase:
    """One person, also one who has left."""
    mine = Person.objects.visible_to(request.user).select_related("unit")
    found = get_object_or_404(mine, pk=whose(person))
    entries = one_person.entries(found)
    if is_csv(request):
        return download(f"person-{found.pk}", one_person.HEADER, entries)
    return render(request, "reports/person.html", {"person": found, "entries": entries})


@for_supervisors
def scenario(request: PersonRequest, scenario: str) -> HttpResponseBase:
    """How recorded attempts at one scenario ended, and what a team chose in it."""
    found = get_object_or_404(Scenario.objects.published().defer("current__document", "current__page"), slug=scenario)
    units = list(Unit.objects.visible_to(request.user))
    wanted = replace(wanted_by(request, units), unit=unit_of(request, units))
    period, people = decisions.asked_for(request.GET.get("period", "")), team(request.user, wanted.unit)
    here = [unit for unit in units if not wanted.unit or unit.path.startswith(wanted.unit.path)]
    tree = Tree.of(here, everything=request.user.is_superuser and not wanted.unit)
    places, now = Places(tree.tops), timezone.now()
    counts = summaries(people, tree, [("plays", found.pk)], places, now).total("plays", found.pk, places)
    seen = decisions.chosen(counts, one_scenario.editions_of(found), period)
    values = PolicyValue.objects.quoted_in(*decisions.texts(seen))
    if is_csv(request):
        rows = ([quote(cell, values) if isinstance(cell, str) else cell for cell in row] for row in cells(seen.choices))
        return csv_response(found.slug, decisions.HEADER, rows)
    context = {"scenario": found, "values": values, "units": units, "wanted": wanted, "fewest": FEWEST}
    context |= {
        "period": period, "periods": decisions.periods(counts, period),
        "played": one_scenario.played(counts), "chosen": seen,
        "map": decision_map(seen.edition.graph, seen.choices) if seen.edition else None,
    }  # fmt: skip
    return shown(request, "reports/scenario.html", context)


@for_supervisors_only
@require_POST
def nudge(request: PersonRequest) -> HttpResponse:
    """Ask the people of the chosen rows to go on, then back to the list as it was filtered."""
    chosen = [int(pk) for pk in request.POST.getlist("enrolment")[:PAGE] if pk.isdecimal() and len(pk) < 19]
    if chosen:
        messages.success(request, nudging.nudge(request.user, chosen, timezone.now()).words)
    else:
        messages.warning(request, _("Nobody was nudged: choose somebody first."))
    return redirect(f"{reverse('courses:reports')}?{QueryDict(request.POST.get('kept', '')[:1000]).urlencode()}")


def shown(request: PersonRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """With the query of the page, for the links to other pages, to the download, and to the other view."""
    context |= {"states": STATES.items(), "sorts": SORTS.items()}
    context |= {"kept": kept_of(request), "unviewed": kept_of(request, "view")}
    return render(request, template, context)


def kept_of(request: PersonRequest, *but: str) -> str:
    """The query of the page, without its number and format, and these."""
    kept = request.GET.copy()
    for name in ("page", "format", *but):
        kept.pop(name, None)
    return kept.urlencode()
