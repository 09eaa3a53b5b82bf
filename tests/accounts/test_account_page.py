"""One's own account: what it says, and what one may choose."""

import re

import pytest

pytestmark = pytest.mark.django_db
PAGE = "/accounts/"


def test_person_chooses_when_to_be_reminded(as_, alice, dave):
    answer = as_(alice).post(PAGE, {"reminders": "weekly"}, follow=True)
    assert "Saved." in answer.content.decode()
    for person in (alice, dave):
        person.refresh_from_db()
    assert (alice.reminders, dave.reminders) == ("weekly", "each")
    page = as_(alice).get(PAGE).content.decode()
    assert re.findall(r'value="(\w+)"[^>]* checked', page) == ["weekly"]


@pytest.mark.parametrize("data", [{}, {"reminders": "never"}, {"reminders": "\0"}, {"is_superuser": "on"}])
def test_nonsense_is_answered_and_changes_nothing(as_, alice, data):
    answer = as_(alice).post(PAGE, data)
    assert (answer.status_code, "Choose one of these." in answer.content.decode()) == (422, True)
    alice.refresh_from_db()
    assert (alice.reminders, alice.is_superuser) == ("each", False)
