"""The raw door over a month of clean days and faults as vendors send them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.settings import ROOT


@pytest.mark.proof
def test_faults_are_caught_and_clean_days_are_quiet(tmp_path: Path, kept) -> None:
    out = tmp_path / "mutations.json"
    bench = [
        sys.executable,
        "-m",
        "benchmarks.mutations",
        str(tmp_path / "data"),
        "--out",
        str(out),
    ]

    subprocess.run(bench, cwd=ROOT, check=True)

    found = json.loads(out.read_text())
    figures = {name: value for name, value in found.items() if name != "mutants_one_by_one"}
    kept("mutations", **figures)
    assert found["clean_days"] >= 30
    assert found["clean_days_with_alarm"] == 0
    assert sum(found["mutants"].values()) >= 60
    assert found["caught_share"] >= 0.95
