"""Links in all the forms that Twine's formats have: each becomes a choice."""

import pytest

from tests.scenarios.twine_files import choices_in, remarks_of, scenes_of, story_of

ENDS = (":: Hall\nA hall.", ":: Yard\nA yard.")


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("[[Hall]]", [("Hall", "hall")]),
        ("[[Go in|Hall]]", [("Go in", "hall")]),
        ("[[Go in->Hall]]", [("Go in", "hall")]),
        ("[[Hall<-Go in]]", [("Go in", "hall")]),
        ("[[Go -> in->Hall]]", [("Go -> in", "hall")]),
        ("[[Go in|Hall][$a to 1]]", [("Go in", "hall")]),
        ("[img[hall.png][Hall]]", [("Continue", "hall")]),
        ('<<link "Go in" "Hall">><</link>>', [("Go in", "hall")]),
        ("<<link 'Go in' 'Hall'>>", [("Go in", "hall")]),
        ("<<link [[Go in|Hall]]>><</link>>", [("Go in", "hall")]),
        ('<<button "Go in" "Hall">><</button>>', [("Go in", "hall")]),
        ('<<click "Go in" "Hall">><<endclick>>', [("Go in", "hall")]),
        ('<<link "Go in">><<goto "Hall">><</link>>', [("Go in", "hall")]),
        ("<<link 'Go in'>><<script>>Engine.play('Hall')<</script>><<goto [[Hall]]>><</link>>", [("Go in", "hall")]),
        ('<<goto "Hall">>', [("Continue", "hall")]),
        ('<<actions "Hall" "Yard">>', [("Hall", "hall"), ("Yard", "yard")]),
        ('<<choice "Hall" "Go in">>', [("Go in", "hall")]),
        ("<<choice [[Go in|Hall]]>>", [("Go in", "hall")]),
        ('<<linkreplace "Look">>A door. [[Go in|Hall]]<</linkreplace>>', [("Go in", "hall")]),
        ('<a data-passage="Hall" class="x">Go in</a>', [("Go in", "hall")]),
        ('<<hurry "Go in" "Hall">>', [("Go in", "hall")]),
        ("[[Go [[in|Hall]]", [("in", "hall")]),
    ],
)
def test_sugarcube_link_becomes_a_choice(text, choices):
    assert choices_in(scenes_of(text, *ENDS)["start"]) == choices


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("[[Hall]]", [("Hall", "hall")]),
        ("[[Go in->Hall]]", [("Go in", "hall")]),
        ('(link-goto: "Go in", "Hall")', [("Go in", "hall")]),
        ('(link-goto: "Hall")', [("Hall", "hall")]),
        ('(Link_Goto: "Go in", "Hall")', [("Go in", "hall")]),
        ('(link: "Go in")[(goto: "Hall")]', [("Go in", "hall")]),
        ('(link: "Go in")[(set: $a to 1)(go-to: "Hall")]', [("Go in", "hall")]),
        ('(link-repeat: "Go in")\n[(goto: "Hall")]', [("Go in", "hall")]),
        ('(link-reveal-goto: "Go in", "Hall")[(set: $a to 1)]', [("Go in", "hall")]),
        ('Go in(click-goto: "Go in", "Hall")', [("Go in", "hall")]),
        ('(click: "door")[A door. [[Go in->Hall]]]', [("Go in", "hall")]),
        ('(text-style: "bold")+(link: "Go in")[(goto: "Hall")]', [("Go in", "hall")]),
        ('(transition: "dissolve")[[[Go in->Hall]]]', [("Go in", "hall")]),
        ('(after: 2s)[(goto: "Hall")]', [("Continue", "hall")]),
        ('(link-goto: "Go in", (either: "Hall", "Yard"))', [("Go in", "hall"), ("Go in", "yard")]),
        ('(set: $more to "…[[Go in->Hall]]")(print: "[[Go in->Hall]]")', [("Go in", "hall")]),
        ("|door>[ [[Go in->Hall]] ] [x]<door|", [("Go in", "hall")]),
    ],
)
def test_harlowe_link_becomes_a_choice(text, choices):
    assert choices_in(scenes_of(text, *ENDS, format="Harlowe")["start"]) == choices


