"""Rows as the files of a pack: what each file would hold, by its path in the pack."""

from collections.abc import Iterator
from typing import Any

from courses.models import Activity, Course, Module, Question
from courses.packs.folder import KEY
from courses.packs.formats import ACTIVITY, COURSE, MODULE, PACK, PAGE, POLICY, SKILLS
from courses.packs.pages import page_text
from scenarios.drafting import document_of
from scenarios.exchange import SCENARIO, to_yaml
from scenarios.exchange.shapes import Shape
from scenarios.models import Policy, Scenario, Skill

Files = dict[str, str]
PAGES = (Activity.Kind.LESSON, Activity.Kind.REFLECTION)


class CannotCompose(Exception):
    """A name that cannot be a file's name."""


def files() -> Files:
    """All content of the site as the files of one pack: skills, policies, the drafts of scenarios, courses."""
    found = {"pack.yaml": _yaml(PACK, {"format": "pack/1"})}
    if skills := Skill.objects.prefetch_related("translations"):
        said = {row.slug: _skill(row) for row in skills}
        found["skills.yaml"] = _yaml(SKILLS, {"format": "skills/1", "skills": said})
    for policy in Policy.objects.prefetch_related("values"):
        found[f"policies/{_key(policy.slug)}.yaml"] = _yaml(POLICY, _policy(policy))
    for scenario in Scenario.objects.all():
        found[f"scenarios/{_key(scenario.slug)}.yaml"] = _yaml(SCENARIO, document_of(scenario))
    for course in Course.objects.all():
        found |= _course(course)
    return found


def _yaml(shape: Shape, document: dict[str, Any]) -> str:
    return to_yaml(shape.canonical(document))


def _key(slug: str) -> str:
    """Raises CannotCompose for a slug that a form would not have let in: it might lead out of the folder."""
    if not KEY.fullmatch(slug):
        raise CannotCompose(f"“{slug}” cannot be the name of a file. Rename it in Admin: letters, digits, hyphens.")
    return slug


def _skill(skill: Skill) -> dict[str, Any]:
    translations = {
        row.language: {"name": row.name, "description": row.description} for row in skill.translations.all()
    }
    return {"name": skill.name, "description": skill.description, "translations": translations}


def _policy(policy: Policy) -> dict[str, Any]:
    names = ("slug", "title", "language", "translates", "purpose", "text")
    said = {"format": "policy/1"} | {name: getattr(policy, name) for name in names}
    of_values = ("label", "of", "default", "value")
    return said | {"values": {row.key: {name: getattr(row, name) for name in of_values} for row in policy.values.all()}}


def _course(course: Course) -> Files:
    place = f"courses/{_key(course.slug)}"
    modules = list(Module.objects.filter(course=course).whole())
    names = ("slug", "title", "language", "translates", "summary", "description", "trainer", "trainer_qualification")
    said = {"format": "course/1"} | {name: getattr(course, name) for name in names}
    said["confidence"] = {row.key: row.text for row in course.confidence_statements.all()}
    said["modules"] = [module.slug for module in modules]
    found = {f"{place}/course.yaml": _yaml(COURSE, said)}
    for module in modules:
        found |= _module(module, f"{place}/{_key(module.slug)}")
    return found


def _module(module: Module, place: str) -> Files:
    activities = list(module.activities.all())
    said = {"format": "module/1", "title": module.title, "summary": module.summary, "outcomes": module.outcomes}
    said["activities"] = [activity.slug for activity in activities]
    found = {f"{place}/module.yaml": _yaml(MODULE, said)}
    for activity in activities:
        is_page = activity.kind in PAGES
        text = page_text(PAGE.canonical(_activity(activity))) if is_page else _yaml(ACTIVITY, _activity(activity))
        found[f"{place}/{_key(activity.slug)}.{'md' if is_page else 'yaml'}"] = text
    return found


def _activity(activity: Activity) -> dict[str, Any]:
    names = ("kind", "title", "minutes", "required")
    return {name: getattr(activity, name) for name in names} | dict(_of_its_kind(activity))


def _of_its_kind(activity: Activity) -> Iterator[tuple[str, Any]]:
    if activity.kind in PAGES:
        yield "body", activity.body
    elif activity.kind == Activity.Kind.KNOWLEDGE_CHECK:
        yield "pass_mark", activity.pass_mark
        yield "questions", {question.key: _question(question) for question in activity.questions.all()}
    elif activity.kind == Activity.Kind.SCENARIO:
        yield "scenario", activity.scenario.slug if activity.scenario else ""
        yield "alternative", activity.alternative.slug if activity.alternative else ""
        yield "counts", activity.counts
    elif activity.kind == Activity.Kind.CONFIDENCE_CHECK:
        yield "moment", activity.moment
    else:
        yield "policy", activity.policy.slug if activity.policy else ""


def _question(question: Question) -> dict[str, Any]:
    options = {
        option.key: {"text": option.text, "correct": option.correct, "explanation": option.explanation}
        for option in question.options.all()
    }
    return {"text": question.text, "multiple": question.multiple, "options": options}
