"""The tour does what it says: each block of docs/tour.md is run, in order, in a copy."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pages import blocks
from tests.whole_house.conftest import ROOT, small_sandbox

pytestmark = pytest.mark.proof


def test_every_command_of_the_tour_works(tmp_path: Path, kept: Callable[..., None]) -> None:
    root = tmp_path / "tour"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(root)], check=True)
    (root / ".venv").symlink_to(Path(sys.executable).parents[1])
    (root / ".venv" / ".ready").touch()
    small_sandbox(root / "data", root)
    typed = [block for block in blocks(ROOT / "docs" / "tour.md") if block.language == "sh"]

    said = [run(block.text, block.fails, root) for block in typed]

    assert len(typed) >= 10
    whole = "\n".join(said)
    assert "zendesk: tickets no longer sends" in whole
    assert "stale" in whole
    assert "csat_top_box" not in (ROOT / "dbt_project" / "seeds" / "metrics.csv").read_text()
    assert "answer_value" in whole
    kept("the tour", blocks=len(typed), green=True)


def run(text: str, fails: bool, root: Path) -> str:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AX_", "SOURCES__", "DBT_"))}
    shell = shutil.which("bash")
    assert shell
    done = subprocess.run(
        [shell, "-e", "-c", 'ax() { .venv/bin/python -m orchestration "$@"; }\n' + text],
        cwd=root,
        env={**clean, "PYTHONPATH": str(root), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode != 0) is fails, f"{text}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout + done.stderr
