"""The marks that Twine's formats have for emphasis, headings and lists, as Markdown of ours."""

import re
from html import escape

from scenarios.exchange.markdown_text import to_markdown
from scenarios.exchange.twine.passages import HARLOWE, OTHER

# A link in prose stands between these two, so that one alone on its line can be told from one in a sentence.
OPEN, CLOSE = "\ue000", "\ue001"
LINK = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*+){CLOSE}")
PAIRS = {
    "''": "b",
    "//": "i",
    "__": "",
    "==": "",
    "~~": "",
    "^^": "",
    "**": "b",
    "*": "i",
}
MARKS = re.compile(r"''|(?<!:)//|\*\*(?!\*)|\*(?=\S)|(?<=\S)\*|~~|==(?!=)|\^\^")
STYLED = re.compile(r"@@(?:[^@\n;]{1,200};)*+|@@")
HEADING = re.compile(r"(!{1,6}|#{1,6})\s*+(.+)")
ITEM = re.compile(r"\s*+([*#-]|0\.)\s+(.+)")
RULE = re.compile(r"\s*+(?:-{3,}|={2,}>|<={2,}>?|={3,})\s*+")
CODE_TAGS = re.compile(r"</?(?:tw-[a-z]++|svg|source)\b[^<>]*+>")
LINE = re.compile(r"\n[^\S\n]*+(?=\n)")


def placed(text: str) -> str:
    """The words of a link, marked as such."""
    return f"{OPEN}{text}{CLOSE}"


def without_marks(text: str) -> str:
    return text.replace(OPEN, "").replace(CLOSE, "")


def settled(text: str) -> str:
    """The text without the links that stand alone on a line; those among other words stay as words."""
    lines = [_without_lone_links(line) for line in text.split("\n")]
    return "\n".join(line for line in lines if line is not None)


def prose(text: str, dialect: str) -> str:
    """Text of a passage as Markdown."""
    return to_markdown("".join(_html(line, dialect) for line in settled(LINE.sub("\n", text)).split("\n")))


def _without_lone_links(line: str) -> str | None:
    """The line; None where it is nothing but links."""
    if OPEN not in line:
        return line
    rest = LINK.sub("", line)
    words = re.sub(r"<[^<>]*+>|&\w{1,10};", "", rest)
    if any(character.isalnum() for character in words):
        return without_marks(line)
    return rest if "<" in rest else None


def _html(line: str, dialect: str) -> str:
    if RULE.fullmatch(line):
        return "<br><br>"
    line = STYLED.sub("", CODE_TAGS.sub("", line)) if dialect != OTHER else line
    heading = HEADING.fullmatch(line.strip())
    if heading and (heading[1][0] == "#") == (dialect != "sugarcube"):
        return f"<h{min(len(heading[1]), 6)}>{_emphasized(heading[2], dialect)}</h{min(len(heading[1]), 6)}>"
    item = ITEM.fullmatch(line)
    # SugarCube's items need no space after the mark, but prose that begins with an asterisk is more often emphasis.
    if item and not (item[1] == "#" and dialect == HARLOWE):
        return f"<ul><li>{_emphasized(item[2], dialect)}</li></ul>"
    return _emphasized(line, dialect) + "<br>"


def _emphasized(line: str, dialect: str) -> str:
    """Marks that stand in pairs on one line become emphasis; one that stands alone is what it looks like."""
    pieces, told = [], 0
    found = [mark for mark in MARKS.finditer(line) if dialect != "sugarcube" or not mark[0].startswith("*")]
    closing: dict[str, int] = {}
    for mark in found:
        closing[mark[0]] = closing.get(mark[0], 0) + 1
    open_marks: set[str] = set()
    left = {mark: count - count % 2 for mark, count in closing.items()}
    for mark in found:
        sign = mark[0]
        if left[sign] <= 0:
            continue
        left[sign] -= 1
        tag = PAIRS[sign]
        pieces.append(line[told : mark.start()])
        if tag:
            pieces.append(f"</{tag}>" if sign in open_marks else f"<{tag}>")
        open_marks ^= {sign}
        told = mark.end()
    return "".join([*pieces, line[told:]])


def label(words: str) -> str:
    """A remark to the author within the prose."""
    return f" <i>({escape(words)})</i> "
