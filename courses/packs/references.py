"""Whether the names that a pack's files use stand for something, and what they say makes sense together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from courses.packs.reading import CourseFiles, Pack
from scenarios.engine.check import errors
from scenarios.engine.days import check_days
from scenarios.examining import in_words
from scenarios.exchange import Fault, Source
from scenarios.exchange.scenario import line_of, unknown, unknown_names
from scenarios.exchange.source import Path
from scenarios.models import Policy, PolicyValue, Scenario, Skill
from scenarios.quoting import REFERENCE


@dataclass(frozen=True)
class Known:
    """What there is to refer to. ``values`` has each policy value in force by its reference, ``policy.value``.

    ``skills`` is None where a sheet of skills has faults; ``unsure`` are policies whose own file has: what these hold
    is not known yet, and what refers to them no second fault.
    """

    skills: frozenset[str] | None
    policies: frozenset[str]
    scenarios: frozenset[str]
    values: dict[str, str]
    unsure: frozenset[str]


def known_with(packs: Sequence[Pack]) -> Known:
    """What the database and the packs have together, the packs' own word first. Four queries."""
    skills = set(Skill.objects.values_list("slug", flat=True))
    policies = set(Policy.objects.values_list("slug", flat=True))
    scenarios = set(Scenario.objects.published().values_list("slug", flat=True))
    filled_in = {str(value): value for value in PolicyValue.objects.select_related("policy")}
    values = {name: value.value or value.default for name, value in filled_in.items()}
    unsure: set[str] = set()
    for pack in packs:
        skills |= pack.skills.data["skills"].keys() if pack.skills else set()
        scenarios |= pack.scenarios.keys()
        for slug, source in pack.policies.items():
            policies.add(slug)
            unsure |= set() if source else {slug}
            for key, said in (source.data.get("values", {}) if source else {}).items():
                name = f"{slug}.{key}"
                kept = filled_in[name].value if name in filled_in else ""
                values[name] = said.get("value", kept) or said["default"]
    all_skills = frozenset(skills) if all(pack.has_all_skills for pack in packs) else None
    return Known(all_skills, frozenset(policies), frozenset(scenarios), values, frozenset(unsure))


def faults_of(pack: Pack, known: Known) -> list[Fault]:
    """Every name in the pack that stands for nothing, every error in a scenario, every course that cannot be."""
    found = [fault for source in pack.sources() for fault in _quotations(source, known)]
    for source in pack.scenarios.values():
        found += [*unknown_names(source, known.policies, known.skills), *_errors(source)] if source else []
    for course in pack.courses.values():
        found += _course(course, known)
    return found


def _quotations(source: Source, known: Known) -> Iterator[Fault]:
    """Policy values that a text quotes and that no policy has."""
    for path, text in _texts(source.data):
        for match in REFERENCE.finditer(text):
            name, policy = match[1], match[1].partition(".")[0]
            if known.values.get(name) or policy in known.unsure:
                continue
            if policy not in known.policies:
                message = f"The text quotes {match[0]}, and there is no policy “{policy}”."
            elif name in known.values:
                message = f"The text quotes {match[0]}, which has neither a default nor a value. Give it one."
            else:
                message = f"The text quotes {match[0]}, and the policy has no such value. Add it, or correct the name."
            yield Fault(source.name, source.line_of(path, match.start()), message, "unknown-value")


def _texts(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _texts(value, (*path, key))


def _errors(source: Source) -> Iterator[Fault]:
    for finding in errors(check_days(source.data).findings):
        yield Fault(source.name, line_of(source, finding), in_words(finding), finding.code)


def _course(course: CourseFiles, known: Known) -> Iterator[Fault]:
    activities = [source for module in course.modules.values() for source in module.activities.values()]
    for source in activities:
        if source:
            yield from _activity(source, known)
    if not course.source:
        return
    if None not in activities and not any(source.data.get("required", True) for source in activities if source):
        message = "The course has no required activity, so that nobody could complete it. Add at least one."
        yield course.source.fault(("modules",), message)
    if not course.source.data.get("confidence"):
        for source in activities:
            if source and source.data["kind"] == "confidence-check":
                message = "kind: the course has no “confidence” statements to rate. Add some to its course.yaml."
                yield source.fault(("kind",), message)


def _activity(source: Source, known: Known) -> Iterator[Fault]:
    data = source.data
    for field in ("scenario", "alternative"):
        if field in data and data[field] not in known.scenarios:
            yield unknown(source, (field,), "scenario", data[field])
    if "alternative" in data and data["alternative"] == data["scenario"]:
        yield source.fault(("alternative",), "alternative: this is the scenario itself. Name another one.")
    if "policy" in data and data["policy"] not in known.policies:
        yield unknown(source, ("policy",), "policy", data["policy"])
    for key, question in data.get("questions", {}).items():
        right = sum(option.get("correct", False) for option in question["options"].values())
        if not right:
            message = "No option of this question is right. Mark at least one with “correct: true”."
            yield source.fault(("questions", key), message)
        elif right > 1 and not question.get("multiple"):
            message = f"{right} options of this question are right. Say “multiple: true”, or mark one only."
            yield source.fault(("questions", key), message)
