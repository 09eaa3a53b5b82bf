"""GIFT questions as questions of a knowledge check, and what became of each."""

from dataclasses import dataclass
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.gift.answers import NOT_HERE, Answer, Answers, answers_of
from courses.gift.blocks import CATEGORY, TITLE, Block, blocks
from courses.gift.marks import BLANK, USUAL, hidden, html_of, markdown_of, plain_of, shown, with_format
from scenarios.exchange.account import Account
from scenarios.exchange.faults import Fault, Faults
from scenarios.exchange.foreign import Remark
from scenarios.exchange.hypertext import media
from scenarios.exchange.source import shortened
from scenarios.naming import free_name

LARGEST, MOST_BLOCKS, MOST_QUESTIONS, MOST_OPTIONS = 2_000_000, 5_000, 200, 50
LONGEST_TEXT, LONGEST_OPTION, LONGEST_EXPLANATION = 50_000, 400, 600

Fields = dict[str, Any]


@dataclass(frozen=True)
class Questions:
    """``questions`` as in the file of a knowledge check; an ``explanation`` is empty where GIFT has none."""

    questions: dict[str, Fields]
    remarks: tuple[Remark, ...]


class CannotUse(Exception):
    """Why one question was left out, as a sentence."""


def read_gift(text: str, name: str) -> Questions:
    """The questions that a knowledge check can ask; the others are remarked on. Raises Faults where there is none."""
    if len(text) > LARGEST:
        message = _("This file has more than %(most)s characters, which is the most.") % {"most": intcomma(LARGEST)}
        raise Faults([Fault(name, 0, message, "too-large")])
    found = list(blocks(hidden(text)))
    if len(found) > MOST_BLOCKS:
        message = _("There are more than %(most)s questions in this file.") % {"most": intcomma(MOST_BLOCKS)}
        raise Faults([Fault(name, 0, message, "too-large")])
    if not found:
        message = _("There is no question in this file. A question in GIFT is a text with answers in braces “{ }”.")
        raise Faults([Fault(name, 0, message, "no-questions")])
    return _Reading(found).done()


class _Reading:
    def __init__(self, found: list[Block]) -> None:
        self.found = found
        self.account = Account()
        self.questions: dict[str, Fields] = {}

    def done(self) -> Questions:
        for block in self.found:
            if block.is_category:
                category = shortened(shown(block.text.removeprefix(CATEGORY)))
                message = _("The category “%(name)s” was left out.") % {"name": category}
                self.account.dropped(_("category"), message, block.line)
            else:
                self._question(block)
        return Questions(self.questions, self.account.remarks)

    def _question(self, block: Block) -> None:
        title, text = _titled(block.text)
        named = shortened(title or plain_of(text.partition("{")[0], USUAL) or _("without text"))
        place = _("question “%(name)s”") % {"name": named}
        try:
            if len(self.questions) >= MOST_QUESTIONS:
                many = _("A knowledge check has %(most)s questions at most; this one was left out.")
                raise CannotUse(many % {"most": MOST_QUESTIONS})
            question = _Question(text, place, block.line, self.account)
            key = free_name(title or question.plain, self.questions, "question")
            self.questions[key] = question.document()
            said = _("It came in with %(n)s options.") % {"n": len(self.questions[key]["options"])}
            self.account.kept(place, said, block.line)
        except CannotUse as reason:
            self.account.dropped(place, str(reason), block.line)


def _titled(text: str) -> tuple[str, str]:
    end = text.find(TITLE, len(TITLE)) if text.startswith(TITLE) else -1
    if end < 0:
        return "", text.removeprefix(TITLE)
    return " ".join(shown(text[len(TITLE) : end]).split()), text[end + len(TITLE) :].strip()


def _parted(text: str) -> tuple[str, str]:
    """The words, with a blank where the answers stand amid them, and the answers."""
    opens, closes = text.count("{"), text.count("}")
    if opens == closes == 0:
        raise CannotUse(NOT_HERE["description"])
    if opens > closes:
        raise CannotUse(_("A brace “{” opens in it and never closes. Add “}” after its answers."))
    if closes > opens:
        raise CannotUse(_("A brace “}” closes in it that never opened. Add “{”, or write “\\}”."))
    if opens > 1:
        raise CannotUse(_("There is more than one pair of braces in it. Write “\\{” and “\\}” for braces in the text."))
    before, _brace, rest = text.partition("{")
    answers, closed, after = rest.partition("}")
    if not closed:
        raise CannotUse(_("Its braces are the wrong way round. Write “{”, then the answers, then “}”."))
    return (f"{before}{BLANK}{after}" if after.strip() else before), answers


