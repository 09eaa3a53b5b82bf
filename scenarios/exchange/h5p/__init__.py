"""H5P Branching Scenario files (``.h5p``) in, as stories.

Read in this order: ``archive`` (what is taken out of the file, and what is refused), ``loose`` (JSON that may be of
any shape), ``steps`` (its steps and end screens as they are in H5P), ``settings`` (what the file says of the whole),
``endings`` and ``telling`` (what they become).
"""

from scenarios.exchange.foreign import Story
from scenarios.exchange.h5p.archive import unpacked
from scenarios.exchange.h5p.telling import told

__all__ = ["read_h5p"]


def read_h5p(content: bytes, name: str) -> list[Story]:
    """The one story of an H5P Branching Scenario file. Raises Faults for any other file."""
    return [told(unpacked(content, name), name)]
