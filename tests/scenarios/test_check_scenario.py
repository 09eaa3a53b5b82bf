"""``manage.py check_scenario``: files in, findings out, no database (none of these tests may touch one)."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.exchange import SCENARIO, to_yaml
from tests.factories import a_document

ROOT = Path(__file__).resolve().parents[2]


def text_of(document):
    return to_yaml(SCENARIO.canonical(document))


def run(*arguments):
    """The command's exit status and what it printed."""
    out = StringIO()
    try:
        call_command("check_scenario", *map(str, arguments), stdout=out)
    except SystemExit as left:
        return left.code, out.getvalue()
    return 0, out.getvalue()


def run_json(*files):
    status, out = run(*files, "--json")
    return status, json.loads(out)["files"]


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "desk.yaml"
    path.write_text(text_of(a_document()))
    return path


@pytest.fixture
def lost(tmp_path):
    """A scenario with a choice that leads nowhere."""
    document = a_document("lost")
    document["scenes"]["calmer"]["choices"]["agree"]["to"] = "nowhere"
    path = tmp_path / "lost.yaml"
    path.write_text(text_of(document))
    return path


def test_sound_scenario_is_proved(good):
    assert run(good) == (0, f"{good}: no errors. All 6 situations lead to an ending; nobody gets stuck.\n")
    assert run_json(good) == (
        0,
        [
            {
                "file": str(good),
                "scenario": "desk",
                "ok": True,
                "complete": True,
                "proved": True,
                "states": 6,
                "findings": [],
            }
        ],
    )


def test_finding_has_its_place(lost):
    status, [report] = run_json(lost)
    assert (status, report["scenario"], report["ok"], report["proved"]) == (1, "lost", False, False)
    found = report["findings"][0]
    lines = lost.read_text().splitlines()
    assert (found["code"], found["severity"], found["scene"], found["choice"], lines[found["line"] - 1].strip()) == (
        "leads-nowhere", "error", "calmer", "agree", "agree:",
    )  # fmt: skip
    assert f"error, line {found['line']}, calmer → agree: {found['message']}" in run(lost)[1]


def test_advice_is_no_error(tmp_path):
    path = tmp_path / "desk.yaml"
    path.write_text(text_of(a_document(flags={"heard": "You listened"})))
    status, [report] = run_json(path)
    assert (status, report["ok"], [found["code"] for found in report["findings"]]) == (0, True, ["flag-never-set"])
    assert [found["severity"] for found in report["findings"]] == ["advice"]


def test_every_file_is_reported_and_one_error_is_enough(good, lost, tmp_path):
    none = tmp_path / "none.yaml"
    status, reports = run_json(good, lost, none, tmp_path)
    assert (status, [report["ok"] for report in reports]) == (1, [True, False, False, False])
    assert [found["code"] for report in reports[2:] for found in report["findings"]] == ["unreadable", "unreadable"]


def test_json_document_is_checked_too(tmp_path):
    path = tmp_path / "desk.json"
    path.write_text(json.dumps(a_document()))
    assert run_json(path)[1][0]["proved"] is True


def test_fault_of_shape_is_an_error_with_its_line(good):
    good.write_text(good.read_text().replace("minutes: 5", "minutes: soon"))
    status, [report] = run_json(good)
    assert (status, report["findings"]) == (
        1,
        [
            {
                "code": "malformed",
                "severity": "error",
                "scene": "",
                "choice": "",
                "message": "minutes: expected a whole number, found the text “soon”.",
                "line": 6,
            }
        ],
    )


def test_works_without_any_database(good, tmp_path):
    environment = os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "DATA_DIR": str(tmp_path / "var")}
    command = [sys.executable, "manage.py", "check_scenario", str(good)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@given(st.binary(max_size=300), st.sampled_from(["any.yaml", "any.json"]))
@settings(deadline=None, max_examples=60)
def test_random_file_is_an_error_and_no_traceback(tmp_path_factory, content, name):
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(content)
    status, [report] = run_json(path)
    assert (status, report["ok"], bool(report["findings"])) == (1, False, True)


@given(st.data())
@settings(deadline=None, max_examples=100)
def test_scrambled_scenario_gives_findings_and_no_traceback(tmp_path_factory, data):
    """Words of the file changed places: much of it is still of a valid shape, little of it makes sense."""
    lines = text_of(a_document(meters={"tension": {"start": 4}})).splitlines()
    words = sorted({word for line in lines for word in line.split()} | {"-9", "11", "''", "99", "{}", "at_least:"})
    for _ in range(data.draw(st.integers(1, 4))):
        number = data.draw(st.integers(0, len(lines) - 1))
        old = data.draw(st.sampled_from(lines[number].split() or [""]))
        lines[number] = lines[number].replace(old, data.draw(st.sampled_from(words)))
    path = tmp_path_factory.getbasetemp() / "scrambled.yaml"
    path.write_text("\n".join(lines))
    status, [report] = run_json(path)
    assert status == int(any(found["severity"] == "error" for found in report["findings"]))
    assert all(0 <= found["line"] <= len(lines) for found in report["findings"])
