"""What a Branching Scenario says of itself as a whole: how it scores, how it behaves, who made it."""

from django.utils.translation import gettext as _

from scenarios.exchange.h5p.loose import Loose, items, mapping, words
from scenarios.exchange.h5p.steps import Step
from scenarios.exchange.hypertext import to_plain

# Programs other than H5P write it in all of these.
SCORING = ("scoringOptionGroup", "scoringOption", "scoreOption")


def scoring(scenario: Loose) -> str:
    """How H5P scores; empty where the file does not say, as in the first versions."""
    behaviour = mapping(scenario.get("behaviour"))
    for found in (*map(scenario.get, SCORING), behaviour.get(SCORING[0])):
        said = words(mapping(found).get("scoringOption")) or words(found)
        if said:
            return said
    return ""


def behaviour(scenario: Loose, steps: list[Step]) -> list[str]:
    """What H5P does and plays here do not, each in a sentence."""
    found = mapping(scenario.get("behaviour"))
    said = []
    if found.get("enableBackwardsNavigation") is True or any(step.goes_back for step in steps):
        said.append(_("Learners could go back in H5P; here a decision stays."))
    if found.get("randomizeBranchingQuestions") is True:
        said.append(_("It shuffles alternatives; here choices keep their order."))
    if found.get("forceContentFinished") is True or found.get("requiresFinishing") is True:
        said.append(_("It makes learners finish a film or presentation before they go on; that was left out."))
    return said


def rights(about: Loose) -> str:
    """Who made it and under which licence, in a sentence; empty where the file names neither."""
    names = [to_plain(words(mapping(author).get("name")))[:80] for author in items(about.get("authors"))[:20]]
    licence = to_plain(words(about.get("license")))[:80]
    has_licence = licence not in ("", "U")
    if not any(names) and not has_licence:
        return ""
    who = ", ".join(filter(None, names)) or _("somebody whom it does not name")
    if not has_licence:
        return _("It was made by %(names)s: name them where you use it.") % {"names": who}
    message = _("It was made by %(names)s, under the licence %(licence)s: name them where you use it.")
    return message % {"names": who, "licence": licence}
