"""Stages 2 and 4: dbt builds the contracts, then, once persons are known, the rest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg
import orjson
from dagster._utils.warnings import disable_dagster_warnings

from ingestion.durable import write_whole
from orchestration import affected
from orchestration.project import hash_of, parsed_from
from orchestration.settings import Settings
from orchestration.standing import is_published

LATER = ("intermediate", "marts", "restricted", "published", "semantic")
OPS = "ops"
FIRST = "contracts"
UNIQUE_ID = "dagster_dbt/unique_id"
STOOD = "stood as it was: nothing that it reads is new"
SKIP_UNCHANGED = "ax/skip_unchanged"  # a run with this tag stops where nothing is new
# What makes assets and checks of the manifest; changed, it makes them anew.
TRANSLATORS = [Path(__file__).with_name(f"{name}.py") for name in ("dbt_bridge", "promises")]


@dataclass(frozen=True, slots=True)
class Stage:
    """A dbt step: its selectors, its assets and checks as plain data, its nodes and tests by id."""

    name: str
    select: Sequence[str]
    plain: Mapping[str, list[dict[str, Any]]]
    nodes: Set[str]
    tests: Set[str]


class Step(dg.AssetsDefinition):
    """A step of hundreds of assets: its keys are put together once, and not for each pair of them.

    With every asset that is made, Dagster asks of every other whether it is among these
    (docs/decisions/0008).
    """

    @cached_property
    def asset_and_check_keys(self) -> Set[dg.AssetKey | dg.AssetCheckKey]:
        return super().asset_and_check_keys

    @staticmethod
    def dagster_internal_init(**attributes: Any) -> "Step":
        # By this Dagster makes what of it a job has, which is then one of these too.
        with disable_dagster_warnings():
            return Step(**attributes)


def selections(manifest: Mapping[str, Any], sources: Sequence[str]) -> dict[str, list[str]]:
    """Return what each of the two steps builds, as dbt's own selectors.

    First registries, the slices of the sources that are on and the contracts; then everything
    that needs to know who is who.
    """
    on = {node["source_name"] for node in manifest["sources"].values()} & {*sources, OPS}
    slices = [
        part
        for name in sorted(on)
        for part in (f"fqn:ax_warehouse.connectors.{name}", f"source:{name}")
    ]
    folders = {node["fqn"][1] for node in manifest["nodes"].values()}
    return {
        FIRST: ["resource_type:seed", *slices, "fqn:ax_warehouse.contracts"],
        "marts": [f"fqn:ax_warehouse.{folder}" for folder in LATER if folder in folders],
    }


def build_models(current: Settings, manifest: Mapping[str, Any]) -> list[dg.AssetsDefinition]:
    """Return the two dbt steps of the house."""
    return [_step(current, manifest, stage) for stage in stages(current, manifest)]


def stages(current: Settings, manifest: Mapping[str, Any]) -> list[Stage]:
    """Return the two dbt steps as data, in their order."""
    chosen = selections(manifest, current.sources)
    known = _plain_specs(current, manifest, chosen)
    found, asked, there = [], set[str](), {*manifest["sources"]}
    for name, select in chosen.items():
        nodes = {asset["metadata"][UNIQUE_ID] for asset in known[name]["assets"]}
        there |= nodes
        # A test that also reads what a later step makes waits for that step.
        reads_no_later = (t for t in _tests_of(manifest, there) if _reads(manifest, t) <= there)
        tests = {*reads_no_later} - asked
        asked |= tests
        found.append(Stage(name, select, known[name], nodes, tests))
    return found


def arguments(
    manifest: Mapping[str, Any], stage: Stage, nodes: Set[str], tests: Set[str]
) -> list[str]:
    """Return what tells dbt to build some nodes of a stage, with their tests and with `tests`."""
    select = stage.select if nodes == stage.nodes else _selectors(manifest, nodes, tests)
    others = _tests_of(manifest, [*nodes, *manifest["sources"]]) - stage.tests
    exclude = [_selector(manifest, test) for test in sorted(others)]
    return [
        "--select", " ".join(select), *(["--exclude", " ".join(exclude)] if exclude else [])
    ]  # fmt: skip


def _plain_specs(
    current: Settings, manifest: Mapping[str, Any], chosen: Mapping[str, list[str]]
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the assets and checks of each step; kept beside the manifest that they come from."""
    file = current.manifest.with_name("specs.json")
    stamp = f"{parsed_from(current)} {dg.__version__} {hash_of(TRANSLATORS)}"
    kept = orjson.loads(file.read_bytes()) if file.exists() else {}
    if kept.get("stamp") != stamp:
        from orchestration.dbt_bridge import specs

        made = {name: specs(manifest, " ".join(select)) for name, select in chosen.items()}
        kept = {"stamp": stamp, "specs": made}
        write_whole(file, orjson.dumps(kept).decode())
    return dict(kept["specs"])


