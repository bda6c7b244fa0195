"""One small and one whole world for all tests of the sandbox; each is made once."""

from datetime import date

import pandas as pd
import pytest

from ingestion.sandbox.state import START as AS_OF
from ingestion.sandbox.world import World, make_world


@pytest.fixture(scope="session")
def small() -> World:
    return make_world(people=300, until=date(2026, 6, 30))


@pytest.fixture(scope="session")
def whole() -> World:
    return make_world()


@pytest.fixture(scope="session")
def small_now(small: World) -> dict[str, pd.DataFrame]:
    return small.at(AS_OF)


@pytest.fixture(scope="session")
def whole_now(whole: World) -> dict[str, pd.DataFrame]:
    return whole.at(AS_OF)
