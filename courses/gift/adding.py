"""Questions that were read, as questions of a knowledge check."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from courses.gift.reading import MOST_QUESTIONS, Questions
from courses.models import Activity, Option, Question
from scenarios.naming import free_name


class TooMany(Exception):
    """The knowledge check would have more questions than one can have; nothing was added."""


@transaction.atomic
def add_questions(activity: Activity, read: Questions) -> list[Question]:
    """Add the questions after those that are there, which stay as they are. Raises TooMany."""
    Activity.objects.select_for_update().get(pk=activity.pk)
    taken = set(activity.questions.values_list("key", flat=True))
    if len(taken) + len(read.questions) > MOST_QUESTIONS:
        said = _("A knowledge check has %(most)s questions at most; this one has %(n)s already.")
        raise TooMany(said % {"most": MOST_QUESTIONS, "n": len(taken)})
    start = (activity.questions.aggregate(last=Max("position"))["last"] or 0) + 1 if taken else 0
    return [
        _add(activity, key, said, start + number, taken) for number, (key, said) in enumerate(read.questions.items())
    ]


def _add(activity: Activity, key: str, said: dict[str, object], position: int, taken: set[str]) -> Question:
    key = free_name(key, taken, "question")
    taken.add(key)
    words = {"text": said["text"], "multiple": said.get("multiple", False)}
    question: Question = Question.objects.create(activity=activity, key=key, position=position, **words)
    options = said["options"]
    assert isinstance(options, dict)
    Option.objects.bulk_create(
        Option(question=question, key=name, position=number, **option)
        for number, (name, option) in enumerate(options.items())
    )
    return question
