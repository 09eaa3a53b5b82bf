"""Markdown in, safe HTML out: the only door to markdown and bleach.

Raw HTML in the source is shown as text. What markdown makes of the rest is cleaned by bleach, and every link's scheme
is then looked at once more with its entities decoded, because bleach alone lets ``javascript&colon;`` through.
"""

import re
import threading
from html import unescape
from typing import Any

import bleach
import markdown
from django.core.exceptions import ValidationError
from django.db import models

TAGS = frozenset(
    "a abbr blockquote br code em h2 h3 h4 hr li ol p pre strong table tbody td th thead tr ul".split()  # noqa: SIM905
)
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
LONGEST = 50_000
MOST_BRACKETS = 400


def to_html(text: str) -> str:
    """Safe HTML for a Markdown text.

    Raises ValidationError for a text that is too long, or nested too deeply, or has too many brackets to render.
    """
    if len(text) > LONGEST:
        raise ValidationError(f"This text has {len(text):,} characters; {LONGEST:,} is the most.")
    if text.count("[") > MOST_BRACKETS:
        # Each bracket that is never closed makes markdown read the rest of the text once more.
        raise ValidationError(f"This text has more than {MOST_BRACKETS} opening brackets “[”. Use fewer links.")
    try:
        html = _tools.converter.reset().convert(text.replace("\0", ""))
    except RecursionError:
        _tools.__init__()  # type: ignore[misc]
        raise ValidationError(
            "This text is nested too deeply: use fewer quotations or lists inside one another."
        ) from None
    cleaned: str = _tools.cleaner.clean(html)
    return cleaned


class _Tools(threading.local):
    """One set a thread: making them takes longer than most texts do. One that broke off is made anew."""

    def __init__(self) -> None:
        self.converter = markdown.Markdown(extensions=["tables", "sane_lists"], output_format="html")
        self.converter.preprocessors.deregister("html_block")
        self.converter.inlinePatterns.deregister("html")
        self.cleaner = bleach.Cleaner(tags=TAGS, attributes=_attribute_is_safe, protocols=SCHEMES, strip=True)


def _attribute_is_safe(tag: str, name: str, value: str) -> bool:
    if tag == "a" and name == "href":
        return _link_is_safe(value)
    return (tag == "a" and name == "title") or (tag == "ol" and name == "start" and value.isdigit())


def _link_is_safe(url: str) -> bool:
    for _ in range(3):
        url = unescape(url)
    url = re.sub(r"[\s\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\ufeff]", "", url)
    scheme, colon, _ = url.partition(":")
    return not colon or scheme.lower() in SCHEMES or any(mark in scheme for mark in "/?#")


_tools = _Tools()


def validate_markdown(text: str) -> None:
    """A field validator: raises ValidationError where ``to_html`` would."""
    to_html(text)


class MarkdownField(models.TextField):  # type: ignore[type-arg]
    """Markdown as its author wrote it."""

    default_validators = [validate_markdown]


class RenderedField(models.TextField):  # type: ignore[type-arg]
    """The safe HTML of the MarkdownField named ``source``, made at every save; pages serve it as it is."""

    def __init__(self, source: str, **kwargs: Any) -> None:
        self.source = source
        defaults: dict[str, Any] = {"editable": False, "default": "", "blank": True}
        super().__init__(**defaults | kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return str(name), path, args, dict(kwargs) | {"source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        html = to_html(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, html)
        return html
