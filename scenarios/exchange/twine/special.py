"""Passages that a format reads and no reader: what they are for."""

from django.utils.translation import gettext_noop as _

from scenarios.exchange.twine.passages import HARLOWE, Passage

SETS = _("It sets what holds when a play begins.")
NAMES = {
    "StoryTitle": _("It became the title."),
    "StoryData": _("It became the settings of the story, as far as there are such here."),
    "StorySettings": _("It has settings of Twine 1, which were left out."),
    "StoryInit": SETS,
    "StoryIncludes": _("It names other files, which are not in this one. Import them together, in one .zip file."),
    "StorySubtitle": _("The line below the title was left out."),
    "StoryAuthor": _("It names who made the story: name them where you use it."),
    "StoryCaption": _("What stood beside the story was left out."),
    "StoryMenu": _("What stood beside the story was left out."),
    "StoryBanner": _("What stood beside the story was left out."),
    "StoryShare": _("What stood beside the story was left out."),
    "StoryDisplayTitle": _("The title as it was drawn was left out."),
    "StoryInterface": _("The frame of the pages was left out."),
    "StoryLoadingScreen": _("The page that was shown while loading was left out."),
    "PassageHeader": _("What stood on top of each passage was left out."),
    "PassageFooter": _("What stood below each passage was left out."),
    "PassageReady": _("What was done before each passage was left out."),
    "PassageDone": _("What was done after each passage was left out."),
    "MenuOptions": _("What stood beside the story was left out."),
    "MenuShare": _("What stood beside the story was left out."),
}
TAGS = {
    "script": _("It is a script, which was left out."),
    "stylesheet": _("It is a style sheet, which was left out."),
    "widget": _("It defines macros of its own, which were left out."),
    "init": SETS,
    "annotation": _("It is a note of the author, which was left out."),
}
HARLOWE_TAGS = {
    "startup": SETS,
    "header": _("What stood on top of each passage was left out."),
    "footer": _("What stood below each passage was left out."),
    "debug-startup": _("It is for trying the story out, and was left out."),
    "debug-header": _("It is for trying the story out, and was left out."),
    "debug-footer": _("It is for trying the story out, and was left out."),
}


def purpose(passage: Passage, dialect: str) -> str:
    """What became of a passage that is not for readers, in English; empty for one that is."""
    known = TAGS | HARLOWE_TAGS if dialect == HARLOWE else TAGS
    found = [known[tag] for tag in passage.tags if tag in known]
    if any(tag.startswith("Twine.") for tag in passage.tags):
        return _("It holds an image or settings of Twine, which were left out.")
    return NAMES.get(passage.name) or (found[0] if found else "")


def is_script(passage: Passage) -> bool:
    return "script" in passage.tags or "widget" in passage.tags
