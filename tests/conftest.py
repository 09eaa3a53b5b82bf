"""The cast: alice learns, bob supervises her, carol writes, dave is a stranger, erin administers."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import translation

from accounts.authority import AUTHORS
from accounts.models import Person, Unit
from scenarios.models import edition
from tests.factories import PersonFactory, UnitFactory


@pytest.fixture(autouse=True)
def _forgetful():
    """No edition is remembered from a test that was rolled back, and no language from its last page."""
    translation.activate(settings.LANGUAGE_CODE)
    edition.labels_of.cache_clear()
    edition.graph_of.cache_clear()
    edition.exploration_of.cache_clear()


@pytest.fixture(params=["counted now", "kept"])
def both_ways(request, monkeypatch) -> None:
    """Reports of few people, and as they are of very many."""
    if request.param == "kept":
        monkeypatch.setattr("courses.reports.team.MANY", -1)


@pytest.fixture
def units(db) -> SimpleNamespace:
    system = UnitFactory(name="City Library", kind=Unit.Kind.SYSTEM)
    north = UnitFactory(name="North Branch", parent=system)
    circulation = UnitFactory(name="Circulation", parent=north, kind=Unit.Kind.DEPARTMENT)
    south = UnitFactory(name="South Branch", parent=system)
    return SimpleNamespace(system=system, north=north, circulation=circulation, south=south)


@pytest.fixture
def alice(units) -> Person:
    return PersonFactory(name="Alice Learner", email="alice@example.org", unit=units.circulation)


@pytest.fixture
def bob(units) -> Person:
    bob = PersonFactory(name="Bob Supervisor", email="bob@example.org", unit=units.north)
    units.north.supervisors.add(bob)
    return bob


@pytest.fixture
def carol(units) -> Person:
    carol = PersonFactory(name="Carol Author", email="carol@example.org", unit=units.system, is_staff=True)
    carol.groups.add(Group.objects.get(name=AUTHORS))
    return carol


@pytest.fixture
def dave(units) -> Person:
    return PersonFactory(name="Dave Stranger", email="dave@example.org", unit=units.south)


@pytest.fixture
def erin(units) -> Person:
    return PersonFactory(
        name="Erin Admin", email="erin@example.org", is_staff=True, is_superuser=True, unit=units.system
    )


@pytest.fixture
def as_(client):
    """``as_(alice)`` is a browser in which alice is signed in."""

    def signed_in(person: Person) -> Client:
        browser = Client()
        browser.force_login(person)
        return browser

    return signed_in
