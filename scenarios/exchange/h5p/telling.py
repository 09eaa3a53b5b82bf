"""A Branching Scenario as a story of ours: each step a scene, each alternative a choice, each end screen an ending."""

import re
from pathlib import PurePath

from scenarios.engine.graph import FORMAT, TENSION, Document
from scenarios.exchange.account import Account
from scenarios.exchange.faults import Fault, Faults
from scenarios.exchange.foreign import Story
from scenarios.exchange.h5p.archive import Package, major_version
from scenarios.exchange.h5p.endings import LONGEST_PROSE, NO_TITLE, Endings, EndScreens, end_screens, ends
from scenarios.exchange.h5p.loose import Loose, items, mapping, words
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
FILE, START = "the file", "the start screen"
MINUTES, START_TENSION = 8, 4
# Programs other than H5P write it in all of these.
SCORING = ("scoringOptionGroup", "scoringOption", "scoreOption")


def told(package: Package, name: str) -> Story:
    """The story, with what became of each piece. Raises Faults where it is larger than a story of ours may be."""
    nodes = items(package.scenario.get("content"))
    if len(nodes) > MOST_STEPS:
        raise _too_large(name, f"There are {len(nodes):,} steps in this scenario; {MOST_STEPS:,} is the most.")
    proceed = to_plain(words(mapping(package.scenario.get("l10n")).get("proceedButtonText"))) or PROCEED
    steps = [step(node, proceed) for node in nodes]
    if sum(len(found.ways) for found in steps) > MOST_CHOICES:
        raise _too_large(name, f"There are more than {MOST_CHOICES:,} choices in this scenario.")
    story = _Telling(package, steps, name).story()
    _must_fit(story.document, name)
    return story


def _must_fit(document: Document, name: str) -> None:
    if len(document["endings"]) > MOST_ENDINGS:
        raise _too_large(name, f"There are more than {MOST_ENDINGS:,} end screens in this scenario.")
    if sum(map(len, texts(document))) > MOST_CHARACTERS:
        raise _too_large(name, f"There are more than {MOST_CHARACTERS:,} characters in this scenario.")


