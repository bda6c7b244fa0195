"""How something is timed: in a process of its own, whose whole tree is watched.

`python -m benchmarks.timing SCENARIO SIDE FOLDER SIZE` is that process. What makes ready, and the
imports that takes, come before the clock starts.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.scenario import NotHere, Scenario, scenarios

ROOT = Path(__file__).resolve().parent.parent
NOT_HERE = 3  # exit code of a process in which something is missing
# Where bytecode is not kept, each Python that is started compiles the same libraries anew.
KEPT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
FIGURES = ("seconds", "cpu_seconds", "peak_mb")


def rounds_of(scenario: Scenario, folder: Path, size: int) -> dict[str, list[dict[str, Any]]]:
    """Prepare a scenario and time its sides in turns; raise `NotHere` where that can not be."""
    folder.mkdir(parents=True, exist_ok=True)
    apart(scenario, "prepare", folder, size)
    timed: dict[str, list[dict[str, Any]]] = {side: [] for side in scenario.sides}
    for number in range(scenario.rounds):
        # Whoever comes second finds files in memory: each side comes first every other time.
        for side in [*scenario.sides][:: -1 if number % 2 else 1]:
            timed[side].append(apart(scenario, side, folder, size))
    return timed


def apart(scenario: Scenario, side: str, folder: Path, size: int) -> dict[str, Any]:
    """Do one thing of a scenario in a process of its own; return its figures."""
    words = [scenario.name, side, str(folder), str(size)]
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.timing", *words],
        env=KEPT,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    peaks = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peaks))
    watcher.start()
    said, _ = process.communicate()
    watcher.join()
    if process.returncode == NOT_HERE:
        raise NotHere(said.strip())
    if process.returncode:
        raise SystemExit(f"{scenario.name}, {side}: ended with {process.returncode}")
    return {"peak_mb": round(max(peaks)), **json.loads(said.splitlines()[-1])}


def medians(timed: list[dict[str, Any]]) -> dict[str, float]:
    """Return the median of each figure."""
    return {name: round(statistics.median(one[name] for one in timed), 3) for name in FIGURES}


def _watch(process: "subprocess.Popen[str]", peaks: list[float]) -> None:
    while process.poll() is None:
        start = time.monotonic()
        peaks.append(sum(_memory_mb(pid) for pid in _tree(process.pid)))
        # To look at much memory takes a while, which what is timed should have.
        time.sleep(max(0.1, 20 * (time.monotonic() - start)))


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


def _clocked(side: str, scenario: Scenario, folder: Path, size: int) -> Mapping[str, Any]:
    if side == "prepare":
        scenario.prepare(folder, size)
        return {}
    timed = scenario.sides[side](folder, size)
    before, start = _cpu(), time.monotonic()
    facts = timed()
    seconds, cpu = time.monotonic() - start, _cpu() - before
    return {"seconds": round(seconds, 3), "cpu_seconds": round(cpu, 3), **(facts or {})}


def _cpu() -> float:
    """Return the CPU seconds of this process and of those that it has seen end."""
    return sum(os.times()[:4])


def main() -> None:
    """Do one thing of a scenario and print its figures as the last line."""
    name, side, folder, size = sys.argv[1:]
    try:
        print(json.dumps(_clocked(side, scenarios()[name], Path(folder), int(size))))
    except NotHere as missing:
        print(missing)
        sys.exit(NOT_HERE)


if __name__ == "__main__":
    main()
