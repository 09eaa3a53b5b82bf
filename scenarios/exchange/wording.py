"""JSON Schema's errors in plain words: which field, what is wrong with it, what is expected."""

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from scenarios.exchange.source import shortened

Step = tuple[str, ...]
Error = Any  # jsonschema's ValidationError, as which every field may also be "unset"
KINDS = {
    "object": gettext_lazy("fields with names"),
    "array": gettext_lazy("a list"),
    "string": gettext_lazy("text"),
    "integer": gettext_lazy("a whole number"),
    "boolean": gettext_lazy("true or false"),
}


def in_words(error: Error) -> Iterator[tuple[Step, str]]:
    """Each fault that the error stands for, with the step from the error's place to its own."""
    name = str(error.validator)
    if name == "additionalProperties":
        yield from _unknown_fields(error)
    elif name == "required":
        yield from _missing_fields(error)
    elif error.parent is None and error.relative_schema_path and "propertyNames" in error.relative_schema_path:
        said = _("“%(name)s” is not a name here.") % {"name": shortened(error.instance)}
        yield (str(error.instance),), f"{said} {_names(error)}"
    else:
        yield (), WORDS.get(name, _other)(error)


def _unknown_fields(error: Error) -> Iterator[tuple[Step, str]]:
    known = list(error.schema.get("properties", ()))
    for key in [key for key in error.instance if key not in known][:10]:
        close = get_close_matches(key, known, 1)
        fault = _("“%(field)s” is not a field of %(thing)s.") % {"field": shortened(key), "thing": _thing(error)}
        if close:
            remedy = _("Did you mean “%(field)s”?") % {"field": close[0]}
        else:
            remedy = _("Expected %(fields)s.") % {"fields": _listed(known)}
        yield (key,), f"{fault} {remedy}"


def _missing_fields(error: Error) -> Iterator[tuple[Step, str]]:
    for key in error.validator_value:
        if key not in error.instance:
            fault = _("“%(field)s” is missing. %(thing)s needs it.")
            yield (), fault % {"field": key, "thing": _thing(error).capitalize()}


def _thing(error: Error) -> str:
    return _(str(error.schema.get("title", "this")))


def _names(error: Error) -> str:
    if error.validator == "maxLength":
        return _("Use %(most)s characters at most.") % {"most": error.validator_value}
    return _("Use lower-case letters, digits and hyphens, for example “the-other-bag”.")


def _type(error: Error) -> str:
    expected = KINDS.get(str(error.validator_value), str(error.validator_value))
    needs_quotes = error.validator_value == "string" and _is_plain(error.instance)
    return _expected(expected, error) + (" " + _("Put it in quotes.") if needs_quotes else "")


def _is_plain(value: Any) -> bool:
    return isinstance(value, bool | int | float)


def _found(value: Any) -> str:
    if value is None:
        return _("nothing")
    if isinstance(value, dict | list):
        return str(KINDS["object" if isinstance(value, dict) else "array"])
    said = _("the text “%(text)s”")
    return said % {"text": shortened(value)} if isinstance(value, str) else str(value).lower()[:40]


def _listed(words: Iterable[Any]) -> str:
    *most, last = [str(word) for word in words]
    return _("%(words)s or %(last)s") % {"words": ", ".join(most), "last": last} if most else last


def _pattern(error: Error) -> str:
    said = _("“%(text)s” is not %(what)s") if error.instance else _("this is empty, and not %(what)s")
    what = _(error.schema.get("title", "in the form that is expected"))
    example = error.schema.get("examples", [""])[0]
    such = _(", such as “%(example)s”.") % {"example": example} if example else "."
    return said % {"text": shortened(error.instance), "what": what} + such


def _any_of(error: Error) -> str:
    names = [name for branch in error.validator_value for name in branch.get("required", ())]
    return _("this needs %(names)s, or both.") % {"names": _listed(names)}


def _other(error: Error) -> str:
    return shortened(error.message, 200)


def _expected(expected: object, error: Error) -> str:
    return _("expected %(expected)s, found %(found)s.") % {"expected": expected, "found": _found(error.instance)}


def _longest(error: Error) -> str:
    size = {"characters": f"{len(error.instance):,}", "most": f"{error.validator_value:,}"}
    return _("this has %(characters)s characters; %(most)s is the most.") % size


def _least(error: Error) -> str:
    said = _("%(number)s is too little; %(least)s is the least.")
    return said % {"number": error.instance, "least": error.validator_value}


def _most(error: Error) -> str:
    said = _("%(number)s is too much; %(most)s is the most.")
    return said % {"number": error.instance, "most": error.validator_value}


def _few(error: Error) -> str:
    return _("there have to be at least %(least)s here.") % {"least": error.validator_value}


def _many(error: Error) -> str:
    said = _("there are %(number)s here; %(most)s is the most.")
    return said % {"number": len(error.instance), "most": error.validator_value}


WORDS: dict[str, Callable[[Error], str]] = {
    "type": _type,
    "pattern": _pattern,
    "anyOf": _any_of,
    "enum": lambda error: _expected(_listed(error.validator_value), error),
    "const": lambda error: _expected(error.validator_value, error),
    "format": lambda error: " ".join(getattr(error.cause, "messages", [])) or _("this text cannot be shown."),
    "minLength": lambda error: _("this is empty. Write something."),
    "maxLength": _longest,
    "minimum": _least,
    "maximum": _most,
    "minItems": _few,
    "minProperties": _few,
    "maxItems": _many,
    "maxProperties": _many,
    "uniqueItems": lambda error: _("something is in this list twice. Keep one of each."),
}
# What the schemas call things, and what is said where they do not.
THINGS = (
    gettext_noop("this"), gettext_noop("in the form that is expected"), gettext_noop("a scenario"),
    gettext_noop("the code of a language"), gettext_noop("one of the pictures"), gettext_noop("the field “meters”"),
    gettext_noop("tension, which always goes from 0 to 10"), gettext_noop("a meter"),
    gettext_noop("a key of lower-case letters, digits and hyphens"), gettext_noop("a test of a meter"),
    gettext_noop("“takes_over”"), gettext_noop("a day"), gettext_noop("what a scene says on a day"),
    gettext_noop("what a choice does on a day"), gettext_noop("a scene"), gettext_noop("a choice"),
    gettext_noop("“requires”"), gettext_noop("an ending"),
)  # fmt: skip
