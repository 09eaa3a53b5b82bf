"""A page: front matter, then Markdown. Its data is the front matter's, with the Markdown as ``body``."""

import re
from pathlib import Path
from typing import Any

from scenarios.exchange import Fault, Faults, Source, to_yaml
from scenarios.exchange.files import read_text
from scenarios.exchange.source import tidy
from scenarios.exchange.yaml_text import parse

FENCED = re.compile(r"---[ \t]*\n(?P<matter>.*?)^---[ \t]*(?:\n(?P<body>.*))?\Z", re.DOTALL | re.MULTILINE)


def read_page(path: Path, name: str) -> Source:
    """The page in a file. Raises Faults where there is no front matter, or it is not YAML."""
    text = read_text(path, name)
    found = FENCED.match(text)
    if not found:
        raise Faults([Fault(name, 1, "A page begins with front matter: fields between two lines of “---”.")])
    # The line before the front matter is kept as a comment, so that lines count from the top of the file.
    matter = parse("#\n" + found["matter"], name)
    if not isinstance(matter.data, dict):
        raise Faults([Fault(name, 1, "The front matter has to be fields with names.")])
    if "body" in matter.data:
        raise Faults([matter.fault(("body",), "“body” is not a field here: it is what comes after the front matter.")])
    body = found["body"] or ""
    start = text.count("\n", 0, found.start("body")) + 1 if body else 1
    start += body[: len(body) - len(body.lstrip())].count("\n")
    here: dict[tuple[str | int, ...], int] = {("body",): start}
    return Source(name, {**matter.data, "body": tidy(body)}, {**matter.lines, **here}, {**matter.starts, **here})


def page_text(data: dict[str, Any]) -> str:
    """The file of a page in its canonical form."""
    matter = {key: value for key, value in data.items() if key != "body"}
    return f"---\n{to_yaml(matter)}---\n{data['body']}"
