"""Documents in and out, as files that people read, diff and send to each other.

Read in this order: ``files`` and ``source`` (a file's text as plain data that knows its lines), ``shapes`` (what a
JSON Schema says about it, in words), ``scenario`` (a scenario's document), ``writing`` (the one way that we write
YAML).
"""

from scenarios.exchange.faults import Fault, Faults
from scenarios.exchange.files import read
from scenarios.exchange.scenario import SCENARIO, read_document, read_scenario
from scenarios.exchange.source import Source
from scenarios.exchange.writing import to_yaml

__all__ = ["SCENARIO", "Fault", "Faults", "Source", "read", "read_document", "read_scenario", "to_yaml"]
