"""What is wrong with a graph, where, how badly, and what an author can do about it.

``check`` walks every reachable state, so an error that it reports is a fact and a graph that passes is proved:
every scene can be reached, every choice taken, and every ending got to, and wherever a learner is, an ending can
still be reached.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from scenarios.engine.explore import LIMIT, Exploration, explore
from scenarios.engine.graph import TENSION, Bound, Choice, Ending, Graph, Scene
from scenarios.engine.play import State, offer

Severity = Literal["error", "advice"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend (error) or to consider (advice). ``scene`` and ``choice`` are keys, empty where none applies.

    ``way`` is a shortest play that shows it: the keys of the choices from the beginning.
    """

    code: str
    severity: Severity
    scene: str
    message: str
    choice: str = ""
    way: tuple[str, ...] = ()


def check(graph: Graph, limit: int = LIMIT, exploration: Exploration | None = None) -> tuple[Finding, ...]:
    """All findings, errors first, each group in the order of the scenes. An exploration at hand saves the walk."""
    found = list(_references(graph))
    if graph.scenes:
        exploration = exploration or explore(graph, limit)
        found += _proofs(exploration)
        found += _advice(exploration)
    return in_order(graph, found)


def in_order(graph: Graph, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, each group in the order of the scenes."""
    places = {key: number for number, key in enumerate((*graph.scenes, *graph.endings))}
    return tuple(sorted(findings, key=lambda finding: (finding.severity == "advice", places.get(finding.scene, -1))))


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity == "error")


def _references(graph: Graph) -> Iterator[Finding]:
    """Names that stand for nothing, and meters that contradict themselves."""
    if not graph.scenes:
        yield Finding("no-scenes", "error", "", "There is no scene yet. Add the scene in which the scenario begins.")
    if not graph.endings:
        yield Finding("no-endings", "error", "", "There is no ending yet. Add at least one, and lead a choice to it.")
    for key in graph.scenes.keys() & graph.endings.keys():
        yield Finding("key-used-twice", "error", key, f"“{key}” is both a scene and an ending. Rename one of them.")
    for meter in graph.meters.values():
        if not meter.minimum <= meter.start <= meter.maximum:
            span = f"from {meter.minimum} to {meter.maximum}"
            yield Finding("meter-start", "error", "", f"{meter.label} starts at {meter.start}, which is not {span}.")
    for node in graph.usurpers:
        if node.takes_over and node.takes_over.meter not in graph.meters:
            yield _unknown_meter(node, node.takes_over.meter, "takes over by")
    for scene, choice in graph.choices():
        yield from _choice_references(graph, scene, choice)
    for said, what in ((graph.summary, "summary"), (graph.introduction, "introduction")):
        if not said:
            yield Finding("nothing-written", "error", "", f"It has no {what} yet. Write one, for who is about to play.")
    for scene in graph.scenes.values():
        if not (scene.description or scene.speech):
            message = "Nothing is written here yet. Say what one sees, or what the patron says."
            yield Finding("nothing-written", "error", scene.key, message)
    for ending in graph.endings.values():
        if not ending.text:
            message = "Nothing is written here yet. Say in a sentence or two how it turned out."
            yield Finding("nothing-written", "error", ending.key, message)


def _choice_references(graph: Graph, scene: Scene, choice: Choice) -> Iterator[Finding]:
    if not choice.to:
        message = f"{_quoted(choice)} leads nowhere yet. Pick the scene or ending that it leads to."
        yield Finding("leads-nowhere", "error", scene.key, message, choice.key)
    elif choice.to not in graph:
        message = (
            f"{_quoted(choice)} leads to “{choice.to}”, which does not exist. Add it, or lead the choice elsewhere."
        )
        yield Finding("leads-nowhere", "error", scene.key, message, choice.key)
    meters = [*choice.effects, *(bound.meter for bound in choice.bounds)]
    for name in dict.fromkeys(meters):
        if name not in graph.meters:
            yield _unknown_meter(scene, name, f"{_quoted(choice)} uses", choice.key)
    for name in sorted((choice.has | choice.lacks | choice.sets | choice.clears) - graph.flags.keys()):
        message = f"{_quoted(choice)} uses the flag “{name}”, which the scenario does not declare. Add it to the flags."
        yield Finding("unknown-flag", "error", scene.key, message, choice.key)


def _unknown_meter(node: Scene | Ending, name: str, what: str, choice: str = "") -> Finding:
    message = f"{what} the meter “{name}”, which the scenario does not declare. Add it to the meters."
    return Finding("unknown-meter", "error", node.key, message[0].upper() + message[1:], choice)


def _proofs(exploration: Exploration) -> Iterator[Finding]:
    graph, steps = exploration.graph, exploration.steps
    yield from _dead_ends(exploration)
    if not exploration.complete:
        message = (
            f"The check looked at {len(steps):,} situations and could not look at them all, so it cannot promise that"
            " nobody gets stuck. Use fewer meters and flags in conditions, or meters with a smaller range."
        )
        yield Finding("too-large-to-prove", "error", "", message)
        return
    reached = {state.at for state in steps}
    for key in (*graph.scenes, *graph.endings):
        if key not in reached:
            yield _unreachable(exploration, graph.node(key))
    taken = {(state.at, choice.key) for state, ways in steps.items() for choice, _ in ways}
    for scene, choice in graph.choices():
        if scene.key in reached and (scene.key, choice.key) not in taken and choice.to in graph:
            message = f"{_quoted(choice)} is never on offer: {_why_never(exploration, scene, choice)}"
            yield Finding("choice-never-offered", "error", scene.key, message, choice.key)


def _dead_ends(exploration: Exploration) -> Iterator[Finding]:
    """Stuck: no choice at all. No way out: choices, but none of them ever gets to an ending."""
    graph = exploration.graph
    told: set[tuple[str, str]] = set()
    for state, ways in exploration.steps.items():
        if state.at not in graph.scenes or (ways and (state in exploration.outlook or not exploration.complete)):
            continue
        code = "no-way-out" if ways else "stuck"
        if (code, state.at) in told:
            continue
        told.add((code, state.at))
        trail = exploration.way_to(state)
        if ways:
            message = "A learner can be here with choices left and yet no way to any ending"
            remedy = " Lead one of these choices, or one further on, to an ending."
        else:
            message = "A learner can be here with nothing to choose"
            remedy = " Add a choice that is always on offer, or make this scene an ending."
        yield Finding(code, "error", state.at, message + _example(graph, state, trail) + remedy, way=_keys(trail))


def _unreachable(exploration: Exploration, node: Scene | Ending) -> Finding:
    kind = "ending" if isinstance(node, Ending) else "scene"
    leads = [choice for _, choice in exploration.graph.choices() if choice.to == node.key]
    if node.takes_over and node.takes_over.meter in exploration.graph.meters:
        reason = f"it takes over when {_test(exploration.graph, node.takes_over)}, and no play crosses that."
    elif not leads:
        reason = "no choice leads to it."
    else:
        reason = "no play gets to a choice that leads to it, or each time something else takes over."
    message = f"No play reaches this {kind}: {reason} Lead a choice to it, or delete it."
    return Finding(f"{kind}-unreachable", "error", node.key, message)


def _why_never(exploration: Exploration, scene: Scene, choice: Choice) -> str:
    """The first requirement that no state of the scene meets; failing that, that they never hold together."""
    graph = exploration.graph
    here = [state for state in exploration.steps if state.at == scene.key]
    order = list(graph.meters)
    for bound in choice.bounds:
        if bound.meter not in graph.meters:
            continue
        values = [state.meters[order.index(bound.meter)] for state in here]
        if not any(bound.holds(value) for value in values):
            label = graph.meters[bound.meter].label
            span = f"is always {values[0]}" if len(set(values)) == 1 else f"is only ever {min(values)} to {max(values)}"
            return f"it needs {_test(graph, bound)}, and {label.lower()} {span} here. Change the test or the effects."
    for flag in sorted(choice.has):
        if not any(flag in state.flags for state in here):
            setter = "is never set before this scene" if _is_set(graph, flag) else "is set by no choice"
            return f"it needs the flag “{flag}”, which {setter}. Set the flag earlier, or drop the test."
    for flag in sorted(choice.lacks):
        if all(flag in state.flags for state in here):
            return f"it needs the flag “{flag}” not to be set, and here it always is. Drop the test, or clear the flag."
    return "the things that it needs are never all true at once here. Ask for fewer of them."


def _advice(exploration: Exploration) -> Iterator[Finding]:
    graph, steps = exploration.graph, exploration.steps
    tested_flags = {flag for _, choice in graph.choices() for flag in choice.has | choice.lacks}
    for flag, label in graph.flags.items():
        if not _is_set(graph, flag):
            yield Finding("flag-never-set", "advice", "", f"No choice sets the flag “{flag}” ({label}).")
        elif flag not in tested_flags:
            yield Finding(
                "flag-never-tested", "advice", "", f"No choice tests the flag “{flag}” ({label}): it changes nothing."
            )
    moved = {meter for _, choice in graph.choices() for meter, change in choice.effects.items() if change}
    for meter in graph.meters.values():
        if meter.key not in moved and meter.key != TENSION:
            yield Finding("meter-never-moved", "advice", "", f"No choice moves {meter.label.lower()}.")
    if graph.endings and not any(ending.kind == "resolved" for ending in graph.endings.values()):
        yield Finding(
            "nothing-resolved", "advice", "", "No ending is resolved: a learner cannot see how it can go well."
        )
    yield from _once_a_scene(graph, steps)


def _once_a_scene(graph: Graph, steps: Iterable[State]) -> Iterator[Finding]:
    told: set[tuple[str, str]] = set()
    for state in steps:
        offered = offer(graph, state)
        found = []
        if len(offered) == 1:
            found.append(("one-choice", "A learner can be here with a single choice, which decides nothing."))
        if len({choice.text for choice in offered}) < len(offered):
            found.append(("same-words-twice", "Two choices with the same words can be on offer together here."))
        for code, message in found:
            if (code, state.at) not in told:
                told.add((code, state.at))
                yield Finding(code, "advice", state.at, message)


def _is_set(graph: Graph, flag: str) -> bool:
    return flag in graph.sets or any(flag in choice.sets for _, choice in graph.choices())


def _quoted(choice: Choice) -> str:
    words = choice.text if len(choice.text) <= 60 else choice.text[:59].rstrip() + "…"
    return f"“{words}”"


def _test(graph: Graph, bound: Bound) -> str:
    label = graph.meters[bound.meter].label.lower()
    parts = []
    if bound.at_least is not None:
        parts.append(f"at least {bound.at_least}")
    if bound.at_most is not None:
        parts.append(f"at most {bound.at_most}")
    return f"{label} {' and '.join(parts)}"


def _example(graph: Graph, state: State, trail: tuple[Choice, ...]) -> str:
    values = ", ".join(
        f"{meter.label.lower()} {value}" for meter, value in zip(graph.meters.values(), state.meters, strict=True)
    )
    flags = f", with {', '.join(sorted(state.flags))}" if state.flags else ""
    after = f", for example after {' → '.join(_keys(trail))}" if trail else ""
    return f" ({values}{flags}{after})."


def _keys(trail: tuple[Choice, ...]) -> tuple[str, ...]:
    return tuple(choice.key for choice in trail)
