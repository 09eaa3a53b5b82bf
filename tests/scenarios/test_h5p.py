"""H5P Branching Scenario files: little ones, and the stories that they become."""

import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.engine.check import check
from scenarios.engine.graph import from_document
from scenarios.exchange import SCENARIO, Faults, Source
from scenarios.exchange.foreign import APPROXIMATED, DROPPED, KEPT
from scenarios.exchange.h5p import read_h5p
from tests.scenarios.h5p_files import ABOUT, end, h5p, other, question, scenario, text, way, zipped

WALK_OVER = way("Walk over", 2, title="Good", subtitle="<p>He looks <em>up</em>.</p>")
SHOUT = way("Shout <b>now</b>", -1, title="He storms out", subtitle="<p>Doors slam.</p>", endScreenScore=1)
PHONE = scenario(
    text("<h2>At the desk</h2><p>A man <b>talks</b> on his phone.</p>", 1),
    question("<p>What do you do?</p>", WALK_OVER, SHOUT, way("Wait", 0)),
    text("<p>“Sorry!”</p>", -1, title="He is sorry"),
    endScreens=[end("All well", "<p>He thanks you.</p>", 10)],
)


def story_of(found, **about):
    [story] = read_h5p(h5p(found, ABOUT | about), "loud-phone.h5p")
    return story


def document_of(found, **about):
    return story_of(found, **about).document


def remarks_of(found, outcome, **about):
    return [f"{remark.place}: {remark.message}" for remark in story_of(found, **about).remarks
            if remark.outcome == outcome]  # fmt: skip


def refusal_of(content, name="phone.h5p"):
    with pytest.raises(Faults) as refused:
        read_h5p(content, name)
    [fault] = refused.value.faults
    return fault.message


def faults_in(document):
    """What the schema says, but for what drafts may leave empty."""
    drafted = json.loads(json.dumps(document))
    for scene in drafted["scenes"].values():
        for choice in scene.get("choices", {}).values():
            choice["to"] = choice["to"] or "somewhere"
    drafted["summary"] = drafted["summary"] or "Something."
    drafted["introduction"] = drafted["introduction"] or "Something."
    return SCENARIO.faults(Source("any.yaml", drafted))


def test_steps_become_scenes_and_end_screens_endings():
    assert document_of(PHONE) == {
        "format": "scenario/1",
        "slug": "a-loud-phone",
        "title": "A loud phone",
        "language": "en",
        "summary": "You are at the desk.",
        "minutes": 8,
        "introduction": "You are at the desk.",
        "meters": {"tension": {"start": 4}},
        "scenes": {
            "at-the-desk": {
                "title": "At the desk",
                "description": "A man **talks** on his phone.",
                "choices": {"go-on": {"text": "Go on", "to": "what-do-you-do"}},
            },
            "what-do-you-do": {
                "title": "What do you do?",
                "description": "What do you do?",
                "choices": {
                    "walk-over": {
                        "text": "Walk over",
                        "to": "he-is-sorry",
                        "consequence": "**Good**\n\nHe looks *up*.",
                    },
                    "shout-now": {"text": "Shout now", "to": "he-storms-out"},
                    "wait": {"text": "Wait", "to": "at-the-desk"},
                },
            },
            "he-is-sorry": {
                "title": "He is sorry",
                "description": "“Sorry!”",
                "choices": {"go-on": {"text": "Go on", "to": "all-well"}},
            },
        },
        "endings": {
            "he-storms-out": {"kind": "escalated", "title": "He storms out", "text": "Doors slam.", "score": 10},
            "all-well": {"kind": "resolved", "title": "All well", "text": "He thanks you.", "score": 100},
        },
    }


def test_story_with_a_loop_is_proved():
    assert faults_in(document_of(PHONE)) == []
    assert [found.code for found in check(from_document(document_of(PHONE))) if found.severity == "error"] == []


def test_every_step_is_accounted_for():
    places = {remark.place for remark in story_of(PHONE).remarks if remark.outcome == KEPT}
    assert {place for place in places if place.startswith("step") and "choice" not in place} == {
        "step 1 “At the desk”", "step 2 “What do you do?”", "step 3 “He is sorry”",
    }  # fmt: skip


