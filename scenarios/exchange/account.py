"""What an import says while it works, and what it cuts to fit."""

from django.utils.translation import gettext as _

from scenarios.exchange.foreign import APPROXIMATED, DROPPED, KEPT, Remark
from scenarios.exchange.source import shortened


def the_file() -> str:
    """The place of a remark on the whole file."""
    return _("the file")


class Account:
    """Remarks in the order in which they were made, each once."""

    def __init__(self) -> None:
        self._remarks: dict[Remark, None] = {}

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return tuple(self._remarks)

    def kept(self, place: str, message: str, line: int = 0) -> None:
        self._remarks[Remark(KEPT, place, line, message)] = None

    def approximated(self, place: str, message: str, line: int = 0) -> None:
        self._remarks[Remark(APPROXIMATED, place, line, message)] = None

    def dropped(self, place: str, message: str, line: int = 0) -> None:
        self._remarks[Remark(DROPPED, place, line, message)] = None

    def cut(self, text: str, most: int, place: str, line: int = 0) -> str:
        """The text if it fits; otherwise its beginning, and a remark."""
        if len(text) <= most:
            return text
        message = _("“%(text)s” is longer than %(most)s characters; the rest was cut off.")
        self.dropped(place, message % {"text": shortened(text, 40), "most": f"{most:,}"}, line)
        return text[: most - 1].rstrip().rstrip("\\") + "…"