def test_format_that_is_not_known_keeps_words_and_links():
    story = story_of("who: 'me'\n--\n[if who]\nYou see {who}. <%= x %>\n\n[[Go in->Hall]]\n{back link}", *ENDS,
                     format="Chapbook")  # fmt: skip
    assert choices_in(story.document["scenes"]["start"]) == [("Go in", "hall")]
    assert story.document["scenes"]["start"]["description"].startswith("You see")
    assert "the file: Of its format, Chapbook, only passages and links are known here." in remarks_of(
        story, "approximated"
    )


@pytest.mark.parametrize(
    ("format", "text", "prose"),
    [
        ("SugarCube", "You could [[walk over|Hall]] or wait.\n\n[[Wait|Yard]]", "You could walk over or wait."),
        ("Harlowe", 'You could (link-goto: "walk over", "Hall").\n* [[Wait->Yard]]', "You could walk over."),
        ("SugarCube", "''Loud'', //louder//, [[Hall]].", "**Loud**, *louder*, Hall."),
        ("Harlowe", "''Loud'' and {one\n  line} `[[x]]` <!-- no -->", "**Loud** and one line [[x]]"),
        ("SugarCube", "!Top\nA /* no */ <b>word</b> /% no %/ [[Hall]]", "## Top\n\nA **word** Hall"),
        ("SugarCube", "<script>alert(1)</script>a<<script>>alert(2)<</script>>b", "ab"),
    ],
)
def test_link_in_a_sentence_stays_as_its_words(format, text, prose):
    assert scenes_of(text, ":: Z\n[[Start]]", *ENDS, format=format)["start"]["description"] == prose


def test_way_back_leads_to_where_one_came_from():
    scenes = scenes_of(
        "[[A]] [[B]]", ":: A\n[[C]]\n<<back>>", ":: B\n[[C]]", ':: C\n<<return "Back">>\n[[Hall]]', *ENDS
    )
    assert choices_in(scenes["a"]) == [("C", "c"), ("Back", "start")]
    assert choices_in(scenes["c"]) == [("Back (A)", "a"), ("Back (B)", "b"), ("Hall", "hall")]


def test_link_to_nowhere_is_a_choice_that_leads_nowhere():
    story = story_of("[[Hal]] and [[the web|https://example.org]]", *ENDS)
    assert choices_in(story.document["scenes"]["start"]) == [("Hal", "")]
    assert remarks_of(story, "dropped")[:2] == [
        "passage “Start”: “Hal” leads to “Hal”, which is not in the file. Pick where it leads.",
        "passage “Start”: “the web” leads out of the story, to https://example.org; it is no choice here.",
    ]


def test_passage_within_another_brings_its_words_and_links():
    scenes = scenes_of('<<include "Shared">>', ":: Shared\nA door. [[Hall]]\n<<include 'Start'>>", *ENDS)
    assert (list(scenes), choices_in(scenes["start"])) == (["start"], [("Hall", "hall")])


def test_jump_that_only_sometimes_comes_goes_before_what_can_be_picked():
    choices = scenes_of(
        "<<set $hp to 3>>[[Fight|Fight]]",
        ":: Fight\n<<set $hp -= 1>><<if $hp lte 1>><<goto 'Yard'>><</if>>\n[[Again|Fight]]",
        *ENDS,
    )["fight"]["choices"]
    assert [(c["text"], c["to"], c["requires"]["meters"]["hp"]) for c in choices.values()] == [
        ("Again", "fight", {"at_least": 2}),
        ("Continue", "yard", {"at_most": 1}),
    ]
