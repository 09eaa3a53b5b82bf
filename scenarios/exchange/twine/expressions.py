"""The little that is understood of what Harlowe and SugarCube write in ``set`` and ``if``.

Both are read by the same words: ``is``, ``>=`` and ``gte``, ``to`` and ``=``, and so on. What is not of a form that is
known here is a Guess, or a change that is unknown.
"""

import json
import re
from collections.abc import Iterator

from scenarios.exchange.source import shortened
from scenarios.exchange.twine.nodes import ALWAYS, Been, Change, Condition, Every, Guess, Not, Some, Test

TOKEN = re.compile(
    r"""\s*+(?:("(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')|([$_][A-Za-z_]\w*+)|(\d+(?:\.\d+)?)|([A-Za-z_](?:[\w.]|-(?=[A-Za-z]))*+)"""
    r"""|(===|!==|==|!=|>=|<=|&&|\|\||\+=|-=|\*=|/=|\+\+|--|\S))""",
    re.DOTALL,
)
VARIABLE = re.compile(r"\$([A-Za-z_]\w*+)")
MOST_TOKENS, DEEPEST = 300, 20
LARGEST_NUMBER = 1_000
SAME = {"is", "eq", "==", "===", "="}
OTHER = {"isnot", "neq", "ne", "!=", "!=="}
WORDS = {"gte": ">=", "lte": "<=", "gt": ">", "lt": "<"}
COMPARISONS = SAME | OTHER | {">", "<", ">=", "<="}
FLIPPED = {">": "<", "<": ">", ">=": "<=", "<=": ">="}
NOTHING = {"null", "undefined", "nothing"}

Tokens = list[str]


def tokens(code: str) -> Tokens:
    """Words, texts with their quotes, and signs; empty where there is too much of them."""
    found: Tokens = []
    for match in TOKEN.finditer(code):
        word = match[0].strip()
        found.append(WORDS.get(word, word))
        if len(found) > MOST_TOKENS:
            return []
    return _joined(found)


def _joined(found: Tokens) -> Tokens:
    """``is not`` as one word, and a sign with the number that it belongs to."""
    joined: Tokens = []
    for word in found:
        before = joined[-1] if joined else ""
        if word == "not" and before == "is":
            joined[-1] = "isnot"
        elif before == "isnot" and word in ("a", "an"):
            joined[-1] = "type?"
        elif word[0].isdigit() and before in ("-", "+") and _is_sign(joined):
            joined[-1] = word if before == "+" else f"-{word}"
        else:
            joined.append(word)
    return joined


def _is_sign(joined: Tokens) -> bool:
    before = joined[-2] if len(joined) > 1 else "("
    return before in COMPARISONS | {"(", ",", "to", "+=", "-="} or before in ("and", "or", "&&", "||", "not")


def literal_of(word: str) -> str | None:
    """What a word stands for, as JSON writes it; None where it is no literal."""
    if word[:1] in "\"'" and len(word) > 1:
        return json.dumps(unquoted(word))
    if word.lower() in ("true", "false"):
        return word.lower()
    if word in NOTHING:
        return "null"
    return word if re.fullmatch(r"-?\d{1,9}", word) else None


def unquoted(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word[1:-1], flags=re.DOTALL)


def number_of(literal: str) -> int | None:
    return int(literal) if re.fullmatch(r"-?\d{1,9}", literal) else None


def is_true(literal: str) -> bool:
    return literal not in ("false", "null", "0", '""')


def variables_in(code: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(VARIABLE.findall(code)))


# ---- Conditions


def condition_of(code: str) -> Condition:
    words = tokens(code)
    return _condition(words, code, 0) if words else Guess(shortened(code))


def _condition(words: Tokens, code: str, depth: int) -> Condition:
    if depth > DEEPEST or not words:
        return Guess(shortened(code))
    for marks, made in ((("or", "||"), Some), (("and", "&&"), Every)):
        parts = _split(words, marks)
        if len(parts) > 1:
            parts = _with_what_is_meant(parts)
            return made(tuple(_condition(part, code, depth + 1) for part in parts))
    if words[0] in ("not", "!"):
        return negated(_condition(words[1:], code, depth + 1))
    if words[0] == "(" and _closing(words, 0) == len(words) - 1 and not _is_macro(words, 0):
        return _condition(words[1:-1], code, depth + 1)
    return _atom(words, code)


