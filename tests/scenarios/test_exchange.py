"""Files in and out: what they say, in which line they say it, and that nothing hostile gets through."""

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.exchange import SCENARIO, Faults, read, read_document, read_scenario, to_yaml
from scenarios.exchange.source import UNPRINTABLE, tidy
from scenarios.models import Choice, Flag, Meter, Scenario, Scene
from tests.factories import a_document

DOCUMENT = a_document(
    content_note="Raised voices.",
    policies=["fines"],
    meters={"tension": {"start": 4}, "trust": {"label": "Trust", "start": 2, "minimum": 0, "maximum": 10}},
    flags={"heard": "You listened: she knows"},
)
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t :-#'\"{}[]&*!|>%@`"), max_size=40
)


def text_of(document):
    return to_yaml(SCENARIO.canonical(document))


def faults_of(content, name="desk.yaml"):
    content = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(Faults) as refused:
        read_scenario(content, name)
    return [(fault.line, fault.message) for fault in refused.value.faults]


def broken(find, replace, document=DOCUMENT):
    text = text_of(document)
    assert find in text
    return text.replace(find, replace, 1)


def test_yaml_and_json_say_the_same():
    assert read_document(text_of(DOCUMENT).encode(), "desk.yaml") == DOCUMENT
    assert read_document(json.dumps(DOCUMENT).encode(), "desk.json") == DOCUMENT
    assert read_document(json.dumps(DOCUMENT, indent=2).encode(), "desk.yaml") == DOCUMENT


def test_file_is_read_by_its_path(tmp_path):
    path = tmp_path / "desk.yaml"
    path.write_text(text_of(DOCUMENT))
    assert read_document(path) == DOCUMENT


def test_windows_line_breaks_and_byte_order_mark_do_not_matter():
    content = b"\xef\xbb\xbf" + text_of(DOCUMENT).replace("\n", "\r\n").encode()
    assert read_document(content, "desk.yaml") == DOCUMENT


def test_canonical_text_is_what_any_yaml_reader_reads():
    assert yaml.safe_load(text_of(DOCUMENT)) == SCENARIO.canonical(DOCUMENT)


def test_canonical_text_is_readable():
    document = {"title": "No. 5: yes", "text": "One\nTwo  \nthree: x", "none": "no", "list": [{"a": 1}, "b"], "n": "12"}
    assert to_yaml(document) == (
        "title: 'No. 5: yes'\ntext: |-\n  One\n  Two  \n  three: x\nnone: 'no'\nlist:\n- a: 1\n- b\nn: '12'\n"
    )
    assert to_yaml({"title": "word " * 200 + "end"}) == "title: " + "word " * 200 + "end\n"


def test_canonical_form_has_the_fields_in_order_and_leaves_out_what_is_empty():
    shuffled = dict(reversed(DOCUMENT.items())) | {"flags": {}, "content_note": "  ", "policies": ["b", "a"]}
    canonical = SCENARIO.canonical(shuffled)
    assert list(canonical) == [
        "format", "slug", "title", "language", "summary", "minutes",
        "introduction", "policies", "meters", "scenes", "endings",
    ]  # fmt: skip
    assert canonical["policies"] == ["a", "b"]
    assert list(canonical["scenes"]) == ["opening", "calmer", "heated"]
    assert canonical["introduction"] == "You are at the *desk*.\n"


@given(st.recursive(WORDS | st.integers(-999, 999) | st.booleans(), lambda inner: st.lists(inner) | st.dictionaries(
    WORDS, inner), max_leaves=12).filter(lambda data: isinstance(data, dict)))  # fmt: skip
@settings(deadline=None)
def test_what_is_written_is_read_again(data):
    def tidied(value):
        if isinstance(value, dict):
            return {tidy(key): tidied(item) for key, item in value.items()}
        if isinstance(value, list):
            return [tidied(item) for item in value]
        return tidy(value) if isinstance(value, str) else value

    data = tidied(data)
    assert read(to_yaml(data).encode(), "any.yaml").data == data
    assert read(json.dumps(data, indent=1).encode(), "any.json").data == data


def test_every_line_is_the_line_of_its_key():
    text = text_of(DOCUMENT)
    for name, content in (("desk.yaml", text), ("desk.json", json.dumps(DOCUMENT, indent=1))):
        source = read_scenario(content.encode(), name)
        lines = content.splitlines()
        keys = {path: line for path, line in source.lines.items() if isinstance(path[-1], str)}
        assert {path: lines[line - 1].strip(' "-').split(":")[0].strip('"') for path, line in keys.items()} == {
            path: path[-1] for path in keys
        }


def test_line_within_a_text_is_counted():
    text = broken("  You are at the *desk*.\n", "  One.\n  Two.\n  Three {here}.\n")
    source = read_scenario(text.encode(), "desk.yaml")
    offset = source.data["introduction"].index("{here}")
    assert text.splitlines()[source.line_of(("introduction",), offset) - 1] == "  Three {here}."


