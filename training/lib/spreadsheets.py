"""Rows in, a CSV or XLSX download out, with cells that no spreadsheet takes for a formula."""

import csv
import datetime
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A workbook is whole before it can be sent: of more rows than these the browser, or a proxy, would give up waiting.
MOST_AT_ONCE = 50_000
# A sheet of Excel holds 1,048,576 rows.
MOST_ROWS = 1_000_000


class _Echo:
    """A file that hands back what is written to it, so that csv can stream."""

    def write(self, line: str) -> str:
        return line


def guarded(value: object) -> object:
    """The value, with an apostrophe before it where a spreadsheet would run it (OWASP, CSV injection)."""
    if isinstance(value, str) and value.lstrip(" ")[:1] in (
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\n",
        "＝",
        "＋",
        "－",
        "＠",
    ):
        return "'" + value
    return value


def lines(header: "Sequence[StrOrPromise]", rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(map(str, header))
    for row in rows:
        yield writer.writerow([guarded(cell) for cell in row])


def csv_response(name: str, header: "Sequence[StrOrPromise]", rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A download called ``name``.csv that streams; Excel reads its accents because of the mark at its beginning.

    Its heads are in the language of the request, which is over when the last rows are written.
    """
    response = StreamingHttpResponse(
        lines([str(title) for title in header], rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def xlsx_response(name: str, header: "Sequence[StrOrPromise]", rows: Iterable[Sequence[Any]]) -> FileResponse:
    """A workbook called ``name``.xlsx, written row by row to a file on disk: memory does not grow with the rows.

    Text stays text whatever it looks like, dates and numbers are dates and numbers.
    """
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet, place = None, MOST_ROWS
    for row in rows:
        if place >= MOST_ROWS:
            sheet, place = _sheet(book, header, bold), 1
        for column, cell in enumerate(row):
            _write(sheet, place, column, cell, day)
        place += 1
    if sheet is None:
        _sheet(book, header, bold)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _sheet(book: Any, header: "Sequence[StrOrPromise]", bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(header):
        sheet.set_column(column, column, max(12, len(title) + 2))
        sheet.write_string(0, column, str(title), bold)
    return sheet


def _write(sheet: Any, row: int, column: int, cell: object, day: Any) -> None:
    if isinstance(cell, datetime.date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, str(cell)[:32_767])
