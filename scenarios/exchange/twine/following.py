"""Which of a story's variables can be followed, and in which cases a way is offered."""

import re
from collections.abc import Iterable, Iterator

from scenarios.exchange.twine.asking import parts_of
from scenarios.exchange.twine.book import Book
from scenarios.exchange.twine.cases import Requires, TooMany, product
from scenarios.exchange.twine.expressions import number_of
from scenarios.exchange.twine.nodes import ALWAYS, Change, Condition, Not, Test
from scenarios.exchange.twine.special import SETS, is_script
from scenarios.exchange.twine.state import BEEN, Declared, State
from scenarios.exchange.twine.unfolding import Page, Way

MOST_WAYS = 8
SCRIPTED = re.compile(
    r"""\bvariables\.([A-Za-z_]\w*+)|\bvariables\[["']([A-Za-z_]\w*+)"""
    r"""|\$([A-Za-z_]\w*+)[ ]{0,4}(?:=(?!=)|to\b|\+=|-=|\+\+|--)"""
)
Case = tuple[Requires, list[Change]]


def state_of(book: Book, declared: Declared | None = None) -> State:
    """What the variables are: with one that cannot be followed fewer each time, until the rest can."""
    unsure = _unsure(book)
    while True:
        state = _state(book, unsure, declared)
        more = state.unsure | _under_guesses(book, state)
        more |= {variable for page in book.pages.values() for variable in _too_many(page, state)}
        if more <= unsure:
            return state
        unsure |= more


def variants(way: Way, page: Page, state: State) -> list[Case]:
    """The cases in which a way is offered, each with what is set on taking it. Raises TooMany."""
    found: list[Case] = [(case, []) for case in state.cases(way.when)]
    # Whoever stays has not left.
    late = [] if stays(way) else page.late
    for condition, change in (*way.changes, *late):
        if change.variable not in state.known:
            continue
        if condition == ALWAYS:
            found = [(case, [*made, change]) for case, made in found]
        else:
            found = list(_split(found, condition, change, state))
        if len(found) > MOST_WAYS:
            raise TooMany
    return found


def stays(way: Way) -> bool:
    """Whether a way only does something in its own passage."""
    return any(change.variable.startswith("did:") for _, change in way.changes)


def _split(found: Iterable[Case], condition: Condition, change: Change, state: State) -> Iterator[Case]:
    for case, made in found:
        yield from ((held, [*made, change]) for held in product([case], state.cases(condition)))
        yield from ((held, made) for held in product([case], state.cases(Not(condition))))


def _state(book: Book, unsure: set[str], declared: Declared | None) -> State:
    changes = [change for page in book.pages.values() for change in page.changes]
    tests = [part for page in book.pages.values() for part in page.asked if isinstance(part, Test)]
    tests += [Test(change.variable, "true") for change in changes if change.variable.startswith(BEEN)]
    return State(changes, _initial(book), tests, unsure, declared, resets=book.pages[book.start].entry)


def _initial(book: Book) -> dict[str, str]:
    """What is set before a play begins, by a passage for that, or by the first."""
    first: dict[str, str] = {}
    for page in (*book.setting, book.pages[book.start]):
        for change in page.entry:
            number = number_of(first.get(change.variable, "0"))
            if change.kind == "set":
                first[change.variable] = change.literal
            elif change.kind == "add" and number is not None:
                first[change.variable] = str(number + change.amount)
    return first


def _unsure(book: Book) -> set[str]:
    """Variables that code may change in ways that nobody here can tell."""
    found: set[str] = set()
    for page in (*book.pages.values(), *book.setting):
        found |= page.unsure | {name for loss in page.losses for name in loss.variables}
    for page in book.setting:
        found |= {change.variable for _, change in page.late}
        found |= {change.variable for change in page.entry if change.kind == "unknown"}
    for passage in book.said.passages:
        if is_script(passage) or book.purpose(passage) not in ("", SETS):
            found |= {name for names in SCRIPTED.findall(passage.text) for name in names if name}
    return found


def _under_guesses(book: Book, state: State) -> set[str]:
    """Variables that are set under a condition that is a guess."""
    return {
        change.variable
        for page in book.pages.values()
        for condition, change in (*page.late, *(changed for way in page.ways for changed in way.changes))
        if condition != ALWAYS and change.variable in state.known and not state.is_known(condition)
    }


def _too_many(page: Page, state: State) -> Iterator[str]:
    """Variables whose conditions here would make too many choices of one link."""
    for way in page.ways:
        try:
            variants(way, page, state)
        except TooMany:
            asked = (part for part in parts_of(way.when) if isinstance(part, Test))
            yield from (part.variable for part in asked if part.variable in state.known)
            yield from (change.variable for condition, change in (*way.changes, *page.late) if condition != ALWAYS)
