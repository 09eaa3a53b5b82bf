"""Passages that a format reads and no reader: what they are for."""

from scenarios.exchange.twine.passages import HARLOWE, Passage

SETS = "It sets what holds when a play begins."
NAMES = {
    "StoryTitle": "It became the title.",
    "StoryData": "It became the settings of the story, as far as there are such here.",
    "StorySettings": "It has settings of Twine 1, which were left out.",
    "StoryInit": SETS,
    "StoryIncludes": "It names other files, which are not in this one. Import them together, in one .zip file.",
    "StorySubtitle": "The line below the title was left out.",
    "StoryAuthor": "It names who made the story: name them where you use it.",
    "StoryCaption": "What stood beside the story was left out.",
    "StoryMenu": "What stood beside the story was left out.",
    "StoryBanner": "What stood beside the story was left out.",
    "StoryShare": "What stood beside the story was left out.",
    "StoryDisplayTitle": "The title as it was drawn was left out.",
    "StoryInterface": "The frame of the pages was left out.",
    "StoryLoadingScreen": "The page that was shown while loading was left out.",
    "PassageHeader": "What stood on top of each passage was left out.",
    "PassageFooter": "What stood below each passage was left out.",
    "PassageReady": "What was done before each passage was left out.",
    "PassageDone": "What was done after each passage was left out.",
    "MenuOptions": "What stood beside the story was left out.",
    "MenuShare": "What stood beside the story was left out.",
}
TAGS = {
    "script": "It is a script, which was left out.",
    "stylesheet": "It is a style sheet, which was left out.",
    "widget": "It defines macros of its own, which were left out.",
    "init": SETS,
    "annotation": "It is a note of the author, which was left out.",
}
HARLOWE_TAGS = {
    "startup": SETS,
    "header": "What stood on top of each passage was left out.",
    "footer": "What stood below each passage was left out.",
    "debug-startup": "It is for trying the story out, and was left out.",
    "debug-header": "It is for trying the story out, and was left out.",
    "debug-footer": "It is for trying the story out, and was left out.",
}


def purpose(passage: Passage, dialect: str) -> str:
    """What became of a passage that is not for readers; empty for one that is."""
    known = TAGS | HARLOWE_TAGS if dialect == HARLOWE else TAGS
    found = [known[tag] for tag in passage.tags if tag in known]
    if any(tag.startswith("Twine.") for tag in passage.tags):
        return "It holds an image or settings of Twine, which were left out."
    return NAMES.get(passage.name) or (found[0] if found else "")


def is_script(passage: Passage) -> bool:
    return "script" in passage.tags or "widget" in passage.tags