@pytest.mark.parametrize("library", ["CoursePresentation 1.21", "Video 1.5", "Image 1.1", "InteractiveVideo 1.27"])
def test_other_content_becomes_a_scene_that_says_so(library):
    found = scenario(other(f"H5P.{library}", {"file": {"path": "images/x.png"}}, title="What happened"))
    name = {"CoursePresentation": "Course Presentation", "InteractiveVideo": "Interactive Video"}.get(
        library.split()[0], library.split()[0]
    )
    assert document_of(found)["scenes"]["what-happened"]["description"] == (
        f"*(In H5P this step was of the type {name}, which cannot be imported.)*"
    )
    assert f"step 1 “What happened”: A step of the type {name} cannot be imported: it was left out." in remarks_of(
        found, APPROXIMATED
    )


def test_words_of_a_presentation_come_in():
    said = {"action": {"library": "H5P.AdvancedText 1.1", "params": {"text": "<p>He rings <b>off</b>.</p>"}}}
    photo = {"action": {"library": "H5P.Image 1.1", "params": {"alt": "A man with a phone"}}}
    film = {"sources": [{"path": "https://films.example.org/1", "mime": "video/YouTube"}]}
    found = scenario(
        other("H5P.CoursePresentation 1.21", {"presentation": {"slides": [{"elements": [said, photo]}]}}, 1, "One"),
        other("H5P.Video 1.5", film, -1, "Two"),
    )
    one, two = (scene["description"].partition("\n\n")[2] for scene in document_of(found)["scenes"].values())
    assert one == "He rings **off**.\n\n(Image: A man with a phone)"
    assert two == "[https://films.example.org/1](https://films.example.org/1)"


def test_tutorial_without_a_way_to_an_end_comes_in_as_a_draft():
    found = scenario(text("<p>One</p>", 1), question("Again?", way("Yes", 0), way("No", 1)))
    document = document_of(found)
    assert list(document["endings"]) == ["the-end"]
    assert {found.code for found in check(from_document(document))} >= {"no-way-out", "ending-unreachable"}
    assert "end screen “The end”: No way leads to it in H5P. It was kept: lead a choice to it." in remarks_of(
        found, APPROXIMATED
    )


def test_end_screen_that_nobody_sees_is_left_out_in_words():
    found = scenario(question("Well?", way("Yes", -1, title="Done", subtitle="<p>Good.</p>"), way("No", 0)))
    assert list(document_of(found)["endings"]) == ["done"]
    assert "end screen “The end”: No way leads to it in H5P, so it was left out." in remarks_of(found, DROPPED)


@pytest.mark.parametrize(
    ("score", "best", "kind", "percent"),
    [(8, 10, "resolved", 80), (7, 10, "partly-resolved", 70), (2, 5, "partly-resolved", 40), (1, 3, "escalated", 33),
     (0, 10, "escalated", 0), (-5, 10, "escalated", 0)],
)  # fmt: skip
def test_kind_follows_from_the_score(score, best, kind, percent):
    found = scenario(question("Well?", way("A", -1, title="One", endScreenScore=score),
                              way("B", -1, title="Two", endScreenScore=best)))  # fmt: skip
    ending = document_of(found)["endings"]["one"]
    assert (ending["kind"], ending["score"]) == (kind, percent)


def test_ending_without_a_score_is_partly_resolved_and_says_so():
    found = scenario(text("<p>One</p>"))
    assert document_of(found)["endings"] == {
        "the-end": {"kind": "partly-resolved", "title": "The end", "text": "That was it."}
    }
    assert "end screen “The end”: It has no score, so this ending was set to partly resolved. Choose what fits." in (
        remarks_of(found, APPROXIMATED)
    )


def test_scores_that_are_all_nought_are_none():
    found = scenario(text("<p>One</p>"), endScreens=[end("The end", "", 0)])
    assert document_of(found)["endings"]["the-end"] == {
        "kind": "partly-resolved", "title": "The end", "text": "The end",
    }  # fmt: skip


def test_points_on_the_way_are_left_out_in_words():
    found = scenario(question("Well?", way("A", 1, endScreenScore=5), way("B", 1)), text("<p>On</p>"),
                     scoringOptionGroup={"scoringOption": "dynamic-score"})  # fmt: skip
    assert any("It gives 5 points on the way" in said for said in remarks_of(found, DROPPED))
    assert "score" not in document_of(found)["endings"]["the-end"]


def test_feedback_with_a_score_only_shows_the_usual_end_screen():
    found = scenario(question("Well?", way("A", -1, endScreenScore=2), way("B", -1, endScreenScore=4)))
    assert [(ending["title"], ending["score"]) for ending in document_of(found)["endings"].values()] == [
        ("The end", 50), ("The end", 100),
    ]  # fmt: skip


def test_last_end_screen_of_a_number_is_shown():
    screens = [end("First", "<p>1</p>"), end("Last", "<p>2</p>")]
    found = scenario(text("<p>One</p>"), endScreens=screens)
    assert list(document_of(found)["endings"]) == ["last"]
    assert "end screen “First”: No way leads to it in H5P, so it was left out." in remarks_of(found, DROPPED)