@pytest.mark.parametrize(
    ("find", "replace", "after", "message"),
    [
        ("minutes: 5\n", "", None, "“minutes” is missing. A scenario needs it."),
        ("minutes: 5", "minutes: five", 0, "minutes: expected a whole number, found the text “five”."),
        ("minutes: 5", "minutes: 5.5", 0, "minutes: expected a whole number, found 5.5."),
        ("minutes: 5", "minutes: 0", 0, "minutes: 0 is too little; 1 is the least."),
        ("title: At the desk", "title: 12", 0, "title: expected text, found 12. Put it in quotes."),
        ("title: At the desk", "title:", 0, "title: expected text, found nothing."),
        ("title: At the desk", "title: ' '", 0, "title: this is empty. Write something."),
        ("title: At", "title: " + "x" * 200, 0, "title: this has 209 characters; 120 is the most."),
        ("slug: desk", "slug: The Desk", 0,
         "slug: “The Desk” is not a key of lower-case letters, digits and hyphens, such as “the-other-bag”."),
        ("summary:", "sumary:", None, "“summary” is missing. A scenario needs it."),
        ("summary:", "sumary:", 0, "“sumary” is not a field of a scenario. Did you mean “summary”?"),
        ("effects:", "efects:", 0,
         "scenes.opening.choices.rush: “efects” is not a field of a choice. Did you mean “effects”?"),
        ("kind: unsafe", "kind: bad", 0,
         "endings.stormy.kind: expected resolved, partly-resolved, escalated or unsafe, found the text “bad”."),
        ("clear-limits: -1", "clear-limits: 2", 0,
         "scenes.opening.choices.rush.skills.clear-limits: expected 1, 0 or -1, found 2."),
        ("  heated:", "  Heated:", 0,
         "scenes: “Heated” is not a name here. Use lower-case letters, digits and hyphens, for example"
         " “the-other-bag”."),
        ("- fines", "- fines\n- fines", -1, "policies: something is in this list twice. Keep one of each."),
        ("  tension:\n    start: 4\n", "", -1, "meters: “tension” is missing. The field “meters” needs it."),
        ("    start: 4\n", "    start: 4\n    maximum: 20\n", 1,
         "meters.tension: “maximum” is not a field of tension, which always goes from 0 to 10. Expected start."),
        ("minutes: 5", "minutes: 5\nminutes: 6", 1, "“minutes” is here twice. Keep one of them."),
        ("minutes: 5", "minutes: &five 5", 0, "“&five” is an anchor. Anchors are not read."),
        ("minutes: 5", "minutes: *five", 0, "“*five” is an alias. Write out what it stands for."),
        ("minutes: 5", "minutes: !!int 5", 0, "“tag:yaml.org,2002:int” is a tag. Tags are not read."),
        ("format: scenario/1", "format: scenario/9", 0, "format: expected scenario/1, and this says scenario/9."),
        ("title: At", "title: a: b", 0,
         "This is not YAML: mapping values are not allowed in this context. Put a text that has a colon in it in"
         " quotes."),
        ("title: At the desk", 'title: "\\0"', 0,
         "There is a character that cannot be shown here (U+0000). Delete it."),
        ("title: At", "title: \x07", 0, "There is a character that cannot be shown here (U+0007). Delete it."),
        ("minutes: 5", "? [a, b]\n: 5", 0, "A key has to be a plain word here."),
        ("minutes: 5", "minutes: 5\n---\na: 1", 1, "A second document begins here. Keep one a file."),
    ],
)  # fmt: skip
def test_fault_says_where_and_what(find, replace, after, message):
    """``after`` counts lines from the one that was broken; None is the document itself."""
    here = text_of(DOCUMENT).partition(find)[0].count("\n") + 1
    assert (1 if after is None else here + after, message) in faults_of(broken(find, replace))


def test_scene_needs_words():
    document = a_document()
    document["scenes"]["calmer"].pop("speech")
    assert [message for _, message in faults_of(text_of(document))] == [
        "scenes.calmer: this needs description or speech, or both."
    ]


