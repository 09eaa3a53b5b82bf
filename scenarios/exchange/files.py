"""Files in: whatever is in one, what comes out is its data, or faults."""

from pathlib import Path

from django.utils.translation import gettext as _

from scenarios.exchange import json_text, yaml_text
from scenarios.exchange.faults import Fault, Faults
from scenarios.exchange.source import UNPRINTABLE, Source, unprintable

LARGEST = 2_000_000


def read(content: Path | bytes, name: str = "") -> Source:
    """The data of a file, or of its bytes; JSON where the name ends in ``.json``, otherwise YAML. Raises Faults."""
    name = name or (str(content) if isinstance(content, Path) else "document")
    text = read_text(content, name)
    parse = json_text.parse if name.lower().endswith(".json") else yaml_text.parse
    return parse(text, name)


def read_text(content: Path | bytes, name: str, largest: int = LARGEST) -> str:
    """The text of a file that is UTF-8, not too large, and has nothing unprintable in it. Raises Faults."""
    if isinstance(content, Path):
        try:
            with content.open("rb") as file:
                content = file.read(largest + 1)
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            message = _("This file cannot be read: %(reason)s.") % {"reason": reason}
            raise Faults([Fault(name, 0, message, "unreadable")]) from None
    if len(content) > largest:
        message = _("This file is larger than %(most)s bytes, which is the most.") % {"most": f"{largest:,}"}
        raise Faults([Fault(name, 0, message, "too-large")])
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = _("This is not UTF-8. Save the file as UTF-8 text.")
        raise Faults([Fault(name, line, message, "not-utf-8")]) from None
    if found := UNPRINTABLE.search(text):
        raise Faults([unprintable(name, text.count("\n", 0, found.start()) + 1, found[0])])
    return text
