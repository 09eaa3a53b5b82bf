"""Moodle's GIFT text format in, as the questions of a knowledge check.

Read in this order: ``marks`` (which characters mean something), ``blocks`` (which lines are one question), ``answers``
(what stands between the braces), ``reading`` (what the question becomes).
"""

from courses.gift.reading import Questions, read_gift

__all__ = ["Questions", "read_gift"]
