"""A Branching Scenario as a story of ours: each step a scene, each alternative a choice, each end screen an ending."""

import re
from pathlib import PurePath

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scenarios.engine.graph import FORMAT, TENSION, Document
from scenarios.exchange.account import Account, the_file
from scenarios.exchange.faults import Fault, Faults
from scenarios.exchange.foreign import Story
from scenarios.exchange.h5p.archive import Package, major_version
from scenarios.exchange.h5p.endings import (
    LONGEST_PROSE,
    NO_TITLE,
    Endings,
    EndScreens,
    end_screens,
    ends,
    screen_called,
)
from scenarios.exchange.h5p.loose import Loose, items, mapping, words
from scenarios.exchange.h5p.settings import behaviour, rights, scoring
from scenarios.exchange.h5p.steps import LONGEST_TITLE, Step, Way, step, title_from, without_heading
from scenarios.exchange.hypertext import media, to_plain
from scenarios.exchange.markdown_text import escaped, to_markdown
from scenarios.exchange.source import shortened
from scenarios.naming import free_name
from scenarios.quoting import texts

MOST_STEPS, MOST_CHOICES, MOST_ENDINGS, MOST_OF_ONE = 1_000, 20_000, 1_000, 50
MOST_CHARACTERS = 5_000_000
LONGEST_CHOICE, LONGEST_SUMMARY = 600, 400
PROCEED = "Continue"
LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})?")
MINUTES, START_TENSION = 8, 4


def told(package: Package, name: str) -> Story:
    """The story, with what became of each piece. Raises Faults where it is larger than a story of ours may be."""
    nodes = items(package.scenario.get("content"))
    if len(nodes) > MOST_STEPS:
        said = _("There are %(number)s steps in this scenario; %(most)s is the most.")
        raise _too_large(name, said % {"number": f"{len(nodes):,}", "most": f"{MOST_STEPS:,}"})
    proceed = to_plain(words(mapping(package.scenario.get("l10n")).get("proceedButtonText"))) or PROCEED
    steps = [step(node, proceed) for node in nodes]
    if sum(len(found.ways) for found in steps) > MOST_CHOICES:
        many = _("There are more than %(most)s choices in this scenario.")
        raise _too_large(name, many % {"most": f"{MOST_CHOICES:,}"})
    story = _Telling(package, steps, name).story()
    _must_fit(story.document, name)
    return story


def _must_fit(document: Document, name: str) -> None:
    if len(document["endings"]) > MOST_ENDINGS:
        many = _("There are more than %(most)s end screens in this scenario.")
        raise _too_large(name, many % {"most": f"{MOST_ENDINGS:,}"})
    if sum(map(len, texts(document))) > MOST_CHARACTERS:
        many = _("There are more than %(most)s characters in this scenario.")
        raise _too_large(name, many % {"most": f"{MOST_CHARACTERS:,}"})


def _too_large(name: str, message: str) -> Faults:
    return Faults([Fault(name, 0, message + " " + _("Split it in H5P, and import the parts."), "too-large")])


