"""What is different between two outlines of a course, in sentences."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

Outline = list[dict[str, Any]]
Place = tuple[str, dict[str, Any]]


def outline_changes(old: Outline, new: Outline) -> tuple[str, ...]:
    """Modules and activities that were added, removed, moved or changed; titles tell them apart."""
    return (*_modules(old, new), *_activities(_placed(old), _placed(new)))


def _modules(old: Outline, new: Outline) -> Iterator[str]:
    before, after = ({module["title"]: module for module in outline} for outline in (old, new))
    for title in after.keys() - before.keys():
        yield _("New module: “%(title)s”.") % {"title": title}
    for title in before.keys() - after.keys():
        yield _("No longer in it: the module “%(title)s”.") % {"title": title}
    kept = [title for title in after if title in before]
    if kept != [title for title in before if title in after]:
        yield _("The modules stand in another order.")
    for title in kept:
        if before[title]["outcomes"] != after[title]["outcomes"]:
            yield _("“%(title)s” aims at something else.") % {"title": title}


def _activities(before: dict[str, Place], after: dict[str, Place]) -> Iterator[str]:
    for title, (module, activity) in after.items():
        if title not in before:
            yield _("New in “%(module)s”: the %(kind)s “%(title)s”.") % _named(activity, module)
        else:
            yield from _changed(*before[title], module, activity)
    for title, (module, activity) in before.items():
        if title not in after:
            yield _("No longer in “%(module)s”: the %(kind)s “%(title)s”.") % _named(activity, module)


def _changed(old_module: str, old: dict[str, Any], module: str, new: dict[str, Any]) -> Iterator[str]:
    said = {**new, "before": old_module, "module": module, "old": old["minutes"]}
    if old_module != module:
        yield _("“%(title)s” moved from “%(before)s” to “%(module)s”.") % said
    if old["kind"] != new["kind"]:
        kinds = {"old_kind": _(old["kind"]).lower(), "new_kind": _(new["kind"]).lower()}
        yield _("“%(title)s” was a %(old_kind)s and is a %(new_kind)s.") % {**said, **kinds}
    if old["required"] != new["required"]:
        yield (_("“%(title)s” is required now.") if new["required"] else _("“%(title)s” is no longer required.")) % said
    if old["minutes"] != new["minutes"]:
        yield _("“%(title)s” takes %(minutes)s minutes and not %(old)s.") % said


def _named(activity: dict[str, Any], module: str) -> dict[str, str]:
    """For a sentence. Outlines keep the kinds in English."""
    return {"module": module, "kind": _(activity["kind"]).lower(), "title": activity["title"]}


def _placed(outline: Outline) -> dict[str, Place]:
    return {activity["title"]: (module["title"], activity) for module in outline for activity in module["activities"]}
