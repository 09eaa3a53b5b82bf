"""Why something in a graph never happens, and what an example is called: the pieces of findings."""

from collections.abc import Iterator

from scenarios.engine.explore import Exploration
from scenarios.engine.graph import TENSION, Bound, Choice, Graph, Meter, Scene
from scenarios.engine.play import State
from scenarios.engine.saying import Said, Value
from scenarios.engine.saying import said as _


def why_never(exploration: Exploration, scene: Scene, choice: Choice) -> Said:
    """The first requirement that no state of the scene meets; failing that, that they never hold together."""
    graph = exploration.graph
    here = [state for state in exploration.steps if state.at == scene.key]
    order = list(graph.meters)
    for bound in choice.bounds:
        if bound.meter not in graph.meters:
            continue
        values = [state.meters[order.index(bound.meter)] for state in here]
        if not any(bound.holds(value) for value in values):
            return _why_not(graph, bound, values)
    return _why_no_flag(graph, choice, here) or _(
        "the things that it needs are never all true at once here. Ask for fewer of them."
    )


def _why_no_flag(graph: Graph, choice: Choice, here: list[State]) -> Said | None:
    for flag in sorted(choice.has):
        if not any(flag in state.flags for state in here):
            if is_set(graph, flag):
                return _(
                    "it needs the flag “%(flag)s”, which is never set before this scene. Set the flag earlier, or drop"
                    " the test.",
                    flag=flag,
                )
            return _(
                "it needs the flag “%(flag)s”, which is set by no choice. Set the flag earlier, or drop the test.",
                flag=flag,
            )
    for flag in sorted(choice.lacks):
        if all(flag in state.flags for state in here):
            return _(
                "it needs the flag “%(flag)s” not to be set, and here it always is. Drop the test, or clear the flag.",
                flag=flag,
            )
    return None


def _why_not(graph: Graph, bound: Bound, values: list[int]) -> Said:
    needed: dict[str, Value] = {"test": test(graph, bound), "meter": called(graph.meters[bound.meter])}
    if len(set(values)) == 1:
        return _(
            "it needs %(test)s, and %(meter)s is always %(value)s here. Change the test or the effects.",
            **needed,
            value=values[0],
        )
    return _(
        "it needs %(test)s, and %(meter)s is only ever %(least)s to %(most)s here. Change the test or the effects.",
        **needed,
        least=min(values),
        most=max(values),
    )


def is_set(graph: Graph, flag: str) -> bool:
    return flag in graph.sets or any(flag in choice.sets for _scene, choice in graph.choices())


def in_short(choice: Choice) -> str:
    return choice.text if len(choice.text) <= 60 else choice.text[:59].rstrip() + "…"


def called(meter: Meter) -> Value:
    return _("tension") if meter.key == TENSION else meter.label.lower()


def test(graph: Graph, bound: Bound) -> Said:
    meter, least, most = called(graph.meters[bound.meter]), bound.at_least, bound.at_most
    if least is None:
        return _("%(meter)s at most %(most)s", meter=meter, most=str(most))
    if most is None:
        return _("%(meter)s at least %(least)s", meter=meter, least=least)
    return _("%(meter)s at least %(least)s and at most %(most)s", meter=meter, least=least, most=most)


def example(graph: Graph, state: State, trail: tuple[Choice, ...]) -> Iterator[Said]:
    for meter, value in zip(graph.meters.values(), state.meters, strict=True):
        yield _("%(meter)s %(value)s", meter=called(meter), value=value)
    if state.flags:
        yield _("with %(flags)s", flags=sorted(state.flags))
    if trail:
        yield _("for example after %(choices)s", choices=" → ".join(keys(trail)))


def keys(trail: tuple[Choice, ...]) -> tuple[str, ...]:
    return tuple(choice.key for choice in trail)