class _Telling:
    def __init__(self, package: Package, steps: list[Step], name: str) -> None:
        self.about, self.scenario, self.name, self.steps = package.about, package.scenario, name, steps
        self.account = Account()
        self.taken: set[str] = set()
        self.titles = [self._title(number) for number in range(len(steps))]
        self.keys = [self._key(number) for number in range(len(steps))]
        self.reached = reached(steps)
        self.scoring = scoring(package.scenario)
        shown = end_screens(package.scenario, steps, self.scoring != "dynamic-score")
        self.endings = Endings(shown, self.taken, self.account)

    def story(self) -> Story:
        document = self._head()
        document["scenes"] = {key: self._scene(number) for number, key in enumerate(self.keys)}
        self._unused(self.endings.shown)
        document["endings"] = self.endings.document
        self._settings()
        return Story(document, self.account.remarks)

    def _title(self, number: int) -> str:
        return self.steps[number].title or title_from(self.steps[number].text) or f"Step {number + 1}"

    def _key(self, number: int) -> str:
        key = free_name(self.titles[number], self.taken, f"step-{number + 1}")
        self.taken.add(key)
        return key

    def _place(self, number: int) -> str:
        return _("step %(number)s “%(title)s”") % {"number": number + 1, "title": shortened(self.titles[number])}

    def _head(self) -> Document:
        start = mapping(self.scenario.get("startScreen"))
        heading, subtitle = (words(start.get(f"startScreen{part}")) for part in ("Title", "Subtitle"))
        known = (words(self.about.get("title")), words(self.scenario.get("title")), heading, PurePath(self.name).stem)
        title = self.account.cut(
            next(filter(None, map(to_plain, known)), "Imported scenario"), LONGEST_TITLE, the_file()
        )
        summary = to_plain(subtitle)
        return {
            "format": FORMAT,
            "slug": free_name(title, (), "imported-scenario"),
            "title": title,
            "language": self._language(),
            "summary": summary if len(summary) <= LONGEST_SUMMARY else summary[: LONGEST_SUMMARY - 1].rstrip() + "…",
            "minutes": MINUTES,
            "introduction": self._introduction(start, title, heading, subtitle),
            "meters": {TENSION: {"start": START_TENSION}},
        }

    def _introduction(self, start: Loose, title: str, heading: str, subtitle: str) -> str:
        plain, place = to_plain(heading), _("the start screen")
        first = f"**{escaped(plain)}**" if plain and plain != title else ""
        text = "\n\n".join(part for part in (first, to_markdown(subtitle)) if part)
        if text:
            self.account.kept(place, _("It became the introduction, and its text also the summary."))
        else:
            self.account.approximated(place, _("It has no text of its own. Write an introduction and a summary."))
        if words(mapping(start.get("startScreenImage")).get("path")) or media(subtitle):
            self.account.dropped(place, _("Its image was left out."))
        return self.account.cut(text, LONGEST_PROSE, place)

    def _language(self) -> str:
        for said in (self.about.get("defaultLanguage"), self.about.get("language")):
            if LANGUAGE.fullmatch(words(said)) and said != "und":
                return words(said)
        self.account.approximated(the_file(), _("It does not say its language; it was taken for English."))
        return "en"

    def _scene(self, number: int) -> Document:
        found, place = self.steps[number], self._place(number)
        self._remark(found, number, place)
        scene: Document = {"title": self.account.cut(self.titles[number], LONGEST_TITLE, place)}
        scene["description"] = self.account.cut(self._description(number, place), LONGEST_PROSE, place)
        if len(found.ways) > MOST_OF_ONE:
            message = _("It has %(number)s alternatives; only the first %(most)s came in.")
            self.account.dropped(place, message % {"number": len(found.ways), "most": MOST_OF_ONE})
        choices: Document = {}
        for way in found.ways[:MOST_OF_ONE]:
            key = free_name(way.text, choices, "choice")
            choices[key] = self._choice(way, found, len(choices) + 1, place)
        return scene | ({"choices": choices} if choices else {})

    def _description(self, number: int, place: str) -> str:
        found = self.steps[number]
        if found.is_question or found.is_text:
            if not found.text:
                self.account.approximated(place, _("It has no text. Write what one sees and hears."))
            return without_heading(found.text, self.titles[number]) or "(There was no text here.)"
        note = f"*(In H5P this step was of the type {escaped(found.type)}, which cannot be imported.)*"
        return "\n\n".join(part for part in (note, found.text) if part)

    def _remark(self, found: Step, number: int, place: str) -> None:
        if found.is_question:
            self.account.kept(place, _became_scene(len(found.ways)))
        elif found.is_text:
            self.account.kept(place, _("This text became a scene with one choice, which leads on."))
        else:
            self.account.approximated(place, _left_out(found) % {"type": found.type if found.library else _("unknown")})
        if not found.ways:
            self.account.approximated(
                place, _("It has no alternatives, so a learner would be stuck here. Add choices.")
            )
        for medium in dict.fromkeys(found.media):
            self.account.dropped(place, _("It shows %(medium)s, which was left out.") % {"medium": _(medium)})
        if number not in self.reached:
            alone = _("No way leads here in H5P. It was kept: lead a choice here, or delete it.")
            self.account.approximated(place, alone)

    def _choice(self, way: Way, found: Step, number: int, place: str) -> Document:
        if found.is_question:
            place = _("%(step)s, choice %(number)s") % {"step": place, "number": number}
        if not way.text:
            self.account.approximated(place, _("This choice has no words. Write what one says or does."))
        text = self.account.cut(way.text or f"Choice {number}", LONGEST_CHOICE, place)
        choice: Document = {"text": text, "to": self._target(way, place)}
        said = self.account.cut("" if ends(way) else way.feedback.markdown, LONGEST_PROSE, place)
        if said:
            message = _("Its feedback became the consequence. What is advice belongs in the coaching.")
            self.account.kept(place, message)
        if way.feedback.has_image and not ends(way):
            self.account.dropped(place, _("The image of its feedback was left out."))
        self._points(way, place)
        return choice | ({"consequence": said} if said else {})

    def _target(self, way: Way, place: str) -> str:
        if ends(way):
            return self.endings.key_of(self.endings.shown.of(way))
        if way.to is not None and way.to < len(self.keys):
            return self.keys[way.to]
        if way.to is None:
            message = _("It leads to a step that cannot be read; it leads nowhere now. Pick where it leads.")
        else:
            message = _(
                "It leads to step %(number)s, which is not in the file; it leads nowhere now. Pick where it leads."
            )
            message %= {"number": way.to + 1}
        self.account.dropped(place, message)
        return ""

    def _points(self, way: Way, place: str) -> None:
        """Points on the way count in H5P where scores are added up."""
        if not way.feedback.score or (ends(way) and self.scoring != "dynamic-score"):
            return
        if self.scoring == "dynamic-score" and not ends(way):
            message = _("It gives %(points)s points on the way, which was left out. Rate its skills instead.")
        else:
            message = _("It has a score of %(points)s that H5P does not use either.")
        self.account.dropped(place, message % {"points": f"{way.feedback.score:g}"})

    def _unused(self, shown: EndScreens) -> None:
        """An end screen that nobody gets to is left out, unless it is the only one: then an author can lead there."""
        said = {(screen.title, screen.text) for screen in self.endings.keys}
        for screen in dict.fromkeys(shown.every):
            if (screen.title, screen.text) in said or not (screen.has_words or not self.endings.document):
                continue
            place = screen_called(screen.title or title_from(screen.text) or NO_TITLE)
            if self.endings.document:
                self.account.dropped(place, _("No way leads to it in H5P, so it was left out."))
            else:
                self.account.approximated(place, _("No way leads to it in H5P. It was kept: lead a choice to it."))
                self.endings.key_of(screen)

    def _settings(self) -> None:
        file = the_file()
        if not self.steps:
            self.account.dropped(file, _("There are no steps in it."))
        unknown = _("H5P knows no minutes and no tension: set both, and rate skills on choices.")
        self.account.approximated(file, unknown)
        if self.scoring == "dynamic-score":
            points = _("It adds up points on the way; here each ending has a score. Set the endings'.")
            self.account.dropped(file, points)
        elif self.scoring == "no-score" and self.endings.shown.best is not None:
            switched_off = _("Its scores are switched off in H5P; those of its end screens were used.")
            self.account.approximated(file, switched_off)
        for message in behaviour(self.scenario, self.steps):
            self.account.dropped(file, message)
        if made_by := rights(self.about):
            self.account.dropped(file, made_by)
        if (version := major_version(self.about)) != 1:
            newer = _("It is of version %(version)s of Branching Scenario; only 1 is known here.")
            self.account.approximated(file, newer % {"version": version})


def _became_scene(choices: int) -> str:
    message = ngettext(
        "This question became a scene with %(n)s choice.", "This question became a scene with %(n)s choices.", choices
    )
    return message % {"n": choices}


def _left_out(found: Step) -> str:
    if found.text:
        return _(
            "A step of the type %(type)s cannot be imported: the words found in it came in; the rest was left out."
        )
    return _("A step of the type %(type)s cannot be imported: it was left out.")


def reached(steps: list[Step]) -> frozenset[int]:
    """The steps that some path gets to from the first."""
    found = {0} if steps else set()
    waiting = list(found)
    while waiting:
        for way in steps[waiting.pop()].ways:
            if way.to is not None and 0 <= way.to < len(steps) and way.to not in found:
                found.add(way.to)
                waiting.append(way.to)
    return frozenset(found)
