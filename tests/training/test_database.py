"""Many rows, each with its own values, in one statement."""

import datetime

import pytest

from accounts.models import Person
from tests.factories import PersonFactory, UnitFactory
from training.lib.database import update_rows

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
