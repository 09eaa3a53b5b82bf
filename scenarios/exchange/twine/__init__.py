"""Twine stories in, as Twee and as Twine's HTML, and out as Twee 3.

Read in this order: ``twee`` and ``published`` (a file's passages), ``special`` (those that are not for readers),
``nodes`` (what a passage is made of), ``harlowe``, ``sugarcube`` and ``plain`` (a passage taken apart), ``unfolding``
(its words, ways and what it sets), ``state`` (variables as flags and meters), ``telling`` (what all of it becomes).
"""

from scenarios.exchange.foreign import Story
from scenarios.exchange.twine.passages import within_limits
from scenarios.exchange.twine.published import html_stories
from scenarios.exchange.twine.telling import told
from scenarios.exchange.twine.twee import passages_of, twee_story

__all__ = ["read_twee", "read_twine_html"]


def read_twee(text: str, name: str) -> list[Story]:
    """The one story of a Twee file. Raises Faults."""
    [story] = within_limits([twee_story(passages_of(text, name), name)], name)
    return [told(story, name)]


def read_twine_html(text: str, name: str) -> list[Story]:
    """The stories of an HTML file that Twine made: one, or an archive of several. Raises Faults."""
    return [told(story, name) for story in within_limits(html_stories(text, name), name)]
