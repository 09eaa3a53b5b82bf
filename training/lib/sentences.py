"""Sentences that are stored as a message and its values, and said in the language of whoever reads them."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext


@dataclass(frozen=True)
class Sentence:
    """``kept`` is what is stored: JSON made by ``sentence`` or ``counted``, or text that is said as it stands."""

    kept: str = ""

    def __str__(self) -> str:
        told = _read(self.kept)
        return told if isinstance(told, str) else capfirst(_say(told))

    def __bool__(self) -> bool:
        return bool(self.kept)


NOTHING = Sentence()


def sentence(message: str, /, **values: Any) -> Sentence:
    """The message with these values in its ``{places}``: text, numbers, days, sentences, or a tuple of several.

    Several are said with semicolons between them. ``makemessages`` finds the message here.
    """
    return _kept([message], values)


def counted(one: str, many: str, /, *, count: int, **values: Any) -> Sentence:
    """The same, of a number of things: ``{count}`` in the message. ``makemessages`` finds both forms here."""
    return _kept([one, many], values | {"count": count})


def _kept(messages: list[str], values: Mapping[str, Any]) -> Sentence:
    told = [*messages, {name: _told(value) for name, value in values.items()}]
    return Sentence(json.dumps(told, ensure_ascii=False, separators=(",", ":")))


def _told(value: Any) -> Any:
    if isinstance(value, Sentence):
        return _read(value.kept)
    if isinstance(value, tuple):
        return {"all": [_told(part) for part in value]}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _read(kept: str) -> Any:
    """The message and its values, or the text: also text that begins with a bracket."""
    with suppress(ValueError):
        return json.loads(kept) if kept.startswith('["') else kept
    return kept


def _say(told: Any) -> str:
    match told:
        case [str(message), dict(values)]:
            return gettext(message).format(**_said(values))
        case [str(one), str(many), dict(values)]:
            return ngettext(one, many, values["count"]).format(**_said(values))
        case {"day": day}:
            return date_format(date.fromisoformat(day))
        case {"all": parts}:
            return "; ".join(map(_say, parts))
    return str(told)


def _said(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _say(value) for name, value in values.items()}


class SentenceField(models.TextField):  # type: ignore[type-arg]
    """Holds a ``Sentence``; takes text as well, which is then said as it stands."""

    def from_db_value(self, value: str, *_: object) -> Sentence:
        return Sentence(value)

    def to_python(self, value: Any) -> Sentence:
        return value if isinstance(value, Sentence) else Sentence(value or "")

    def get_prep_value(self, value: Any) -> str:
        return value.kept if isinstance(value, Sentence) else value

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))
