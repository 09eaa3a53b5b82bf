"""Which of a learner's recorded attempts counts for an activity."""

from collections.abc import Iterable

from courses.models import Activity
from scenarios.models import Attempt


def counted(activity: Activity, attempts: Iterable[Attempt]) -> Attempt | None:
    """The recorded attempt that the activity's rule picks from one person's at its scenario; None before one ended.

    Practice never counts, nor does an attempt that is not finished. Of equally good ones the earliest is the best.
    """
    ended = sorted((found for found in attempts if found.is_recorded and found.ended_at), key=lambda found: found.pk)
    if not ended:
        return None
    if activity.counts == Activity.Counts.FIRST:
        return ended[0]
    if activity.counts == Activity.Counts.LATEST:
        return ended[-1]
    return max(ended, key=lambda found: (found.figure or 0, -found.pk))
