"""A pack's folder out. Nothing that is there is ever deleted, and nothing is written over but the same pack."""

from collections.abc import Collection, Iterator
from pathlib import Path

from courses.packs.composing import files
from courses.packs.folder import FOR_PEOPLE
from courses.packs.reading import read_pack
from courses.packs.references import faults_of, known_with
from scenarios.exchange import Fault


class CannotExport(Exception):
    """``reasons`` says in sentences what is in the way."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__("\n".join(reasons))


def export_pack(path: Path) -> tuple[list[str], list[Fault]]:
    """Write all content to the folder: the files that were written, and what an import would refuse about them.

    A file that says the same already is not written again. Raises CannotExport, and then wrote nothing.
    """
    found = files()
    if reasons := _in_the_way(path, found.keys()):
        raise CannotExport(reasons)
    written = []
    for name, text in found.items():
        file, content = path / name, text.encode()
        if not file.is_file() or file.read_bytes() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            written.append(name)
    pack, faults = read_pack(path)
    return written, sorted(faults + faults_of(pack, known_with([pack])))


def _in_the_way(path: Path, names: Collection[str]) -> list[str]:
    """Why the pack cannot be written here: the folder is something else, or another pack."""
    if not path.exists():
        return []
    if not path.is_dir():
        return [f"{path} is not a folder."]
    if any(path.iterdir()) and not (path / "pack.yaml").is_file():
        return [f"{path} is not empty, and not a pack. Export to an empty folder."]
    reasons = []
    for file in _contents(path):
        name = file.relative_to(path).as_posix()
        if file.is_symlink():
            reasons.append(f"{file} is a link. Take it out, or export to an empty folder.")
        elif not file.is_dir() and name not in names and name not in FOR_PEOPLE:
            reasons.append(f"{file} is not part of this site's content. Take it out, or export to an empty folder.")
    return reasons


def _contents(path: Path) -> Iterator[Path]:
    """Everything below the folder, hidden things left out; links are not followed."""
    for file in sorted(path.iterdir()):
        if not file.name.startswith("."):
            yield file
            if file.is_dir() and not file.is_symlink():
                yield from _contents(file)
