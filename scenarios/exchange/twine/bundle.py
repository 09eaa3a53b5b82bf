"""Several Twine files in one ``.zip``: read in memory, within limits; nothing is ever extracted."""

import zipfile
from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from scenarios.exchange.h5p.archive import BROKEN, MOST_ENTRIES, MOST_RATIO, RATIO_FROM, READABLE
from scenarios.exchange.twine.decoding import LARGEST, decoded
from scenarios.exchange.twine.passages import MOST_STORIES, Passage, TwineStory, refused, too_large
from scenarios.exchange.twine.published import html_stories
from scenarios.exchange.twine.twee import DATA, TITLE, passages_of, twee_story

TWEE, HTML = (".twee", ".twee3", ".twee2", ".tw", ".tw2"), (".html", ".htm")
LARGEST_OF_ALL, MOST_FILES = 60_000_000, 500
HEADS = {DATA, TITLE}
NO_STORY = gettext_noop("There is no Twine story in this archive: no .twee and no .html file, nor is it one of H5P.")


def is_bundle(content: bytes) -> bool:
    """Whether this is an archive with Twine files in it."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return any(_kind(entry) for entry in archive.infolist()[:MOST_ENTRIES])
    except BROKEN:
        return False


def bundled_stories(content: bytes, name: str) -> list[TwineStory]:
    """The stories of an archive. Files of Twee that belong together are one story. Raises Faults."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if _kind(entry)]
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST_OF_ALL:
                said = _("There are more than %(files)s files or %(bytes)s bytes in this one.")
                raise too_large(name, said % {"files": MOST_FILES, "bytes": f"{LARGEST_OF_ALL:,}"})
            texts = [(entry.filename, _kind(entry), _text(archive, entry, name)) for entry in entries]
    except BROKEN:
        raise refused(name, _("This archive is damaged: it cannot be opened.")) from None
    pages = [story for file, kind, text in texts if kind == "html" for story in html_stories(text, file)]
    found = pages + _stories([passages_of(text, file) for file, kind, text in texts if kind == "twee"], name)
    if not found:
        raise refused(name, _(NO_STORY))
    return found[: MOST_STORIES + 1]


def _stories(files: list[list[Passage]], name: str) -> list[TwineStory]:
    """One story, unless several of the files say each that they are one."""
    heads = [any(passage.name in HEADS for passage in file) for file in files]
    if sum(heads) > 1:
        return [twee_story(file, file[0].file) for file in files]
    together = [passage for file in files for passage in file]
    return [twee_story(together, name)] if together else []


def _kind(entry: zipfile.ZipInfo) -> str:
    path = entry.filename.lower()
    if entry.is_dir() or path.startswith("__macosx/") or path.rpartition("/")[2].startswith("."):
        return ""
    return "twee" if path.endswith(TWEE) else "html" if path.endswith(HTML) else ""


def _text(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> str:
    if problem := _problem(entry):
        raise refused(name, problem % {"file": entry.filename[:200], "most": f"{LARGEST:,}"}, "unsafe-file")
    with archive.open(entry) as file:
        return decoded(file.read(LARGEST + 1), entry.filename[:200])[0]


def _problem(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & 0x41:
        return _("%(file)s is encrypted, and encrypted files are not read.")
    if entry.compress_type not in READABLE:
        return _("%(file)s is packed in a way that is not read.")
    if entry.file_size > LARGEST:
        return _("%(file)s is larger than %(most)s bytes, which is the most.")
    if entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
        return _("%(file)s unpacks to far more than a text would, so it is not read.")
    return ""
