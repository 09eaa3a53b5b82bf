"""A draft as one text, and a text as a draft: the pack's YAML, unfinished as it may be."""

from django.db import transaction
from django.utils.translation import gettext as _

from scenarios.drafting import document_of, write_draft
from scenarios.exchange import Fault, Faults, Source, to_yaml
from scenarios.exchange.scenario import DRAFT, read_draft, unknown_names
from scenarios.models import Policy, Scenario, Skill

NAME = "text"


def text_of(scenario: Scenario) -> str:
    return to_yaml(DRAFT.canonical(document_of(scenario)))


@transaction.atomic
def rewrite(scenario: Scenario, text: str) -> None:
    """Make the draft say what the text says. Raises Faults, each with its line, and then changes nothing."""
    source = read_draft(text.encode(), NAME)
    if faults := [*unknown_names(source, *known_names()), *_address(scenario, source)]:
        raise Faults(faults)
    write_draft(scenario, source.data)


def known_names() -> tuple[set[str], set[str]]:
    """The policies and the skills that a scenario may name."""
    policies = set(Policy.objects.values_list("slug", flat=True))
    return policies, set(Skill.objects.values_list("slug", flat=True))


def _address(scenario: Scenario, source: Source) -> list[Fault]:
    slug = source.data["slug"]
    if slug == scenario.slug:
        return []
    if scenario.current_id:
        message = _("The address of what was published stays: write “slug: %(slug)s”.")
        return [source.fault(("slug",), message % {"slug": scenario.slug})]
    if Scenario.objects.filter(slug=slug).exists():
        message = _("Another scenario has the address “%(slug)s”. Choose a different one.")
        return [source.fault(("slug",), message % {"slug": slug})]
    return []
