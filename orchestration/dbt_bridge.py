"""Where dbt's world meets Dagster's; the one module that imports dagster-dbt, and with it dbt.

That import costs seconds, so only two moments pay for it: a manifest that is new (its assets and
checks are then kept beside it) and a build that really runs.
"""

import importlib.metadata
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
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
from orchestration.project import DBT, dbt_environment
from orchestration.settings import Settings, lent
from orchestration.trace import RESULTS

ENGINEERS, BI = "team:data-engineering", "team:bi"
OWNERS = {"connectors": ENGINEERS, "contracts": ENGINEERS}
UNIQUE_ID = "dagster_dbt/unique_id"
# What a run of the house does not need: unit tests judge code and not what came, so the tests run
# them, and dbt's debug log repeats each statement (docs/decisions/0009).
SPARED = ("--exclude-resource-type", "unit_test", "--log-level-file", "info")
# A test that also reads a later model waits for that model.
INDIRECT = {"contracts": "cautious", "marts": "eager"}
KEPT = (UNIQUE_ID, "dagster/table_name", "dagster_dbt/materialization_type")


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
    """dbt's own keys, so that raw assets join without a map; groups and owners by folder."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Group a slice with its vendor's raw tables, a model with its folder."""
        if dbt_resource_props["resource_type"] == "source":
            return str(dbt_resource_props["source_name"])
        folders = dbt_resource_props["fqn"][1:-1]
        if not folders:
            return "registries"
        return "_".join(folders[1:] if folders[0] == "connectors" else folders)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Give contracts and slices to the engineers, what is built on them to BI."""
        return [OWNERS.get(dbt_resource_props["fqn"][1], BI)]


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
        "assets": [_plain_asset(spec) for spec in translated.specs],
        "checks": [_plain_check(spec) for spec in translated.check_specs],
    }


def _plain_asset(spec: dg.AssetSpec) -> dict[str, Any]:
    schema = spec.metadata.get("dagster/column_schema")
    columns = schema.columns if schema else []
    return {
        "key": spec.key.path,
        "deps": [dep.asset_key.path for dep in spec.deps],
        "description": spec.description,
        "group_name": spec.group_name,
        "owners": list(spec.owners),
        "kinds": sorted(spec.kinds),
        "code_version": spec.code_version,
        "metadata": {name: spec.metadata[name] for name in KEPT if name in spec.metadata},
        "columns": [[column.name, column.type, column.description] for column in columns],
    }


def _plain_check(spec: dg.AssetCheckSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "asset": spec.asset_key.path,
        "description": spec.description,
        "additional_deps": [dep.asset_key.path for dep in spec.additional_deps],
        "blocking": spec.blocking,
        "metadata": {UNIQUE_ID: spec.metadata[UNIQUE_ID]},
    }


def build(
    current: Settings,
    manifest: Mapping[str, Any],
    context: dg.AssetExecutionContext,
    select: Sequence[str],
    stage: str,
    kept: Path | None,
) -> Iterator[Any]:
    """Run a stage's `dbt build` and yield what it made and checked, with rows and durations.

    `kept` is the file that holds how long each node took last time; None for a part of a step.
    """
    dbt = Dbt(project_dir=str(current.project), dbt_executable=DBT)
    reach = ("--indirect-selection", INDIRECT[stage])
    command = ["build", *SPARED, *reach, "--select", " ".join(select)]
    with lent(dbt_environment(current)):
        invocation = dbt.cli(command, target_path=current.manifest.parent, raise_on_error=False)
        events = [
            made
            for event in paced(invocation.stream_raw_events(), pace.read(kept))
            for made in event.to_default_asset_events(manifest, NAMES, context)
        ]
    # The next stage writes its own results over these.
    if (results := current.manifest.with_name("run_results.json")).exists():
        shutil.copyfile(results, results.with_name(RESULTS.format(stage)))
    yield from with_rows(events, current, manifest)
    if invocation.process.returncode:
        raise dg.Failure(failed_nodes(invocation))
    if kept:
        done = invocation.get_artifact("run_results.json")
        nodes = {node["unique_id"]: node["execution_time"] for node in done["results"]}
        pace.keep(kept, pace.Past(done["elapsed_time"], nodes))


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


def with_rows(
    events: Sequence[Any], current: Settings, manifest: Mapping[str, Any]
) -> Iterator[Any]:
    """Add to each materialisation how many rows its relation has now."""
    with duckdb.connect(str(current.warehouse)) as db:
        db.execute(f"attach '{current.publication}' as publication")
        for event in events:
            if isinstance(event, dg.Output):
                node = manifest["nodes"][event.metadata["unique_id"].value]
                rows = db.execute(f"select count(*) from {node['relation_name']}").fetchone()
                known = {"dagster/row_count": rows[0] if rows else 0}
                event = event.with_metadata({**event.metadata, **known})
            yield event


def failed_nodes(invocation: DbtCliInvocation) -> str:
    """Say in one sentence which nodes failed and how to see them alone."""
    results = invocation.get_artifact("run_results.json")["results"]
    failed = [r for r in results if r["status"] in ("error", "fail", "runtime error")]
    names = [r["unique_id"].split(".")[2] for r in failed]
    if not failed:
        return f"dbt stopped; its log is {invocation.target_path / 'dbt.log'}"
    told = ", ".join(
        f"{name} ({_message(r)})" for name, r in list(zip(names, failed, strict=True))[:3]
    )
    return (
        f"{len(failed)} of {len(results)} dbt nodes failed: {told}; mend them and run "
        f"`dbt build --select {' '.join(names[:3])}` in dbt_project/"
    )


def _message(result: Mapping[str, Any]) -> str:
    return " ".join((result["message"] or "").split())[:200]
