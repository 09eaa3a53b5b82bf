"""What is wrong with a graph, where, how badly, and what an author can do about it.

``check`` walks every reachable state, so an error that it reports is a fact and a graph that passes is proved:
every scene can be reached, every choice taken, and every ending got to, and wherever a learner is, an ending can
still be reached.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from scenarios.engine.explore import LIMIT, Exploration, explore
from scenarios.engine.graph import TENSION, Choice, Ending, Graph, Meter, Scene
from scenarios.engine.play import State, offer
from scenarios.engine.reasons import called, example, in_short, is_set, keys, test, why_never
from scenarios.engine.saying import Said
from scenarios.engine.saying import said as _

Severity = Literal["error", "advice"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend (error) or to consider (advice). ``scene`` and ``choice`` are keys, empty where none applies.

    ``message`` can be told in any language; ``text`` is the English. ``way`` is a shortest play that shows it: the
    keys of the choices from the beginning.
    """

    code: str
    severity: Severity
    scene: str
    message: Said
    choice: str = ""
    way: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return str(self.message)


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
        message = _("There is no scene yet. Add the scene in which the scenario begins.")
        yield Finding("no-scenes", "error", "", message)
    if not graph.endings:
        message = _("There is no ending yet. Add at least one, and lead a choice to it.")
        yield Finding("no-endings", "error", "", message)
    for key in graph.scenes.keys() & graph.endings.keys():
        message = _("“%(key)s” is both a scene and an ending. Rename one of them.", key=key)
        yield Finding("key-used-twice", "error", key, message)
    for meter in graph.meters.values():
        if not meter.minimum <= meter.start <= meter.maximum:
            yield Finding("meter-start", "error", "", _starts_outside(meter))
    for node in graph.usurpers:
        if node.takes_over and (name := node.takes_over.meter) not in graph.meters:
            message = _(
                "Takes over by the meter “%(meter)s”, which the scenario does not declare. Add it to the meters.",
                meter=name,
            )
            yield Finding("unknown-meter", "error", node.key, message)
    for scene, choice in graph.choices():
        yield from _choice_references(graph, scene, choice)
    yield from _nothing_written(graph)


def _starts_outside(meter: Meter) -> Said:
    return _(
        "%(meter)s starts at %(start)s, which is not from %(least)s to %(most)s.",
        meter=_("Tension") if meter.key == TENSION else meter.label,
        start=meter.start,
        least=meter.minimum,
        most=meter.maximum,
    )


def _nothing_written(graph: Graph) -> Iterator[Finding]:
    if not graph.summary:
        message = _("It has no summary yet. Write one, for who is about to play.")
        yield Finding("nothing-written", "error", "", message)
    if not graph.introduction:
        message = _("It has no introduction yet. Write one, for who is about to play.")
        yield Finding("nothing-written", "error", "", message)
    for scene in graph.scenes.values():
        if not (scene.description or scene.speech):
            message = _("Nothing is written here yet. Say what one sees, or what the patron says.")
            yield Finding("nothing-written", "error", scene.key, message)
    for ending in graph.endings.values():
        if not ending.text:
            message = _("Nothing is written here yet. Say in a sentence or two how it turned out.")
            yield Finding("nothing-written", "error", ending.key, message)


def _choice_references(graph: Graph, scene: Scene, choice: Choice) -> Iterator[Finding]:
    words = in_short(choice)
    if not choice.to:
        message = _("“%(choice)s” leads nowhere yet. Pick the scene or ending that it leads to.", choice=words)
        yield Finding("leads-nowhere", "error", scene.key, message, choice.key)
    elif choice.to not in graph:
        message = _(
            "“%(choice)s” leads to “%(place)s”, which does not exist. Add it, or lead the choice elsewhere.",
            choice=words,
            place=choice.to,
        )
        yield Finding("leads-nowhere", "error", scene.key, message, choice.key)
    meters = dict.fromkeys((*choice.effects, *(bound.meter for bound in choice.bounds)))
    for name in [name for name in meters if name not in graph.meters]:
        message = _(
            "“%(choice)s” uses the meter “%(meter)s”, which the scenario does not declare. Add it to the meters.",
            choice=words,
            meter=name,
        )
        yield Finding("unknown-meter", "error", scene.key, message, choice.key)
    for name in sorted((choice.has | choice.lacks | choice.sets | choice.clears) - graph.flags.keys()):
        message = _(
            "“%(choice)s” uses the flag “%(flag)s”, which the scenario does not declare. Add it to the flags.",
            choice=words,
            flag=name,
        )
        yield Finding("unknown-flag", "error", scene.key, message, choice.key)


