"""Who oversees whom."""

import pytest
from django.core.exceptions import ValidationError

from accounts import authority
from accounts.models import Person, Unit
from tests.factories import PersonFactory, UnitFactory

pytestmark = pytest.mark.django_db


def names(people):
    return sorted(person.name.split()[0] for person in people)


def test_supervisor_sees_their_units_and_all_below(alice, bob, carol, dave, erin):
    assert names(Person.objects.visible_to(bob)) == ["Alice", "Bob"]


def test_administrator_sees_everyone_and_others_nobody(alice, bob, carol, dave, erin):
    assert names(Person.objects.visible_to(erin)) == ["Alice", "Bob", "Carol", "Dave", "Erin"]
    assert [list(Person.objects.visible_to(person)) for person in (alice, carol, dave)] == [[], [], []]


def test_supervisor_of_two_units_sees_both(alice, bob, dave, units):
    units.south.supervisors.add(bob)
    assert names(Person.objects.visible_to(bob)) == ["Alice", "Bob", "Dave"]


def test_supervisor_who_left_sees_nobody(alice, bob):
    bob.is_active = False
    assert list(Person.objects.visible_to(bob)) == []


def test_unit_whose_id_begins_like_another_is_not_below_it(bob, units):
    """Paths end with a slash, so that /1/ is no beginning of /11/."""
    for _ in range(12):
        stranger = PersonFactory(unit=UnitFactory(parent=units.south))
    assert stranger not in Person.objects.visible_to(bob)


def test_unit_moves_with_all_below_it_and_oversight_moves_along(alice, bob, units):
    units.circulation.parent = units.south
    units.circulation.save()
    assert names(Person.objects.visible_to(bob)) == ["Bob"]
    units.north.parent = units.south
    units.north.save()
    team = UnitFactory(parent=units.north)
    assert team.path == f"/{units.system.pk}/{units.south.pk}/{units.north.pk}/{team.pk}/"


def test_moving_a_branch_moves_the_paths_of_all_below(units):
    desk = UnitFactory(parent=units.circulation)
    units.north.parent = units.south
    units.north.save()
    desk.refresh_from_db()
    assert desk.path == f"/{units.system.pk}/{units.south.pk}/{units.north.pk}/{units.circulation.pk}/{desk.pk}/"


def test_unit_cannot_be_inside_itself(units):
    units.north.parent = units.circulation
    with pytest.raises(ValidationError, match="cannot be inside itself"):
        units.north.full_clean()


def test_two_units_of_one_parent_need_two_names(units):
    with pytest.raises(ValidationError):
        Unit(name="north branch", parent=units.system).full_clean(exclude=["path"])


def test_who_may_author(alice, bob, carol, erin):
    assert [authority.may_author(person) for person in (alice, bob, carol, erin)] == [False, False, True, True]


def test_email_is_one_whatever_its_case(alice):
    with pytest.raises(ValidationError):
        Person(email="ALICE@example.org", name="Other").full_clean(exclude=["password"])
    assert Person.objects.get_by_natural_key("Alice@Example.ORG") == alice
