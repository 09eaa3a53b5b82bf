"""The delivery log, as administrators search it."""

import pytest
from django.utils import timezone

from courses.models import Delivery
from tests.factories import EnrolmentFactory

pytestmark = pytest.mark.django_db
LOG = "/admin/courses/delivery/"


def a_delivery(person, occasion="overdue", **changes):
    now = timezone.now()
    made = {"about": "1", "run": "1", "claimed_at": now, "sent_at": now, "enrolment": EnrolmentFactory(person=person)}
    return Delivery.objects.create(person=person, occasion=occasion, **made | changes)


def test_log_is_searched_by_person_and_filtered_by_occasion_and_outcome(as_, erin, alice, bob, dave):
    a_delivery(alice)
    a_delivery(bob, "due-soon", sent_at=None, error="no such user")
    a_delivery(dave, sent_at=None)
    browser, found = as_(erin), {}
    for query in (
        "",
        "q=alice@",
        "q=Bob",
        "occasion=due-soon",
        *map("outcome={}".format, ("sent", "failed", "cut_off")),
    ):
        rows = browser.get(f"{LOG}?{query}").context["cl"].result_list
        found[query] = sorted(row.person.name.split()[0] for row in rows)
    assert found == {
        "": ["Alice", "Bob", "Dave"],
        "q=alice@": ["Alice"],
        "q=Bob": ["Bob"],
        "occasion=due-soon": ["Bob"],
        "outcome=sent": ["Alice"],
        "outcome=failed": ["Bob"],
        "outcome=cut_off": ["Dave"],
    }
    page = browser.get(LOG).content.decode()
    assert ("to be tried again: no such user" in page, "it may have arrived, and is not tried again" in page) == (
        True,
        True,
    )


@pytest.mark.parametrize("nonsense", ["never", "delete", "\0"])
def test_outcome_that_there_is_not_is_no_filter(as_, erin, alice, nonsense):
    a_delivery(alice)
    answer = as_(erin).get(LOG, {"outcome": nonsense})
    assert (answer.status_code, Delivery.objects.count()) == (200, 1)


@pytest.mark.parametrize("name", ["occasion__exact", "outcome", "q", "anything"])
def test_filter_with_a_zero_byte_is_as_if_it_were_not_set(as_, erin, name):
    assert as_(erin).get(LOG, {name: "a\0b"}, follow=True).status_code == 200
