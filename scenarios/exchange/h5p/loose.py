"""Values of JSON that may be of any shape: each as what was wanted, or as nothing."""

import math
import re
from typing import Any

Loose = dict[str, Any]
NUMBER = re.compile(r"\s*(-?\d{1,9}(?:\.\d{1,9})?)\s*")


def mapping(value: Any) -> Loose:
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def words(value: Any) -> str:
    """A text; a number is taken for one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.15g}" if -1e15 < value < 1e15 else ""
    return value if isinstance(value, str) else ""


def number(value: Any) -> float | None:
    """A number, or a text that is one."""
    if isinstance(value, str):
        found = NUMBER.fullmatch(value)
        return float(found[1]) if found else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if -1e9 < value < 1e9 and math.isfinite(value) else None


def whole(value: Any) -> int | None:
    found = number(value)
    return int(found) if found is not None and found.is_integer() else None
