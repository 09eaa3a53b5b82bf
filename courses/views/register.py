"""The register of training records, on the screen and to take away."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import PersonRequest
from accounts.models import Unit
from courses.reports.records import HEADER, CourseName, WantedRecords, courses_completed, read, register
from courses.reports.table import Page, cells
from courses.sheets import register_sheet
from courses.views.supervisor import for_supervisors, kept_of, number_of, unit_of
from training.lib.pdf import pdf_response
from training.lib.spreadsheets import MOST_AT_ONCE, csv_response, xlsx_response

Names = list[CourseName]

PAGE = 50
MOST_IN_PDF = 3_000
# Of more units than these the page asks for a part of the name.
MOST_IN_A_LIST = 200
NAME = "training-records"
DAYS = {"since": gettext_lazy("Completed since"), "until": gettext_lazy("Until")}


@for_supervisors
def records(request: PersonRequest) -> HttpResponseBase:
    """Who completed what, when, with whom; also of those who have left."""
    units, courses = _units(request), courses_completed()
    wanted, faults = wanted_by(request, units, {course.slug: course.title for course in courses})
    found, form = register(request.user, wanted, units), request.GET.get("format", "")
    if form in FORMATS:
        return redirect(_page(request)) if faults else FORMATS[form](request, wanted, found, courses)
    number = number_of(request)
    rows = list(read(found[(number - 1) * PAGE : number * PAGE + 1], courses, timezone.now()))
    context: dict[str, Any] = {"page": Page.of(rows, number, PAGE), "wanted": wanted, "units": units}
    context |= {"courses": courses, "faults": faults, "kept": kept_of(request), "most": most()}
    return render(request, "reports/records.html", context)


def _units(request: PersonRequest) -> list[Unit]:
    """Those that one oversees; of very many, where none is asked for, as many as show that they are."""
    visible = Unit.objects.visible_to(request.user)
    is_asked = request.GET.get("unit") or request.GET.get("unit_name")
    return list(visible if is_asked else visible[: MOST_IN_A_LIST + 1])


def most() -> dict[str, str]:
    """The most lines that a download holds, written as the reader writes numbers."""
    lines = {"pdf": MOST_IN_PDF, "xlsx": MOST_AT_ONCE}
    return {form: intcomma(number) for form, number in lines.items()}


def wanted_by(request: PersonRequest, units: list[Unit], courses: Mapping[str, str]) -> tuple[WantedRecords, list[str]]:
    """What was asked for, and in a sentence each what could not be understood: that is as if it had not been asked."""
    asked = {key: request.GET.get(key, "").replace("\0", "")[:100].strip() for key in ("unit_name", "course", "name")}
    unit = unit_of(request, units)
    days, faults = {}, []
    if asked["unit_name"] and not unit:
        faults.append(
            _("No unit, or more than one, has “%(name)s” in its name. Write the whole name.")
            % {"name": asked["unit_name"]}
        )
    for key, label in DAYS.items():
        days[key], fault = _day(request.GET.get(key, ""), str(label))
        faults += [fault] if fault else []
    since, until = days.values()
    if since and until and since > until:
        faults.append(_("“Completed since” is after “Until”, so nothing can be between them."))
    title = courses.get(asked["course"], "")
    return WantedRecords(unit, asked["course"], title, asked["name"], since, until), faults


def _day(text: str, label: str) -> tuple[datetime.date | None, str]:
    """The day that the text names, and what is wrong with it, if anything."""
    said = text.replace("\0", "").strip()[:20]
    try:
        found = datetime.date.fromisoformat(said) if said else None
    except ValueError:
        return None, _("“%(label)s”: “%(said)s” is no day. Write it like 2026-05-31.") % {"label": label, "said": said}
    if found and not 1900 <= found.year <= 2200:
        return None, _("“%(label)s”: the year %(year)s is out of reach. Take one from 1900 to 2200.") % {
            "label": label,
            "year": found.year,
        }
    return found, ""


def _csv(request: PersonRequest, wanted: WantedRecords, found: Any, courses: Names) -> HttpResponseBase:
    return csv_response(NAME, HEADER, cells(read(found, courses, timezone.now())))


def _xlsx(request: PersonRequest, wanted: WantedRecords, found: Any, courses: Names) -> HttpResponseBase:
    if found[MOST_AT_ONCE : MOST_AT_ONCE + 1]:
        said = _("More than %(most)s records: too many for Excel. Ask for fewer, or take the CSV.")
        messages.warning(request, said % {"most": most()["xlsx"]})
        return redirect(_page(request))
    return xlsx_response(NAME, HEADER, cells(read(found, courses, timezone.now())))


def _pdf(request: PersonRequest, wanted: WantedRecords, found: Any, courses: Names) -> HttpResponseBase:
    rows = list(read(found[: MOST_IN_PDF + 1], courses, timezone.now()))
    if len(rows) > MOST_IN_PDF:
        said = _("More than %(most)s records: too many for a PDF. Ask for fewer, or take the spreadsheet.")
        messages.warning(request, said % {"most": most()["pdf"]})
        return redirect(_page(request))
    sheet = register_sheet(rows, said=wanted.words, by=request.user.name)
    return pdf_response(NAME, sheet)


FORMATS: dict[str, Callable[[PersonRequest, WantedRecords, Any, Names], HttpResponseBase]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "pdf": _pdf,
}


def _page(request: PersonRequest) -> str:
    return f"{request.path}?{kept_of(request)}"
