"""Where dbt's world meets Dagster's; the one module that imports dagster-dbt, and with it dbt.

That import costs seconds, so only two moments pay for it: a manifest that is new (its assets and
checks are then kept beside it) and a build that really runs.
"""

import importlib
import importlib.metadata
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, redirect_stdout, suppress
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliEventMessage,
    DbtCliInvocation,
    DbtCliResource,
    dbt_assets,
)
from packaging.version import Version

from orchestration import pace
from orchestration.cluster import VIEW, building
from orchestration.complaints import WithoutValues, in_a_line
from orchestration.counting import rows_of
from orchestration.models import UNIQUE_ID
from orchestration.project import DBT
from orchestration.promises import promised
from orchestration.settings import Settings
from orchestration.trace import RESULTS
from storage import opened, turn

# Kinds that say more than dbt and DuckDB do.
KINDS = {VIEW: {"view"}, "seed": {"seed"}}
DURATION = "Execution Duration"  # what dagster-dbt calls the seconds of every other step here
# What a run of the house does not need: unit tests judge code and not what came, so the tests run
# them, and dbt's debug log repeats each statement (docs/decisions/0009).
SPARED = ("--exclude-resource-type", "unit_test", "--log-level-file", "info")
KEPT = (UNIQUE_ID, "dagster/table_name", "dagster_dbt/materialization_type")
GRACE = 10  # seconds in which dbt, asked to stop, gives up its statements and writes what it did


class Dbt(DbtCliResource):
    """dbt as a subprocess, without two habits of the stock resource."""

    @property
    def _cli_version(self) -> Version:
        # `dbt --version` in a subprocess costs seconds and asks the package index.
        return Version(importlib.metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> Any:
        # Only serves to count rows while dbt holds the file; they are counted once it is done.
        return None


class Names(DagsterDbtTranslator):
    """dbt's own keys, so that raw assets join without a map; groups by folder."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Group a slice with its vendor's raw tables, a model with its folder."""
        if dbt_resource_props["resource_type"] == "source":
            return str(dbt_resource_props["source_name"])
        match dbt_resource_props["fqn"][1:-1]:
            case []:
                return "registries"
            case ["connectors", "ops"]:
                return "ops"
            case ["connectors", vendor]:
                return f"sources/{vendor}"
            case folders:
                return "/".join(folders)


NAMES = Names(
    DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True, enable_source_metadata=False)
)


def specs(manifest: Mapping[str, Any], select: str) -> dict[str, list[dict[str, Any]]]:
    """Return the assets and checks of a selection as plain data, the manifest left out."""
    translate = dbt_assets(
        manifest=manifest, select=select, name="translated", dagster_dbt_translator=NAMES
    )
    translated = translate(lambda: None)
    return {
        "assets": [_plain_asset(spec, manifest) for spec in translated.specs],
        "checks": [_plain_check(spec, manifest) for spec in translated.check_specs],
    }


def _plain_asset(spec: dg.AssetSpec, manifest: Mapping[str, Any]) -> dict[str, Any]:
    made_as = manifest["nodes"][spec.metadata[UNIQUE_ID]]["config"]["materialized"]
    schema = spec.metadata.get("dagster/column_schema")
    columns = schema.columns if schema else []
    return {
        "key": spec.key.path,
        "deps": [dep.asset_key.path for dep in spec.deps],
        "description": spec.description,
        "group_name": spec.group_name,
        "owners": list(spec.owners),
        "kinds": sorted(spec.kinds | KINDS.get(made_as, set())),
        "code_version": spec.code_version,
        "metadata": {name: spec.metadata[name] for name in KEPT if name in spec.metadata},
        "columns": [[column.name, column.type, column.description] for column in columns],
    }


def _plain_check(spec: dg.AssetCheckSpec, manifest: Mapping[str, Any]) -> dict[str, Any]:
    test = manifest["nodes"][spec.metadata[UNIQUE_ID]]
    return {
        "name": spec.name,
        "asset": spec.asset_key.path,
        "description": promised(test),
        "additional_deps": [dep.asset_key.path for dep in spec.additional_deps],
        "blocking": spec.blocking,
        "metadata": {UNIQUE_ID: spec.metadata[UNIQUE_ID]},
    }


