"""A house whose warehouse is a lake publishes what one with a file does, and so a day later."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.postgres_server import Server
from tests import lakes
from tests.proof.equality import contents
from tests.whole_house.conftest import House, small_sandbox

pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with lakes.server() as started:
        yield started


@pytest.fixture
def lake_house(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    for name, value in lakes.SECRET.items():
        monkeypatch.setenv(name, value)
    house = small_sandbox(tmp_path / "lake" / "data")
    return replace(house, lake=lakes.empty_lake(server, tmp_path / "lake"))


def test_a_lake_publishes_what_a_file_does_and_a_day_later_too(
    lake_house: House, undisturbed: House, tmp_path: Path
) -> None:
    shutil.copytree(undisturbed.data, tmp_path / "data", symlinks=True)
    house = House(tmp_path / "data")
    lake_house.green("run")
    assert contents(lake_house.data, lake=lake_house.lake) == contents(house.data)

    again = lake_house.green("run")
    assert "nothing is new" in again

    for each in (house, lake_house):
        each.green("sandbox", "advance", "--days", "1")
        each.green("run")
    assert contents(lake_house.data, lake=lake_house.lake) == contents(house.data)
    secret = lakes.SECRET["PGPASSWORD"]
    written = [f for f in lake_house.data.rglob("*") if f.is_file() and not f.is_symlink()]
    assert [str(file) for file in written if secret.encode() in file.read_bytes()] == []
    assert not re.search(re.escape(secret), again)
