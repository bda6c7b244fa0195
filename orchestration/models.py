"""Stages 2 and 4: dbt builds the contracts, then, once persons are known, the rest."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.project import hash_of, project_hash
from orchestration.settings import Settings
from orchestration.standing import is_published

LATER = ("intermediate", "marts", "restricted", "published", "semantic")
OPS = "ops"
SKIP_UNCHANGED = "ax/skip_unchanged"  # a run with this tag stops where nothing is new
# What makes assets and checks of the manifest; changed, it makes them anew.
TRANSLATORS = [Path(__file__).with_name(f"{name}.py") for name in ("dbt_bridge", "promises")]


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
        "contracts": ["resource_type:seed", *slices, "fqn:ax_warehouse.contracts"],
        "marts": [f"fqn:ax_warehouse.{folder}" for folder in LATER if folder in folders],
    }


def build_models(current: Settings, manifest: Mapping[str, Any]) -> list[dg.AssetsDefinition]:
    """Return the two dbt steps of the house."""
    chosen = selections(manifest, current.sources)
    known = _plain_specs(current, manifest, chosen)
    return [_step(current, manifest, name, select, known[name]) for name, select in chosen.items()]


def _plain_specs(
    current: Settings, manifest: Mapping[str, Any], chosen: Mapping[str, list[str]]
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the assets and checks of each step; kept beside the manifest that they come from."""
    file = current.manifest.with_name("specs.json")
    stamp = f"{project_hash(current)} {dg.__version__} {hash_of(TRANSLATORS)}"
    kept = json.loads(file.read_text()) if file.exists() else {}
    if kept.get("stamp") != stamp:
        from orchestration.dbt_bridge import specs

        made = {name: specs(manifest, " ".join(select)) for name, select in chosen.items()}
        kept = {"stamp": stamp, "specs": made}
        file.write_text(json.dumps(kept))
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


def _step(
    current: Settings,
    manifest: Mapping[str, Any],
    name: str,
    select: Sequence[str],
    plain: Mapping[str, list[dict[str, Any]]],
) -> dg.AssetsDefinition:
    specs = [_asset(asset) for asset in plain["assets"]]

    @dg.multi_asset(
        name=name,
        specs=specs,
        check_specs=[_check(check) for check in plain["checks"]],
        can_subset=True,
        pool="warehouse",
        allow_arbitrary_check_specs=True,
        required_resource_keys={"house"},
    )
    def models(context: dg.AssetExecutionContext) -> Iterator[Any]:
        if context.run.tags.get(SKIP_UNCHANGED) and is_published(current):
            context.log.info("nothing is new since the last publication; it stands as it is")
            return
        from orchestration.dbt_bridge import build

        part = _narrowed(context, manifest, specs)
        kept = None if part else current.manifest.with_name(f"pace-{name}.json")
        yield from build(current, manifest, context, part or select, name, kept)

    return models


def _narrowed(
    context: dg.AssetExecutionContext, manifest: Mapping[str, Any], specs: Sequence[dg.AssetSpec]
) -> list[str]:
    """Return selectors for the models that were picked; none when it is all of them."""
    picked = context.selected_asset_keys
    if len(picked) == len(specs):
        return []
    ids = [spec.metadata["dagster_dbt/unique_id"] for spec in specs if spec.key in picked]
    return [f"fqn:{'.'.join(manifest['nodes'][unique_id]['fqn'])}" for unique_id in ids]
