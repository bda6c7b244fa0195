"""What the backbone costs: first run, second run with nothing new, each step, memory, imports.

`python -m benchmarks.backbone` runs the sandbox in a folder of its own and writes
`benchmarks/results/backbone.json`. The yardstick, in the same run: importing Dagster, dlt, dbt and
Great Expectations once, below which no run of the house can fall.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "backbone.json"
AX = str(Path(sys.executable).parent / "ax")
IMPORTS = ("dagster", "dlt", "dbt.cli.main", "great_expectations")


def measure(command: list[str], environment: dict[str, str]) -> dict[str, float]:
    """Run a command; return its wall seconds, CPU seconds and peak memory in MB of its tree."""
    before = os.times()
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    peaks: list[float] = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peaks))
    watcher.start()
    code = process.wait()
    wall = time.monotonic() - start
    watcher.join()
    after = os.times()
    if code:
        raise SystemExit(f"`{' '.join(command)}` ended with {code}; see data/logs of its folder")
    cpu = after.children_user - before.children_user
    cpu += after.children_system - before.children_system
    return {"seconds": round(wall, 1), "cpu_seconds": round(cpu, 1), "peak_mb": round(max(peaks))}


def _watch(process: "subprocess.Popen[bytes]", peaks: list[float]) -> None:
    while process.poll() is None:
        peaks.append(sum(_memory_mb(pid) for pid in _tree(process.pid)))
        time.sleep(0.1)


def _tree(root: int) -> Iterator[int]:
    yield root
    for task in Path(f"/proc/{root}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # the process ended while we looked
            continue
        for child in children:
            yield from _tree(int(child))


def _memory_mb(pid: int) -> float:
    """Return the proportional set size: shared pages are not counted twice."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # the process ended while we looked
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def steps(state: Path) -> list[dict[str, Any]]:
    """Return each Dagster step of the last run with its seconds."""
    os.environ["AX_STATE_DIR"] = str(state)
    from dagster import DagsterInstance

    with DagsterInstance.from_config(str(ROOT)) as instance:
        run = instance.get_runs(limit=1)[0]
        stats = instance.get_run_step_stats(run.run_id)
    return [
        {"step": stat.step_key, "seconds": round(stat.end_time - stat.start_time, 1)}
        for stat in sorted(stats, key=lambda stat: stat.start_time or 0)
        if stat.start_time and stat.end_time
    ]


def size(data: Path) -> dict[str, int]:
    """Return what was loaded and published, so that seconds can be read against something."""
    with duckdb.connect(str(data / "warehouse" / "warehouse.duckdb"), read_only=True) as db:
        rows = db.execute("select sum(extracted) from ops.loads").fetchall()[0][0]
    with duckdb.connect(str(data / "published" / "marts.duckdb"), read_only=True) as db:
        values = db.execute("select count(*) from pub_metric_values").fetchall()[0][0]
    return {"raw_rows_read": int(rows), "metric_values": values}


def main() -> None:
    """Run the benchmark and write its result."""
    data = Path(tempfile.mkdtemp(prefix="ax-benchmark-"))
    environment = {**os.environ, "AX_DATA_DIR": str(data)}
    try:
        imports = {
            name: measure([sys.executable, "-c", f"import {name}"], environment)["seconds"]
            for name in IMPORTS
        }
        together = "import " + ", ".join(IMPORTS)
        yardstick = measure([sys.executable, "-c", together], environment)
        first = {**measure([AX, "run"], environment), "steps": steps(data / "dagster")}
        second = {**measure([AX, "run"], environment), "steps": steps(data / "dagster")}
        result = {
            "commit": _git("rev-parse", "HEAD"),
            "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
            "load_average": os.getloadavg()[0],
            "imports_seconds": imports,
            "yardstick_imports_together": yardstick,
            "first_run": first,
            "second_run_nothing_new": second,
            "size": size(data),
        }
    finally:
        shutil.rmtree(data, ignore_errors=True)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
