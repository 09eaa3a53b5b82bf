"""Where a Twine story ends, and how: Twine itself has no word for it."""

import re

from django.utils.translation import gettext as _

from scenarios.exchange.twine.book import ADDRESS, Book
from scenarios.exchange.twine.passages import Passage, too_large
from scenarios.exchange.twine.unfolding import Page, Way

MOST_ENDINGS = 1_000
AGAIN = re.compile(
    r"\b(?:restart|start over|(?:start|begin|play|try) again|replay|retry|again|new game|from the (?:start|beginning)"
    r"|back to (?:the )?(?:start|beginning)|main menu|the end|game over|fin)\b",
    re.IGNORECASE,
)
GOOD = re.compile(r"\b(?:good|happy|best|true|great|perfect)[\s-]end(?:ing)?\b|\bvictory\b|\byou win\b", re.IGNORECASE)
BAD = re.compile(
    r"\b(?:bad|worst|sad|wrong|death)[\s-]end(?:ing)?\b|\bgame over\b|\byou (?:die|died|lose)\b", re.IGNORECASE
)


def endings_of(book: Book) -> list[str]:
    """Passages with no way on, or none but to begin again. Raises Faults where there are too many."""
    others = [passage.name for passage in book.shown if passage.name != book.start]
    ends = [name for name in others if not _onward(book, name)]
    again = [name for name in others if name not in ends and _only_begins_again(book, name)]
    sure = [name for name in again if _says_that_it_ends(book, name)]
    begun = sure if sure or ends else again
    for name in begun:
        message = _("From here one can only begin again, so it became an ending.")
        book.account.approximated(book.place(name), message, book.passages[name].line)
    found = {*ends, *begun}
    if len(found) > MOST_ENDINGS:
        said = _("There are more than %(most)s endings in this story.")
        raise too_large(book.name, said % {"most": f"{MOST_ENDINGS:,}"})
    return [passage.name for passage in book.shown if passage.name in found]


def kind_of(passage: Passage, page: Page) -> tuple[str, bool]:
    """How an ending turned out, and whether the story says so."""
    said = " ".join([passage.name, *passage.tags, page.text[:60], page.text[-100:]])
    if BAD.search(said):
        return "escalated", True
    return ("resolved", True) if GOOD.search(said) else ("partly-resolved", False)


def _onward(book: Book, name: str) -> list[Way]:
    return [way for way in book.pages[name].ways if not ADDRESS.match(way.to)]


def _only_begins_again(book: Book, name: str) -> bool:
    ways = _onward(book, name)
    return any(way.to == book.start for way in ways) and all(way.to in (book.start, name) for way in ways)


def _says_that_it_ends(book: Book, name: str) -> bool:
    page = book.pages[name]
    words = [name, *book.passages[name].tags, *(way.text for way in page.ways), page.text[-200:]]
    return any(AGAIN.search(word) for word in words)
