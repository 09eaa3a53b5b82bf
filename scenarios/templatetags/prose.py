"""How prose that quotes policy values is shown."""

from collections.abc import Mapping

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info

from scenarios.quoting import quote

register = template.Library()


@register.filter
def prose(html: str, values: Mapping[str, str] | str = "") -> SafeString:
    """Stored HTML, which ``training.lib.markdown`` made safe, with the policy values of today in it, escaped."""
    return mark_safe(quote(html, _escaped(values)))  # noqa: S308


@register.filter
def words(text: str, values: Mapping[str, str] | str = "") -> SafeString:
    """Plain text, escaped, with the policy values of today in it."""
    return mark_safe(quote(conditional_escape(text), _escaped(values)))  # noqa: S308


@register.filter
def own_name(language: str) -> str:
    """What a language calls itself; its code where Django does not know it."""
    try:
        return str(get_language_info(language)["name_local"]).capitalize()
    except KeyError:
        return language


def _escaped(values: Mapping[str, str] | str) -> dict[str, str]:
    return {name: conditional_escape(value) for name, value in (values if isinstance(values, Mapping) else {}).items()}
