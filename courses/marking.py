"""The questions of a knowledge check, as asked and as answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from courses.models import Activity, Option, Question

Answers = Mapping[str, list[str]]


@dataclass(frozen=True)
class Asked:
    """A question with its options, in order."""

    question: Question
    options: tuple[Option, ...]

    def is_right(self, chosen: Iterable[str]) -> bool:
        """Exactly the correct options were chosen, by their keys."""
        return set(chosen) == {option.key for option in self.options if option.correct}

    def texts(self) -> tuple[str, ...]:
        return (self.question.text_html, *(f"{option.text} {option.explanation}" for option in self.options))


@dataclass(frozen=True)
class Answered:
    """A question with each option and whether it was chosen."""

    question: Question
    options: tuple[tuple[Option, bool], ...]
    is_right: bool


def asked(activity: Activity) -> list[Asked]:
    """The activity's questions that have options: one query."""
    options = Option.objects.filter(question__activity=activity).select_related("question")
    ordered = options.order_by("question__position", "question__pk", "position", "pk")
    groups = groupby(ordered, key=lambda option: option.question)
    return [Asked(question, tuple(group)) for question, group in groups]


def answered(questions: Iterable[Asked], answers: Answers) -> list[Answered]:
    """The questions with ``answers``: each question's key to the keys of the options chosen."""
    return [_answered(question, answers.get(question.question.key, [])) for question in questions]


def _answered(asked: Asked, chosen: list[str]) -> Answered:
    options = tuple((option, option.key in chosen) for option in asked.options)
    return Answered(asked.question, options, asked.is_right(chosen))
