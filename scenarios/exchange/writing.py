"""The one way that we write YAML: what is the same is written the same, to the byte."""

from typing import Any

import yaml

from scenarios.exchange.source import UNPRINTABLE


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True

    def analyze_scalar(self, scalar: str) -> Any:
        """Allows a literal block where lines end in spaces: to Markdown that is a line break."""
        analysis = super().analyze_scalar(scalar)
        if analysis.multiline and not UNPRINTABLE.search(scalar):
            analysis.allow_block = True
        return analysis


def _text(dumper: _Dumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def to_yaml(document: Any) -> str:
    """The document as YAML, its keys in the order that they have.

    Texts of several lines are literal blocks, others are plain wherever YAML allows it, and no line is folded.
    """
    return yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=2**31
    )
