"""Sentences whose words and values are kept apart, so that whoever shows them can say them in any language.

Here they are English. ``said`` is imported as ``_``, so that the tools that gather words to be translated find them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Union

Value = Union[str, int, "Said"]


@dataclass(frozen=True, slots=True)
class Said:
    """Words with named places, and what stands in them: values, or more words, or several with commas between."""

    words: str
    values: tuple[tuple[str, Value | tuple[Value, ...]], ...] = ()

    def __str__(self) -> str:
        return self.told(str)

    def told(self, translated: Callable[[str], str]) -> str:
        """The sentence, with each of its words as ``translated`` says them."""
        filled = {
            name: ", ".join(_put(part, translated) for part in (value if isinstance(value, tuple) else (value,)))
            for name, value in self.values
        }
        return translated(self.words) % filled


def said(words: str, /, **values: Value | Iterable[Value]) -> Said:
    """The words, with a value for each of the places in them."""
    kept = {name: value if isinstance(value, str | int | Said) else tuple(value) for name, value in values.items()}
    return Said(words, tuple(kept.items()))


def _put(value: Value, translated: Callable[[str], str]) -> str:
    return value.told(translated) if isinstance(value, Said) else str(value)