def negated(condition: Condition) -> Condition:
    return condition.part if isinstance(condition, Not) else Not(condition)


def _with_what_is_meant(parts: list[Tokens]) -> list[Tokens]:
    """``$x > 2 and < 5`` means ``$x`` both times."""
    subject: Tokens = []
    whole = []
    for part in parts:
        if part and part[0] in COMPARISONS and subject:
            part = subject + part
        elif len(part) > 1 and part[0].startswith("$") and part[1] in COMPARISONS:
            subject = part[:1]
        whole.append(part)
    return whole


def _atom(words: Tokens, code: str) -> Condition:
    if been := _been(words):
        return been
    if len(words) == 1:
        return _alone(words[0], code)
    if words[0] in ("def", "ndef") and len(words) == 2 and words[1].startswith("$"):
        never = Test(words[1][1:], "is", "null")
        return never if words[0] == "ndef" else Not(never)
    if len(words) == 3:
        left, sign, right = words
        if left.startswith("$") and (literal := literal_of(right)) is not None:
            return _compared(left[1:], sign, literal, code)
        if right.startswith("$") and (literal := literal_of(left)) is not None:
            return _compared(right[1:], FLIPPED.get(sign, sign), literal, code)
    return Guess(shortened(code))


def _alone(word: str, code: str) -> Condition:
    if word.startswith("$"):
        return Test(word[1:], "true")
    literal = literal_of(word)
    if literal is None:
        return Guess(shortened(code))
    return ALWAYS if is_true(literal) else Some(())


def _compared(variable: str, sign: str, literal: str, code: str) -> Condition:
    if sign in SAME or sign in OTHER:
        same = Test(variable, "is", literal)
        return same if sign in SAME else Not(same)
    number = number_of(literal)
    if number is None or sign not in COMPARISONS:
        return Guess(shortened(code))
    return {
        ">=": Test(variable, "at-least", str(number)),
        ">": Test(variable, "at-least", str(number + 1)),
        "<=": Test(variable, "at-most", str(number)),
        "<": Test(variable, "at-most", str(number - 1)),
    }[sign]


def _been(words: Tokens) -> Condition | None:
    """Whether a passage was visited: ``visited("Cave")``, ``(visited: "Cave")``, ``(history:) contains "Cave"``."""
    name, rest = words[0].lower(), words[1:]
    if words[:5] == ["(", "history", ":", ")", "contains"] and len(words) == 6 and words[5][0] in "\"'":
        return Been(unquoted(words[5]))
    if words[:3] == ["(", "visited", ":"] and len(words) == 5 and words[3][0] in "\"'":
        return Been(unquoted(words[3]))
    if name in ("visits", "visit") or (name == "visited" and rest[:2] == ["(", ")"]):
        return _often("", rest if name != "visited" else rest[2:])
    if name in ("visited", "hasvisited") and len(rest) >= 3 and rest[0] == "(" and rest[2] == ")":
        if rest[1][0] not in "\"'":
            return None
        return _often(unquoted(rest[1]), rest[3:]) if rest[3:] else Been(unquoted(rest[1]))
    return None


def _often(passage: str, rest: Tokens) -> Condition | None:
    """The passage that asks counts itself: once is the first visit."""
    first = 1 if passage == "" else 0
    if len(rest) != 2 or (count := number_of(rest[1])) is None:
        return None
    again = (rest[0] == ">" and count == first) or (rest[0] == ">=" and count == first + 1)
    never = (rest[0] in SAME and count == first) or (rest[0] == "<" and count == first + 1)
    never = never or (rest[0] == "<=" and count == first)
    if again or (rest[0] in OTHER and count == first):
        return Been(passage)
    return Not(Been(passage)) if never else None


