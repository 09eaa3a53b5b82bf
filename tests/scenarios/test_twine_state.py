"""What Twine stories set and ask: flags, meters, and what needs them."""

import pytest

from tests.scenarios.twine_files import remarks_of, scenes_of, story_of

ENDS = (":: Hall\nA hall.", ":: Yard\nA yard.")


def needs(scene):
    """What each choice of a scene needs, in order."""
    return [choice.get("requires", {}) for choice in scene["choices"].values()]


def does(scene, key):
    choice = scene["choices"][key]
    return {name: choice[name] for name in ("effects", "sets", "clears") if name in choice}


@pytest.mark.parametrize(
    ("condition", "required"),
    [
        ("$key", [{"has": ["key"]}]),
        ("not $key", [{"lacks": ["key"]}]),
        ("!$key", [{"lacks": ["key"]}]),
        ("$key is true", [{"has": ["key"]}]),
        ("$key is false", [{"lacks": ["key"]}]),
        ("$key eq true and $hp gt 3", [{"meters": {"hp": {"at_least": 4}}, "has": ["key"]}]),
        ("$key && ($hp >= 3 && $hp <= 5)", [{"meters": {"hp": {"at_least": 3, "at_most": 5}}, "has": ["key"]}]),
        ("$hp gte 3 and lte 5", [{"meters": {"hp": {"at_least": 3, "at_most": 5}}}]),
        ("3 lt $hp", [{"meters": {"hp": {"at_least": 4}}}]),
        ("$hp is 4", [{"meters": {"hp": {"at_least": 4, "at_most": 4}}}]),
        ("$hp neq 4", [{"meters": {"hp": {"at_most": 3}}}, {"meters": {"hp": {"at_least": 5}}}]),
        ("$key or $hp gt 3", [{"has": ["key"]}, {"meters": {"hp": {"at_least": 4}}, "lacks": ["key"]}]),
        ("not ($key and $hp gt 3)", [{"lacks": ["key"]}, {"meters": {"hp": {"at_most": 3}}, "has": ["key"]}]),
        ('$mood is "sad"', [{"has": ["mood-sad"]}]),
        ('$mood isnot "sad"', [{"lacks": ["mood-sad"]}]),
        ('$mood is "glad"', [{"lacks": ["mood-sad"]}]),
        ('hasVisited("Start")', [{"has": ["been-start"]}]),
        ("$things.includes('rope')", [{}]),
        ("$never_set", [{}]),
        ("random(1, 6) gt 3", [{}]),
        ("true", [{}]),
    ],
)
def test_condition_around_a_link_is_what_its_choice_needs(condition, required):
    sets = "<<set $key to false>><<set $hp to 4>><<set $mood to 'glad'>>"
    moves = "[[B|B][$key to true; $hp += 1; $mood to 'sad']] [[C|B][$hp -= 1]]"
    scenes = scenes_of(f"{sets}{moves}", f":: B\n<<if {condition}>>[[Hall]]<</if>>[[Yard]]", *ENDS)
    assert needs(scenes["b"]) == [*required, {}]


def test_else_needs_what_the_cases_before_it_do_not():
    scenes = scenes_of(
        "[[B|B][$a to true]] [[C|B][$n += 2]]",
        ":: B\n<<if $a>>[[One|Hall]]<<elseif $n gt 1>>[[Two|Hall]]<<else>>[[Three|Yard]]<</if>>",
        *ENDS,
    )
    assert needs(scenes["b"]) == [
        {"has": ["a"]},
        {"meters": {"n": {"at_least": 2}}, "lacks": ["a"]},
        {"meters": {"n": {"at_most": 1}}, "lacks": ["a"]},
    ]


@pytest.mark.parametrize(
    ("changes", "done"),
    [
        ("$a to true", {"sets": ["a"]}),
        ("$a to false", {"clears": ["a"]}),
        ("$n += 2", {"effects": {"n": 2}}),
        ("$n to $n - 1", {"effects": {"n": -1}}),
        ("$n++", {"effects": {"n": 1}}),
        ("$n to Math.max(0, $n - 2)", {"effects": {"n": -2}}),
        ("$n += 1; $a to true", {"effects": {"n": 1}, "sets": ["a"]}),
    ],
)
def test_set_on_a_link_is_what_its_choice_does(changes, done):
    asks = ":: B\n<<if $a and $n gt 0>>[[Hall]]<</if>>[[Yard]]"
    scenes = scenes_of(f"[[B|B][{changes}]] [[C|B][$a to true; $n -= 3]]", asks, *ENDS)
    assert does(scenes["start"], "b") == done


def test_set_on_arrival_moves_to_each_choice_that_leads_there():
    story = story_of("[[B]] [[Also|B][$n += 1]]", ":: B\n<<set $n += 2>><<if $n gt 2>>[[Hall]]<</if>>[[Yard]]", *ENDS)
    start = story.document["scenes"]["start"]
    assert [does(start, key)["effects"] for key in ("b", "also")] == [{"n": 2}, {"n": 3}]
    assert "passage “B”: It sets $n on arrival; here each choice that leads to it does." in remarks_of(
        story, "approximated"
    )


