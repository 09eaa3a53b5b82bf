"""Rows in, a CSV download out, with cells that no spreadsheet takes for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse


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


def lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(header)
    for row in rows:
        yield writer.writerow([guarded(cell) for cell in row])


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A download called ``name``.csv that streams; Excel reads its accents because of the mark at its beginning."""
    response = StreamingHttpResponse(lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
