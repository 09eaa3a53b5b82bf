"""What accounts says to the apps above it."""

from django.dispatch import Signal

# Sent inside the transaction, with ``person``: erase what they wrote freely and what nobody has to keep.
person_anonymised = Signal()

# Sent inside the transaction, with ``unit``: it is in another place of the tree, or in another time zone.
unit_moved = Signal()

# Sent after the commit, once for many, with ``people``, a list of ids: they joined, moved, left or came back.
people_changed = Signal()