def _proofs(exploration: Exploration) -> Iterator[Finding]:
    graph, steps = exploration.graph, exploration.steps
    yield from _dead_ends(exploration)
    if not exploration.complete:
        message = _(
            "The check looked at %(number)s situations and could not look at them all, so it cannot promise that"
            " nobody gets stuck. Use fewer meters and flags in conditions, or meters with a smaller range.",
            number=f"{len(steps):,}",
        )
        yield Finding("too-large-to-prove", "error", "", message)
        return
    reached = {state.at for state in steps}
    for key in (*graph.scenes, *graph.endings):
        if key not in reached:
            yield _unreachable(exploration, graph.node(key))
    taken = {(state.at, step[0].key) for state, ways in steps.items() for step in ways}
    for scene, choice in graph.choices():
        if scene.key in reached and (scene.key, choice.key) not in taken and choice.to in graph:
            why = why_never(exploration, scene, choice)
            message = _("“%(choice)s” is never on offer: %(why)s", choice=in_short(choice), why=why)
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
        shown = tuple(example(graph, state, trail))
        if ways:
            message = _(
                "A learner can be here with choices left and yet no way to any ending (%(example)s). Lead one of these"
                " choices, or one further on, to an ending.",
                example=shown,
            )
        else:
            message = _(
                "A learner can be here with nothing to choose (%(example)s). Add a choice that is always on offer, or"
                " make this scene an ending.",
                example=shown,
            )
        yield Finding(code, "error", state.at, message, way=keys(trail))


def _unreachable(exploration: Exploration, node: Scene | Ending) -> Finding:
    leads = [choice for _scene, choice in exploration.graph.choices() if choice.to == node.key]
    if node.takes_over and node.takes_over.meter in exploration.graph.meters:
        crossed = test(exploration.graph, node.takes_over)
        why = _("it takes over when %(test)s, and no play crosses that.", test=crossed)
    elif not leads:
        why = _("no choice leads to it.")
    else:
        why = _("no play gets to a choice that leads to it, or each time something else takes over.")
    if isinstance(node, Ending):
        message = _("No play reaches this ending: %(why)s Lead a choice to it, or delete it.", why=why)
        return Finding("ending-unreachable", "error", node.key, message)
    message = _("No play reaches this scene: %(why)s Lead a choice to it, or delete it.", why=why)
    return Finding("scene-unreachable", "error", node.key, message)


def _advice(exploration: Exploration) -> Iterator[Finding]:
    graph, steps = exploration.graph, exploration.steps
    tested_flags = {flag for _scene, choice in graph.choices() for flag in choice.has | choice.lacks}
    for flag, label in graph.flags.items():
        if not is_set(graph, flag):
            message = _("No choice sets the flag “%(flag)s” (%(label)s).", flag=flag, label=label)
            yield Finding("flag-never-set", "advice", "", message)
        elif flag not in tested_flags:
            message = _("No choice tests the flag “%(flag)s” (%(label)s): it changes nothing.", flag=flag, label=label)
            yield Finding("flag-never-tested", "advice", "", message)
    moved = {meter for _scene, choice in graph.choices() for meter, change in choice.effects.items() if change}
    for meter in graph.meters.values():
        if meter.key not in moved and meter.key != TENSION:
            yield Finding("meter-never-moved", "advice", "", _("No choice moves %(meter)s.", meter=called(meter)))
    if graph.endings and not any(ending.kind == "resolved" for ending in graph.endings.values()):
        message = _("No ending is resolved: a learner cannot see how it can go well.")
        yield Finding("nothing-resolved", "advice", "", message)
    yield from _once_a_scene(graph, steps)


def _once_a_scene(graph: Graph, steps: Iterable[State]) -> Iterator[Finding]:
    told: set[tuple[str, str]] = set()
    for state in steps:
        offered = offer(graph, state)
        found = []
        if len(offered) == 1:
            found.append(("one-choice", _("A learner can be here with a single choice, which decides nothing.")))
        if len({choice.text for choice in offered}) < len(offered):
            found.append(("same-words-twice", _("Two choices with the same words can be on offer together here.")))
        for code, message in found:
            if (code, state.at) not in told:
                told.add((code, state.at))
                yield Finding(code, "advice", state.at, message)
