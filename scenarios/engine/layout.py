"""Where each scene sits on the map, and the path of each arrow.

The layered drawing of Sugiyama, Tagawa and Toda (1981), small: break the cycles, put each scene a layer below those
that lead to it, let long arrows pass through the layers between, order each layer by the middle of its neighbours.
"""

from collections import defaultdict
from itertools import pairwise
from textwrap import wrap

from scenarios.engine.drawing import LINE, PADDING, WIDTH, Arrow, Box, Drawing
from scenarios.engine.graph import Ending, Graph

ACROSS, DOWN, MARGIN = 24, 56, 20
SWEEPS = 12


# A node of the layers: a key, or a point that a long arrow passes through: (from, to, layer).
Node = str | tuple[str, str, int]
Edges = dict[tuple[str, str], list[str]]


def layout(graph: Graph) -> Drawing:
    """Draw the graph from top to bottom. The same graph gives the same drawing."""
    if not graph.scenes:
        return Drawing(0, 0, (), ())
    edges = _edges(graph)
    back = _back_edges(graph, edges)
    forward = [edge for edge in edges if edge not in back]
    layer = _layers(graph, forward)
    rows = _ordered(*_rows(graph, layer, forward))
    middles, width = _across(rows)
    boxes = _boxes(graph, layer, middles)
    arrows = [_forward(edge, edges[edge], boxes, layer, middles) for edge in forward]
    arrows += [
        _backward(edge, edges[edge], boxes, width + ACROSS * number) for number, edge in enumerate(sorted(back), 1)
    ]
    height = max(box.bottom for box in boxes.values()) + MARGIN
    return Drawing(width + MARGIN + ACROSS * len(back), height, tuple(boxes.values()), tuple(arrows))


def _edges(graph: Graph) -> Edges:
    edges: Edges = defaultdict(list)
    for scene, choice in graph.choices():
        if choice.to in graph:
            edges[scene.key, choice.to].append(choice.key)
    return dict(edges)


def _back_edges(graph: Graph, edges: Edges) -> set[tuple[str, str]]:
    """The arrows that lead back to a scene on the way to themselves; without them there is no cycle."""
    after = defaultdict(list)
    for start, end in edges:
        after[start].append(end)
    back: set[tuple[str, str]] = set()
    done: set[str] = set()
    for root in graph.scenes:
        if root in done:
            continue
        trail, stack = {root}, [(root, list(reversed(after[root])))]
        while stack:
            here, ways = stack[-1]
            if not ways:
                stack.pop()
                trail.discard(here)
                done.add(here)
            elif (end := ways.pop()) in trail:
                back.add((here, end))
            elif end not in done:
                trail.add(end)
                stack.append((end, list(reversed(after[end]))))
    return back


def _layers(graph: Graph, forward: list[tuple[str, str]]) -> dict[str, int]:
    """Each box a layer below the lowest that leads to it."""
    after, waiting = defaultdict(list), dict.fromkeys((*graph.scenes, *graph.endings), 0)
    for start, end in forward:
        after[start].append(end)
        waiting[end] += 1
    # What nothing leads to stands at the top, but whatever takes over stands below the start.
    layer = {key: int(key in {node.key for node in graph.usurpers} - {graph.start}) for key in waiting}
    ready = [key for key, count in waiting.items() if not count]
    for key in ready:
        for end in after[key]:
            layer[end] = max(layer[end], layer[key] + 1)
            waiting[end] -= 1
            if not waiting[end]:
                ready.append(end)
    return layer


def _rows(
    graph: Graph, layer: dict[str, int], forward: list[tuple[str, str]]
) -> tuple[list[list[Node]], dict[Node, list[Node]]]:
    """The nodes of each layer, and the neighbours of each in the layers beside it."""
    rows: list[list[Node]] = [[] for _ in range(max(layer.values()) + 1)]
    for key in (*graph.scenes, *graph.endings):
        rows[layer[key]].append(key)
    beside: dict[Node, list[Node]] = defaultdict(list)
    for start, end in forward:
        way = _way(start, end, layer)
        for node in way[1:-1]:
            rows[layer[start] + way.index(node)].append(node)
        for upper, lower in pairwise(way):
            beside[upper].append(lower)
            beside[lower].append(upper)
    return rows, beside


def _way(start: str, end: str, layer: dict[str, int]) -> list[Node]:
    between: list[Node] = [(start, end, row) for row in range(layer[start] + 1, layer[end])]
    return [start, *between, end]


def _ordered(rows: list[list[Node]], beside: dict[Node, list[Node]]) -> list[list[Node]]:
    """Sweep down and up, each time putting a node at the mean place of its neighbours in the row before."""
    best, fewest = rows, _crossings(rows, beside)
    for sweep in range(SWEEPS):
        rows = [list(row) for row in rows]
        order = range(1, len(rows)) if sweep % 2 == 0 else range(len(rows) - 2, -1, -1)
        for number in order:
            fixed = rows[number - 1] if sweep % 2 == 0 else rows[number + 1]
            rows[number] = _beside(rows[number], fixed, beside)
        crossings = _crossings(rows, beside)
        if crossings < fewest:
            best, fewest = rows, crossings
    return best