def _split(words: Tokens, marks: tuple[str, ...]) -> list[Tokens]:
    parts: list[Tokens] = [[]]
    depth = 0
    for word in words:
        depth += (word in "([{") - (word in ")]}") if len(word) == 1 else 0
        if depth == 0 and word in marks:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def _closing(words: Tokens, start: int) -> int:
    depth = 0
    for place in range(start, len(words)):
        if words[place] in ("(", ")"):
            depth += 1 if words[place] == "(" else -1
            if depth == 0:
                return place
    return -1


def _is_macro(words: Tokens, start: int) -> bool:
    return len(words) > start + 2 and words[start + 2] == ":" and words[start + 1][:1].isalpha()


# ---- Changes


def changes_of(code: str, at: int) -> Iterator[Change]:
    """Each assignment of a ``set``."""
    words = tokens(code)
    if not words:
        yield from (Change(name, "unknown", shortened(code), at) for name in variables_in(code))
        return
    for part in _split(words, (",", ";")):
        if part:
            yield from _change(part, at)


def _change(words: Tokens, at: int) -> Iterator[Change]:
    code = shortened(" ".join(words))
    if words[0].startswith("_"):
        return
    if len(words) >= 3 and words[-2] == "into":
        words = [words[-1], "to", *words[:-2]]
    if (len(words) == 2 and "++" in words) or (len(words) == 2 and "--" in words):
        name = words[0] if words[0].startswith("$") else words[1]
        if name.startswith("$"):
            yield Change(name[1:], "add", code, at, amount=1 if "++" in words else -1)
        return
    if not words[0].startswith("$") or len(words) < 3:
        yield from (Change(name, "unknown", code, at) for name in variables_in(" ".join(words)))
        return
    yield _assigned(words[0][1:], words[1], words[2:], code, at)


def _assigned(name: str, sign: str, value: Tokens, code: str, at: int) -> Change:
    if sign in ("+=", "-=") and len(value) == 1 and (amount := _amount(value[0])) is not None:
        return Change(name, "add", code, at, amount=amount if sign == "+=" else -amount)
    if sign in ("to", "=") and value:
        if len(value) == 1 and (literal := literal_of(value[0])) is not None:
            return Change(name, "set", code, at, literal=literal)
        if (change := _moved(name, value, code, at)) is not None:
            return change
    return Change(name, "unknown", code, at)


def _amount(word: str) -> int | None:
    literal = literal_of(word)
    number = number_of(literal) if literal is not None else None
    return number if number is not None and abs(number) <= LARGEST_NUMBER else None


def _moved(name: str, value: Tokens, code: str, at: int) -> Change | None:
    """``$x + 1``, ``it - 2``, and the same within ``Math.clamp``, ``Math.max`` or ``Math.min``."""
    low = high = None
    if value[0] in ("Math.clamp", "Math.max", "Math.min") and value[1:2] == ["("] and value[-1] == ")":
        parts = _split(value[2:-1], (",",))
        inner = [part for part in parts if len(part) > 1]
        bounds = [_amount(part[0]) for part in parts if len(part) == 1]
        if len(inner) != 1 or None in bounds or len(bounds) != (2 if value[0] == "Math.clamp" else 1):
            return None
        low = bounds[0] if value[0] != "Math.min" else None
        high = bounds[-1] if value[0] != "Math.max" else None
        value = inner[0]
    if value[:1] == ["("] and value[-1:] == [")"]:
        value = value[1:-1]
    if len(value) == 2 and re.fullmatch(r"-\d+", value[1]):
        value = [value[0], "-", value[1][1:]]
    if len(value) != 3 or value[1] not in ("+", "-"):
        return None
    if value[0] not in (f"${name}", "it"):
        value = [value[2], value[1], value[0]] if value[1] == "+" else value
    amount = _amount(value[2]) if value[0] in (f"${name}", "it") else None
    if amount is None:
        return None
    return Change(name, "add", code, at, amount=amount if value[1] == "+" else -amount, low=low, high=high)
