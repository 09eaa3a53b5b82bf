"""A sentence is stored as a message and its values, and said in the language of whoever reads it."""

from datetime import date

import pytest
from django.utils.translation import override

from courses import due_words
from courses.due_words import Since
from courses.models import Enrolment
from tests.factories import EnrolmentFactory
from training.lib.sentences import Sentence, counted, sentence

DUE = due_words.whole(
    date(2027, 1, 31),
    mandatory=True,
    reasons=(due_words.days_after(30, Since(date(2027, 1, 1), completed="{braces} & [brackets]")), "edition 3 is new"),
)


def test_sentence_is_said_with_its_values_as_they_are():
    said = (
        "Due 31 January 2027: 30 days after “{braces} & [brackets]” was completed on 1 January 2027; edition 3 is new."
    )
    assert str(DUE) == said


def test_sentence_is_said_in_the_language_of_whoever_reads_it():
    with override("es"):
        assert (
            str(due_words.renewed_each("Norte", (11, 2)))
            == "El personal de Norte lo renueva cada año de noviembre a febrero"
        )
        assert str(sentence("Due {day}: {reasons}.", day=date(2027, 1, 31), reasons=("x",))).startswith(
            "Fecha límite: 31 de enero de 2027."
        )


@pytest.mark.parametrize(("count", "said"), [(1, "1 day of leave"), (2, "2 days of leave")])
def test_sentence_counts(count, said):
    assert str(counted("{count} day of leave", "{count} days of leave", count=count)) == said


def test_sentence_with_words_of_another_time_is_said_as_it_was_stored():
    assert str(sentence("{name} was here before this message was reworded", name="Ana")).startswith("Ana was here")


@pytest.mark.parametrize("text", ["[", "[] is empty", "[later] see note", '["', '["a", {}'])
def test_text_is_said_as_it_stands_also_in_a_sentence(text):
    assert (str(Sentence(text)), str(sentence("{it}", it=Sentence(text)))) == (text, text)


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [DUE, Sentence(), "Due some day."])
def test_sentence_comes_back_from_the_database_as_it_went(kept):
    row = EnrolmentFactory(why=kept)
    found = Enrolment.objects.get(pk=row.pk).why
    assert (str(found), bool(found)) == (str(kept), bool(kept))
    assert Enrolment.objects.filter(why=kept).exists()
