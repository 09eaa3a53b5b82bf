"""GIFT files: little ones, and the questions that they become."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.gift import read_gift
from courses.packs.formats import ACTIVITY
from scenarios.exchange import Faults, Source
from scenarios.exchange.foreign import APPROXIMATED, DROPPED, KEPT

FILE = """\
// A comment
$CATEGORY: $course$/top/Desk

::First words::What do you say first? {
  =Good morning#People like it.
  ~What?#It sounds rude.
}

A library card is {=free ~dear#No \\= never.} for all.
"""


def only(text):
    """The one question of a text."""
    [question] = read_gift(text, "any.gift").questions.values()
    return question


def options_of(text):
    return {key: (option.get("correct", False), option["explanation"]) for key, option in only(text)["options"].items()}


def remarks_of(text, outcome):
    return [(remark.line, remark.message) for remark in read_gift(text, "any.gift").remarks
            if remark.outcome == outcome]  # fmt: skip


def check(questions):
    """What the schema of a knowledge check says of questions, once every explanation has been written."""
    for question in questions.values():
        for option in question["options"].values():
            option["explanation"] = option["explanation"] or "Because."
    data = {"kind": "knowledge-check", "title": "Check", "minutes": 5, "questions": questions}
    return ACTIVITY.faults(Source("any.yaml", data))


def test_file_becomes_questions():
    found = read_gift(FILE, "desk.gift")
    assert found.questions == {
        "first-words": {
            "text": "What do you say first?",
            "options": {
                "good-morning": {"text": "Good morning", "correct": True, "explanation": "People like it."},
                "what": {"text": "What?", "explanation": "It sounds rude."},
            },
        },
        "a-library-card-is-for-all": {
            "text": "A library card is ____ for all.",
            "options": {
                "free": {"text": "free", "correct": True, "explanation": ""},
                "dear": {"text": "dear", "explanation": "No = never."},
            },
        },
    }
    assert check(found.questions) == []


def test_every_piece_is_accounted_for_with_its_line():
    assert [(remark.line, remark.outcome, remark.place) for remark in read_gift(FILE, "desk.gift").remarks] == [
        (2, DROPPED, "category"),
        (4, KEPT, "question “First words”"),
        (9, APPROXIMATED, "question “A library card is”"),
        (9, KEPT, "question “A library card is”"),
    ]


def test_several_right_answers_are_all_asked_for():
    question = only("Pick {~%50%a ~%50%b ~%-100%c}")
    assert question["multiple"]
    assert [key for key, option in question["options"].items() if option.get("correct")] == ["a", "b"]


def test_one_right_answer_with_a_weight_is_single():
    assert "multiple" not in only("Pick {~%100%a ~b}")


def test_partly_right_answer_is_wrong_and_says_so():
    text = "Pick {~a ~%50%b =c}"
    assert options_of(text) == {"a": (False, ""), "b": (False, ""), "c": (True, "")}
    assert (1, "Answers that are partly right in Moodle are wrong here.") in remarks_of(text, APPROXIMATED)


def test_several_full_answers_are_all_asked_for_and_it_says_so():
    text = "Pick {=a =b ~c}"
    assert only(text)["multiple"]
    assert any("any one of its right answers is enough" in said for _, said in remarks_of(text, APPROXIMATED))


@pytest.mark.parametrize("said", ["T", "TRUE", "true"])
def test_true(said):
    assert options_of(f"The sun rises {{{said}}}") == {"true": (True, ""), "false": (False, "")}


def test_false_with_feedback_for_the_wrong_and_the_right():
    assert options_of("The moon is cheese {FALSE#It is rock.#Rock it is.}") == {
        "true": (False, "It is rock."), "false": (True, "Rock it is."),
    }  # fmt: skip


def test_general_feedback_stands_in_for_what_options_do_not_say():
    assert options_of("Pick {=a#Yes. ~b####It is a.}") == {"a": (True, "Yes."), "b": (False, "It is a.")}
    assert options_of("Pick {=a#Yes. ~b#No.####It is a.}") == {"a": (True, "Yes. It is a."), "b": (False, "No.")}


def test_escapes_and_formats():
    assert only(r"[plain]a \{b\} \= \~ \# c\: \\ *d*\ne {=\=1 ~\~2}")["text"] == "a {b} = ~ # c: \\\\ \\*d\\*  \ne"
    assert only("[markdown]**a** _b_ {=c ~d}")["text"] == "**a** _b_"
    assert only("[html]<p>a <b>b</b></p>{=<i>c</i> ~[plain]<d>}") == {
        "text": "a **b**",
        "options": {
            "c": {"text": "c", "correct": True, "explanation": ""},
            "d": {"text": "<d>", "explanation": ""},
        },
    }


def test_attributes_and_entities_that_nobody_escaped():
    question = only("[html]<p style=\"color:red\">It&#39;s?</p>{=<b class='x'>yes</b> ~no}")
    assert (question["text"], list(question["options"])) == ("It's?", ["yes", "no"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Say it {=four =4}", "This is a short answer question, which a knowledge check cannot ask."),
        ("Say it {four}", "This is a short answer question, which a knowledge check cannot ask."),
        ("Match {=a -> b =c -> d}", "This is a matching question, which a knowledge check cannot ask."),
        ("When? {#1822:5}", "This is a numerical question, which a knowledge check cannot ask."),
        ("Write {}", "This is an essay question, which a knowledge check cannot ask."),
        ("Only words.", "This is a text without answers, which a knowledge check cannot ask."),
        ("Open {=a ~b", "A brace “{” opens in it and never closes. Add “}” after its answers."),
        ("Shut =a ~b}", "A brace “}” closes in it that never opened. Add “{”, or write “\\}”."),
        ("Two {=a ~b} and {=c ~d}",
         "There is more than one pair of braces in it. Write “\\{” and “\\}” for braces in the text."),
        ("Round } and {", "Its braces are the wrong way round. Write “{”, then the answers, then “}”."),
        ("All wrong {~a ~b}", "No answer of it is right. Mark one with “=”."),
        ("One {=a ~}", "This is a"),
        ("{=a ~b}", "It has no words, so nobody would know what is asked."),
        ("Image {=a ~<img src\\=x>}", "It has fewer than two answers to choose from."),
    ],
)  # fmt: skip
def test_question_that_cannot_be_asked_is_dropped_and_the_rest_is_read(text, message):
    text = f"// first\n\n{text}\n\n::Next::Fine? {{T}}\n"
    assert list(read_gift(text, "any.gift").questions) == ["next"]
    dropped = remarks_of(text, DROPPED)
    assert dropped[-1][0] == 3
    assert dropped[-1][1].startswith(message if message != "This is a" else "It has fewer")


def test_blank_line_among_answers_does_not_end_a_question():
    assert list(only("Pick {\n=a\n\n~b\n}")["options"]) == ["a", "b"]


def test_questions_without_a_blank_line_between():
    text = "One {T}\nTwo {F}\n::t::Three\n{=a\n// comment\n~b}\n$CATEGORY: x\nFour {T}"
    assert list(read_gift(text, "any.gift").questions) == ["one", "two", "t", "four"]


def test_same_titles_get_different_keys():
    assert list(read_gift("::a::b {T}\n\n::a::c {T}", "any.gift").questions) == ["a", "a-2"]


def test_title_of_signs_only_gets_a_key():
    assert list(read_gift("::?::β {=α ~γ}", "any.gift").questions) == ["question"]


def test_what_is_too_long_is_cut_in_words():
    text = f"Pick {{={'a' * 500}#{'b' * 700} ~c}}"
    option = next(iter(only(text)["options"].values()))
    assert (len(option["text"]), len(option["explanation"])) == (400, 600)
    assert len(remarks_of(text, DROPPED)) == 2


def test_questions_beyond_the_most_are_dropped():
    text = "\n\n".join(["One {T}"] * 202)
    assert len(read_gift(text, "any.gift").questions) == 200
    assert [line for line, _ in remarks_of(text, DROPPED)] == [401, 403]


@pytest.mark.parametrize("text", ["", " \n\n", "// only\n// comments", "\ufeff"])
def test_file_without_a_question_is_a_fault(text):
    with pytest.raises(Faults, match="There is no question in this file"):
        read_gift(text, "any.gift")


def test_file_that_is_too_large_is_a_fault():
    with pytest.raises(Faults, match="more than 2,000,000 characters"):
        read_gift("a" * 2_000_001, "any.gift")
    with pytest.raises(Faults, match="more than 5,000 questions"):
        read_gift("a\n\n" * 5_001, "any.gift")


def test_windows_line_breaks_and_byte_order_mark_do_not_matter():
    assert read_gift("\ufeff" + FILE.replace("\n", "\r\n"), "any.gift") == read_gift(FILE, "any.gift")


GIFT = st.text(st.sampled_from("ab \n{}~=#%:\\/[]<>*$-50T") | st.characters(), max_size=80)


@given(GIFT)
@settings(deadline=None, max_examples=400)
def test_any_text_is_read_or_refused(text):
    assert_sound(text)


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_mutated_file_is_read_or_refused(data):
    start = data.draw(st.integers(0, len(FILE)))
    assert_sound(FILE[:start] + data.draw(GIFT) + FILE[start + data.draw(st.integers(0, 30)) :])


def assert_sound(text):
    try:
        found = read_gift(text, "any.gift")
    except Faults:
        return
    assert found.remarks
    assert all(1 <= remark.line <= text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
               for remark in found.remarks)  # fmt: skip
    if found.questions:
        assert check(found.questions) == []
