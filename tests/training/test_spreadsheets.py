"""No cell of a download is a formula to any spreadsheet."""

import csv
import io

import pytest

from training.lib.spreadsheets import csv_response


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＋", "－", "＠"])
def test_cell_that_looks_like_a_formula_is_guarded(start):
    response = csv_response("people", ["name"], [[f"{start}HYPERLINK(1)"]])
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [["name"], [f"'{start}HYPERLINK(1)"]]


def test_numbers_stay_numbers_and_accents_are_marked():
    response = csv_response("people", ["näme", "n"], [["Zoë", -3]])
    assert b"".join(response.streaming_content) == "\ufeffnäme,n\r\nZoë,-3\r\n".encode()
    assert response["Content-Disposition"] == 'attachment; filename="people.csv"'
