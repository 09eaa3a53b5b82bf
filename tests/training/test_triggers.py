"""A trigger does its statement whenever a row comes, changes or goes, whoever writes."""

import pytest
from django.db import connection

from accounts.models import Unit
from courses.models import Outdated
from tests.factories import UnitFactory
from training.lib import triggers
from training.lib.triggers import DELETE, INSERT, UPDATE, Watched

pytestmark = pytest.mark.django_db
DOES = (
    "INSERT INTO courses_outdated (kind, subject, place, made_in) SELECT '{}', r.id, 0, {{transaction}} FROM {{rows}} r"
)


def watched(event, does="some"):
    return Watched(Unit, ("id", "name"), DOES.format(does), events=(event,))


@pytest.fixture
def _put():
    Outdated.objects.all().delete()
    triggers.put("trial", [watched(INSERT, "came"), watched(UPDATE, "changed"), watched(DELETE, "went")])


def noted():
    return sorted(Outdated.objects.exclude(kind="staff").values_list("kind", "subject"))


@pytest.mark.usefixtures("_put")
def test_rows_that_come_change_and_go():
    one, other = (Unit.objects.create(name=name) for name in ("One", "Other"))
    Outdated.objects.all().delete()
    Unit.objects.filter(pk=one.pk).update(name="First")
    Unit.objects.filter(pk=other.pk).delete()
    Unit.objects.bulk_create([Unit(name="A", path="/a/"), Unit(name="B", path="/b/")])
    new = Unit.objects.filter(path__in=["/a/", "/b/"]).values_list("pk", flat=True)
    # As it was, and as it is.
    assert noted() == sorted([*[("changed", one.pk)] * 2, ("went", other.pk), *(("came", pk) for pk in new)])


@pytest.mark.usefixtures("_put")
def test_what_is_written_as_it_was_or_is_not_watched_is_no_change():
    unit = UnitFactory()
    Outdated.objects.all().delete()
    Unit.objects.filter(pk=unit.pk).update(name=unit.name, time_zone="Europe/Berlin")
    assert noted() == []


def test_those_of_before_are_known_as_such():
    triggers.put("trial", [watched(INSERT)])
    assert triggers.are_put("trial", [watched(INSERT)])
    assert not triggers.are_put("trial", [watched(INSERT, "other")])
    assert not triggers.are_put("trial", [watched(INSERT), watched(DELETE)])
    triggers.put("trial", [watched(INSERT, "other")])
    assert triggers.are_put("trial", [watched(INSERT, "other")])
    triggers.take_away("trial")
    assert triggers.are_put("trial", [])


def test_transaction_has_a_number_on_postgresql():
    triggers.put("trial", [watched(INSERT)])
    Unit.objects.create(name="One")
    numbers = set(Outdated.objects.filter(kind="some").values_list("made_in", flat=True))
    assert (numbers == {0}) == (connection.vendor == "sqlite")
