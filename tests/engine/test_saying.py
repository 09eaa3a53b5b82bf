"""Sentences that keep their words and values apart."""

from scenarios.engine.check import check
from scenarios.engine.saying import said
from tests.engine.stories import story, to

SPANISH = {
    "%(choice)s is offered when %(tests)s": "%(choice)s se ofrece con %(tests)s",
    "%(meter)s at most %(most)s": "%(meter)s como máximo %(most)s",
    "tension": "tensión",
}
OFFERED = said(
    "%(choice)s is offered when %(tests)s",
    choice="100% sure",
    tests=(said("%(meter)s at most %(most)s", meter=said("tension"), most=3), "knows"),
)


def test_sentence_is_english_where_nobody_translates_it():
    assert str(OFFERED) == "100% sure is offered when tension at most 3, knows"


def test_sentence_is_translated_down_to_its_pieces_and_never_in_its_values():
    translated = SPANISH | {"knows": "sabe", "100% sure": "segura"}
    told = OFFERED.told(lambda words: translated[words])
    assert told == "100% sure se ofrece con tensión como máximo 3, knows"


def test_two_sentences_are_one_where_they_say_the_same():
    assert len({OFFERED, said("knows"), said("knows"), said("%(x)s", x=1), said("%(x)s", x=2)}) == 4


def test_finding_asks_the_translator_for_every_word_of_its_own():
    [finding] = [found for found in check(story(one=[to("two"), to("settled")], two=[])) if found.code == "stuck"]
    asked = []

    def translated(words):
        asked.append(words)
        return words

    assert finding.message.told(translated) == finding.text
    *pieces, whole = asked
    assert pieces == ["tension", "%(meter)s %(value)s", "for example after %(choices)s"]
    assert whole.startswith("A learner can be here with nothing to choose")
