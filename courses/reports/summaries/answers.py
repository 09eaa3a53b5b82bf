"""What people answered in a course: how confident they felt, its knowledge checks, and whether they used it later."""

import datetime
from collections import defaultdict

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum

from courses.models import Activity, ConfidenceAnswer, Course, Submission, Use
from courses.reports.profiles import own_place, owner, place
from courses.reports.summaries.counts import PEOPLE, Counts, add
from courses.reports.summaries.whom import Whom

CONFIDENCE, USE = "confidence ", "use"

Found = dict[tuple[int, int], Counts]


def count(whom: Whom, course: int | None, now: datetime.datetime) -> Found:
    """Of each place: three queries. ``course`` is one."""
    found: Found = defaultdict(Counts)
    _confidence(found, whom, course or 0)
    _checks(found, whom, course or 0)
    _uses(found, whom, course or 0)
    return found


def _confidence(found: Found, whom: Whom, course: int) -> None:
    """Each person once a statement, by the last round in which they rated it before and after."""
    both = _both(course)
    later = both.filter(
        enrolment__person=OuterRef("enrolment__person"),
        statement=OuterRef("statement"),
        enrolment__round__gt=OuterRef("enrolment__round"),
    )
    here = both.filter(~Exists(later), enrolment__person__in=whom.working)
    here = here.annotate(place=own_place("enrolment__person__")).order_by()
    sums = here.values_list("statement", "place").annotate(people=Count("pk"), before=Sum("rating"), after=Sum("later"))
    for statement, at, people, before, after in sums:
        value = {PEOPLE: people, "before": before, "after": after}
        found[course, at].left[f"{CONFIDENCE}{statement}"] = {"": value}


def _both(course: int) -> QuerySet[ConfidenceAnswer]:
    """The ratings before the course, each with the one after it as ``later``, where there is one."""
    after = ConfidenceAnswer.objects.filter(
        enrolment=OuterRef("enrolment"), statement=OuterRef("statement"), moment=Activity.Moment.AFTER
    )
    before = ConfidenceAnswer.objects.filter(enrolment__course=course, moment=Activity.Moment.BEFORE)
    return before.annotate(later=Subquery(after.values("rating")[:1])).filter(later__isnull=False)


def _checks(found: Found, whom: Whom, course: int) -> None:
    """Of each check, who answered it, passed it, and passed it at their first try, in all their profiles and rounds."""
    theirs = Submission.objects.filter(enrolment__course=course, enrolment__person__in=whom.profiles)
    placed = theirs.annotate(owner=owner("enrolment__person"), place=place("enrolment__person")).order_by()
    first = placed.values("owner", "activity").annotate(first=Min("pk")).values("first")
    counted = placed.values_list("activity", "place").annotate(
        answered=Count("owner", distinct=True),
        passes=Count("owner", distinct=True, filter=Q(passed=True)),
        first_time=Count("pk", filter=Q(passed=True, pk__in=first)),
    )
    for activity, at, answered, passes, first_time in counted:
        numbers = {"answered": answered, "passed": passes, "first_time": first_time}
        add(found[course, at].sums, {"checks": {str(activity): numbers}})


def _uses(found: Found, whom: Whom, course: int) -> None:
    """Each person once, by their newest answer in whichever of their profiles."""
    slugs = Course.objects.filter(pk=course).order_by().values("slug")
    answers, kept = Use.objects.filter(record__course_slug__in=slugs), OuterRef("person__merged_into")
    newer = answers.filter(pk__gt=OuterRef("pk"))
    theirs = answers.filter(
        ~Exists(newer.filter(person=OuterRef("person"))),
        ~Exists(answers.filter(person=kept)),
        ~Exists(newer.filter(person__merged_into=kept)),
        person__in=whom.profiles,
    )
    placed = theirs.annotate(place=place()).order_by().values_list("place", "answer")
    for at, answer, number in placed.annotate(number=Count("pk")):
        add(found[course, at].left, {USE: {"": {PEOPLE: number, answer: number}}})
