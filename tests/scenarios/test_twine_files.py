"""Twine files of all kinds, whole and broken: each becomes a draft, or is refused with a reason."""

import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from scenarios.engine.graph import from_document
from scenarios.examining import examine
from scenarios.exchange import Faults, Source
from scenarios.exchange.scenario import DRAFT
from scenarios.exchange.twine import read_bundle, read_twee, read_twine_html
from scenarios.importing import make_drafts, read_stories
from scenarios.models import Scenario
from tests.scenarios.h5p_files import zipped
from tests.scenarios.twine_files import choices_in, page, remarks_of, story_of, told, twee

pytestmark = pytest.mark.django_db

TWO = (("Start", "[[Hall]]"), ("Hall", "A hall."))


def refusal_of(read, *args):
    with pytest.raises(Faults) as refused:
        read(*args)
    [fault] = refused.value.faults
    return fault.message


# ---- Twee


def test_headers_have_names_tags_and_places():
    text = ':: A \\[b\\] \\{c\\} \\\\ d [x y] {"position":"1,1"}\n[[B]]\n::B[z]\nB.\n::  C {"size":"1,1"}\nC.\n'
    [story] = read_twee(text, "story.twee")
    titles = [node["title"] for node in (story.document["scenes"] | story.document["endings"]).values()]
    assert titles == ["A [b] {c} \\ d", "B", "C"]


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("\n::\nA text\n:: B\nB.", "There is no name after “::” here", 2),
        (":: A\n[[A]]\n:: A\nAgain.", "There are two passages with the name “A”. Links lead to the first.", 3),
        (":: A\na\n\n:: StoryData\n{broken", "What “StoryData” says is not JSON", 4),
        (":: A\na", "It has no passage “StoryData”", 0),
        (twee("a", start="Gone"), "It begins with “Gone”, which is not in it. “Start” was taken", 0),
    ],
)
def test_broken_twee_comes_in_with_the_fault_named(text, message, line):
    [story] = read_twee(text, "story.twee")
    assert [remark.line for remark in story.remarks if remark.message.startswith(message)] == [line]


def test_header_whose_bracket_never_closes_is_a_name():
    [story] = read_twee(":: A [b\n[[C]]\n:: C\nc", "story.twee")
    assert [scene["title"] for scene in story.document["scenes"].values()] == ["A [b"]


def test_twee_of_version_two_is_read():
    text = "::Start [tag] <5,25>\nHi. [[B]]\n\n::B\nBye.\n\n::StorySettings\nifid: x\nstart: Start\n"
    [story] = read_twee(text, "old.tw2")
    assert choices_in(story.document["scenes"]["start"]) == [("B", "b")]


@pytest.mark.parametrize("text", ["", "Nothing here", "a :: b", ":: StoryTitle\nOnly settings\n\n:: S [script]\nx"])
def test_what_has_no_passage_is_refused(text):
    assert refusal_of(read_twee, text, "story.twee")


def test_too_many_passages_are_refused():
    text = "".join(f":: {number}\n[[{number + 1}]]\n" for number in range(1_001))
    assert "1,000 is the most" in refusal_of(read_twee, text, "story.twee")


# ---- HTML


def test_published_story_is_read_with_its_lines():
    html = "<!DOCTYPE html>\n<script>var format = '<b>';</script>\n" + page(*TWO, name="One &amp; only", startnode="1")
    [story] = read_twine_html(html, "story.html")
    assert (story.document["title"], choices_in(story.document["scenes"]["start"])) == (
        "One & only",
        [("Hall", "hall")],
    )
    assert {remark.place: remark.line for remark in story.remarks if remark.outcome == "kept"} == {
        "passage “Start”": 5,
        "passage “Hall”": 6,
    }


def test_first_passage_is_what_the_file_says():
    [story] = read_twine_html(page(("Hall", "A hall."), ("Begin", "[[Hall]]"), startnode="2"), "story.html")
    assert list(story.document["scenes"]) == ["begin"]