def test_every_fault_is_named_at_once():
    text = broken("minutes: 5", "minutes: five").replace("kind: unsafe", "kind: bad").replace("start: 4", "start: 11")
    lines = text.splitlines()
    assert [lines[line - 1].strip() for line, _ in faults_of(text)] == ["minutes: five", "start: 11", "kind: bad"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", "This is not UTF-8. Save the file as UTF-8 text."),
        (b"a: \x00", "There is a character that cannot be shown here (U+0000). Delete it."),
        (b"", "expected fields with names, found nothing."),
        (b"- a", "expected fields with names, found a list."),
        (b"#" * 2_000_001, "This file is larger than 2,000,000 bytes, which is the most."),
        (b"[" * 5_000, "This is nested more than 20 levels deep."),
        (b"a: " + b"{a: " * 5_000, "This is nested more than 20 levels deep."),
        (b'{"a": ' * 5_000, "This is nested more than 20 levels deep."),
        (b"- " * 5_000 + b"a", "This is nested more than 20 levels deep."),
        (b"a: " + b"9" * 5_000, "format: expected scenario/1, and this does not say what it is."),
        (b"<<: {a: 1}", "format: expected scenario/1, and this does not say what it is."),
        (b"%TAG ! tag:x,2000:\n--- !a\nb: 1", "“tag:x,2000:a” is a tag. Tags are not read."),
    ],
)
def test_hostile_yaml_is_a_fault(content, message):
    assert message in [found for _, found in faults_of(content)]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b'{"a": 1,\n "a": 2}', 2, "“a” is here twice. Keep one of them."),
        (b'{"a": 1,\n }', 2, "This is not JSON: expected a key in double quotes."),
        (b'{"a": tru}', 1, "This is not JSON: expecting value."),
        (b'{"a": 1}\n{', 2, "This is not JSON: nothing may follow the document."),
        (b'{"a":\n "\\ud800"}', 2, "There is a character that cannot be shown here (U+D800). Delete it."),
        (b'{"a":\n "\\u0000"}', 2, "There is a character that cannot be shown here (U+0000). Delete it."),
        (b'{"a":\n ' + b"9" * 5_000 + b"}", 2, "This is not JSON: a number is too long."),
        (b"[" * 5_000, 1, "This is nested more than 20 levels deep."),
    ],
)
def test_hostile_json_is_a_fault(content, line, message):
    assert (line, message) in faults_of(content, "desk.json")


def test_missing_file_is_a_fault(tmp_path):
    with pytest.raises(Faults) as refused:
        read_document(tmp_path / "none.yaml", "none.yaml")
    assert str(refused.value) == "none.yaml: This file cannot be read: No such file or directory."


def test_whole_numbers_of_json_may_be_written_with_a_point():
    content = json.dumps(DOCUMENT).replace('"minutes": 5', '"minutes": 5.0').encode()
    minutes = read_document(content, "desk.json")["minutes"]
    assert (minutes, type(minutes)) == (5, int)


def test_words_that_old_yaml_takes_for_something_else_are_text():
    assert read(b"a: no\nb: 2024-05-01\nc: 1:30\nd: 0x1f\nyes: on", "any.yaml").data == {
        "a": "no", "b": "2024-05-01", "c": "1:30", "d": "0x1f", "yes": "on",
    }  # fmt: skip


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode(errors="surrogatepass")))
@settings(deadline=None)
def test_random_bytes_are_faults(content):
    for name in ("any.yaml", "any.json"):
        with pytest.raises(Faults):
            read_scenario(content, name)


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_mutated_document_is_read_or_refused_with_a_line_of_the_file(data):
    text = data.draw(st.sampled_from([text_of(DOCUMENT), json.dumps(DOCUMENT, indent=1)]))
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 30))
    text = text[:start] + data.draw(WORDS) + text[start + length :]
    name = "any.json" if text.startswith("{") else "any.yaml"
    faults = mutated(text, name)
    assert all(0 <= fault.line <= text.count("\n") + 1 for fault in faults)


def mutated(text, name):
    """The faults of a text; one that has none is written and read again, and then the same."""
    try:
        document = read_document(text.encode(), name)
    except Faults as refused:
        return refused.faults
    again = read_document(text_of(document).encode(), "any.yaml")
    assert text_of(again) == text_of(document)
    assert not UNPRINTABLE.search(json.dumps(document, ensure_ascii=False))
    return ()


@pytest.mark.parametrize(
    ("place", "model", "field"),
    [
        ("properties.summary", Scenario, "summary"),
        ("properties.content_note", Scenario, "content_note"),
        ("properties.language", Scenario, "language"),
        ("$defs.title", Scenario, "title"),
        ("$defs.title", Scene, "title"),
        ("$defs.key", Scene, "key"),
        ("$defs.scene.properties.speaker", Scene, "speaker"),
        ("$defs.choice.properties.text", Choice, "text"),
        ("properties.flags.additionalProperties", Flag, "label"),
        ("properties.meters.additionalProperties.properties.label", Meter, "label"),
    ],
)
def test_schema_lets_in_what_the_database_can_hold(place, model, field):
    schema = SCENARIO.schema
    for step in place.split("."):
        schema = schema[step]
    assert schema["maxLength"] == model._meta.get_field(field).max_length


def test_schema_is_a_schema():
    SCENARIO.validator.check_schema(SCENARIO.schema)
