"""Small houses for the long proofs."""

from pathlib import Path

import pytest

from tests.whole_house.conftest import House, small_sandbox


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A small sandbox after one run that nobody disturbed."""
    house = small_sandbox(tmp_path_factory.mktemp("undisturbed") / "data")
    house.green("run")
    return house


@pytest.fixture
def house(tmp_path: Path) -> House:
    return small_sandbox(tmp_path / "data")
