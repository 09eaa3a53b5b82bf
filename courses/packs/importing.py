"""A pack's folder in: all of it, or nothing and the list of what is wrong.

What a pack names, the site has afterwards as the pack says it; what it does not name stays as it is. Inside a course
the pack is the whole truth, and ``content`` says what may go. A library's own policy values stay unless a pack gives
them itself. What did not change is not touched: not a row, not an edition.
"""

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from courses.models import Course
from courses.packs.content import write_course
from courses.packs.ledger import Ledger
from courses.packs.reading import Pack, read_pack
from courses.packs.references import faults_of, known_with
from courses.publishing import CannotPublishCourse
from courses.publishing import publish as publish_course
from scenarios.drafting import document_of, write_draft
from scenarios.exchange import SCENARIO, Fault, Faults, Source, to_yaml
from scenarios.models import Policy, PolicyValue, Scenario, Skill, SkillTranslation
from scenarios.publishing import CannotPublish, publish


def import_packs(paths: Iterable[Path]) -> Ledger:
    """Read the packs in these folders and write them, in one transaction. Raises Faults, and then wrote nothing."""
    packs, faults = [], []
    for path in paths:
        pack, found = read_pack(path)
        packs.append(pack)
        faults += found
    with transaction.atomic():
        known = known_with(packs)
        faults += [fault for pack in packs for fault in faults_of(pack, known)]
        if faults:
            raise Faults(faults)
        return _write(packs)


def _write(packs: list[Pack]) -> Ledger:
    """Raises Faults where something cannot be taken away, or a course or scenario not be published."""
    ledger, faults = Ledger(), []
    for pack in packs:
        _write_skills(pack, ledger)
        _write_policies(pack, ledger)
    for source in (source for pack in packs for source in pack.scenarios.values() if source):
        faults += _write_scenario(source, ledger)
    for files in (files for pack in packs for files in pack.courses.values()):
        assert files.source
        course, found = write_course(files, ledger)
        faults += found or _publish_course(course, files.source, ledger)
    if faults:
        raise Faults(faults)
    return ledger


def _write_skills(pack: Pack, ledger: Ledger) -> None:
    for position, (slug, said) in enumerate(pack.skills.data["skills"].items() if pack.skills else ()):
        values = {name: said[name] for name in ("name", "description")}
        row = Skill.objects.filter(slug=slug).first()
        skill = ledger.put(row, Skill, {"slug": slug, "position": position, **values})
        rows = {found.language: found for found in skill.translations.all()}
        for language, words in said.get("translations", {}).items():
            ledger.put(rows.get(language), SkillTranslation, {"skill": skill, "language": language, **words})


def _write_policies(pack: Pack, ledger: Ledger) -> None:
    for slug, source in pack.policies.items():
        assert source
        said = source.data
        row = Policy.objects.filter(slug=slug).first()
        values = {"language": "en", "translates": ""}
        values |= {name: text for name, text in said.items() if name not in ("format", "values")}
        policy = ledger.put(row, Policy, values)
        _write_values(policy, said.get("values", {}), ledger)


def _write_values(policy: Policy, said: dict[str, dict[str, str]], ledger: Ledger) -> None:
    rows = {value.key: value for value in policy.values.all()}
    for position, (key, value) in enumerate(said.items()):
        row = rows.get(key)
        kept = {"of": row.of} if row and row.value and "value" not in value else {}
        values = {"policy": policy, "key": key, "position": position, "of": "", **value, **kept}
        ledger.put(row, PolicyValue, values)


def _write_scenario(source: Source, ledger: Ledger) -> list[Fault]:
    scenario = Scenario.objects.filter(slug=source.data["slug"]).first()
    if scenario is None or written(document_of(scenario)) != written(source.data):
        ledger.count(scenario, Scenario)
        scenario = scenario or Scenario()
        write_draft(scenario, source.data)
    before = scenario.current_id
    try:
        edition = publish(scenario, by=None)
    except CannotPublish as refused:
        return [Fault(source.name, 1, str(refused), "cannot-publish")]
    if edition.pk != before:
        ledger.published.append(f"scenario “{scenario}”, edition {edition.number}")
    return []


def written(document: dict[str, object]) -> str:
    """A scenario's document as files have it: two that say the same are equal, in the order of their scenes too."""
    return to_yaml(SCENARIO.canonical(document))


def _publish_course(course: Course, source: Source, ledger: Ledger) -> list[Fault]:
    try:
        edition = publish_course(course, by=None)
    except CannotPublishCourse as refused:
        return [Fault(source.name, 1, reason, "cannot-publish") for reason in refused.reasons]
    if edition.pk != course.current_id:
        ledger.published.append(f"course “{course}”, edition {edition.number}")
    return []
