"""Somebody else's files in: read, accounted for, and made into drafts, whole or not at all."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from scenarios.drafting import new_draft
from scenarios.exchange import Fault, Faults, Source
from scenarios.exchange.account import Account, the_file
from scenarios.exchange.foreign import APPROXIMATED, KEPT, Remark, Story
from scenarios.exchange.h5p import read_h5p
from scenarios.exchange.scenario import DRAFT, read_draft
from scenarios.exchange.twine import decoded, is_bundle, read_bundle, read_twee, read_twine_html
from scenarios.models import Scenario
from scenarios.whole import known_names

# H5P files carry their pictures and films with them; only two small texts of them are read.
LARGEST = 100_000_000
TWEE, HTML = ("twee", "twee3", "twee2", "tw", "tw2", "tws"), ("html", "htm", "xhtml")
OURS = ("yaml", "yml", "json")
HEADER = re.compile(rb"^::(?!:)", re.MULTILINE)
HTML_STARTS = (b"<!doctype", b"<html", b"<tw-", b"\xef\xbb\xbf<")


def read_stories(content: bytes, name: str) -> list[Story]:
    """The stories of a file, with an account of every piece: nothing is written. Raises Faults."""
    stories = [fitted(story) for story in _reader(content, name)(content, name)]
    for story in stories:
        if faults := DRAFT.faults(Source(name, story.document)):
            raise Faults(faults)
    if not stories:
        raise Faults([Fault(name, 0, _("There is no story in this file."), "empty")])
    return stories


@transaction.atomic
def make_drafts(stories: list[Story]) -> list[Scenario]:
    """A new draft for each story. Published is nothing yet."""
    return [new_draft(story.document) for story in stories]


def _reader(content: bytes, name: str) -> Callable[[bytes, str], list[Story]]:
    """By the end of the name; failing that, by how the file begins."""
    start = content[:2_000].lstrip().lower()
    ending = name.lower().rpartition(".")[2]
    if ending in ("h5p", "zip") or start.startswith(b"pk\x03\x04"):
        is_twine = ending != "h5p" and b"h5p.json" not in content and is_bundle(content)
        return read_bundle if is_twine else read_h5p
    if ending in TWEE or (ending not in OURS and HEADER.search(start)):
        return partial(_read_twine, read_twee)
    if ending in HTML or start.startswith(HTML_STARTS):
        return partial(_read_twine, read_twine_html)
    return _read_ours


def _read_twine(read: Callable[[str, str], list[Story]], content: bytes, name: str) -> list[Story]:
    text, guessed = decoded(content, name)
    said = (Remark(APPROXIMATED, the_file(), 0, guessed),) if guessed else ()
    return [replace(story, remarks=(*story.remarks, *said)) for story in read(text, name)]


def _read_ours(content: bytes, name: str) -> list[Story]:
    source = read_draft(content, name)
    nodes = source.data["scenes"] | source.data["endings"]
    remarks = [
        Remark(KEPT, node["title"], source.line(("scenes", key)), _("Kept as it is.")) for key, node in nodes.items()
    ]
    return [Story(source.data, tuple(remarks))]


def fitted(story: Story) -> Story:
    """The story without the policies and skills that this library does not have."""
    policies, skills = known_names()
    account, document = Account(), dict(story.document)
    document["policies"] = [
        slug for slug in document.get("policies", ()) if _known(slug, policies, "policy", "", account)
    ]
    document["scenes"] = {key: _scene(scene, policies, skills, account) for key, scene in document["scenes"].items()}
    return replace(story, document=document, remarks=(*story.remarks, *account.remarks))


def _scene(scene: dict[str, Any], policies: set[str], skills: set[str], account: Account) -> dict[str, Any]:
    choices = {}
    for key, choice in scene.get("choices", {}).items():
        kept = {name: value for name, value in choice.items() if name not in ("skills", "policy")}
        rated = choice.get("skills", {}).items()
        if known := {slug: rating for slug, rating in rated if _known(slug, skills, "skill", scene["title"], account)}:
            kept["skills"] = known
        policy = choice.get("policy", "")
        if policy and _known(policy, policies, "policy", scene["title"], account):
            kept["policy"] = policy
        choices[key] = kept
    return scene | {"choices": choices}


def _known(slug: str, known: set[str], kind: str, place: str, account: Account) -> bool:
    if slug not in known:
        message = _("There is no %(kind)s “%(name)s” here, so what names it leaves it out.")
        account.dropped(place, message % {"kind": _(kind), "name": slug})
    return slug in known
