"""Twine stories in, as Twee and as Twine's HTML, and out as Twee 3.

Read in this order: ``twee``, ``published`` and ``bundle`` (a file's passages), ``special`` (those that are not for
readers), ``nodes`` (what a passage is made of), ``harlowe``, ``sugarcube`` and ``plain`` (a passage taken apart),
``unfolding`` and ``book`` (its words, its ways and what it sets), ``state`` and ``following`` (variables as flags and
meters), ``telling`` (what all of it becomes); ``writing`` and ``returning`` (the way out, and back).
"""

from scenarios.exchange.foreign import Story
from scenarios.exchange.twine.bundle import bundled_stories, is_bundle
from scenarios.exchange.twine.decoding import decoded
from scenarios.exchange.twine.passages import TwineStory, within_limits
from scenarios.exchange.twine.published import html_stories
from scenarios.exchange.twine.returning import carried_by, returned, without_introduction
from scenarios.exchange.twine.telling import told
from scenarios.exchange.twine.twee import passages_of, twee_story
from scenarios.exchange.twine.writing import to_twee

__all__ = ["decoded", "is_bundle", "read_bundle", "read_twee", "read_twine_html", "to_twee"]


def read_twee(text: str, name: str) -> list[Story]:
    """The one story of a Twee file. Raises Faults."""
    [story] = within_limits([twee_story(passages_of(text, name), name)], name)
    return [_told(story, name)]


def read_twine_html(text: str, name: str) -> list[Story]:
    """The stories of an HTML file that Twine made: one, or an archive of several. Raises Faults."""
    return [_told(story, name) for story in within_limits(html_stories(text, name), name)]


def read_bundle(content: bytes, name: str) -> list[Story]:
    """The stories of a ``.zip`` of Twine files. Raises Faults."""
    return [_told(story, name) for story in within_limits(bundled_stories(content, name), name)]


def _told(story: TwineStory, name: str) -> Story:
    carried = carried_by(story)
    if carried is None:
        return told(story, name)
    story = without_introduction(story, carried)
    return returned(told(story, name, carried.declared, carried.keys), story, carried)
