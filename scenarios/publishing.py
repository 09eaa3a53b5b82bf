"""Check the draft, freeze it, number it: in one transaction."""

import json
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import Person
from scenarios.differing import difference
from scenarios.drafting import document_of, page_of
from scenarios.engine.check import Finding, errors
from scenarios.engine.graph import Document
from scenarios.examining import examine
from scenarios.impact import went_through
from scenarios.models import Edition, Policy, Revisit, Scenario, Skill


class CannotPublish(Exception):
    """The draft has errors; ``findings`` has all that the check found."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("; ".join(finding.text for finding in errors(findings)))


@transaction.atomic
def publish(
    scenario: Scenario, *, by: Person | None, note: str = "", material: bool = False, ask_again: bool = False
) -> Edition:
    """The scenario's new edition; the newest one again where the draft has not changed since.

    ``ask_again``: those who completed it by way of something that changed are asked to play it again. Locks the
    scenario first, so that two who publish at once make two numbers. Raises CannotPublish while the check finds an
    error.
    """
    scenario = Scenario.objects.select_for_update(of=("self",)).select_related("current").get(pk=scenario.pk)
    document = document_of(scenario)
    if scenario.current and is_same(scenario.current.document, document):
        return scenario.current
    findings = examine(document).findings
    if errors(findings):
        raise CannotPublish(findings)
    last = scenario.editions.aggregate(last=Max("number"))["last"] or 0
    frozen: dict[str, Any] = {"document": document, "page": page_of(document), "names": names(scenario.language)}
    edition = Edition.objects.create(
        scenario=scenario,
        number=last + 1,
        note=note,
        material=material,
        published_by=by,
        **frozen,
    )
    if ask_again and scenario.current:
        touched = went_through(scenario, difference(scenario.current.document, document))
        Revisit.objects.bulk_create(Revisit(person=person, edition=edition) for person in touched)
    scenario.current = edition
    scenario.save(update_fields=["current"])
    return edition


def is_same(one: Document, other: Document) -> bool:
    """Whether two documents say the same in the same order: the first scene is where a play begins."""
    return json.dumps(one) == json.dumps(other)


def names(language: str) -> dict[str, dict[str, str]]:
    """What policies and skills are called today, these in the scenario's language, for an edition to keep."""
    return {
        "policies": dict(Policy.objects.values_list("slug", "title")),
        "skills": Skill.objects.names_in(language),
    }
