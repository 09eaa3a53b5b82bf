"""Characters that mean something in GIFT, those that only look as if they did, and texts without either."""

import re
from html import escape

from django.core.exceptions import ValidationError

from scenarios.exchange.hypertext import harmless, to_plain
from scenarios.exchange.markdown_text import escaped, to_markdown
from scenarios.exchange.source import UNPRINTABLE
from training.lib.markdown import to_html

# Code points that no text has, since Unicode keeps them for what a program does inside.
FIRST = 0xFDD0
ESCAPED = "\\~=#{}:n"
HIDDEN = {character: chr(FIRST + number) for number, character in enumerate(ESCAPED)}
NEWLINE, BLANK = HIDDEN["n"], chr(FIRST + 16)
SHOWN = {ord(mark): "\n" if character == "n" else character for character, mark in HIDDEN.items()}
RESERVED = dict.fromkeys(range(FIRST, FIRST + 32))
ESCAPE = re.compile(r"\\([\\~=#{}:n])")
# HTML that nobody escaped, as people write it by hand.
ATTRIBUTE = re.compile(r"(?<=\w)=(?=[\"'])")
ENTITY = re.compile(r"&#(?=x?[0-9a-fA-F]{1,6};)")
FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
USUAL = "moodle"
LONGEST_LINE = 5_000


def hidden(text: str) -> str:
    """The text, in which every mark that is left means what it means in GIFT."""
    text = UNPRINTABLE.sub(" ", text.translate(RESERVED).removeprefix("\ufeff"))
    text = ESCAPE.sub(lambda found: HIDDEN[found[1]], re.sub("\r\n?", "\n", text))
    return ENTITY.sub("&" + HIDDEN["#"], ATTRIBUTE.sub(HIDDEN["="], text))


def shown(text: str) -> str:
    return text.translate(SHOWN)


def with_format(text: str, usual: str) -> tuple[str, str]:
    """A text without the name of its format in front, and that name."""
    found = FORMAT.match(text)
    return (text[found.end() :].strip(), found[1].lower()) if found else (text.strip(), usual)


def html_of(text: str, form: str) -> str:
    """The HTML of a text in one of Moodle's formats."""
    if form == "plain":
        return escape(shown(text), quote=False).replace("\n", "<br>")
    if form == "markdown":
        return rendered(shown(text)) or escape(shown(text), quote=False)
    return shown(text.replace(NEWLINE, "<br>") if form == USUAL else text)


def markdown_of(text: str, form: str) -> str:
    """The Markdown of a text in one of Moodle's formats, with a line for the missing word."""
    if form == "markdown":
        plain = shown(text).strip()
        said = harmless(plain) if rendered(plain) else escaped(plain)
    else:
        said = to_markdown(html_of(text, form))
    return said.replace(BLANK, "\\_\\_\\_\\_" if said == BLANK else "____")


def plain_of(text: str, usual: str) -> str:
    """The words of a text on one line. Of Markdown no more is looked at than a line of ours could hold."""
    text, form = with_format(text, usual)
    return to_plain(html_of(text[:LONGEST_LINE] if form == "markdown" else text, form))


def rendered(text: str) -> str:
    """The HTML of a Markdown text; empty where it cannot be rendered."""
    try:
        return to_html(text)
    except ValidationError:
        return ""
