"""What is different between two outlines of a course, in sentences."""

from collections.abc import Iterator
from typing import Any

Outline = list[dict[str, Any]]
Place = tuple[str, dict[str, Any]]


def outline_changes(old: Outline, new: Outline) -> tuple[str, ...]:
    """Modules and activities that were added, removed, moved or changed; titles tell them apart."""
    return (*_modules(old, new), *_activities(_placed(old), _placed(new)))


def _modules(old: Outline, new: Outline) -> Iterator[str]:
    before, after = ({module["title"]: module for module in outline} for outline in (old, new))
    for title in after.keys() - before.keys():
        yield f"New module: “{title}”."
    for title in before.keys() - after.keys():
        yield f"No longer in it: the module “{title}”."
    kept = [title for title in after if title in before]
    if kept != [title for title in before if title in after]:
        yield "The modules stand in another order."
    for title in kept:
        if before[title]["outcomes"] != after[title]["outcomes"]:
            yield f"“{title}” aims at something else."


def _activities(before: dict[str, Place], after: dict[str, Place]) -> Iterator[str]:
    for title, (module, activity) in after.items():
        if title not in before:
            yield f"New in “{module}”: {_named(activity)}."
        else:
            yield from _changed(*before[title], module, activity)
    for title, (module, activity) in before.items():
        if title not in after:
            yield f"No longer in “{module}”: {_named(activity)}."


def _changed(old_module: str, old: dict[str, Any], module: str, new: dict[str, Any]) -> Iterator[str]:
    if old_module != module:
        yield f"“{new['title']}” moved from “{old_module}” to “{module}”."
    if old["kind"] != new["kind"]:
        yield f"“{new['title']}” was a {old['kind']} and is a {new['kind']}."
    if old["required"] != new["required"]:
        yield f"“{new['title']}” is {'required now' if new['required'] else 'no longer required'}."
    if old["minutes"] != new["minutes"]:
        yield f"“{new['title']}” takes {new['minutes']} minutes and not {old['minutes']}."


def _named(activity: dict[str, Any]) -> str:
    return f"the {activity['kind']} “{activity['title']}”"


def _placed(outline: Outline) -> dict[str, Place]:
    return {activity["title"]: (module["title"], activity) for module in outline for activity in module["activities"]}
