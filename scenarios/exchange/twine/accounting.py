"""What became of each passage and each variable, in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from scenarios.engine.graph import TENSION
from scenarios.exchange.account import the_file
from scenarios.exchange.source import shortened
from scenarios.exchange.twine.book import Book
from scenarios.exchange.twine.nodes import Lost
from scenarios.exchange.twine.passages import HARLOWE, SUGARCUBE, Passage
from scenarios.exchange.twine.special import SETS
from scenarios.exchange.twine.state import BEEN, Metered, State
from scenarios.exchange.twine.unfolding import Page


def account_for_passage(book: Book, state: State, passage: Passage, became: str) -> None:
    """What a passage became, and what was lost on the way."""
    page, place, account = book.pages[passage.name], book.place(passage.name), book.account
    account.kept(place, became, passage.line)
    for name in dict.fromkeys(page.included):
        shown = _("The passage “%(passage)s” is shown within it.") % {"passage": shortened(name)}
        account.kept(place, shown, passage.line)
    for loss, times in _grouped(page.losses):
        say = account.approximated if loss.approximated else account.dropped
        why = _("%(why)s (%(n)s times)") % {"why": loss.why, "n": times} if times > 1 else loss.why
        say(place, f"{shortened(loss.code)}: {why}", passage.line_at(loss.at))
    for message in _approximations(book, state, passage, page):
        account.approximated(place, message, passage.line)
    for change in page.changes:
        if why := _why_left_out(state, change.variable):
            message = _("What sets %(variable)s was left out: %(why)s (%(code)s).")
            message %= {"variable": f"${change.variable}", "why": why, "code": change.code}
            account.dropped(place, message, passage.line_at(change.at))


def account_for_file(book: Book, state: State) -> None:
    """Every passage that is no scene, every variable, and what was wrong with the file."""
    file = the_file()
    _other_passages(book)
    for name, known in state.known.items():
        if name.startswith((BEEN, "did:")):
            continue
        if isinstance(known, Metered):
            message = _("%(variable)s became the meter “%(meter)s”, from %(least)s to %(most)s, at first %(start)s.")
            label = _("Tension") if known.key == TENSION else known.label
            span = {"least": known.minimum, "most": known.maximum, "start": known.start}
            book.account.approximated(file, message % {"variable": f"${name}", "meter": label, **span})
        elif len(known.flags) == 1:
            message = _("%(variable)s became the flag “%(flag)s”.")
            book.account.kept(file, message % {"variable": f"${name}", "flag": next(iter(known.flags.values()))})
        elif known.flags:
            message = _("%(variable)s became a flag for each of its values: %(flags)s.")
            book.account.kept(file, message % {"variable": f"${name}", "flags": ", ".join(known.flags.values())})
    for notice in book.said.notices:
        book.account.approximated(file, notice.message, notice.line)
    if book.dialect not in (HARLOWE, SUGARCUBE):
        message = _("Of its format, %(format)s, only passages and links are known here.")
        book.account.approximated(file, message % {"format": shortened(book.said.format)})
    message = _("Twine knows no introduction, no minutes and no tension: write and set them.")
    book.account.approximated(file, message)


def _grouped(losses: list[Lost]) -> Iterator[tuple[Lost, int]]:
    """Losses that came in changed, once for each reason; those that were left out, once for each code."""
    found: dict[tuple[str, str], list[Lost]] = {}
    for loss in losses:
        found.setdefault((loss.why, "" if loss.approximated else loss.code), []).append(loss)
    yield from ((same[0], len(same)) for same in found.values())


def _approximations(book: Book, state: State, passage: Passage, page: Page) -> Iterator[str]:
    if page.has_cases:
        yield _("Some of its words are there in some cases only; all of them came in, each with its case. Pick.")
    if page.is_opened:
        yield _("Some of its words appear on a click only; here all of them are there at once.")
    moved = [change.variable for change in page.entry if change.variable in state.known]
    if moved and passage.name != book.start:
        message = _("It sets %(variables)s on arrival; here each choice that leads to it does.")
        yield message % {"variables": _listed(moved)}
    if page.printed:
        message = _("It shows the value of %(variables)s, which pages here cannot. Put it in words.")
        yield message % {"variables": _listed(page.printed)}
    if passage.name not in book.reached:
        yield _("No link leads here. It was kept: lead a choice here, or delete it.")


def _listed(names: list[str]) -> str:
    return ", ".join(f"${name}" for name in dict.fromkeys(names[:20]))


def _why_left_out(state: State, variable: str) -> str:
    if variable in state.known:
        return ""
    if variable in state.unsure:
        return _("it cannot be followed, so what asks for it is always offered")
    return _("no link asks for it")


def _other_passages(book: Book) -> None:
    shown = {passage.name for passage in book.shown}
    for passage in book.said.passages:
        place, what = book.place(passage.name), book.purpose(passage)
        if what == SETS:
            book.account.approximated(place, _(what), passage.line)
        elif what.startswith("It became"):
            book.account.kept(place, _(what), passage.line)
        elif what:
            book.account.dropped(place, _(what), passage.line)
        elif passage.name not in shown:
            book.account.kept(place, _("Its words and links stand in the passages that show it."), passage.line)
