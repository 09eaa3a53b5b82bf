"""The text of a file that some editor wrote, in whatever encoding."""

from scenarios.exchange.source import UNPRINTABLE
from scenarios.exchange.twine.passages import too_large

LARGEST = 20_000_000
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def decoded(content: bytes, name: str) -> tuple[str, str]:
    """The text, and what to say of it if it had to be guessed. Raises Faults where it is too large."""
    if len(content) > LARGEST:
        raise too_large(name, f"This file is larger than {LARGEST:,} bytes, which is the most.")
    if content.startswith(UTF_16):
        return _tidy(content.decode("utf-16", errors="replace")), ""
    try:
        return _tidy(content.decode("utf-8-sig")), ""
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        said = f"This file is not UTF-8 (line {line}); it was read as Windows text. Look whether its letters are right."
        return _tidy(content.decode("cp1252", errors="replace")), said


def _tidy(text: str) -> str:
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
