"""The same people on another day: each is a plain graph, and the check speaks for all of them."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from scenarios.engine.check import check, errors
from scenarios.engine.days import check_days, day_of, days_of, graph_on, on_day
from scenarios.engine.graph import from_document
from scenarios.engine.play import begin, choose
from tests.engine.brute import Brute
from tests.engine.stories import documents, to, told
from tests.factories import a_document

PROPERTIES = settings(max_examples=100, deadline=None, derandomize=True, phases=[Phase.generate])
WORSE = {
    "label": "A worse day",
    "meters": {"tension": 7},
    "scenes": {
        "opening": {
            "speech": "Not again.",
            "choices": {"listen": {"effects": {"tension": 1}, "consequence": "She laughs.", "to": "heated"}},
        }
    },
}


def varied(**days):
    return a_document(days=days or {"worse": WORSE})


def found(document):
    return [(finding.code, finding.scene, finding.choice) for finding in errors(check_days(document).findings)]


def test_day_changes_what_it_names_and_nothing_else():
    ordinary, worse = from_document(varied()), graph_on(varied(), "worse")
    after = choose(worse, begin(worse), "listen")
    assert (begin(ordinary).meters, begin(worse).meters, after.meters, after.at) == ((4,), (7,), (8,), "heated")
    choice = worse.scenes["opening"].choice("listen")
    assert (choice.text, choice.consequence) == ("Tell me what happened.", "She laughs.")
    assert choice.skills == {"clear-limits": 1}
    assert (worse.scenes["opening"].speech, worse.scenes["opening"].description) == (
        "Not again.",
        "She puts a bag down.",
    )
    assert worse.endings == ordinary.endings


def test_seed_picks_the_day_in_the_order_of_the_document():
    document = varied(worse=WORSE, rain={"label": "Rain"})
    assert days_of(document) == ("", "worse", "rain")
    assert [day_of(document, seed) for seed in range(3)] == ["", "worse", "rain"]
    with pytest.raises(IndexError):
        day_of(document, 3)


def test_ordinary_day_is_the_document():
    assert graph_on(varied()) == from_document(a_document())


def test_flag_of_a_day_is_set_from_the_beginning():
    document = told({"one": [to("settled", has=("tired",)), to("halfway", lacks=("tired",))]}, flags=("tired",))
    document["days"] = {"tired": {"label": "Tired", "sets": ["tired"]}}
    assert found(document) == []
    assert begin(graph_on(document, "tired")).flags == {"tired"}
    del document["days"]
    assert ("choice-never-offered", "one", "to-settled") in found(document)


def test_what_is_reached_on_some_day_is_no_fault():
    over = {"takes_over": {"storm": {"meter": "tension", "at_least": 9}}}
    scenes = {"one": [to("two", tension=2)], "two": [to("settled")], "storm": [to("halfway")]}
    document = told(scenes, tension=4, **over)
    assert found(document) == [("scene-unreachable", "storm", ""), ("ending-unreachable", "halfway", "")]
    document["days"] = {"worse": {"label": "Worse", "meters": {"tension": 7}}}
    assert found(document) == []


def test_dead_end_of_one_day_is_found_and_the_day_is_named():
    scenes = {"one": [to("two", tension=2)], "two": [to("settled", at_most={"tension": 7})]}
    document = told(scenes) | {"days": {"worse": {"label": "A worse day", "meters": {"tension": 8}}}}
    stuck = [finding for finding in check_days(document).findings if finding.code == "stuck"]
    assert [finding.scene for finding in stuck] == ["two"]
    assert stuck[0].text.startswith("On the day “A worse day”: A learner can be here with nothing to choose")


@pytest.mark.parametrize(
    ("day", "code", "scene"),
    [
        ({"meters": {"trust": 3}}, "unknown-meter", ""),
        ({"meters": {"tension": 11}}, "meter-start", ""),
        ({"sets": ["gone"]}, "unknown-flag", ""),
        ({"scenes": {"gone": {"speech": "Hm."}}}, "unknown-place", ""),
        ({"scenes": {"opening": {"choices": {"gone": {"to": "settled"}}}}}, "unknown-place", "opening"),
        ({"scenes": {"opening": {"choices": {"listen": {"to": "gone"}}}}}, "leads-nowhere", "opening"),
    ],
)
def test_day_that_names_what_there_is_not(day, code, scene):
    findings = [
        finding for finding in check_days(varied(worse={"label": "Worse"} | day)).findings if finding.code == code
    ]
    assert [(finding.severity, finding.scene) for finding in findings] == [("error", scene)]
    assert "“Worse”" in findings[0].text


@PROPERTIES
@given(documents(), st.integers(0, 10), st.integers(0, 10))
def test_days_together_find_what_brute_force_finds_on_each(document, tension, trust):
    document |= {"days": {"other": {"label": "Other", "meters": {"tension": tension, "trust": trust}}}}
    played = [Brute(on_day(document, day)) for day in days_of(document)]
    nodes = {*document["scenes"], *document["endings"]}
    findings = check_days(document).findings
    unreachable = {finding.scene for finding in findings if finding.code.endswith("-unreachable")}
    assert unreachable == nodes - set().union(*(brute.places for brute in played))
    stuck = {finding.scene for finding in findings if finding.code == "stuck"}
    assert stuck == set().union(*(brute.stuck for brute in played))


@PROPERTIES
@given(documents())
def test_document_without_days_is_checked_as_before(document):
    assert check_days(document).findings == check(from_document(document))
