"""Hours: the ledger of a team, of one of its people, and one's own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.http import PersonRequest
from accounts.models import Person, Unit
from courses.reports.hours import HEADER, LINES, ledgers, running_year
from courses.reports.profiles import whose
from courses.reports.table import Page, cells
from courses.reports.team import team
from courses.sheets import hours_sheet, lines_sheet
from courses.views.register import MOST_IN_PDF, most
from courses.views.supervisor import for_supervisors, number_of, unit_of
from training.lib.pdf import pdf_response
from training.lib.spreadsheets import MOST_AT_ONCE, csv_response, xlsx_response

PAGE = 50
YEARS_BACK = 5


@for_supervisors
def hours(request: PersonRequest) -> HttpResponseBase:
    """What each person has in a year, against what is asked of them."""
    units = list(Unit.objects.visible_to(request.user))
    unit = unit_of(request, units)
    year, years = _year(request, unit or next(iter(units), None))
    people = team(request.user, unit).people.order_by("name", "pk")
    name, kept = f"hours-{year}", f"year={year}" + (f"&unit={unit.pk}" if unit else "")
    match request.GET.get("format"):
        case "csv":
            return csv_response(name, HEADER, cells(ledgers(people, year)))
        case "xlsx" if people[MOST_AT_ONCE : MOST_AT_ONCE + 1]:
            said = _("More than %(most)s people: too many for Excel. Choose a unit, or take the CSV.")
            messages.warning(request, said % {"most": most()["xlsx"]})
            return redirect(f"{request.path}?{kept}")
        case "xlsx":
            return xlsx_response(name, HEADER, cells(ledgers(people, year)))
        case "pdf":
            found = list(ledgers(people[: MOST_IN_PDF + 1], year))
            if len(found) <= MOST_IN_PDF:
                return pdf_response(name, hours_sheet(found, year=year, whom=unit, by=request.user.name))
            said = _("More than %(most)s people: too many for a PDF. Choose a unit, or take the spreadsheet.")
            messages.warning(request, said % {"most": most()["pdf"]})
            return redirect(f"{request.path}?{kept}")
    context = {"page": _page(request, people, year), "year": year, "years": years, "units": units, "unit": unit}
    return render(request, "reports/hours.html", context | {"kept": kept, "most": most()})


@for_supervisors
def person_hours(request: PersonRequest, person: int) -> HttpResponseBase:
    """One person's year, line by line, also of one who has left."""
    found = get_object_or_404(Person.objects.visible_to(request.user).select_related("unit"), pk=whose(person))
    return _lines(request, found, "reports/person_hours.html")


@never_cache
@login_required
@require_safe
def my_hours(request: PersonRequest) -> HttpResponseBase:
    """My own, line by line."""
    return _lines(request, request.user, "courses/hours.html")


def _lines(request: PersonRequest, person: Person, template: str) -> HttpResponseBase:
    year, years = _year(request, person.unit)
    [ledger] = ledgers(Person.objects.filter(pk=person.pk), year)
    name = f"hours-{year}-{person.pk}"
    match request.GET.get("format"):
        case "csv":
            return csv_response(name, LINES, cells(ledger.lines))
        case "pdf":
            return pdf_response(name, lines_sheet(ledger, year=year, by=request.user.name))
    return render(request, template, {"person": person, "ledger": ledger, "year": year, "years": years})


def _page(request: PersonRequest, people: Any, year: int) -> Page:
    number = number_of(request)
    rows = list(ledgers(people[(number - 1) * PAGE : number * PAGE + 1], year))
    return Page.of(rows, number, PAGE)


def _year(request: PersonRequest, unit: Unit | None) -> tuple[int, list[int]]:
    """The year that was asked for, or the one that is running; and those that can be asked for."""
    running = running_year(unit, timezone.localdate())
    years = list(range(running, running - YEARS_BACK, -1))
    asked = request.GET.get("year", "")
    return int(asked) if asked in map(str, years) else running, years