def build(
    current: Settings,
    manifest: Mapping[str, Any],
    context: dg.AssetExecutionContext,
    chosen: Sequence[str],
    stage: str,
    nodes: Set[str],
) -> Iterator[Any]:
    """Run a stage's `dbt build` and yield what it made and checked, with rows and durations.

    `chosen` are dbt's arguments that select, `nodes` the ids of all that they select.
    """
    dbt = Dbt(project_dir=str(current.project), dbt_executable=DBT)
    command = ["build", *SPARED, *chosen]
    kept = current.manifest.with_name(f"pace-{stage}.json")
    past = pace.read(kept)
    quiet: Any = WithoutValues(sys.stdout)  # Dagster keeps and shows what a step prints
    building_there = building(current, manifest, nodes)
    with turn(current.warehouse), building_there as folder, redirect_stdout(quiet):
        results = folder / "run_results.json"
        results.unlink(missing_ok=True)  # of the last time
        invocation = dbt.cli(command, target_path=folder, raise_on_error=False)
        invocation.termination_timeout_seconds = GRACE
        with stopping(invocation.process):
            # While dbt begins, which takes as long: what comes after the models wants it.
            importlib.import_module("great_expectations")
            events = [
                made
                for event in paced(invocation.stream_raw_events(), past.of(nodes))
                for made in event.to_default_asset_events(manifest, NAMES, context)
            ]
    if not results.exists():
        raise dg.Failure(
            f"dbt ended with code {invocation.process.returncode} and without results (-9: it was "
            f"killed, as for want of memory); its log is {folder / 'dbt.log'}"
        )
    # The next stage writes its own results over these.
    shutil.copyfile(results, current.manifest.with_name(RESULTS.format(stage)))
    done = json.loads(results.read_text(encoding="utf-8"))
    yield from with_facts(events, current, manifest, done["results"])
    if invocation.process.returncode:
        raise dg.Failure(failed_nodes(invocation, done["results"]))
    took = {node["unique_id"]: node["execution_time"] for node in done["results"]}
    pace.keep(kept, past.renewed(done["elapsed_time"], took))


@contextmanager
def stopping(process: "subprocess.Popen[Any]") -> Iterator[None]:
    """Stop a process that a broken-off block leaves at work, by force when it does not listen.

    A dbt that goes on holds the warehouse against the next run, and dbt was seen to miss a Ctrl-C;
    killed, it leaves what any crash leaves.
    """
    try:
        yield
    finally:
        try:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(GRACE)
        finally:  # also where a second Ctrl-C says that nobody will wait
            process.kill()
            process.wait()


def paced(events: Iterable[DbtCliEventMessage], past: pace.Past) -> Iterator[DbtCliEventMessage]:
    """Hand on what dbt says, and tell how many of its nodes are done, of how many."""
    start, done, of = time.monotonic(), [], 0
    for event in events:
        data = event.raw_event["data"]
        of = max(of, data.get("total", 0))
        if event.is_result_event:
            done.append(data["node_info"]["unique_id"])
            left = past.left(done, time.monotonic() - start)
            pace.tell(pace.Far(len(done), of, "models and tests", left=left))
        yield event


def with_facts(
    events: Sequence[Any],
    current: Settings,
    manifest: Mapping[str, Any],
    results: Sequence[Mapping[str, Any]],
) -> Iterator[Any]:
    """Add to each materialisation its rows and seconds, to each failed check which rows fail."""
    by_id = {result["unique_id"]: result for result in results}
    made = [_node(event, manifest) for event in events if isinstance(event, dg.Output)]
    tables = [n["relation_name"] for n in made if n["config"]["materialized"] != VIEW]
    with opened(current.warehouse) as db:  # in UTC, as dbt: the tests' SQL is asked again
        db.execute(f"attach '{current.publication}' as publication")
        rows = rows_of(db, tables)
        for event in events:
            if isinstance(event, dg.Output):
                yield _measured(event, rows.get(_node(event, manifest)["relation_name"]))
            elif isinstance(event, dg.AssetCheckResult) and not event.passed:
                yield _explained(event, db, current, manifest, by_id)
            else:
                yield event


def _node(event: "dg.Output[Any]", manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    node: Mapping[str, Any] = manifest["nodes"][event.metadata["unique_id"].value]
    return node


def _explained(
    check: dg.AssetCheckResult,
    db: duckdb.DuckDBPyConnection,
    current: Settings,
    manifest: Mapping[str, Any],
    results: Mapping[str, Mapping[str, Any]],
) -> dg.AssetCheckResult:
    from orchestration.failing_rows import explain

    result = results[check.metadata["unique_id"].value]  # type: ignore[index]
    said, shown = explain(db, manifest, current.keys, result)
    return dg.AssetCheckResult(
        passed=False,
        asset_key=check.asset_key,
        check_name=check.check_name,
        severity=check.severity,
        description=said,
        metadata={**check.metadata, **shown},
    )


def _measured(event: "dg.Output[Any]", rows: int | None) -> "dg.Output[Any]":
    facts = dict(event.metadata)
    seconds = {"seconds": facts.pop(DURATION)} if DURATION in facts else {}
    counted = {} if rows is None else {"dagster/row_count": rows}
    return event.with_metadata({**facts, **seconds, **counted})


def failed_nodes(invocation: DbtCliInvocation, results: Sequence[Mapping[str, Any]]) -> str:
    """Say in one sentence which nodes failed and how to see them alone."""
    failed = [r for r in results if r["status"] in ("error", "fail", "runtime error")]
    names = [r["unique_id"].split(".")[2] for r in failed]
    if not failed:
        return f"dbt stopped; its log is {invocation.target_path / 'dbt.log'}"
    told = ", ".join(
        f"{name} ({in_a_line(r['message'])})"
        for name, r in list(zip(names, failed, strict=True))[:3]
    )
    return (
        f"{len(failed)} of {len(results)} dbt nodes failed: {told}; mend them and run "
        f"`dbt build --select {' '.join(names[:3])}` in dbt_project/"
    )
