"""What accounts says to the apps above it."""

from django.dispatch import Signal

# Sent inside the transaction, with ``person``: erase what they wrote freely and what nobody has to keep.
person_anonymised = Signal()

# Sent inside the transaction, with ``unit``: it is in another place of the tree, or in another time zone.
unit_moved = Signal()

# Sent inside the transaction, with ``duplicate`` and ``kept``: two profiles are of one person; and, with ``merged_at``
# as well: they are of two.
people_merged = Signal()
people_separated = Signal()

# Answered with a list of sentences: what there is of a ``person``, as far as an administrator may know.
person_described = Signal()

# Sent after the commit, in batches, with ``people``, a list of ids: they joined, moved, left or came back; and
# ``are_last``, whether no other batch follows.
people_changed = Signal()
