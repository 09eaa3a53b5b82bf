"""A course's files as rows. Rows keep their identity by their keys, and with it everything that people did there.

What the pack no longer has goes, as long as nobody's work hangs on it. An activity that somebody has begun, or a
confidence statement that somebody has rated, is a fault instead: a person decides that in Admin, not a file. An
activity that the pack has in another module of the course is moved there, and its progress with it.
"""

from collections.abc import Iterator
from typing import Any

from courses.models import Activity, ActivityProgress, ConfidenceStatement, Course, Module, Option, Question, Submission
from courses.packs.ledger import Ledger
from courses.packs.reading import CourseFiles, ModuleFiles
from scenarios.exchange import Fault, Source
from scenarios.models import Policy, Scenario

PLAIN = ("slug", "title", "language", "summary", "trainer", "trainer_qualification")


def write_course(files: CourseFiles, ledger: Ledger) -> tuple[Course, list[Fault]]:
    """The course as the pack has it, and the faults that forbid it: then the caller rolls back."""
    assert files.source
    said = files.source.data
    values = {name: said[name] for name in PLAIN}
    values |= {name: said.get(name, "") for name in ("description", "translates")}
    course = ledger.put(Course.objects.filter(slug=said["slug"]).first(), Course, values)
    faults = [*_write_statements(course, files.source, ledger), *_write_modules(course, files, ledger)]
    return course, faults


def _write_statements(course: Course, source: Source, ledger: Ledger) -> Iterator[Fault]:
    rows = {row.key: row for row in course.confidence_statements.all()}
    said: dict[str, str] = source.data.get("confidence", {})
    for position, (key, text) in enumerate(said.items()):
        values = {"course": course, "key": key, "text": text, "position": position}
        ledger.put(rows.pop(key, None), ConfidenceStatement, values)
    for key, row in rows.items():
        if row.answers.exists():
            message = f"confidence: people have rated the statement “{key}”, which is not here. Put it back."
            yield source.fault(("confidence",), message, "in-use")
        else:
            ledger.drop(row)


def _write_modules(course: Course, files: CourseFiles, ledger: Ledger) -> Iterator[Fault]:
    rows = {row.slug: row for row in course.modules.all()}
    found = Found(course, files)
    for position, (slug, module) in enumerate(files.modules.items()):
        assert module.source
        said = module.source.data
        values = {"course": course, "slug": slug, "title": said["title"], "position": position}
        values |= {"summary": said.get("summary", ""), "outcomes": said.get("outcomes", [])}
        row = ledger.put(rows.pop(slug, None), Module, values)
        _write_activities(row, module, found, ledger)
    yield from _drop_activities(files, found, ledger)
    for row in rows.values():
        if not row.activities.exists():
            ledger.drop(row)


class Found:
    """The activities that a course has, to be taken one by one by those that the pack has."""

    def __init__(self, course: Course, files: CourseFiles) -> None:
        rows = Activity.objects.filter(module__course=course).select_related("module")
        self.wanted = {(slug, key) for slug, module in files.modules.items() for key in module.activities}
        self.left = {(row.module.slug, row.slug): row for row in rows}

    def take(self, module: str, slug: str) -> Activity | None:
        """The activity of this name; failing that, the one of this name in another module that wants it no more."""
        if row := self.left.pop((module, slug), None):
            return row
        moved = [place for place in self.left.keys() - self.wanted if place[1] == slug]
        return self.left.pop(moved[0]) if len(moved) == 1 else None


def _write_activities(module: Module, files: ModuleFiles, found: Found, ledger: Ledger) -> None:
    for position, (slug, source) in enumerate(files.activities.items()):
        assert source
        values = _values(source.data) | {"module": module, "slug": slug, "position": position}
        activity = ledger.put(found.take(module.slug, slug), Activity, values)
        _write_questions(activity, source.data.get("questions", {}), ledger)


def _values(said: dict[str, Any]) -> dict[str, Any]:
    """What the activity's file says, and the model's defaults for what does not apply to its kind."""
    scenario, alternative, policy = said.get("scenario"), said.get("alternative"), said.get("policy")
    return {
        "kind": said["kind"],
        "title": said["title"],
        "minutes": said["minutes"],
        "required": said.get("required", True),
        "body": said.get("body", ""),
        "scenario_id": Scenario.objects.get(slug=scenario).pk if scenario else None,
        "alternative_id": Scenario.objects.get(slug=alternative).pk if alternative else None,
        "counts": said.get("counts", Activity.Counts.BEST.value),
        "policy_id": Policy.objects.get(slug=policy).pk if policy else None,
        "pass_mark": said.get("pass_mark", Activity._meta.get_field("pass_mark").default),
        "moment": said.get("moment", ""),
    }


def _write_questions(activity: Activity, said: dict[str, Any], ledger: Ledger) -> None:
    rows = {row.key: row for row in activity.questions.all()}
    for position, (key, question) in enumerate(said.items()):
        values = {"activity": activity, "key": key, "text": question["text"], "position": position}
        values |= {"multiple": question.get("multiple", False)}
        row = ledger.put(rows.pop(key, None), Question, values)
        _write_options(row, question["options"], ledger)
    for row in rows.values():
        ledger.drop(row)


def _write_options(question: Question, said: dict[str, Any], ledger: Ledger) -> None:
    rows = {row.key: row for row in question.options.all()}
    for position, (key, option) in enumerate(said.items()):
        values = {"question": question, "key": key, "position": position, "correct": option.get("correct", False)}
        values |= {"text": option["text"], "explanation": option["explanation"]}
        ledger.put(rows.pop(key, None), Option, values)
    for row in rows.values():
        ledger.drop(row)


def _drop_activities(files: CourseFiles, found: Found, ledger: Ledger) -> Iterator[Fault]:
    for (slug, key), activity in found.left.items():
        if not _begun(activity):
            ledger.drop(activity)
            continue
        module = files.modules.get(slug)
        source, path = (module.source, "activities") if module else (files.source, "modules")
        assert source
        message = (
            f"{path}: people have begun the activity “{key}” of the module “{slug}”, which the pack does not have."
            " Put it back, or delete it in Admin first; what they did there goes with it."
        )
        yield source.fault((path,), message, "in-use")


def _begun(activity: Activity) -> bool:
    work = (ActivityProgress.objects, Submission.objects, activity.reflections)
    return any(rows.filter(activity=activity).exists() for rows in work)
