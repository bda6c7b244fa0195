"""`make bench`: every scenario beside its yardstick, the page of figures, and what got slower.

`python -m benchmarks [NAMES] [--list] [--size N] [--rounds N]` times the scenarios that are named,
or all; each beside its yardstick, in turns. Figures go to `benchmarks/results/bench.json`, and what
is not timed keeps those that it has. `--render` writes docs/benchmarks.md from them, nothing else.
"""

import argparse
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.scenario import NotHere, Scenario, scenarios
from benchmarks.timing import ROOT, medians, rounds_of

VERSIONS = ("duckdb", "dbt-core", "dagster", "dlt", "great_expectations")


def main() -> None:
    """Time what is asked for, write figures and page, and say what got slower."""
    known = scenarios()
    asked = _asked(known)
    if asked.list:
        print("\n".join(f"{one.name:24} {one.does}" for one in known.values()))
        return
    if not asked.render:
        chosen = [known[name] for name in asked.names or known]
        if asked.rounds:
            chosen = [replace(one, rounds=asked.rounds) for one in chosen]
        for line in report.compared(committed(), timed(chosen, asked.size)):
            print(line)
    report.render(report.kept(), known)


def _asked(known: Mapping[str, Scenario]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAMES", help="scenarios; without one, all")
    parser.add_argument("--list", action="store_true", help="say which there are")
    parser.add_argument("--size", type=int, help="of the scenarios that are named")
    parser.add_argument("--rounds", type=int, help="how often, in place of what each says")
    parser.add_argument("--render", action="store_true", help="write the page and time nothing")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in known]:
        parser.error(f"no scenario is called {', '.join(unknown)}; --list says which there are")
    if asked.size and not asked.names:
        parser.error("--size is of scenarios that are named")
    return asked


def timed(chosen: list[Scenario], size: int | None) -> dict[str, Any]:
    """Time scenarios one after another; keep and return the results of those that could be."""
    results: dict[str, Any] = {}
    commit = _git("describe", "--always", "--dirty")  # before its own results make it dirty
    folders = Path(tempfile.mkdtemp(prefix="ax-bench-"))
    try:
        for scenario in chosen:
            many = size or scenario.size
            print(f"{scenario.name} ...", flush=True)
            try:
                rounds = rounds_of(scenario, folders / scenario.group, many)
            except NotHere as missing:
                print(f"  left out: {missing}")
                continue
            new = result(scenario, many, rounds, commit)
            results[report.key(scenario, many)] = new
            report.write({**report.kept(), **results})
            print(f"  {report.in_a_line(new)}", flush=True)
    finally:
        shutil.rmtree(folders, ignore_errors=True)
    return results


def result(
    scenario: Scenario, size: int, rounds: Mapping[str, list[dict[str, Any]]], commit: str
) -> dict[str, Any]:
    """Return what is kept of a scenario: figures, and on what they were taken."""
    return {
        "scenario": scenario.name,
        "size": size,
        "medians": {side: medians(figures) for side, figures in rounds.items()},
        "rounds": rounds,
        "commit": commit,
        "machine": machine(),
        "versions": {
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in VERSIONS},
        },
    }


def machine() -> dict[str, Any]:
    """Return what this machine is, and how much of it others had."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30),
        "load_average": round(os.getloadavg()[0], 1),
    }


def committed() -> dict[str, Any]:
    """Return the results as they were committed last."""
    return report.read(_git("show", f"HEAD:{report.RESULTS.relative_to(ROOT)}") or "{}")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
