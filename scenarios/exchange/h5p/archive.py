"""What is taken out of an ``.h5p`` file: two JSON texts of bounded size, read in memory; nothing is ever extracted."""

import json
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from scenarios.exchange.faults import Fault, Faults
from scenarios.exchange.h5p.loose import Loose, items, mapping, whole

MAIN = "H5P.BranchingScenario"
ABOUT, CONTENT = "h5p.json", "content/content.json"
LARGEST_FILE = 500_000_000
LARGEST_TEXT = 5_000_000
MOST_ENTRIES = 20_000
MOST_RATIO, RATIO_FROM = 200, 100_000
DEEPEST = 100
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# All that the standard library raises for archives that lie about themselves.
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, OverflowError)
TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
DOWNLOAD = gettext_noop("In H5P, choose “Reuse”, then “Download as an .h5p file”, and import that file.")


@dataclass(frozen=True)
class Package:
    """``about`` is what the file says of itself, ``scenario`` its ``branchingScenario``."""

    about: Loose
    scenario: Loose


def unpacked(content: bytes, name: str) -> Package:
    """Raises Faults where this is not a Branching Scenario, or not safe to read."""
    if len(content) > LARGEST_FILE:
        large = _("This file is larger than %(most)s bytes, which is the most.")
        raise _refused(name, large % {"most": f"{LARGEST_FILE:,}"}, "too-large")
    if content.count(b"PK\x01\x02") > MOST_ENTRIES:
        many = _("There are more than %(most)s files in this one.")
        raise _refused(name, many % {"most": f"{MOST_ENTRIES:,}"}, "too-large")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _package(archive, name)
    except BROKEN:
        message = _("This is not an H5P file, or it is damaged: it cannot be opened as a zip archive.")
        raise _not_whole(name, message, "not-h5p") from None


def _package(archive: zipfile.ZipFile, name: str) -> Package:
    entries: dict[str, list[zipfile.ZipInfo]] = {}
    for entry in archive.infolist():
        entries.setdefault(entry.filename.replace("\\", "/"), []).append(entry)
    root = _root(entries)
    about = mapping(_json(archive, _entry(entries, root + ABOUT, name), name))
    _must_branch(about, name)
    data = _json(archive, _entry(entries, root + CONTENT, name), name)
    return Package(about, _scenario(data, name))


def _root(entries: dict[str, list[zipfile.ZipInfo]]) -> str:
    """The one folder that everything is in, where somebody zipped a folder; otherwise empty."""
    if ABOUT in entries:
        return ""
    found = [path for path in entries if path.count("/") == 1 and path.endswith(f"/{ABOUT}")]
    return found[0].removesuffix(ABOUT) if len(found) == 1 else ""


def _entry(entries: dict[str, list[zipfile.ZipInfo]], path: str, name: str) -> zipfile.ZipInfo:
    found = entries.get(path, [])
    if not found:
        message = _("There is no %(file)s in this file, so it is not a whole H5P file.")
        raise _not_whole(name, message % {"file": path}, "not-h5p")
    if len(found) > 1:
        message = _("%(file)s is in this file twice, so it is not clear which one counts.")
        raise _refused(name, message % {"file": path}, "duplicate-file")
    if problem := _problem(found[0]):
        raise _refused(name, problem % {"file": path, "most": f"{LARGEST_TEXT:,}"}, "unsafe-file")
    return found[0]


def _problem(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & 0x41:
        return _("%(file)s is encrypted, and encrypted files are not read.") + " " + _(DOWNLOAD)
    if entry.compress_type not in READABLE:
        return _("%(file)s is packed in a way that is not read.") + " " + _(DOWNLOAD)
    if entry.file_size > LARGEST_TEXT:
        return _("%(file)s is larger than %(most)s bytes, which is the most.")
    if entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
        return _("%(file)s unpacks to far more than a text would, so it is not read.")
    return ""


def _json(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Any:
    with archive.open(entry) as file:
        content = file.read(LARGEST_TEXT + 1)
    what = entry.filename.replace("\\", "/").rpartition("/")[2]
    if len(content) > LARGEST_TEXT:
        raise _refused(name, _("%(file)s is larger than it says, so it is not read.") % {"file": what}, "unsafe-file")
    try:
        text = content.decode("utf-8-sig")
        if _depth(text) > DEEPEST:
            deep = _("%(file)s is nested more than %(most)s levels deep, so it is not read.")
            raise _refused(name, deep % {"file": what, "most": DEEPEST}, "too-deep")
        return json.loads(text)
    except ValueError:
        message = _("%(file)s is not JSON in UTF-8, so this file is damaged.")
        raise _not_whole(name, message % {"file": what}, "not-json") from None


def _depth(text: str) -> int:
    deepest = depth = 0
    for token in TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in "]}":
            depth -= 1
    return deepest


def _must_branch(about: Loose, name: str) -> None:
    main = about.get("mainLibrary")
    if not isinstance(main, str) or not main:
        raise _not_whole(name, _("h5p.json does not say what type of content this is."), "not-h5p")
    if main != MAIN:
        message = _("This H5P file is of the type %(type)s. Only Branching Scenario can be imported.")
        raise _refused(name, message % {"type": called(main)}, "other-type")


def _scenario(data: Any, name: str) -> Loose:
    """Some programs wrap what H5P calls ``branchingScenario``, and the first versions of H5P did not have that key."""
    for _level in range(4):
        found = mapping(data)
        if isinstance(found.get("content"), list):
            return found
        data = next((found[key] for key in ("branchingScenario", "params") if key in found), None)
    message = _("content.json has no steps of a Branching Scenario in a shape that is known here.")
    raise _not_whole(name, message, "unknown-shape")


def major_version(about: Loose) -> int:
    """Of the Branching Scenario that wrote the file; 1 where it does not say."""
    for dependency in map(mapping, items(about.get("preloadedDependencies"))):
        if dependency.get("machineName") == MAIN:
            version = whole(dependency.get("majorVersion"))
            return 1 if version is None else version
    return 1


def called(library: str) -> str:
    """“Course Presentation” for “H5P.CoursePresentation 1.21”."""
    name = library.split(" ")[0].rpartition(".")[2][:60]
    words = " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[^\W_A-Z]+", name))
    return words or "unknown"


def _not_whole(name: str, message: str, code: str) -> Faults:
    return _refused(name, f"{message} {_(DOWNLOAD)}", code)


def _refused(name: str, message: str, code: str) -> Faults:
    return Faults([Fault(name, 0, message, code)])
