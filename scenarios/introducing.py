"""What somebody reads before they play a scenario."""

from dataclasses import dataclass

from accounts.models import Person
from scenarios.engine.graph import Graph
from scenarios.models import Attempt, Policy, PolicyValue, Scenario
from scenarios.models.edition import exploration_of, labels_of
from scenarios.pages import length_of


@dataclass(frozen=True)
class Introduction:
    """``practice`` and ``recorded`` are the person's open attempts; ``past`` those that ended, newest first."""

    scenario: Scenario
    graph: Graph
    length: str
    policies: tuple[Policy, ...]
    values: dict[str, str]
    practice: Attempt | None
    recorded: Attempt | None
    past: tuple[Attempt, ...]


def introduction_of(scenario: Scenario, person: Person) -> Introduction:
    """Everything on the page of a published scenario: at most three queries."""
    edition = scenario.current
    assert edition is not None
    graph = edition.graph
    policies = tuple(Policy.objects.filter(slug__in=graph.policies)) if graph.policies else ()
    sheets = [f"{policy.purpose_html} {policy.text_html}" for policy in policies]
    attempts = list(Attempt.objects.played_by(person).filter(scenario=scenario))
    return Introduction(
        scenario=scenario,
        graph=graph,
        length=length_of(exploration_of(edition.pk, seed) for seed in range(len(labels_of(edition.pk)))),
        policies=policies,
        values=PolicyValue.objects.quoted_in(graph.introduction, graph.summary, graph.content_note, *sheets),
        practice=_open(attempts, Attempt.Mode.PRACTICE),
        recorded=_open(attempts, Attempt.Mode.RECORDED),
        past=tuple(attempt for attempt in attempts if attempt.ended_at),
    )


def _open(attempts: list[Attempt], mode: str) -> Attempt | None:
    return next((found for found in attempts if found.mode == mode and found.is_open), None)
