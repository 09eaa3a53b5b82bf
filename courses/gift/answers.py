"""What stands between the braces of a GIFT question."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

WEIGHT = re.compile(r"\s*%\s*(-?[0-9]{1,3}(?:[.,][0-9]{0,9})?)\s*%")
MARKED = re.compile(r"[~=][^~=]*")
GENERAL = "####"
TRUE, FALSE = ("T", "TRUE", "True", "true"), ("F", "FALSE", "False", "false")
NOT_HERE = {
    "essay": gettext_lazy("This is an essay question, which a knowledge check cannot ask."),
    "numerical": gettext_lazy("This is a numerical question, which a knowledge check cannot ask."),
    "matching": gettext_lazy("This is a matching question, which a knowledge check cannot ask."),
    "short answer": gettext_lazy("This is a short answer question, which a knowledge check cannot ask."),
    "description": gettext_lazy("This is a text without answers, which a knowledge check cannot ask."),
}


@dataclass(frozen=True)
class Answer:
    """``weight`` is in percent, None where none is given; ``is_full`` says that it was marked as right with “=”."""

    text: str
    feedback: str
    weight: float | None = None
    is_full: bool = False


@dataclass(frozen=True)
class Answers:
    """``kind`` is “choice”, “true or false”, or one of ``NOT_HERE``."""

    kind: str
    answers: tuple[Answer, ...] = ()
    general: str = ""

    @property
    def has_full(self) -> bool:
        return any(answer.is_full for answer in self.answers)

    def is_right(self, answer: Answer) -> bool:
        """Moodle takes one answer where one is marked with “=”, otherwise all whose weight is positive."""
        if answer.is_full:
            return answer.weight is None or answer.weight > 0
        return (answer.weight or 0) > (99 if self.has_full else 0)


def answers_of(text: str) -> Answers:
    """The kind of question follows from its marks, by Moodle's rules."""
    text, _, general = _general(text.strip())
    kind = kind_of(text)
    if kind == "choice":
        return Answers(kind, tuple(_choices(text)), general)
    return Answers(kind, _true_or_false(text) if kind == "true or false" else (), general)


def _general(text: str) -> tuple[str, str, str]:
    before, mark, after = text.rpartition(GENERAL)
    return (before.strip(), mark, after.strip()) if mark else (text, "", "")


def kind_of(text: str) -> str:
    if not text:
        return "essay"
    if text.startswith("#"):
        return "numerical"
    if "~" in text:
        return "choice"
    if "=" in text and "->" in text:
        return "matching"
    return "true or false" if text.partition("#")[0].strip() in TRUE + FALSE else "short answer"


def _choices(text: str) -> list[Answer]:
    first = re.split("[~=]", text, maxsplit=1)[0].strip()
    found = [_choice("~" + first)] if first else []
    return found + [_choice(marked) for marked in MARKED.findall(text) if marked[1:].strip()]


def _choice(marked: str) -> Answer:
    weight = WEIGHT.match(marked, 1)
    text, _, feedback = marked[weight.end() if weight else 1 :].partition("#")
    value = float(weight[1].replace(",", ".")) if weight else None
    return Answer(text.strip(), feedback.strip(), value, marked[0] == "=")


def _true_or_false(text: str) -> tuple[Answer, ...]:
    """The first feedback is for whoever is wrong, the second for whoever is right."""
    said, _, feedback = text.partition("#")
    wrong, _, right = feedback.partition("#")
    is_true = said.strip() in TRUE
    return (
        Answer("True", (right if is_true else wrong).strip(), is_full=is_true),
        Answer("False", (wrong if is_true else right).strip(), is_full=not is_true),
    )
