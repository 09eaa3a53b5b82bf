"""The register of training records, on the screen and to take away."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.http import PersonRequest
from accounts.models import Unit
from courses.certificates import register_sheet
from courses.models import Course
from courses.reports.records import HEADER, WantedRecords, read, register
from courses.reports.table import Page, cells
from courses.views.supervisor import for_supervisors, unit_of
from training.lib.spreadsheets import csv_response, xlsx_response

PAGE = 50
MOST_IN_PDF = 3_000
NAME = "training-records"


@for_supervisors
def records(request: PersonRequest) -> HttpResponseBase:
    """Who completed what, when, with whom; also of those who have left."""
    units = list(Unit.objects.visible_to(request.user))
    wanted = wanted_by(request, units)
    found = register(request.user, wanted)
    courses = list(Course.objects.order_by("title").values_list("pk", "slug", "title"))
    slugs = {pk: slug for pk, slug, _ in courses}
    now = timezone.now()
    form = request.GET.get("format", "")
    if form == "csv":
        return csv_response(NAME, HEADER, cells(read(found, slugs, now)))
    if form == "xlsx":
        return xlsx_response(NAME, HEADER, cells(read(found, slugs, now)))
    if form == "pdf":
        return _pdf(request, wanted, found, slugs)
    asked = request.GET.get("page", "")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1
    rows = list(read(found[(number - 1) * PAGE : number * PAGE + 1], slugs, now))
    context: dict[str, Any] = {"page": Page(rows[:PAGE], number, len(rows) > PAGE), "wanted": wanted, "units": units}
    context |= {"courses": [found[1:] for found in courses], "kept": _kept(request)}
    return render(request, "reports/records.html", context)


def wanted_by(request: PersonRequest, units: list[Unit]) -> WantedRecords:
    """What makes no sense is as if it had not been asked."""
    asked = {key: request.GET.get(key, "").replace("\0", "")[:100].strip() for key in ("course", "name")}
    since, until = (_day(request.GET.get(key, "")) for key in ("since", "until"))
    return WantedRecords(unit_of(request, units), asked["course"], asked["name"], since, until)


def _day(text: str) -> datetime.date | None:
    try:
        found = datetime.date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None


def _pdf(request: PersonRequest, wanted: WantedRecords, found: Any, slugs: dict[int, str]) -> HttpResponse:
    rows = list(read(found[: MOST_IN_PDF + 1], slugs, timezone.now()))
    if len(rows) > MOST_IN_PDF:
        messages.warning(
            request, f"More than {MOST_IN_PDF:,} records: too many for a PDF. Ask for fewer, or take the spreadsheet."
        )
        return redirect(f"{request.path}?{_kept(request)}")
    sheet = register_sheet(rows, said=wanted.words, by=request.user.name)
    headers = {"Content-Disposition": f'attachment; filename="{NAME}.pdf"'}
    return HttpResponse(sheet, content_type="application/pdf", headers=headers)


def _kept(request: PersonRequest) -> str:
    kept = request.GET.copy()
    for name in ("page", "format"):
        kept.pop(name, None)
    return kept.urlencode()
