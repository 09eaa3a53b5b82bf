"""What scenarios says to the apps above it."""

from django.dispatch import Signal

# Sent inside the transaction of the decision that ended it, with ``attempt``; what a receiver writes commits with it.
attempt_ended = Signal()