def test_archive_of_several_stories_gives_each():
    html = f"{page(*TWO, name='One')}\n{page(*TWO, name='Two', format='Harlowe')}"
    assert [story.document["title"] for story in read_twine_html(html, "archive.html")] == ["One", "Two"]


def test_story_of_twine_1_is_read():
    html = (
        '<html><div id="storeArea" data-size="3"><div tiddler="StoryTitle">Old</div>'
        '<div tiddler="Start" tags="" twine-position="1,1">&lt;&lt;set $a = true&gt;&gt;\\n[[Go|Hall]]</div>'
        '<div tiddler="Hall">Old \\s hall.</div></div></html>'
    )
    [story] = read_twine_html(html, "old.html")
    assert (story.document["title"], choices_in(story.document["scenes"]["start"])) == ("Old", [("Go", "hall")])


def test_file_that_was_cut_off_is_a_draft_that_says_so():
    [story] = read_twine_html(page(*TWO)[:-40], "story.html")
    assert any("it was cut off" in said for said in remarks_of(story, "approximated"))


@pytest.mark.parametrize("html", ["<html><p>Hello</p></html>", "<tw-storydata name='x'></tw-storydata>", ""])
def test_page_without_a_story_is_refused(html):
    assert refusal_of(read_twine_html, html, "page.html").startswith("There is no Twine story in this HTML file.")


def test_scripts_in_every_field_come_out_as_text():
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    [story] = read_twine_html(page((evil, f"{evil}[[{evil}->B]]"), ("B", evil), name=evil), "evil.html")
    [draft] = make_drafts([story])
    assert "<script" not in "".join(scene.description for scene in draft.scenes.all())


# ---- Archives


def test_files_of_one_story_in_an_archive_are_one_story():
    files = [("src/main.twee", twee("[[Hall]]")), ("src/rooms/hall.tw", ":: Hall\nA hall."), ("readme.md", "x"),
             ("__MACOSX/._x.twee", "x")]  # fmt: skip
    [story] = read_stories(zipped(files), "project.zip")
    assert choices_in(story.document["scenes"]["start"]) == [("Hall", "hall")]
    assert "src/rooms/hall.tw: passage “Hall”" in {remark.place for remark in story.remarks}


def test_stories_in_an_archive_are_each_one():
    files = [("a.twee", twee("[[Hall]]", ":: Hall\nx")), ("b.twee", twee("b")), ("c.html", page(*TWO, name="C"))]
    assert len(read_stories(zipped(files), "stories.zip")) == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (zipped([("a.twee", b":: A\n" + b"0" * 3_000_000)]), "a.twee unpacks to far more than a text would"),
        (zipped([("a.twee", b":: A\n")], zipfile.ZIP_LZMA), "a.twee is packed in a way that is not read."),
        (zipped([(f"{number}.twee", b"") for number in range(501)]), "There are more than 500 files"),
        (zipped([("a.txt", b"x")]), "There is no h5p.json in this file"),
        (zipped([("a.twee", b"x")]), "This is not Twee"),
        (zipped([("../../etc/a.twee", b":: A\na")])[:-30], "This is not an H5P file, or it is damaged"),
    ],
)
def test_hostile_archive_is_refused(content, message):
    assert refusal_of(read_stories, content, "stories.zip").startswith(message)


# ---- How a file is known


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (twee("a").encode(), "story.twee"),
        (twee("a").encode(), "story.txt"),
        (twee("a").replace("\n", "\r\n").encode("utf-8-sig"), "STORY.TW"),
        (twee("a").encode("utf-16"), "story.tw"),
        (page(("Start", "a")).encode(), "story.htm"),
        (b"\n <!DOCTYPE html>" + page(("Start", "a")).encode(), "story"),
    ],
)
def test_file_is_known_by_its_name_or_by_how_it_begins(content, name):
    [story] = read_stories(content, name)
    assert story.document["title"] == "A story"


def test_file_that_is_not_utf_8_says_so():
    [story] = read_stories(twee("Caf\xe9 \x80").encode("latin-1"), "story.twee")
    assert story.document["scenes"]["start"]["description"] == "Café €"
    assert any("read as Windows text" in said for said in remarks_of(story, "approximated"))


