"""A whole house: its own data folder, the real command line, the small sandbox or real files."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from storage import Lake, opened
from tests import lakes
from tests.whole_house.new_vendor import ROOT, with_a_new_vendor

PEOPLE = 300


@dataclass(frozen=True)
class House:
    """A data folder and a checkout to run it from."""

    data: Path
    root: Path = ROOT
    sources: str = ""
    lake: Lake | None = None

    @property
    def environment(self) -> dict[str, str]:
        ours = {"AX_DATA_DIR": str(self.data), "AX_SOURCES": self.sources, "NO_COLOR": "1"}
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("AX_", "SOURCES__"))}
        where = lakes.environment(self.lake) if self.lake else {}
        return {**clean, **ours, **where, "COLUMNS": "200", "PYTHONPATH": str(self.root)}

    def ax(self, *words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "orchestration", *words]
        return subprocess.run(
            command, cwd=self.root, env=self.environment, capture_output=True, text=True
        )

    def green(self, *words: str) -> str:
        done = self.ax(*words)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def published(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.data / "published" / "marts.duckdb"), read_only=True) as db:
            return db.execute(sql).fetchall()

    def warehouse(self, sql: str) -> list[tuple[Any, ...]]:
        with opened(self.lake or self.data / "warehouse" / "warehouse.duckdb") as db:
            return db.execute(sql).fetchall()


def small_sandbox(
    data: Path,
    root: Path = ROOT,
    as_of: str = "2026-06-30T00:00:00+00:00",
    people: int = PEOPLE,
) -> House:
    """Return a house whose sandbox has about 300 people, or as many as are said."""
    state = data / "sandbox" / "state.json"
    state.parent.mkdir(parents=True)
    state.write_text(json.dumps({"people": people, "seed": 20_260_630, "as_of": as_of}))
    return House(data, root)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A small sandbox after its first run; tests only read it."""
    house = small_sandbox(tmp_path_factory.mktemp("built") / "data")
    house.green("run", "--profile")
    return house


@pytest.fixture(scope="session")
def later(built: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The built house a day later, in a checkout with one more vendor; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("later")
    shutil.copytree(built.data, folder / "data", symlinks=True)
    house = House(folder / "data", with_a_new_vendor(folder / "checkout"))
    house.green("sandbox", "advance", "--days", "1")
    house.green("run")
    return house
