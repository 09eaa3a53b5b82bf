"""What an author sees of a draft at once: the map, what the check finds, and how it stands to what is published."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from scenarios.admin.parts import url_of
from scenarios.drafting import document_of
from scenarios.engine.check import Finding
from scenarios.engine.drawing import Arrow, Box, Drawing
from scenarios.engine.graph import Choice, Document, Graph, from_document
from scenarios.engine.measure import Numbers
from scenarios.examining import examine, in_words
from scenarios.identifying import could_identify
from scenarios.mapping import map_of
from scenarios.models import Edition, Scenario, Scene
from scenarios.publishing import is_same


@dataclass(frozen=True)
class Found:
    """A finding with the page to mend it on, and a play that shows it, if there is one."""

    message: str
    place: str
    url: str
    way: str


@dataclass(frozen=True)
class BoxShown:
    box: Box
    url: str
    faults: int


@dataclass(frozen=True)
class ArrowShown:
    arrow: Arrow
    url: str


@dataclass(frozen=True)
class Way:
    """A choice in words, its page, and the place that it leads to; without one it leads nowhere yet."""

    text: str
    url: str
    to: str
    to_url: str


@dataclass(frozen=True)
class Entry:
    """A scene or ending in the outline: what the map shows, as a list."""

    title: str
    note: str
    url: str
    faults: int
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Overview:
    """``changed``: the draft says something else than the newest edition."""

    outline: tuple[Entry, ...]
    numbers: Numbers | None
    drawing: Drawing
    boxes: tuple[BoxShown, ...]
    arrows: tuple[ArrowShown, ...]
    mistakes: tuple[Found, ...]
    advice: tuple[Found, ...]
    editions: tuple[Edition, ...]
    changed: bool

    @property
    def newest(self) -> Edition | None:
        return self.editions[0] if self.editions else None


class Pages:
    """Where in admin each scene and choice of a draft is edited, by key."""

    def __init__(self, scenario: Scenario, document: Document) -> None:
        self.scenario = scenario
        self.pages = {key: url_of(Scene(pk=pk)) for key, pk in scenario.scenes.values_list("key", "pk")}
        self.order = {key: list(value.get("choices", ())) for key, value in document["scenes"].items()}

    def of(self, scene: str, choice: str = "") -> str:
        """The scene's page, at the choice if one is named; the scenario's where there is no such scene."""
        page = self.pages.get(scene, url_of(self.scenario))
        if choice in self.order.get(scene, ()):
            return f"{page}#choices-{self.order[scene].index(choice)}"
        return page


def overview_of(scenario: Scenario) -> Overview:
    """Everything above the form of a scenario's page: ten queries, whatever its size."""
    document = document_of(scenario)
    graph, pages = from_document(document), Pages(scenario, document)
    examined, drawing = examine(document), map_of(graph)
    findings = examined.findings + (could_identify(document) if scenario.from_incident else ())
    titles = {key: graph.node(key).title for key in (*graph.endings, *graph.scenes)}
    shown = [(finding.severity, _found(finding, pages, titles)) for finding in findings]
    editions = scenario.editions.select_related("published_by").defer("document", "page")
    return Overview(
        outline=tuple(_entry(box, graph, pages, findings) for box in _in_order(drawing, graph)),
        numbers=examined.numbers,
        drawing=drawing,
        boxes=tuple(_box(box, pages, findings) for box in drawing.boxes),
        arrows=tuple(ArrowShown(arrow, pages.of(arrow.start, arrow.choices[0])) for arrow in drawing.arrows),
        mistakes=tuple(found for severity, found in shown if severity == "error"),
        advice=tuple(found for severity, found in shown if severity == "advice"),
        editions=tuple(editions),
        changed=scenario.current is None or not is_same(scenario.current.document, document),
    )


@dataclass(frozen=True)
class Around:
    """What an author sees round one scene: what leads in, what leads on, what the check finds in it and in all."""

    arrivals: tuple[Way, ...]
    ways: tuple[Way, ...]
    found: tuple[Found, ...]
    mistakes: int


def around(scene: Scene) -> Around:
    """Above the form of a scene's page: ten queries, whatever the size of the scenario."""
    document = document_of(scene.scenario)
    graph, pages = from_document(document), Pages(scene.scenario, document)
    findings = examine(document).findings
    titles = {key: graph.node(key).title for key in (*graph.endings, *graph.scenes)}
    leads = [(origin, choice) for origin, choice in graph.choices() if choice.to == scene.key]
    here = graph.scenes.get(scene.key)
    return Around(
        arrivals=tuple(
            Way(choice.text, pages.of(origin.key, choice.key), origin.title, pages.of(origin.key))
            for origin, choice in leads
        ),
        ways=tuple(way_of(choice, scene.key, graph, pages) for choice in here.choices) if here else (),
        found=tuple(_found(finding, pages, titles) for finding in findings if finding.scene == scene.key),
        mistakes=sum(finding.severity == "error" for finding in findings),
    )


def _box(box: Box, pages: Pages, findings: tuple[Finding, ...]) -> BoxShown:
    return BoxShown(box, pages.of(box.key), sum(finding.scene == box.key for finding in findings))


def _in_order(drawing: Drawing, graph: Graph) -> list[Box]:
    boxes = {box.key: box for box in drawing.boxes}
    return [boxes[key] for key in (*graph.scenes, *graph.endings) if key in boxes]


def _entry(box: Box, graph: Graph, pages: Pages, findings: tuple[Finding, ...]) -> Entry:
    scene = graph.scenes.get(box.key)
    return Entry(
        title=graph.node(box.key).title,
        note=", ".join(note for note in (box.label, box.takes_over) if note),
        url=pages.of(box.key),
        faults=sum(finding.scene == box.key for finding in findings),
        ways=tuple(way_of(choice, box.key, graph, pages) for choice in scene.choices) if scene else (),
    )


def way_of(choice: Choice, scene: str, graph: Graph, pages: Pages) -> Way:
    to = graph.node(choice.to) if choice.to in graph else None
    return Way(choice.text, pages.of(scene, choice.key), to.title if to else "", pages.of(to.key) if to else "")


def _found(finding: Finding, pages: Pages, titles: dict[str, str]) -> Found:
    return Found(
        message=in_words(finding),
        place=titles.get(finding.scene, _("The scenario")),
        url=pages.of(finding.scene, finding.choice) if finding.scene else "#scenario_form",
        way=",".join(finding.way),
    )
