"""The house's stages over a raw that is there already, each in a process of its own and measured.

What a run does between loading and publishing, by the functions that the run itself calls; Dagster
stands aside, so that a stage's seconds and memory are its own.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.between import STEPS
from benchmarks.by_hand import MEMORY
from orchestration import identity, keys, redaction
from orchestration.dbt_bridge import INDIRECT, SPARED
from orchestration.models import selections
from orchestration.project import DBT, dbt_environment, prepare
from orchestration.settings import Settings, read

ROOT = Path(__file__).resolve().parent.parent
MOST = 30  # models that are named
READ_BETWEEN = {*identity.READS, *redaction.READS}
STAGES = ("contracts", *STEPS, "marts")


def house(data: Path, root: Path = ROOT) -> Settings:
    """Return the settings of a house in a data folder, with its keys and the default sources."""
    current = read({"AX_DATA_DIR": str(data)}, root)
    current.warehouse.parent.mkdir(parents=True, exist_ok=True)
    keys.ensure(current.keys)
    return current


def whole(current: Settings) -> dict[str, list[str]]:
    """Return what each of dbt's stages builds in a run, as dbt's selectors."""
    return selections(prepare(current), current.sources)


def ancestors(current: Settings, marts: Iterable[str]) -> dict[str, list[str]]:
    """Return of each of dbt's stages what some marts are made of, and those marts.

    What the steps between the two read is made of contracts that no model names.
    """
    manifest = prepare(current)
    nodes: Mapping[str, Any] = manifest["nodes"]
    wanted = {f"model.ax_warehouse.{name}" for name in (*marts, *READ_BETWEEN)}
    reached: set[str] = set()
    while wanted:
        reached |= wanted
        wanted = {up for name in wanted for up in manifest["parent_map"][name]} - reached
        wanted &= nodes.keys()  # sources are read, not built
    found: dict[str, list[str]] = {"contracts": [], "marts": []}
    for name in sorted(reached):
        node = nodes[name]
        is_early = node["resource_type"] == "seed" or node["fqn"][1] in ("connectors", "contracts")
        found["contracts" if is_early else "marts"].append(f"fqn:{'.'.join(node['fqn'])}")
    return found


def with_fewer_metrics(folder: Path, kept: Container[str]) -> Path:
    """Return a root whose registry has no metrics but some."""
    project = folder / "dbt_project"
    leave = shutil.ignore_patterns("target", "logs")
    shutil.copytree(ROOT / "dbt_project", project, ignore=leave, dirs_exist_ok=True)
    seed = project / "seeds" / "metrics.csv"
    header, *lines = seed.read_text(encoding="utf-8").splitlines(keepends=True)
    seed.write_text(header + "".join(x for x in lines if x.split(",")[0] in kept), encoding="utf-8")
    return folder


def built(current: Settings, selected: Mapping[str, list[str]], tested: bool) -> dict[str, Any]:
    """Build what is selected, stage by stage; return what each cost and the slowest nodes."""
    stages = {name: stage(current, name, selected.get(name, []), tested) for name in STAGES}
    nodes = {name: took for each in stages.values() for name, took in each.pop("nodes").items()}
    slowest = sorted(nodes.items(), key=lambda node: -node[1])[:MOST]
    return {
        "seconds": round(sum(each["seconds"] for each in stages.values()), 1),
        "processor_seconds": round(sum(each["processor_seconds"] for each in stages.values()), 1),
        "peak_gb": max(each["peak_gb"] for each in stages.values()),
        "stages": stages,
        "slowest": {name: round(seconds, 2) for name, seconds in slowest},
    }


def stage(
    current: Settings, name: str, select: Sequence[str] = (), tested: bool = True
) -> dict[str, Any]:
    """Run one stage in a process of its own; return its cost, and each node's seconds of dbt's."""
    if name in STEPS:
        command = [sys.executable, "-m", "benchmarks.between", name, str(current.data)]
        return {**measured(command, ROOT), "nodes": {}}
    spared = SPARED if tested else ("--exclude-resource-types", "test", "unit_test")
    command = [DBT, "--no-use-colors", "--quiet", "build", *spared, "--indirect-selection",
               INDIRECT[name], "--select", *select]  # fmt: skip
    cost = measured(command, current.project, {**dbt_environment(current),
                    "AX_MEMORY_LIMIT": MEMORY}, refuse=False)  # fmt: skip
    results = json.loads((current.manifest.parent / "run_results.json").read_text())["results"]
    made = {each["unique_id"].split(".", 2)[2]: each["execution_time"] for each in results}
    failed = {
        each["unique_id"].split(".")[2]: (each["message"] or "")[:300]
        for each in results
        if each["status"] in ("error", "fail", "runtime error")
    }
    if cost.pop("code") and not failed:
        raise SystemExit(cost["said"])
    if any(each["status"] == "error" for each in results):
        raise SystemExit(json.dumps(failed, indent=2))
    cost.pop("said")
    return {**cost, "nodes_built": len(made), "failed_tests": failed, "nodes": made}


def measured(
    command: Sequence[str],
    folder: Path,
    variables: Mapping[str, str] | None = None,
    refuse: bool = True,
) -> dict[str, Any]:
    """Run a command; return its seconds, processor seconds and peak memory in GB.

    With `refuse` a failure stops the benchmark; else `code` and `said` tell of it.
    """
    start = time.monotonic()
    with subprocess.Popen(
        command, cwd=folder, env={**os.environ, **(variables or {})}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = process.stdout.read()[-6000:]
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if refuse and process.returncode:
        raise SystemExit(said)
    return {
        "seconds": round(time.monotonic() - start, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_gb": round(used.ru_maxrss / 1024**2, 2),
        **({} if refuse else {"code": process.returncode, "said": said}),
    }


def rows(current: Settings, relations: Iterable[str]) -> dict[str, int]:
    """Return how many rows some tables of the warehouse and of the publication have."""
    with duckdb.connect(str(current.warehouse)) as db:
        db.execute(f"attach '{current.publication}' as publication")
        return {
            name: db.execute(f"select count(*) from {name}").fetchall()[0][0] for name in relations
        }
