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
from collections.abc import Container, Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.between import STEPS
from benchmarks.by_hand import MEMORY
from orchestration import affected, identity, keys, redaction
from orchestration.dbt_bridge import SPARED
from orchestration.models import Stage, arguments, stages
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


def ancestors(current: Settings, marts: Iterable[str]) -> set[str]:
    """Return the ids of what some marts are made of, and of those marts.

    What the steps between dbt's two read is made of contracts that no model names.
    """
    manifest = prepare(current)
    wanted = {f"model.ax_warehouse.{name}" for name in (*marts, *READ_BETWEEN)}
    reached: set[str] = set()
    while wanted:
        reached |= wanted
        wanted = {up for name in wanted for up in manifest["parent_map"][name]} - reached
        wanted &= manifest["nodes"].keys()  # sources are read, not built
    return reached


def with_fewer_metrics(folder: Path, kept: Container[str]) -> Path:
    """Return a root whose registry has no metrics but some."""
    project = folder / "dbt_project"
    leave = shutil.ignore_patterns("target", "logs")
    shutil.copytree(ROOT / "dbt_project", project, ignore=leave, dirs_exist_ok=True)
    seed = project / "seeds" / "metrics.csv"
    header, *lines = seed.read_text(encoding="utf-8").splitlines(keepends=True)
    seed.write_text(header + "".join(x for x in lines if x.split(",")[0] in kept), encoding="utf-8")
    return folder


def built(current: Settings, only: Set[str] = frozenset()) -> dict[str, Any]:
    """Build what is new as a run does, tests included; or only some nodes, without their tests.

    Returns what each stage cost, and the slowest nodes.
    """
    manifest = prepare(current)
    dbts = {stage.name: stage for stage in stages(current, manifest)}
    costs = {
        name: _stage(current, manifest, dbts[name], only) if name in dbts else _step(current, name)
        for name in STAGES
    }
    nodes = {name: took for each in costs.values() for name, took in each.pop("nodes").items()}
    slowest = sorted(nodes.items(), key=lambda node: -node[1])[:MOST]
    return {
        "seconds": round(sum(each["seconds"] for each in costs.values()), 1),
        "processor_seconds": round(sum(each["processor_seconds"] for each in costs.values()), 1),
        "peak_gb": max(each["peak_gb"] for each in costs.values()),
        "stages": costs,
        "slowest": {name: round(seconds, 2) for name, seconds in slowest},
    }


def _stage(
    current: Settings, manifest: Mapping[str, Any], stage: Stage, only: Set[str]
) -> dict[str, Any]:
    """Run one of dbt's stages in a process of its own; return its cost, and each node's seconds."""
    if only:
        spared = ("--exclude-resource-types", "test", "unit_test")
        return _dbt(current, [*spared, *arguments(manifest, stage, stage.nodes & only, set())])
    start = time.monotonic()
    plan = affected.plan(current, manifest, stage.name, stage.nodes, stage.tests)
    affected.begin(current, stage.name)
    planned = time.monotonic() - start
    cost = _dbt(current, [*SPARED, *arguments(manifest, stage, plan.built, plan.tests)])
    affected.remember(current, stage.name, plan.looks)
    cost["seconds"] = round(cost["seconds"] + planned, 1)
    return {**cost, "standing": len(plan.standing), "seconds_to_plan": round(planned, 1)}


def _step(current: Settings, name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.between", name, str(current.data)]
    return {**measured(command, ROOT), "nodes": {}}


def _dbt(current: Settings, chosen: Sequence[str]) -> dict[str, Any]:
    command = [DBT, "--no-use-colors", "--quiet", "build", *chosen]
    environment = {**dbt_environment(current), "AX_MEMORY_LIMIT": MEMORY}
    cost = measured(command, current.project, environment, refuse=False)
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