def test_numbered_end_screen_is_found():
    screens = [end("Usual", "<p>1</p>"), end("Other", "<p>2</p>", place=-2)]
    found = scenario(question("Well?", way("A", -2), way("B", "-1")), endScreens=screens)
    assert [ending["title"] for ending in document_of(found)["endings"].values()] == ["Other", "Usual"]


def test_way_to_a_step_that_is_not_there_leads_nowhere():
    found = scenario(question("Well?", way("A", 7), way("B", {"x": 1}), way("C", -1)))
    choices = document_of(found)["scenes"]["well"]["choices"]
    assert [choice["to"] for choice in choices.values()] == ["", "", "the-end"]
    assert remarks_of(found, DROPPED)[:2] == [
        "step 1 “Well?”, choice 1: It leads to step 8, which is not in the file; it leads nowhere now."
        " Pick where it leads.",
        "step 1 “Well?”, choice 2: It leads to a step that cannot be read; it leads nowhere now. Pick where it leads.",
    ]


def test_unreachable_step_is_kept_and_remarked():
    found = scenario(text("<p>One</p>"), text("<p>Two</p>"))
    assert list(document_of(found)["scenes"]) == ["one", "two"]
    assert "step 2 “Two”: No way leads here in H5P. It was kept: lead a choice here, or delete it." in remarks_of(
        found, APPROXIMATED
    )


def test_html_becomes_markdown_that_shows_nothing_else():
    html = (
        "<p>5 * 3 &lt; <script>alert(1)</script><a href='javascript:alert(1)'>x</a>"
        " <a href='https://example.org/a_b'>y</a></p><ul><li>one</li><li>two<ol><li>deep</li></ol></li></ul>"
        "<p># no heading<br>1. no list</p><img src='x.png'><p>{fines.block-at}</p>"
    )
    found = scenario(text(html, title="T"))
    assert document_of(found)["scenes"]["t"]["description"] == (
        "5 \\* 3 < x [y](https://example.org/a_b)\n\n- one\n- two\n    1. deep\n\n"
        "\\# no heading  \n1\\. no list\n\n{ fines.block-at }"
    )
    assert "step 1 “T”: It shows an image, which was left out." in remarks_of(found, DROPPED)


def test_first_versions_wrote_the_question_without_a_wrapper():
    node = {"type": {"library": "H5P.BranchingQuestion 1.0",
                     "params": {"question": "<p>Well?</p>", "alternatives": [{"text": "A", "nextContentId": -1}]}},
            "contentTitle": "The question"}  # fmt: skip
    assert document_of(scenario(node))["scenes"]["the-question"]["choices"] == {"a": {"text": "A", "to": "the-end"}}


@pytest.mark.parametrize("wrap", [lambda found: found, lambda found: {"params": {"branchingScenario": found}},
                                  lambda found: {"params": {"params": {"branchingScenario": found}}}])  # fmt: skip
def test_scenario_is_found_in_other_wrappers(wrap):
    content = zipped([("h5p.json", json.dumps(ABOUT)), ("content/content.json", json.dumps(wrap(PHONE)))])
    assert read_h5p(content, "x.h5p")[0].document == document_of(PHONE)


def test_folder_that_was_zipped_is_read():
    assert read_h5p(h5p(PHONE, folder="loud phone/"), "x.h5p")[0].document == document_of(PHONE)


def test_undetermined_language_is_taken_for_english():
    assert document_of(PHONE, language="und")["language"] == "en"
    assert document_of(PHONE, language="und", defaultLanguage="pt-br")["language"] == "pt-br"


def test_authors_and_licence_are_named():
    said = remarks_of(PHONE, DROPPED, license="CC BY", authors=[{"name": "Ana <b>Lee</b>"}])
    assert "the file: It was made by Ana Lee, under the licence CC BY: name them where you use it." in said


def test_what_is_too_long_is_cut_in_words():
    found = scenario(question("Q" * 60_000, way("w" * 700), title="t" * 200))
    document = document_of(found)
    [scene] = document["scenes"].values()
    assert [len(scene[field]) for field in ("title", "description")] == [120, 50_000]
    assert len(next(iter(scene["choices"].values()))["text"]) == 600
    assert len([said for said in remarks_of(found, DROPPED) if "the rest was cut off" in said]) == 3