class _Question:
    """One question. Raises CannotUse where a knowledge check cannot ask it."""

    def __init__(self, text: str, place: str, line: int, account: Account) -> None:
        self.place, self.line, self.account = place, line, account
        words, answers = _parted(text)
        self.answers = answers_of(answers)
        if self.answers.kind in NOT_HERE:
            raise CannotUse(NOT_HERE[self.answers.kind])
        words, self.form = with_format(words, USUAL)
        self.text = markdown_of(words, self.form)
        self.plain = plain_of(words.replace(BLANK, " "), self.form)
        if not self.text:
            raise CannotUse(_("It has no words, so nobody would know what is asked."))
        self._remark_media(html_of(words, self.form))

    def document(self) -> Fields:
        options = self._options()
        right = sum("correct" in option for option in options.values())
        if not right:
            raise CannotUse(_("No answer of it is right. Mark one with “=”."))
        if len(options) < 2:
            raise CannotUse(_("It has fewer than two answers to choose from."))
        self._remark_weights(self.answers, right)
        if missing := sum(not option["explanation"] for option in options.values()):
            self._approximated(
                ngettext(
                    "One of its options has no explanation. Write why it is right or wrong.",
                    "%(n)s of its options have no explanation. Write why it is right or wrong.",
                    missing,
                )
                % {"n": missing}
            )
        text = self.account.cut(self.text, LONGEST_TEXT, self.place, self.line)
        return {"text": text, **({"multiple": True} if right > 1 else {}), "options": options}

    def _options(self) -> dict[str, Fields]:
        options: dict[str, Fields] = {}
        general = plain_of(self.answers.general, self.form)
        self._remark_media(self.answers.general)
        if len(self.answers.answers) > MOST_OPTIONS:
            self._dropped(_("Only its first %(most)s options came in.") % {"most": MOST_OPTIONS})
        for answer in self.answers.answers[:MOST_OPTIONS]:
            text = plain_of(answer.text, self.form)
            self._remark_media(answer.text + answer.feedback)
            if text:
                options[free_name(text, options, "option")] = self._option(answer, text, general)
            else:
                self._dropped(_("An option without words was left out."))
        return options

    def _option(self, answer: Answer, text: str, general: str) -> Fields:
        """General feedback stands in for what an option does not say; where all do, the right ones say it too."""
        is_right = self.answers.is_right(answer)
        said = plain_of(answer.feedback, self.form)
        if not said or (is_right and all(other.feedback for other in self.answers.answers)):
            said = " ".join(filter(None, (said, general)))
        option: Fields = {"text": self.account.cut(text, LONGEST_OPTION, self.place, self.line)}
        option |= {"correct": True} if is_right else {}
        return option | {"explanation": self.account.cut(said, LONGEST_EXPLANATION, self.place, self.line)}

    def _remark_weights(self, answers: Answers, right: int) -> None:
        partial = [answer for answer in answers.answers if 0 < (answer.weight or 0) < 100]
        if answers.has_full and any(not answers.is_right(answer) for answer in partial):
            self._approximated(_("Answers that are partly right in Moodle are wrong here."))
        elif right > 1 and answers.has_full and not partial:
            any_one = _("In Moodle any one of its right answers is enough; here all of them have to be chosen.")
            self._approximated(any_one)
        elif any(answer.weight is not None for answer in answers.answers):
            self._approximated(_("Its percentages were left out: here every right answer counts the same."))

    def _approximated(self, message: str) -> None:
        self.account.approximated(self.place, message, self.line)

    def _dropped(self, message: str) -> None:
        self.account.dropped(self.place, message, self.line)

    def _remark_media(self, html: str) -> None:
        for medium in dict.fromkeys(media(shown(html))):
            self._dropped(_("It shows %(medium)s, which was left out.") % {"medium": _(medium)})