def _too_large(name: str, message: str) -> Faults:
    return Faults([Fault(name, 0, f"{message} Split it in H5P, and import the parts.", "too-large")])


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
        return f"step {number + 1} “{shortened(self.titles[number])}”"

    def _head(self) -> Document:
        start = mapping(self.scenario.get("startScreen"))
        heading, subtitle = (words(start.get(f"startScreen{part}")) for part in ("Title", "Subtitle"))
        known = (words(self.about.get("title")), words(self.scenario.get("title")), heading, PurePath(self.name).stem)
        title = self.account.cut(next(filter(None, map(to_plain, known)), "Imported scenario"), LONGEST_TITLE, FILE)
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
        plain = to_plain(heading)
        first = f"**{escaped(plain)}**" if plain and plain != title else ""
        text = "\n\n".join(part for part in (first, to_markdown(subtitle)) if part)
        if text:
            self.account.kept(START, "It became the introduction, and its text also the summary.")
        else:
            self.account.approximated(START, "It has no text of its own. Write an introduction and a summary.")
        if words(mapping(start.get("startScreenImage")).get("path")) or media(subtitle):
            self.account.dropped(START, "Its image was left out.")
        return self.account.cut(text, LONGEST_PROSE, START)

    def _language(self) -> str:
        for said in (self.about.get("defaultLanguage"), self.about.get("language")):
            if LANGUAGE.fullmatch(words(said)) and said != "und":
                return words(said)
        self.account.approximated(FILE, "It does not say its language; it was taken for English.")
        return "en"

    def _scene(self, number: int) -> Document:
        found, place = self.steps[number], self._place(number)
        self._remark(found, number, place)
        scene: Document = {"title": self.account.cut(self.titles[number], LONGEST_TITLE, place)}
        scene["description"] = self.account.cut(self._description(number, place), LONGEST_PROSE, place)
        if len(found.ways) > MOST_OF_ONE:
            self.account.dropped(place, f"It has {len(found.ways)} alternatives; only the first {MOST_OF_ONE} came in.")
        choices: Document = {}
        for way in found.ways[:MOST_OF_ONE]:
            key = free_name(way.text, choices, "choice")
            choices[key] = self._choice(way, found, len(choices) + 1, place)
        return scene | ({"choices": choices} if choices else {})

    def _description(self, number: int, place: str) -> str:
        found = self.steps[number]
        if found.is_question or found.is_text:
            if not found.text:
                self.account.approximated(place, "It has no text. Write what one sees and hears.")
            return without_heading(found.text, self.titles[number]) or "(There was no text here.)"
        note = f"*(In H5P this step was of the type {escaped(found.type)}, which cannot be imported.)*"
        return "\n\n".join(part for part in (note, found.text) if part)

    def _remark(self, found: Step, number: int, place: str) -> None:
        if found.is_question:
            self.account.kept(place, f"This question became a scene with {_counted(len(found.ways), 'choice')}.")
        elif found.is_text:
            self.account.kept(place, "This text became a scene with one choice, which leads on.")
        else:
            left = "the words found in it came in; the rest was left out" if found.text else "it was left out"
            self.account.approximated(place, f"A step of the type {found.type} cannot be imported: {left}.")
        if not found.ways:
            self.account.approximated(place, "It has no alternatives, so a learner would be stuck here. Add choices.")
        for medium in dict.fromkeys(found.media):
            self.account.dropped(place, f"It shows {medium}, which was left out.")
        if number not in self.reached:
            self.account.approximated(place, "No way leads here in H5P. It was kept: lead a choice here, or delete it.")

    def _choice(self, way: Way, found: Step, number: int, place: str) -> Document:
        place = f"{place}, choice {number}" if found.is_question else place
        if not way.text:
            self.account.approximated(place, "This choice has no words. Write what one says or does.")
        text = self.account.cut(way.text or f"Choice {number}", LONGEST_CHOICE, place)
        choice: Document = {"text": text, "to": self._target(way, place)}
        said = self.account.cut("" if ends(way) else way.feedback.markdown, LONGEST_PROSE, place)
        if said:
            self.account.kept(place, "Its feedback became the consequence. What is advice belongs in the coaching.")
        if way.feedback.has_image and not ends(way):
            self.account.dropped(place, "The image of its feedback was left out.")
        self._points(way, place)
        return choice | ({"consequence": said} if said else {})

    def _target(self, way: Way, place: str) -> str:
        if ends(way):
            return self.endings.key_of(self.endings.shown.of(way))
        if way.to is not None and way.to < len(self.keys):
            return self.keys[way.to]
        where = f"step {way.to + 1}, which is not in the file" if way.to is not None else "a step that cannot be read"
        self.account.dropped(place, f"It leads to {where}; it leads nowhere now. Pick where it leads.")
        return ""

    def _points(self, way: Way, place: str) -> None:
        """Points on the way count in H5P where scores are added up."""
        if not way.feedback.score or (ends(way) and self.scoring != "dynamic-score"):
            return
        if self.scoring == "dynamic-score" and not ends(way):
            rate = f"It gives {way.feedback.score:g} points on the way, which was left out. Rate its skills instead."
            self.account.dropped(place, rate)
        else:
            self.account.dropped(place, f"It has a score of {way.feedback.score:g} that H5P does not use either.")

    def _unused(self, shown: EndScreens) -> None:
        """An end screen that nobody gets to is left out, unless it is the only one: then an author can lead there."""
        said = {(screen.title, screen.text) for screen in self.endings.keys}
        for screen in dict.fromkeys(shown.every):
            if (screen.title, screen.text) in said or not (screen.has_words or not self.endings.document):
                continue
            title = f"end screen “{shortened(screen.title or title_from(screen.text) or NO_TITLE)}”"
            if self.endings.document:
                self.account.dropped(title, "No way leads to it in H5P, so it was left out.")
            else:
                self.account.approximated(title, "No way leads to it in H5P. It was kept: lead a choice to it.")
                self.endings.key_of(screen)

    def _settings(self) -> None:
        if not self.steps:
            self.account.dropped(FILE, "There are no steps in it.")
        self.account.approximated(FILE, "H5P knows no minutes and no tension: set both, and rate skills on choices.")
        if self.scoring == "dynamic-score":
            self.account.dropped(FILE, "It adds up points on the way; here each ending has a score. Set the endings'.")
        elif self.scoring == "no-score" and self.endings.shown.best is not None:
            self.account.approximated(FILE, "Its scores are switched off in H5P; those of its end screens were used.")
        for message in _behaviour(self.scenario, self.steps):
            self.account.dropped(FILE, message)
        if rights := _rights(self.about):
            self.account.dropped(FILE, f"It was made by {rights}: name them where you use it.")
        if (version := major_version(self.about)) != 1:
            self.account.approximated(FILE, f"It is of version {version} of Branching Scenario; only 1 is known here.")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def scoring(scenario: Loose) -> str:
    """How H5P scores; empty where the file does not say, as in the first versions."""
    behaviour = mapping(scenario.get("behaviour"))
    for found in (*map(scenario.get, SCORING), behaviour.get(SCORING[0])):
        said = words(mapping(found).get("scoringOption")) or words(found)
        if said:
            return said
    return ""


def _behaviour(scenario: Loose, steps: list[Step]) -> list[str]:
    found = mapping(scenario.get("behaviour"))
    said = []
    if found.get("enableBackwardsNavigation") is True or any(step.goes_back for step in steps):
        said.append("Learners could go back in H5P; here a decision stays.")
    if found.get("randomizeBranchingQuestions") is True:
        said.append("It shuffles alternatives; here choices keep their order.")
    if found.get("forceContentFinished") is True or found.get("requiresFinishing") is True:
        said.append("It makes learners finish a film or presentation before they go on; that was left out.")
    return said


def _rights(about: Loose) -> str:
    """Who made it and under which licence, in words; empty where the file names neither."""
    names = [to_plain(words(mapping(author).get("name")))[:80] for author in items(about.get("authors"))[:20]]
    licence = to_plain(words(about.get("license")))[:80]
    who = ", ".join(filter(None, names)) or "somebody whom it does not name"
    terms = f", under the licence {licence}" if licence not in ("", "U") else ""
    return f"{who}{terms}" if terms or any(names) else ""


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