def test_other_content_types_are_refused_by_name():
    assert refusal_of(h5p(PHONE, ABOUT | {"mainLibrary": "H5P.InteractiveVideo"})) == (
        "This H5P file is of the type Interactive Video. Only Branching Scenario can be imported."
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "This is not an H5P file, or it is damaged"),
        (b"PK\x03\x04 and nothing more", "This is not an H5P file, or it is damaged"),
        (zipped([("a.txt", b"")]), "There is no h5p.json in this file"),
        (zipped([("h5p.json", json.dumps(ABOUT))]), "There is no content/content.json in this file"),
        (zipped([("h5p.json", b"{}")]), "h5p.json does not say what type of content this is"),
        (zipped([("h5p.json", b"[" * 200)]), "h5p.json is nested more than 100 levels deep"),
        (zipped([("h5p.json", b"\xff\xfe")]), "h5p.json is not JSON in UTF-8"),
        (zipped([("h5p.json", b" " * 5_000_001)]), "h5p.json is larger than 5,000,000 bytes"),
        (zipped([("h5p.json", b" " * 4_000_000)]), "h5p.json unpacks to far more than a text would"),
        (zipped([("h5p.json", b"{}")], zipfile.ZIP_LZMA), "h5p.json is packed in a way that is not read"),
        (zipped([("h5p.json", b"{}"), ("h5p-json", b"")]).replace(b"h5p-", b"h5p."), "h5p.json is in this file twice"),
        (zipped([(f"{number}", b"") for number in range(20_001)]), "There are more than 20,000 files in this one"),
    ],
)  # fmt: skip
def test_hostile_archive_is_a_fault(content, message):
    assert refusal_of(content).startswith(message)


def test_encrypted_entry_is_a_fault():
    content = bytearray(h5p(PHONE))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    assert refusal_of(bytes(content)).startswith("h5p.json is encrypted")


def test_entry_that_lies_about_its_size_is_a_fault():
    content = bytearray(h5p(PHONE))
    place = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")
    assert refusal_of(bytes(content))


@pytest.mark.parametrize("content", [{}, [], {"branchingScenario": []}, {"branchingScenario": {"content": {}}}, 5])
def test_unknown_shape_is_a_fault(content):
    file = zipped([("h5p.json", json.dumps(ABOUT)), ("content/content.json", json.dumps(content))])
    assert refusal_of(file).startswith("content.json has no steps of a Branching Scenario")


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (scenario(*[text("x")] * 1_001), "There are 1,001 steps in this scenario; 1,000 is the most."),
        (scenario(*[question("x", *[way("y")] * 50)] * 401), "There are more than 20,000 choices in this scenario."),
        (scenario(*[question("x", *[way("y", -1, title=f"{one} {two}") for two in range(50)]) for one in range(21)]),
         "There are more than 1,000 end screens in this scenario."),
    ],
)  # fmt: skip
def test_story_that_is_too_large_is_a_fault(found, message):
    assert refusal_of(h5p(found, compression=zipfile.ZIP_STORED)).startswith(message)


def test_paths_in_the_archive_are_never_used(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    entries = [("../../evil.txt", b"x"), ("/etc/evil", b"x"), ("h5p.json", json.dumps(ABOUT)),
               ("content/content.json", json.dumps({"branchingScenario": PHONE}))]  # fmt: skip
    assert read_h5p(zipped(entries), "x.h5p")
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_random_bytes_are_faults(content):
    assert refusal_of(content)


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_mutated_archive_is_read_or_refused(data):
    content = bytearray(h5p(PHONE))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        [story] = read_h5p(bytes(content), "x.h5p")
    except Faults:
        return
    assert faults_in(story.document) == []


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
    | st.sampled_from(["<p>a <b>b</b></p>", "\ud800", "\0", "-1", "H5P.BranchingQuestion 1.0", "[" * 500]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def places_of(value, path=()):
    """Every place in nested data."""
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from places_of(inner, (*path, key))


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_odd_values_anywhere_come_in_or_are_refused(data):
    found = json.loads(json.dumps({"branchingScenario": PHONE, "about": ABOUT}))
    for _ in range(data.draw(st.integers(1, 4))):
        *path, last = data.draw(st.sampled_from([path for path in places_of(found) if path]))
        inner = found
        for step in path:
            inner = inner[step]
        inner[last] = data.draw(ODD)
    content = json.dumps({"branchingScenario": found.get("branchingScenario")})
    try:
        file = zipped([("h5p.json", json.dumps(found.get("about"))), ("content/content.json", content)])
        [story] = read_h5p(file, "x.h5p")
    except Faults:
        return
    assert faults_in(story.document) == []
    assert all(remark.place and remark.message for remark in story.remarks)
