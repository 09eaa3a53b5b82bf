"""A pack's folder: what belongs in it, and what does not. Nothing outside it is ever looked at."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from scenarios.exchange import Fault

KEY = re.compile(r"(?=.{1,50}\Z)[a-z0-9]+(-[a-z0-9]+)*")
# For the people who read the folder; neither read nor written here.
FOR_PEOPLE = {"README.md", "LICENSE"}


class Folder:
    """A folder of a pack, and the faults that were found in any of its files so far."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self.path = path
        self.faults = faults

    def name(self, path: Path) -> str:
        return os.fsencode(path).decode(errors="replace")

    def refuse(self, path: Path, message: str) -> None:
        self.faults.append(Fault(self.name(path), 0, message, "unknown-file"))

    def entries(self) -> Iterator[Path]:
        """What is in the folder, by name. Hidden files are passed over, links are refused."""
        try:
            found = sorted(self.path.iterdir())
        except OSError as error:
            return self.refuse(self.path, f"This folder cannot be read: {error.strerror}.")
        for path in found:
            if path.name.startswith("."):
                continue
            if path.is_symlink():
                self.refuse(path, "This is a link. A pack holds its own files.")
            else:
                yield path

    def inside(self, path: Path) -> "Folder":
        return Folder(path, self.faults)

    def file(self, name: str) -> Path | None:
        """The file of this name, if it is there."""
        path = self.path / name
        return path if path.is_file() and not path.is_symlink() else None

    def sheets(self) -> Iterator[Path]:
        """The files ``<key>.yaml``; anything else does not belong here."""
        for path in self.entries():
            if path.is_file() and path.suffix == ".yaml" and KEY.fullmatch(path.stem):
                yield path
            else:
                self.unknown(path)

    def unknown(self, path: Path) -> None:
        what = "folder" if path.is_dir() else "file"
        self.refuse(path, f"This {what} is not part of a pack. Take it out, or correct its name.")
