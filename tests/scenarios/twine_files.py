"""Twine stories that tests make."""

import json
from html import escape
from pathlib import Path

from scenarios.exchange.twine import read_twee, read_twine_html

STORIES = Path(__file__).parent / "twine"


def twee(*passages, format="SugarCube", start="Start"):
    """A Twee file: the first passage is called Start where its text has no header."""
    data = json.dumps({"ifid": "D674C58C-DEFA-4F70-B7A2-27742230C0FC", "format": format, "start": start})
    bodies = [passage if passage.startswith(":: ") else f":: Start\n{passage}" for passage in passages]
    return "\n\n".join([":: StoryTitle\nA story", f":: StoryData\n{data}", *bodies, ""])


def page(*passages, format="SugarCube", name="A story", startnode="1"):
    """A story as Twine publishes it, of (name, text) pairs."""
    data = "".join(
        f'<tw-passagedata pid="{number}" name="{escape(title)}" tags="">{escape(text)}</tw-passagedata>\n'
        for number, (title, text) in enumerate(passages, 1)
    )
    about = f'name="{escape(name)}" startnode="{startnode}" creator="Twine" ifid="X" format="{format}"'
    style = '<style role="stylesheet" type="text/twine-css">b {}</style>'
    return f"<tw-storydata {about} hidden>\n{style}\n{data}</tw-storydata>"


def story_of(*passages, format="SugarCube", **options):
    [story] = read_twee(twee(*passages, format=format, **options), "story.twee")
    return story


def scenes_of(*passages, format="SugarCube"):
    return story_of(*passages, format=format).document["scenes"]


def choices_in(scene):
    """Where each choice of a scene leads, by its words."""
    return [(choice["text"], choice["to"]) for choice in scene.get("choices", {}).values()]


def remarks_of(story, outcome):
    return [f"{remark.place}: {remark.message}" for remark in story.remarks if remark.outcome == outcome]


def told(name):
    """One of the whole stories beside this file."""
    text = (STORIES / name).read_text(encoding="utf-8")
    [story] = read_twee(text, name)
    return story


__all__ = ["choices_in", "page", "read_twine_html", "remarks_of", "scenes_of", "story_of", "told", "twee"]
