"""What a proof found is kept: benchmarks/results/proofs.json, with the commit it ran on."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.whole_house.conftest import ROOT, House, small_sandbox

RESULTS = ROOT / "benchmarks" / "results" / "proofs.json"


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A small sandbox after one run that nobody disturbed."""
    house = small_sandbox(tmp_path_factory.mktemp("undisturbed") / "data")
    house.green("run")
    return house


@pytest.fixture
def house(tmp_path: Path) -> House:
    return small_sandbox(tmp_path / "data")


@pytest.fixture(scope="session")
def kept() -> Iterator[Callable[..., None]]:
    """Keep a finding under its proof's name; AX_KEEP_RESULTS=0 leaves the committed file alone."""
    found: dict[str, Any] = {}
    yield lambda name, **finding: found.update({name: finding})
    if os.environ.get("AX_KEEP_RESULTS") != "0" and found:
        before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        commit = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True
        ).stdout.strip()
        now = {name: {**finding, "commit": commit} for name, finding in found.items()}
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps({**before, **now}, indent=2, sort_keys=True) + "\n")
