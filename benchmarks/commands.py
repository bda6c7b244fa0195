"""Native commands that scenarios time, each in a house of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.timing import ROOT

BIN = Path(sys.executable).parent
AX = str(BIN / "ax")
DBT = str(BIN / "dbt")  # as it comes; the house starts its own (orchestration/dbt.py)


def done(command: Sequence[str], house: Path, **more: str) -> None:
    """Run a command on a data folder; raise with its last words when it fails."""
    environment: Mapping[str, str] = {**os.environ, "AX_DATA_DIR": str(house), **more}
    ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    if ended.returncode:
        said = (ended.stdout + ended.stderr)[-2000:]
        raise RuntimeError(f"`{' '.join(command)}` ended with {ended.returncode}: {said}")
