"""A house whose warehouse is a lake publishes what one with a file does, and so a day later."""

import re
import shutil
import subprocess
import sys
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
    lakes.let_in(monkeypatch)
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


def started(house: House, *words: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "orchestration", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command,
        cwd=house.root,
        env=house.environment,
        stdout=pipe,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_two_machines_load_a_source_each_at_once(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lakes.let_in(monkeypatch)
    lake = lakes.empty_lake(server, tmp_path)
    machines = {
        source: replace(small_sandbox(tmp_path / source), lake=lake, sources=f"{source},files")
        for source in ("hubspot", "zendesk")
    }

    loads = {source: started(house, "load", source) for source, house in machines.items()}
    said = {source: load.communicate(timeout=900)[0] for source, load in loads.items()}

    assert {source: load.returncode for source, load in loads.items()} == {
        "hubspot": 0, "zendesk": 0,
    }, said  # fmt: skip
    house = machines["hubspot"]
    loaded = house.warehouse("select distinct source, status from ops.loads order by all")
    assert loaded == [("hubspot", "loaded"), ("zendesk", "loaded")]
    for relation in ("raw_hubspot.contacts", "raw_zendesk.tickets"):
        assert house.warehouse(f"select count(*) > 0 from {relation}") == [(True,)]
    assert house.warehouse("select count(*) from ops.clock") == [(1,)]
