"""What in a draft that is drawn from a real incident could tell a reader who it was."""

import re
from collections.abc import Iterator

from scenarios.engine.check import Finding
from scenarios.engine.graph import Document
from scenarios.engine.saying import Said
from scenarios.engine.saying import said as _
from scenarios.quoting import REFERENCE

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
STREETS = "Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Way"
# Each with what it is called in the finding. Bounded repetitions only, so that any text takes linear time.
SIGNS = (
    (_("an email address"), re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}\b")),
    (_("a card or account number"), re.compile(r"\b\d(?:[ -]?\d){7,18}\b")),
    (_("a phone number"), re.compile(r"(?<![\w-])(?:\(\d{3}\) ?|\d{3}[-. ])?\d{3}[-. ]\d{4}\b")),
    (_("an address"), re.compile(rf"\b\d{{1,5}} (?:[A-Z][a-z]{{1,20}} ){{1,3}}(?:{STREETS})\b")),
    (
        _("a date"),
        re.compile(rf"\b(?:(?:{MONTHS}) \d{{1,2}}\b|\d{{1,2}} (?:{MONTHS})\b|\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}})"),
    ),
    (_("a name"), re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? [A-Z][\w’'-]{1,30}(?: [A-Z][\w’'-]{1,30})?")),
    (_("a name"), re.compile(r"(?<=[a-z,;] )[A-Z][a-z’'-]{1,30}(?: [A-Z][a-z’'-]{1,30})+\b")),
)


def could_identify(document: Document) -> tuple[Finding, ...]:
    """One finding for each such thing, once a scene: a name that was changed already is found as well."""
    found: dict[tuple[str, str], Finding] = {}
    for scene, text in _texts(document):
        for what, words in _signs(REFERENCE.sub("", text)):
            message = _(
                "“%(words)s” looks like %(what)s. If it belongs to somebody real, change it.", words=words, what=what
            )
            found.setdefault((scene, words), Finding("could-identify", "advice", scene, message))
    return tuple(found.values())


def _texts(document: Document) -> Iterator[tuple[str, str]]:
    for name in ("title", "summary", "introduction", "content_note", "aftercare"):
        yield "", str(document.get(name, ""))
    for key, node in (document["scenes"] | document["endings"]).items():
        for name in ("title", "description", "text", "speaker", "speech"):
            yield key, str(node.get(name, ""))
        for choice in node.get("choices", {}).values():
            yield key, "\n".join(str(choice.get(name, "")) for name in ("text", "consequence", "coaching"))


def _signs(text: str) -> Iterator[tuple[Said, str]]:
    taken: list[tuple[int, int]] = []
    for what, pattern in SIGNS:
        for match in pattern.finditer(text):
            if all(match.end() <= start or match.start() >= end for start, end in taken):
                taken.append(match.span())
                yield what, match[0].strip()