def _asset(plain: Mapping[str, Any]) -> dg.AssetSpec:
    columns = [
        dg.TableColumn(name, kind, description=text) for name, kind, text in plain["columns"]
    ]
    schema = {"dagster/column_schema": dg.TableSchema(columns)} if columns else {}
    rest = {name: plain[name] for name in ("description", "group_name", "owners", "code_version")}
    return dg.AssetSpec(
        dg.AssetKey(plain["key"]),
        deps=[dg.AssetKey(path) for path in plain["deps"]],
        skippable=True,
        kinds={*plain["kinds"]},
        metadata={**plain["metadata"], **schema},
        **rest,
    )


def _check(plain: Mapping[str, Any]) -> dg.AssetCheckSpec:
    rest = {name: plain[name] for name in ("name", "description", "blocking", "metadata")}
    deps = [dg.AssetKey(path) for path in plain["additional_deps"]]
    return dg.AssetCheckSpec(asset=dg.AssetKey(plain["asset"]), additional_deps=deps, **rest)


def _step(current: Settings, manifest: Mapping[str, Any], stage: Stage) -> dg.AssetsDefinition:
    specs = [_asset(asset) for asset in stage.plain["assets"]]
    ids = {spec.metadata[UNIQUE_ID]: spec.key for spec in specs}

    def built(context: dg.AssetExecutionContext, nodes: Set[str], tests: Set[str]) -> Iterator[Any]:
        # Only who really builds pays for the import of dbt.
        from orchestration.dbt_bridge import build

        chosen = arguments(manifest, stage, nodes, tests)
        return build(current, manifest, context, chosen, stage.name, nodes | tests)

    @dg.multi_asset(
        name=stage.name,
        specs=specs,
        check_specs=[_check(check) for check in stage.plain["checks"]],
        can_subset=True,
        pool="warehouse",
        allow_arbitrary_check_specs=True,
        required_resource_keys={"house"},
    )
    def models(context: dg.AssetExecutionContext) -> Iterator[Any]:
        picked = {node for node, key in ids.items() if key in context.selected_asset_keys}
        if picked != ids.keys():
            yield from built(context, picked, _tests_of(manifest, picked) & stage.tests)
            return
        if stage.name == FIRST and context.run.tags.get(SKIP_UNCHANGED) and is_published(current):
            context.log.info("nothing is new since the last publication; it stands as it is")
            return
        plan = affected.plan(current, manifest, stage.name, stage.nodes, stage.tests)
        context.log.info(str(plan))
        # What stands reads nothing that is built: it can be told first, as Dagster wants it.
        for node in affected.in_order(manifest, plan.standing):
            yield dg.MaterializeResult(asset_key=ids[node], metadata={"outcome": STOOD})
        affected.begin(current, stage.name)
        if plan.built or plan.tests:
            yield from built(context, plan.built, plan.tests)
        affected.remember(current, stage.name, plan.looks)

    return Step.dagster_internal_init(**models.get_attributes_dict())


def _selectors(
    manifest: Mapping[str, Any], nodes: Iterable[str], tests: Iterable[str]
) -> list[str]:
    """Return dbt's selectors for some nodes, and for those of the tests that read none of them."""
    alone = set(tests) - _tests_of(manifest, nodes)
    return [_selector(manifest, unique_id) for unique_id in (*sorted(nodes), *sorted(alone))]


def _selector(manifest: Mapping[str, Any], unique_id: str) -> str:
    return f"fqn:{'.'.join(manifest['nodes'][unique_id]['fqn'])}"


def _reads(manifest: Mapping[str, Any], unique_id: str) -> set[str]:
    return {*manifest["parent_map"][unique_id]}


def _tests_of(manifest: Mapping[str, Any], nodes: Iterable[str]) -> set[str]:
    children = (child for node in nodes for child in manifest["child_map"][node])
    return {child for child in children if child.startswith("test.")}
