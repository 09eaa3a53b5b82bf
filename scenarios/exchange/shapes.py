"""What a JSON Schema says about a document: its faults in words, and its canonical form.

A schema is the one place that knows a format's fields. Beside what JSON Schema defines it uses ``title`` (what the
thing is called in a fault), ``format: markdown`` (prose, written as a literal block) and ``x-sorted`` (an order that
has no meaning, so that files have it sorted).
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError as CannotRender
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator, FormatChecker

from scenarios.exchange.faults import Fault
from scenarios.exchange.source import Source, tidy
from scenarios.exchange.wording import in_words
from training.lib.markdown import to_html

Schema = Mapping[str, Any]
MOST_FAULTS = 50
FORMATS = FormatChecker(formats=())


@FORMATS.checks("markdown", raises=CannotRender)
def _renders(text: object) -> bool:
    return not isinstance(text, str) or to_html(text) is not None


class Shape:
    """One format, as its schema describes it."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.validator = Draft202012Validator(self.schema, format_checker=FORMATS)

    @classmethod
    def at(cls, path: Path) -> "Shape":
        """The shape that a JSON Schema file describes."""
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def faults(self, source: Source) -> list[Fault]:
        """Everything that is wrong with the document's shape, in the order of its lines, up to fifty."""
        if fault := self._wrong_format(source):
            return [fault]
        return sorted(set(self._faults(source)))[:MOST_FAULTS]

    def canonical(self, data: Any) -> Any:
        """The document with its fields in the schema's order, without what is empty or says what holds anyway.

        The document has to be of this shape.
        """
        return self._canonical(data, self.schema)

    def _wrong_format(self, source: Source) -> Fault | None:
        expected = self.schema.get("properties", {}).get("format", {}).get("const")
        found = source.data.get("format") if isinstance(source.data, dict) else None
        if not expected or not isinstance(source.data, dict) or found == expected:
            return None
        if found:
            said = _("format: expected %(expected)s, and this says %(found)s.")
        else:
            said = _("format: expected %(expected)s, and this does not say what it is.")
        return source.fault(("format",), said % {"expected": expected, "found": found}, "format")

    def _faults(self, source: Source) -> Iterator[Fault]:
        for error in self.validator.iter_errors(source.data):
            path = tuple(error.absolute_path)
            for step, message in in_words(error):
                place = ".".join(map(str, path))
                yield source.fault(path + step, f"{place}: {message}" if place else message)

    def _canonical(self, data: Any, schema: Schema) -> Any:
        schema = self._resolved(schema, data)
        if isinstance(data, dict):
            return self._fields(data, schema)
        if isinstance(data, list):
            items = [self._canonical(item, schema.get("items", {})) for item in data]
            return sorted(items) if schema.get("x-sorted") else items
        if isinstance(data, str):
            text = tidy(data)
            return text + "\n" if text and schema.get("format") == "markdown" else text
        return data

    def _fields(self, data: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
        known: Schema = schema.get("properties", {})
        others = schema.get("additionalProperties") or {}
        order = [key for key in known if key in data]
        rest = [key for key in data if key not in known]
        order += sorted(rest) if schema.get("x-sorted") else rest
        fields = {key: self._canonical(data[key], known.get(key, others)) for key in order}
        needed = {*schema.get("required", ()), *rest}
        kept = [key for key in order if key in needed or not self._is_empty(fields[key], known[key])]
        return {key: fields[key] for key in kept}

    def _is_empty(self, value: Any, schema: Schema) -> bool:
        return value in (None, "", [], {}) or value == self._resolved(schema, value).get("default", object())

    def _resolved(self, schema: Schema, data: Any) -> Schema:
        """The schema itself, where it refers to one of its ``$defs``, or chooses among them by ``kind``."""
        if reference := schema.get("$ref"):
            schema = {**self.schema["$defs"][reference.removeprefix("#/$defs/")], **schema}
        for branch in schema.get("allOf", ()):
            if branch["if"]["properties"]["kind"]["const"] == data["kind"]:
                return self._resolved(branch["then"], data)
        return schema
