"""The text of a file that some editor wrote, in whatever encoding."""

from django.utils.translation import gettext as _

from scenarios.exchange.source import UNPRINTABLE
from scenarios.exchange.twine.passages import too_large

LARGEST = 20_000_000
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def decoded(content: bytes, name: str) -> tuple[str, str]:
    """The text, and what to say of it if it had to be guessed. Raises Faults where it is too large."""
    if len(content) > LARGEST:
        large = _("This file is larger than %(most)s bytes, which is the most.")
        raise too_large(name, large % {"most": f"{LARGEST:,}"})
    if content.startswith(UTF_16):
        return _tidy(content.decode("utf-16", errors="replace")), ""
    try:
        return _tidy(content.decode("utf-8-sig")), ""
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        said = _(
            "This file is not UTF-8 (line %(line)s); it was read as Windows text. Look whether its letters are right."
        )
        return _tidy(content.decode("cp1252", errors="replace")), said % {"line": line}


def _tidy(text: str) -> str:
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