def test_set_after_a_question_moves_to_the_ways_out():
    scenes = scenes_of("[[B]]", ":: B\n<<if not $seen>>[[Hall]]<</if>>[[On|B]]<<set $seen to true>>", *ENDS)
    assert (does(scenes["start"], "b"), does(scenes["b"], "on")) == ({}, {"sets": ["seen"]})


def test_set_in_a_case_makes_a_choice_for_each_case():
    scenes = scenes_of(
        "[[B|B][$a to true]] [[C|B][$a to false]]",
        ":: B\n<<if $a>><<set $b to true>><</if>>[[On|D]]",
        ":: D\n<<if $b>>[[Hall]]<</if>>[[Yard]]",
        *ENDS,
    )
    assert [(choice.get("requires"), choice.get("sets")) for choice in scenes["b"]["choices"].values()] == [
        ({"has": ["a"]}, ["b"]),
        ({"lacks": ["a"]}, None),
    ]


def test_first_visit_is_told_from_later_ones():
    scenes = scenes_of(
        "[[B]]", ":: B\n(if: visits is 1)[[[Look->B]]](else:)[[[Hall]]]\n[[Yard]]", *ENDS, format="Harlowe"
    )
    assert needs(scenes["b"]) == [{"lacks": ["been-b"]}, {"has": ["been-b"]}, {}]
    assert does(scenes["b"], "look") == {"sets": ["been-b"]}


def test_deed_that_stays_is_a_choice_that_can_be_taken_once():
    scene = scenes_of(
        '<<link "Take the key">><<set $key to true>>It is cold.<</link>><<if $key>>[[Hall]]<</if>>[[Yard]]', *ENDS
    )["start"]
    assert scene["choices"]["take-the-key"] == {
        "text": "Take the key",
        "to": "start",
        "consequence": "It is cold.",
        "requires": {"lacks": ["did-take-the-key"]},
        "sets": ["did-take-the-key", "key"],
    }


def test_what_is_set_before_the_beginning_is_where_meters_begin():
    story = story_of(
        "[[B|B][$coins -= 1]]",
        ":: StoryInit\n<<set $coins to 5>>",
        ":: B\n<<if $coins gt 1>>[[B]]<</if>>[[Yard]]",
        *ENDS,
    )
    assert story.document["meters"]["coins"] == {"label": "Coins", "start": 5, "minimum": 0, "maximum": 5}


def test_tension_is_tension():
    story = story_of("[[B|B][$tension to Math.clamp($tension + 2, 0, 10)]]", ":: StoryInit\n<<set $tension to 6>>",
                     ":: B\n<<if $tension gt 7>>[[Hall]]<</if>>[[Yard]]", *ENDS)  # fmt: skip
    assert story.document["meters"] == {"tension": {"start": 6}}


@pytest.mark.parametrize(
    "change",
    ["$a to random(1, 6)", "$a to $b", "$a.push('x')", "$a to [1, 2]", '$a to "x" + "y"', "$a to not $a"],
)
def test_variable_that_cannot_be_followed_leaves_its_links_open_in_words(change):
    story = story_of(f"<<set {change}>>[[B]]", ":: B\n<<if $a gt 3>>[[Hall]]<<else>>[[Yard]]<</if>>", *ENDS)
    assert needs(story.document["scenes"]["b"]) == [{}, {}]
    [dropped] = [remark for remark in remarks_of(story, "dropped") if "$a" in remark]
    assert dropped.startswith("passage “Start”: What sets $a was left out: it cannot be followed")
    assert "passage “B”: “Hall” is there under a condition that cannot be followed here; it is always offered." in (
        remarks_of(story, "approximated")
    )


def test_variable_that_a_script_changes_is_not_followed():
    script = ":: S [script]\nState.variables.key = true;"
    scenes = scenes_of("<<set $key to false>>[[B]]", script, ":: B\n<<if $key>>[[Hall]]<</if>>[[Yard]]", *ENDS)
    assert needs(scenes["b"]) == [{}, {}]


def test_words_of_each_case_come_in_with_the_case():
    story = story_of("<<if $a>>A dog<<else>>A cat<</if>> looks up. [[Hall][$a to true]]", *ENDS)
    assert story.document["scenes"]["start"]["description"].startswith(
        "*(If $a:)* A dog *(Otherwise:)* A cat looks up."
    )
    assert any("Some of its words are there in some cases only" in said for said in remarks_of(story, "approximated"))


def test_switch_is_a_case_for_each_value():
    scenes = scenes_of(
        "[[B|B][$s to 'x']] [[C|B][$s to 'y']]",
        ":: B\n<<switch $s>><<case 'x' 'z'>>[[Hall]]<<case 'y'>>[[Yard]]<<default>>[[B]]<</switch>>",
        *ENDS,
    )
    assert needs(scenes["b"]) == [
        {"has": ["s-x"]},
        {"has": ["s-y"], "lacks": ["s-x"]},
        {"lacks": ["s-x", "s-y"]},
    ]
