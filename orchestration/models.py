"""Stages 2 and 4: dbt builds the contracts, then, once persons are known, the rest."""

import importlib.metadata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliInvocation,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)
from packaging.version import Version

from orchestration.project import DBT, dbt_environment
from orchestration.settings import Settings, lent
from orchestration.standing import is_published

LATER = ("intermediate", "marts", "published", "semantic")
OWNERS = {"connectors": "team:data-engineering", "contracts": "team:data-engineering"}
BI = "team:bi"
SKIP_UNCHANGED = "ax/skip_unchanged"  # a run with this tag stops where nothing is new


class Dbt(DbtCliResource):
    """dbt as a subprocess, without two habits of the stock resource."""

    @property
    def _cli_version(self) -> Version:
        # `dbt --version` in a subprocess costs seconds and asks the package index.
        return Version(importlib.metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:
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


def first_selection(manifest: Mapping[str, Any], sources: Sequence[str]) -> str:
    """Select registries, the slices of the sources that are on, and the contracts."""
    modelled = sorted({node["source_name"] for node in manifest["sources"].values()} & {*sources})
    slices = [f"fqn:ax_warehouse.connectors.{name} source:{name}" for name in modelled]
    return " ".join(["resource_type:seed", *slices, "fqn:ax_warehouse.contracts"])


def second_selection(manifest: Mapping[str, Any]) -> str:
    """Select everything that needs to know who is who."""
    folders = {node["fqn"][1] for node in manifest["nodes"].values()}
    return " ".join(f"fqn:ax_warehouse.{folder}" for folder in LATER if folder in folders)


def build_models(current: Settings, manifest: Mapping[str, Any]) -> list[dg.AssetsDefinition]:
    """Return the two dbt steps of the house."""
    # A test that also reads a later model waits for that model.
    first = _step(current, manifest, "contracts", first_selection(manifest, current.sources), "cautious")
    return [first, _step(current, manifest, "marts", second_selection(manifest), "eager")]


def _step(
    current: Settings, manifest: Mapping[str, Any], name: str, select: str, indirect: str
) -> dg.AssetsDefinition:
    settings = DagsterDbtTranslatorSettings(
        enable_source_tests_as_checks=True, enable_source_metadata=False
    )

    @dbt_assets(
        manifest=manifest,
        project=DbtProject(current.project, target_path=current.manifest.parent),
        select=select,
        name=name,
        pool="warehouse",
        dagster_dbt_translator=Names(settings),
        required_resource_keys={"house", "dbt"},
    )
    def build(context: dg.AssetExecutionContext) -> Iterator[object]:
        if context.run.tags.get(SKIP_UNCHANGED) and is_published(current):
            context.log.info("nothing is new since the last publication; it stands as it is")
            return
        command = ["build", "--indirect-selection", indirect]
        with lent(dbt_environment(current)):
            invocation = context.resources.dbt.cli(
                command, context=context, target_path=current.manifest.parent, raise_on_error=False
            )
            events = list(invocation.stream())
        yield from with_rows(events, current, manifest)
        if invocation.process.returncode:
            raise dg.Failure(f"{name}: {failed_nodes(invocation)}")

    return build


def with_rows(
    events: Sequence[Any], current: Settings, manifest: Mapping[str, Any]
) -> Iterator[Any]:
    """Add to each materialisation how many rows its relation has now."""
    with duckdb.connect(str(current.warehouse)) as db:
        db.execute(f"attach '{current.publication}' as publication")
        for event in events:
            if isinstance(event, dg.Output):
                node = manifest["nodes"][event.metadata["unique_id"].value]
                rows = _count(db, node["relation_name"])
                event = event.with_metadata({**event.metadata, "dagster/row_count": rows})
            yield event


def _count(db: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = db.execute(f"select count(*) from {relation}").fetchone()
    return row[0] if row else 0


def failed_nodes(invocation: DbtCliInvocation) -> str:
    """Say in one sentence which nodes failed and how to see them alone."""
    results = invocation.get_artifact("run_results.json")["results"]
    failed = [r for r in results if r["status"] in ("error", "fail", "runtime error")]
    names = [r["unique_id"].split(".")[2] for r in failed]
    told = [f"{name} ({' '.join((r['message'] or '').split())[:200]})"
            for name, r in zip(names, failed, strict=True)]  # fmt: skip
    if not told:
        return f"dbt stopped; its log is {invocation.target_path / 'dbt.log'}"
    return (
        f"{len(told)} of {len(results)} dbt nodes failed: {', '.join(told[:3])}; mend them and run "
        f"`dbt build --select {' '.join(names[:3])}` in dbt_project/"
    )
