"""Many rows, each with its own values, in one statement."""

import datetime

import pytest

from accounts.models import Person
from courses.models import Submission
from tests.factories import EnrolmentFactory, PersonFactory, UnitFactory
from training.lib.database import insert_rows, next_id, resume_ids, update_rows

NOON = datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db


def test_each_row_gets_its_own_values_and_no_other_row_any():
    ann, bea, cid = (PersonFactory(name=name) for name in ("Ann", "Bea", "Cid"))
    unit, day = UnitFactory(), datetime.date(2024, 2, 29)
    fields = ("name", "unit", "hired_on", "is_active")
    update_rows(Person, fields, [(ann.pk, "Ann O'%s", unit.pk, day, False), (bea.pk, "Béa", None, day, True)])
    assert list(Person.objects.order_by("pk").values_list(*fields)) == [
        ("Ann O'%s", unit.pk, day, False),
        ("Béa", None, day, True),
        ("Cid", cid.unit_id, cid.hired_on, True),
    ]


def test_no_rows_are_no_statement_that_fails():
    update_rows(Person, ("name",), [])


def test_inserted_rows_have_their_values_and_the_defaults():
    unit, day = UnitFactory(), datetime.date(2024, 2, 29)
    moment = datetime.datetime(2024, 2, 29, 12, 30, 1, 5, tzinfo=datetime.UTC)
    fields = ("id", "email", "name", "unit", "hired_on", "is_active", "date_joined", "merged_at")
    first = next_id(Person)
    rows = [
        (first, "ann@example.org", "Ann O'%s\t\\N", unit.pk, day, False, moment, None),
        (first + 1, "bea@example.org", "Béa", None, day, True, moment, moment),
    ]
    insert_rows(Person, fields, rows)
    resume_ids(Person)
    assert list(Person.objects.order_by("pk").values_list(*fields)) == rows
    assert set(Person.objects.values_list("reminders", "job_title", "merged_into")) == {("each", "", None)}
    assert PersonFactory().pk == first + 2


def test_inserted_json_is_read_as_it_was_given():
    answers = {"one": ["yes", "é\\\n"]}
    enrolment = EnrolmentFactory()
    row = (enrolment.pk, 7, answers, 1, 1, True, enrolment.assigned_at or NOON)
    insert_rows(Submission, ("enrolment", "activity", "answers", "right", "asked", "passed", "submitted_at"), [row])
    assert Submission.objects.get().answers == answers