@pytest.mark.parametrize("name", ["night_bus.twee", "reading_room.twee"])
def test_drafts_are_made_of_stories(name):
    story = told(name)
    [draft] = make_drafts([story])
    assert draft.scenes.count() == len(story.document["scenes"]) + len(story.document["endings"])


# ---- Anything at all

PIECES = """
:: Start|:: A [x] {"position":"1,2"}|:: B|:: StoryData|{"start":"A"}|:: StoryInit|[[A]]|[[go|B]]|[[A<-x][$a to 1]]
<<if $a gt 2>>|<<else>>|<<elseif $b is 'x'>>|<</if>>|<<set $a += 1>>|<<set $a to 5, $b to 'x'>>|<<set $c to true>>
<<link 't' 'A'>>|<<link 't'>>|<</link>>|<<goto 'B'>>|<<button [[A]]>>|<</button>>|<<switch $b>>|<<case 'x'>>
<</switch>>|<<back>>|<<include 'A'>>|<<linkreplace 'z'>>|<</linkreplace>>|(set: $a to it + 1)|(if: $a > 2)[|(else:)[
]|(link: 'x')[|(link-goto: 'x', 'A')|(goto: 'B')|{|}|(display: 'A')|(undo:)|(unless: visits > 1)[|[|<<|>>|(|)|"|'|`
$a|''|//|/*|*/|<!--|-->|<b>|&amp;|&#0;|<script>|</script>|text|<tw-storydata format='Harlowe'>|</tw-storydata>
<tw-passagedata pid='1' name='A'>|</tw-passagedata>|/* library-training {"key": 1} */
"""
ODD = ["\n", "\n", "\n\n", "|", "\\", "\0", "\ud800", "\u2028"]
ANYTHING = st.lists(st.sampled_from([*re.split("[|\n]", PIECES.strip()), *ODD]) | st.text(max_size=4), max_size=50)


@given(ANYTHING, st.sampled_from(["Harlowe", "SugarCube", "Chapbook", ""]))
@trying(deadline=None, max_examples=300)
def test_any_text_is_a_draft_or_is_refused(parts, format):
    text = "".join(parts)
    for read, whole in ((read_twee, twee(f"\n{text}", format=format)), (read_twee, text), (read_twine_html, text)):
        try:
            stories = read(whole, "any")
        except Faults:
            continue
        for story in stories:
            assert DRAFT.faults(Source("any", story.document)) == []
            assert all(remark.place and remark.message for remark in story.remarks)
            from_document(story.document)
            examine(story.document)


@given(st.binary(max_size=200))
@trying(deadline=None)
def test_any_bytes_are_read_or_refused(content):
    for name in ("a.twee", "a.html", "a.zip", "a"):
        try:
            read_stories(content, name)
        except Faults:
            continue


@pytest.mark.parametrize(
    "piece", ["(a:", "[", "(link: 'x')[", "|a>[", "(if: $a)[", "<<if $a>>", "<<link 'x'>>", "[[", "<%"]
)
@pytest.mark.parametrize("format", ["Harlowe", "SugarCube", "Chapbook"])
def test_deep_nesting_comes_to_an_end(piece, format):
    assert story_of(piece * (40_000 // len(piece)), format=format).document["scenes"]


def test_bundle_of_nothing_is_refused():
    assert refusal_of(read_bundle, zipped([("a.md", b"x")]), "a.zip").startswith("There is no Twine story")


def test_story_is_rehearsed_and_then_made(browser, settings):
    settings.CACHES = settings.CACHES | {"default": settings.CACHES["memory"]}
    address = reverse("admin:scenarios_scenario_import")
    file = SimpleUploadedFile("story.twee", twee("[[Hall]]", ":: Hall\nA hall.").encode())
    rehearsed = browser.post(address, {"file": file})
    assert (rehearsed.status_code, Scenario.objects.filter(title="A story").exists()) == (200, False)
    assert "passage “Hall”" in rehearsed.content.decode()
    browser.post(address, {"rehearsed": rehearsed.context["token"], "story": "0"})
    assert Scenario.objects.get(title="A story").scenes.count() == 2
