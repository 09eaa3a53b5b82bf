"""A pack's folder as a Pack: every file read and held to its format, every fault named."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from courses.packs.folder import FOR_PEOPLE, KEY, Folder
from courses.packs.formats import ACTIVITY, COURSE, MODULE, PACK, PAGE, POLICY, SKILLS
from courses.packs.pages import read_page
from scenarios.exchange import SCENARIO, Fault, Faults, Source, read
from scenarios.exchange.shapes import Shape

# By key; None for a file that has faults, so that what refers to it is not a second fault.
Sheets = dict[str, Source | None]
Files = TypeVar("Files")


@dataclass(frozen=True)
class ModuleFiles:
    source: Source | None
    activities: Sheets


@dataclass(frozen=True)
class CourseFiles:
    source: Source | None
    modules: dict[str, ModuleFiles]


@dataclass(frozen=True)
class Pack:
    """What a pack's files say, before anyone has asked whether it is true.

    ``has_all_skills`` is False where there is a sheet of skills, and it has faults.
    """

    path: Path
    skills: Source | None = None
    has_all_skills: bool = True
    policies: Sheets = field(default_factory=dict)
    scenarios: Sheets = field(default_factory=dict)
    courses: dict[str, CourseFiles] = field(default_factory=dict)

    def sources(self) -> list[Source]:
        """Every file that could be read."""
        found = [self.skills, *self.policies.values(), *self.scenarios.values()]
        for course in self.courses.values():
            found.append(course.source)
            for module in course.modules.values():
                found += [module.source, *module.activities.values()]
        return [source for source in found if source]


def read_pack(path: Path) -> tuple[Pack, list[Fault]]:
    """The pack in a folder, and everything that is wrong with its files. Names are not looked up yet."""
    top = Folder(path, [])
    if not path.is_dir():
        top.refuse(path, "There is no such folder. Give the folder of a pack, for example fixtures/starter.")
    elif not top.file("pack.yaml"):
        top.refuse(path, "This folder is not a pack: it has no pack.yaml.")
    if top.faults:
        return Pack(path), top.faults
    sheet(top, path / "pack.yaml", PACK)
    skills_file = top.file("skills.yaml")
    skills = sheet(top, skills_file, SKILLS) if skills_file else None
    folders = {folder.name: folder for folder in _folders(top)}
    pack = Pack(
        path,
        skills,
        bool(skills) or not skills_file,
        _sheets(top.inside(folders["policies"]), POLICY) if "policies" in folders else {},
        _sheets(top.inside(folders["scenarios"]), SCENARIO) if "scenarios" in folders else {},
        _courses(top.inside(folders["courses"])) if "courses" in folders else {},
    )
    return pack, top.faults


def _folders(top: Folder) -> list[Path]:
    found = []
    for path in top.entries():
        if path.is_dir() and path.name in ("policies", "scenarios", "courses"):
            found.append(path)
        elif not path.is_file() or path.name not in {"pack.yaml", "skills.yaml", *FOR_PEOPLE}:
            top.unknown(path)
    return found


def sheet(
    folder: Folder, path: Path, shape: Shape, *, slug: str = "", reader: Callable[[Path, str], Source] = read
) -> Source | None:
    """The file's data if its shape is right, and its slug is ``slug`` where that is given."""
    try:
        source = reader(path, folder.name(path))
    except Faults as refused:
        folder.faults += refused.faults
        return None
    faults = shape.faults(source)
    if not faults and slug and source.data["slug"] != slug:
        message = f"slug: this says {source.data['slug']}, and its place in the pack says {slug}. Make them the same."
        faults = [source.fault(("slug",), message)]
    folder.faults += faults
    return None if faults else source


def _sheets(folder: Folder, shape: Shape) -> Sheets:
    return {path.stem: sheet(folder, path, shape, slug=path.stem) for path in folder.sheets()}


def _courses(folder: Folder) -> dict[str, CourseFiles]:
    found = {}
    for path in folder.entries():
        if path.is_dir() and KEY.fullmatch(path.name):
            found[path.name] = _course(folder.inside(path))
        else:
            folder.unknown(path)
    return found


def _course(folder: Folder) -> CourseFiles:
    source = _required(folder, "course.yaml", COURSE, slug=folder.path.name)
    modules: dict[str, ModuleFiles] = {}
    for path in folder.entries():
        if path.is_dir() and KEY.fullmatch(path.name):
            modules[path.name] = _module(folder.inside(path))
        elif path.name != "course.yaml":
            folder.unknown(path)
    if source:
        modules = _in_order(folder, source, "modules", modules)
    return CourseFiles(source, modules)


def _module(folder: Folder) -> ModuleFiles:
    source = _required(folder, "module.yaml", MODULE)
    activities: Sheets = {}
    for path in folder.entries():
        if path.name == "module.yaml":
            continue
        if not path.is_file() or path.suffix not in (".md", ".yaml") or not KEY.fullmatch(path.stem):
            folder.unknown(path)
        elif path.stem in activities:
            folder.refuse(path, f"There is another activity “{path.stem}” in this folder. Rename one of them.")
        elif path.suffix == ".md":
            activities[path.stem] = sheet(folder, path, PAGE, reader=read_page)
        else:
            activities[path.stem] = sheet(folder, path, ACTIVITY)
    if source:
        activities = _in_order(folder, source, "activities", activities)
    return ModuleFiles(source, activities)


def _required(folder: Folder, name: str, shape: Shape, *, slug: str = "") -> Source | None:
    if not folder.file(name):
        folder.refuse(folder.path, f"There is no {name} in this folder.")
        return None
    return sheet(folder, folder.path / name, shape, slug=slug)


def _in_order(folder: Folder, source: Source, name: str, found: dict[str, Files]) -> dict[str, Files]:
    """What was found, in the order of the list, which has to name all of it and nothing else."""
    listed: list[str] = source.data[name]
    one = {"modules": "module", "activities": "activity"}[name]
    for number, key in enumerate(listed):
        if key not in found:
            message = f"{name}: there is no {one} “{key}” in this folder. Add it, or take it off the list."
            folder.faults.append(source.fault((name, number), message))
    for key in found.keys() - set(listed):
        message = f"{name}: the {one} “{key}” is in this folder and not on the list. Add it, or take it out."
        folder.faults.append(source.fault((name,), message))
    return {key: found[key] for key in listed if key in found}
