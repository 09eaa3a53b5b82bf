"""End screens, and the endings that they become."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from scenarios.engine.graph import Document
from scenarios.exchange.account import Account
from scenarios.exchange.h5p.loose import Loose, items, mapping, number, whole, words
from scenarios.exchange.h5p.steps import END, LONGEST_TITLE, Feedback, Step, Way, title_from
from scenarios.exchange.hypertext import media, to_plain
from scenarios.exchange.markdown_text import escaped, to_markdown
from scenarios.exchange.source import shortened
from scenarios.naming import free_name

LONGEST_PROSE = 50_000
RESOLVED_FROM, PARTLY_FROM = 80, 40
NO_TITLE = "The end"


def screens(scenario: Loose) -> list[tuple[int | None, Feedback]]:
    """All end screens in order, each with the number that ways lead to it by; -1 is the usual one."""
    found = [mapping(screen) for screen in items(scenario.get("endScreens"))]
    return [(whole(screen.get("contentId")), _screen(screen)) for screen in found]


def _numbered(found: list[tuple[int | None, Feedback]]) -> dict[int, Feedback]:
    """H5P shows the last of those with the same number; one without a number serves where there is no other."""
    usual = [(END, screen) for place, screen in found if place is None][:1]
    return dict(usual) | {place: screen for place, screen in found if place is not None}


def _screen(screen: Loose) -> Feedback:
    html = words(screen.get("endScreenSubtitle"))
    return Feedback(
        title=to_plain(words(screen.get("endScreenTitle"))),
        text=to_markdown(html),
        score=number(screen.get("endScreenScore")),
        has_image=bool(words(mapping(screen.get("endScreenImage")).get("path"))) or bool(media(html)),
    )


def ends(way: Way) -> bool:
    return way.to is not None and way.to < 0


@dataclass(frozen=True)
class EndScreens:
    """Which end screen each way out shows, and what its score is worth. ``best`` is None where there are no scores."""

    every: tuple[Feedback, ...]
    numbered: Mapping[int, Feedback]
    has_scores: bool
    best: float | None = None

    def of(self, way: Way) -> Feedback:
        """H5P shows the way's own feedback where it has words, and otherwise the numbered screen."""
        usual = self.numbered.get(way.to or END) or self.numbered.get(END) or Feedback()
        said = way.feedback
        if said.has_words or said.has_image:
            return said
        score = usual.score if said.score is None else said.score
        return Feedback(usual.title, usual.text, score, usual.has_image)

    def percent(self, screen: Feedback) -> int | None:
        """The score, from 0 to 100 of the best that there is."""
        if self.best is None or screen.score is None:
            return None
        return max(0, min(100, int(100 * screen.score / self.best + 0.5)))


def end_screens(scenario: Loose, steps: Iterable[Step], has_scores: bool) -> EndScreens:
    listed = screens(scenario)
    every, numbered = tuple(screen for _place, screen in listed), _numbered(listed)
    shown = EndScreens(every, numbered, has_scores)
    found = [shown.of(way).score for step in steps for way in step.ways if ends(way)]
    scores = [score for score in found if score is not None] if has_scores else []
    best = max(scores, default=0.0)
    return EndScreens(every, numbered, has_scores, best if best > 0 else None)


def screen_called(title: str) -> str:
    """How remarks call an end screen."""
    return _("end screen “%(title)s”") % {"title": shortened(title)}


class Endings:
    """The endings of a document so far; two end screens that say the same are one ending."""

    def __init__(self, shown: EndScreens, taken: set[str], account: Account) -> None:
        self.shown = shown
        self.taken = taken
        self.account = account
        self.keys: dict[Feedback, str] = {}
        self.document: Document = {}

    def key_of(self, screen: Feedback) -> str:
        if screen not in self.keys:
            self.keys[screen] = self._add(screen)
        return self.keys[screen]

    def _add(self, screen: Feedback) -> str:
        title = screen.title or title_from(screen.text) or NO_TITLE
        place = screen_called(title)
        title = self.account.cut(title, LONGEST_TITLE, place)
        key = free_name(title, self.taken, "ending")
        self.taken.add(key)
        percent = self.shown.percent(screen)
        ending: Document = {"kind": kind_of(percent), "title": title}
        ending["text"] = self.account.cut(screen.text or escaped(title), LONGEST_PROSE, place)
        self.document[key] = ending if percent is None else ending | {"score": percent}
        self._remark(screen, place, ending["kind"], percent)
        return key

    def _remark(self, screen: Feedback, place: str, kind: str, percent: int | None) -> None:
        said = {"kind": _(kind.replace("-", " "))}
        if percent is not None:
            message = _("Its score of %(score)s of at most %(best)s became %(percent)s, which is %(kind)s.")
            said |= {"score": f"{screen.score:g}", "best": f"{self.shown.best:g}", "percent": f"{percent}"}
        elif self.shown.has_scores:
            message = _("It has no score, so this ending was set to %(kind)s. Choose what fits.")
        else:
            message = _("Its score is not one of its own, so this ending was set to %(kind)s. Choose what fits.")
        self.account.approximated(place, message % said)
        if not screen.has_words:
            self.account.approximated(place, _("It has no words. Write how it turned out."))
        if screen.has_image:
            self.account.dropped(place, _("Its image was left out."))


def kind_of(percent: int | None) -> str:
    if percent is None or PARTLY_FROM <= percent < RESOLVED_FROM:
        return "partly-resolved"
    return "resolved" if percent >= RESOLVED_FROM else "escalated"
