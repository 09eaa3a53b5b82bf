"""How much a play has to read, and how hard it is to read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scenarios.engine.debrief import best_line
from scenarios.engine.explore import Exploration
from scenarios.engine.graph import Choice, Ending, Graph, Scene
from scenarios.engine.play import State, offer, place

# Adults read prose silently at about this speed (Brysbaert 2019, a review of 190 studies).
WORDS_A_MINUTE = 238
WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’-](?=[^\W_]))*")
SENTENCE = re.compile(r"[.!?…]+(?=\s|\Z|[\"”'’)])")
VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a play: the fewest and the most, None where a play can go round, and those of the best line.

    ``grade`` is the school grade that the prose asks for; None where it is not English.
    """

    words: tuple[int, int] | None
    best_words: int
    grade: float | None

    @property
    def best_minutes(self) -> int:
        return minutes(self.best_words)


def reading(exploration: Exploration) -> Reading:
    graph = exploration.graph
    level = grade(_texts(graph)) if graph.language.startswith("en") else None
    return Reading(_words(exploration), _best_words(exploration), level)


def grade(texts: Iterable[str]) -> float:
    """The Flesch-Kincaid grade level of English prose (Kincaid and others, 1975); 0 where there is none."""
    text = "\n".join(texts)
    words = WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len(SENTENCE.findall(text)))
    syllables = sum(map(_syllables, words))
    return max(0.0, 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59)


def count_words(text: str) -> int:
    return len(text.split())


def minutes(words: int) -> int:
    """Minutes to read so many words, at least one."""
    return max(1, round(words / WORDS_A_MINUTE))


def _words(exploration: Exploration) -> tuple[int, int] | None:
    """The fewest and the most words of a play."""
    found: dict[State, tuple[int, int]] = {}
    for state in exploration.backwards or ():
        ways = [(_told(choice), found[after]) for choice, after in exploration.steps[state]]
        fewest = min((told + words[0] for told, words in ways), default=0)
        most = max((told + words[1] for told, words in ways), default=0)
        here = _shown(exploration.graph, state)
        found[state] = (here + fewest, here + most)
    return found.get(exploration.start)


def _best_words(exploration: Exploration) -> int:
    graph = exploration.graph
    line = best_line(exploration, exploration.start)
    return _shown(graph, exploration.start) + sum(_told(choice) + _shown(graph, after) for choice, after in line)


def _shown(graph: Graph, state: State) -> int:
    """The words of a page: the scene and all choices on offer, or the ending."""
    node = place(graph, state)
    return sum(map(count_words, (*_prose(node), *(choice.text for choice in offer(graph, state)))))


def _told(choice: Choice) -> int:
    return count_words(choice.consequence) + count_words(choice.coaching)


def _prose(node: Scene | Ending) -> tuple[str, ...]:
    return (node.text,) if isinstance(node, Ending) else (node.description, node.speech)


def _texts(graph: Graph) -> list[str]:
    everything: list[Scene | Ending] = [*graph.scenes.values(), *graph.endings.values()]
    nodes = [text for node in everything for text in _prose(node)]
    said = [text for _, choice in graph.choices() for text in (choice.text, choice.consequence, choice.coaching)]
    return [graph.introduction, *nodes, *said]


def _syllables(word: str) -> int:
    """As English spells them: groups of vowels, less a silent e at the end."""
    groups = len(VOWELS.findall(word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith(("le", "ee"))
    return max(1, groups - silent)