def _beside(row: list[Node], fixed: list[Node], beside: dict[Node, list[Node]]) -> list[Node]:
    """The row sorted by the mean place, from 0 to 1, of each node's neighbours in the fixed row."""
    there, here = _places(fixed), _places(row)

    def mean(node: Node) -> float:
        places = [there[neighbour] for neighbour in beside[node] if neighbour in there]
        return sum(places) / len(places) if places else here[node]

    return sorted(row, key=mean)


def _places(row: list[Node]) -> dict[Node, float]:
    return {node: index / max(len(row) - 1, 1) for index, node in enumerate(row)}


def _crossings(rows: list[list[Node]], beside: dict[Node, list[Node]]) -> int:
    count = 0
    for upper, lower in pairwise(rows):
        place = {node: index for index, node in enumerate(lower)}
        ends = [
            place[below]
            for node in upper
            for below in sorted(beside[node], key=lambda n: place.get(n, -1))
            if below in place
        ]
        count += sum(ends[i] > ends[j] for i in range(len(ends)) for j in range(i + 1, len(ends)))
    return count


def _across(rows: list[list[Node]]) -> tuple[dict[Node, int], int]:
    """The middle of each node, every row centred, and the width of the widest."""
    widths = [[WIDTH if isinstance(node, str) else 0 for node in row] for row in rows]
    totals = [sum(row) + ACROSS * (len(row) - 1) for row in widths]
    middles: dict[Node, int] = {}
    for row, sizes, total in zip(rows, widths, totals, strict=True):
        x = MARGIN + (max(totals) - total) // 2
        for node, size in zip(row, sizes, strict=True):
            middles[node] = x + size // 2
            x += size + ACROSS
    return middles, max(totals) + 2 * MARGIN


def _boxes(graph: Graph, layer: dict[str, int], middles: dict[Node, int]) -> dict[str, Box]:
    keys = (*graph.scenes, *graph.endings)
    titles = {key: tuple(wrap(graph.node(key).title, 20)[:4]) or ("(no title)",) for key in keys}
    heights = [0] * (max(layer.values()) + 1)
    for key, lines in titles.items():
        heights[layer[key]] = max(heights[layer[key]], 2 * PADDING + LINE * (len(lines) + _notes(graph, key)))
    tops = [MARGIN + sum(heights[:number]) + DOWN * number for number in range(len(heights))]
    boxes = {}
    for key, lines in titles.items():
        node = graph.node(key)
        kind = node.kind if isinstance(node, Ending) else ("start" if key == graph.start else "scene")
        usurps = f"takes over by {node.takes_over.meter}" if node.takes_over else ""
        height = 2 * PADDING + LINE * (len(lines) + _notes(graph, key))
        x = middles[key] - WIDTH // 2
        boxes[key] = Box(key, node.title, lines, kind, _label(kind), usurps, x, tops[layer[key]], WIDTH, height)
    return boxes


def _label(kind: str) -> str:
    if kind in ("start", "scene"):
        return "First scene" if kind == "start" else "Scene"
    return f"Ending, {kind.replace('-', ' ')}"


def _notes(graph: Graph, key: str) -> int:
    """Lines below the title: what kind of box it is, and what it takes over by."""
    node = graph.node(key)
    return (isinstance(node, Ending) or key == graph.start) + bool(node.takes_over)


def _forward(
    edge: tuple[str, str], choices: list[str], boxes: dict[str, Box], layer: dict[str, int], middles: dict[Node, int]
) -> Arrow:
    start, end = boxes[edge[0]], boxes[edge[1]]
    rows = {
        row: [box for key, box in boxes.items() if layer[key] == row] for row in range(layer[edge[0]], layer[edge[1]])
    }
    x, y = start.middle, start.bottom
    path = f"M{x} {y}"
    way = _way(*edge, layer)[1:-1]
    towards = middles[way[0]] if way else end.middle
    for node in way:
        assert not isinstance(node, str)
        top = min((box.y for box in rows[node[2]]), default=y + DOWN)
        bottom = max((box.bottom for box in rows[node[2]]), default=top)
        path += _curve(x, y, middles[node], top) + f" V{bottom}"
        x, y = middles[node], bottom
    path += _curve(x, y, end.middle, end.y - 6)
    beside = ((3 * towards + start.middle) // 4, start.bottom + DOWN // 2 + 8)
    return Arrow(*edge, tuple(choices), False, path, (end.middle, end.y), beside)


def _backward(edge: tuple[str, str], choices: list[str], boxes: dict[str, Box], lane: int) -> Arrow:
    """Out at the right side, up a lane of its own, and in at the right side."""
    start, end = boxes[edge[0]], boxes[edge[1]]
    right = start.x + start.width
    low, high = start.y + 2 * start.height // 3, end.y + end.height // 3
    path = f"M{right} {low} H{lane} V{high} H{end.x + end.width + 6}"
    return Arrow(*edge, tuple(choices), True, path, (end.x + end.width, high), (right + 12, low - 5))


def _curve(x: int, y: int, to_x: int, to_y: int) -> str:
    half = (y + to_y) // 2
    return f" C{x} {half} {to_x} {half} {to_x} {to_y}"
