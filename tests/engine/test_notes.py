"""What an author marked as still to be written is found, wherever it stands."""

from scenarios.engine.days import check_days
from tests.factories import a_document


def notes_in(document):
    return [
        (finding.severity, finding.scene, finding.text)
        for finding in check_days(document).findings
        if finding.code == "note-left"
    ]


def test_text_without_notes_has_none():
    assert notes_in(a_document()) == []


def test_note_is_an_error_that_quotes_it():
    document = a_document()
    document["scenes"]["heated"]["choices"]["argue"]["coaching"] = "✎ Say why."
    message = "A note (✎) is left: “Say why.” Write the words that belong in its place."
    assert notes_in(document) == [("error", "heated", message)]


def test_notes_of_one_scene_are_counted():
    document = a_document()
    document["scenes"]["heated"] |= {"title": "✎ One", "speech": "Words. ✎ Two\n\n✎ Three"}
    message = "3 notes (✎) are left, the first: “One” Write the words that belong in their place."
    assert notes_in(document) == [("error", "heated", message)]


def test_notes_are_found_before_the_start_and_on_a_day():
    document = a_document()
    document["introduction"] = "✎ Who am I?"
    document["days"] = {"bad": {"label": "Bad", "scenes": {"heated": {"speech": "✎ Louder"}}}}
    found = [(scene, message.split(" Write")[0]) for _, scene, message in notes_in(document)]
    assert sorted(found) == [
        ("", "A note (✎) is left: “Who am I?”"),
        ("", "On the day “Bad”: A note (✎) is left: “Louder”"),
    ]
