"""An author and a scenario to write at."""

import pytest

from tests.factories import a_scenario


@pytest.fixture
def browser(as_, carol):
    return as_(carol)


@pytest.fixture
def scenario(db):
    return a_scenario(
        flags={"receipt": "You know of a receipt", "sorry": "You have apologised"},
        meters={"tension": {"start": 4}, "trust": {"label": "Trust", "start": 2, "minimum": 0, "maximum": 10}},
    )
