"""JSON Schema's errors in plain words: which field, what is wrong with it, what is expected."""

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from scenarios.exchange.source import shortened

Step = tuple[str, ...]
Error = Any  # jsonschema's ValidationError, as which every field may also be "unset"
KINDS = {
    "object": "fields with names",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}


def in_words(error: Error) -> Iterator[tuple[Step, str]]:
    """Each fault that the error stands for, with the step from the error's place to its own."""
    name = str(error.validator)
    if name == "additionalProperties":
        yield from _unknown_fields(error)
    elif name == "required":
        yield from _missing_fields(error)
    elif error.parent is None and error.relative_schema_path and "propertyNames" in error.relative_schema_path:
        yield (str(error.instance),), f"“{shortened(error.instance)}” is not a name here. {_names(error)}"
    else:
        yield (), WORDS.get(name, _other)(error)


def _unknown_fields(error: Error) -> Iterator[tuple[Step, str]]:
    known = list(error.schema.get("properties", ()))
    for key in [key for key in error.instance if key not in known][:10]:
        close = get_close_matches(key, known, 1)
        remedy = f"Did you mean “{close[0]}”?" if close else f"Expected {_listed(known)}."
        yield (key,), f"“{shortened(key)}” is not a field of {_thing(error)}. {remedy}"


def _missing_fields(error: Error) -> Iterator[tuple[Step, str]]:
    for key in error.validator_value:
        if key not in error.instance:
            yield (), f"“{key}” is missing. {_thing(error).capitalize()} needs it."


def _thing(error: Error) -> str:
    return str(error.schema.get("title", "this"))


def _names(error: Error) -> str:
    if error.validator == "maxLength":
        return f"Use {error.validator_value} characters at most."
    return "Use lower-case letters, digits and hyphens, for example “the-other-bag”."


def _type(error: Error) -> str:
    expected = KINDS.get(str(error.validator_value), str(error.validator_value))
    quotes = " Put it in quotes." if error.validator_value == "string" and _is_plain(error.instance) else ""
    return f"expected {expected}, found {_found(error.instance)}.{quotes}"


def _is_plain(value: Any) -> bool:
    return isinstance(value, bool | int | float)


def _found(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return KINDS["object" if isinstance(value, dict) else "array"]
    return f"the text “{shortened(value)}”" if isinstance(value, str) else str(value).lower()[:40]


def _listed(words: Iterable[Any]) -> str:
    *most, last = [str(word) for word in words]
    return f"{', '.join(most)} or {last}" if most else last


def _pattern(error: Error) -> str:
    said = f"“{shortened(error.instance)}” is not" if error.instance else "this is empty, and not"
    what = error.schema.get("title", "in the form that is expected")
    example = error.schema.get("examples", [""])[0]
    return f"{said} {what}" + (f", such as “{example}”." if example else ".")


def _any_of(error: Error) -> str:
    names = [name for branch in error.validator_value for name in branch.get("required", ())]
    return f"this needs {_listed(names)}, or both."


def _other(error: Error) -> str:
    return shortened(error.message, 200)


WORDS: dict[str, Callable[[Error], str]] = {
    "type": _type,
    "pattern": _pattern,
    "anyOf": _any_of,
    "enum": lambda error: f"expected {_listed(error.validator_value)}, found {_found(error.instance)}.",
    "const": lambda error: f"expected {error.validator_value}, found {_found(error.instance)}.",
    "format": lambda error: " ".join(getattr(error.cause, "messages", [])) or "this text cannot be shown.",
    "minLength": lambda error: "this is empty. Write something.",
    "maxLength": lambda error: f"this has {len(error.instance):,} characters; {error.validator_value:,} is the most.",
    "minimum": lambda error: f"{error.instance} is too little; {error.validator_value} is the least.",
    "maximum": lambda error: f"{error.instance} is too much; {error.validator_value} is the most.",
    "minItems": lambda error: f"there have to be at least {error.validator_value} here.",
    "minProperties": lambda error: f"there have to be at least {error.validator_value} here.",
    "maxItems": lambda error: f"there are {len(error.instance)} here; {error.validator_value} is the most.",
    "maxProperties": lambda error: f"there are {len(error.instance)} here; {error.validator_value} is the most.",
    "uniqueItems": lambda error: "something is in this list twice. Keep one of each.",
}
