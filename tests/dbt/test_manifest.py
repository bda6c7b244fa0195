"""What dbt knows of the project after a build."""

import json
from typing import Any

import pytest

LAYERS = {"marts", "published"}


@pytest.fixture(scope="session")
def manifest(built: Any) -> dict[str, Any]:
    return json.loads(built.manifest.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def results(built: Any) -> dict[str, str]:
    found = json.loads(built.manifest.with_name("run_results.json").read_text(encoding="utf-8"))
    return {row["unique_id"]: row["status"] for row in found["results"]}


def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] in LAYERS
    }


def test_every_column_that_is_there_is_described(built: Any, manifest: dict[str, Any]) -> None:
    there: dict[str, set[str]] = {}
    for row in built.rows("select table_name, column_name from information_schema.columns"):
        there.setdefault(row["table_name"], set()).add(row["column_name"])
    wrong = {
        name: there[name] ^ {c for c, about in node["columns"].items() if about["description"]}
        for name, node in models(manifest).items()
    }
    assert {name: columns for name, columns in wrong.items() if columns} == {}


def test_no_unit_test_and_no_check_was_left_out(
    manifest: dict[str, Any], results: dict[str, str]
) -> None:
    """Checks of the contracts themselves belong to the first of dbt's two runs."""
    of_contracts = {
        key
        for key, node in manifest["nodes"].items()
        if node["fqn"][1] in ("contracts", "connectors")
    }
    due = {
        key
        for key, node in {**manifest["nodes"], **manifest["unit_tests"]}.items()
        if node["resource_type"] in ("test", "unit_test")
        and not of_contracts & set(node["depends_on"]["nodes"])
    }
    assert due - set(results) == set()
    assert sum(key.startswith("unit_test.") for key in results) >= 6


def test_no_model_compares_every_row_with_every_row(built: Any, manifest: dict[str, Any]) -> None:
    """An `or` in a join's condition lets DuckDB try all pairs: minutes at a million tickets."""
    found = json.loads(built.manifest.with_name("run_results.json").read_text(encoding="utf-8"))
    built_models = {row["unique_id"]: row["compiled_code"] for row in found["results"]}
    plans = {
        name: str(built.rows(f"explain {sql}"))
        for name, sql in built_models.items()
        if name.startswith("model.") and manifest["nodes"][name]["language"] == "sql"
    }

    slow = {name.split(".")[-1] for name, plan in plans.items() if "BLOCKWISE_NL_JOIN" in plan}
    # Some dozen roles, by number or by title; waves by what the registries list.
    assert slow == {"int_owner_roles", "int_metric_wave_terms"}
    assert sum("HASH_JOIN" in plan for plan in plans.values()) > len(plans) / 2


def test_only_findings_warn(results: dict[str, str]) -> None:
    loud = {key.split(".")[2] for key, status in results.items() if status == "warn"}
    assert loud == {"experiences_have_a_family"}


def test_more_metric_values_than_allowed_are_found(broken: Any) -> None:
    check = "metric_cells_are_bounded"
    assert broken(check, "select 1") == []
    damage = (
        "create or replace table warehouse.marts.fct_metric_values as "
        "select metric from warehouse.marts.fct_metric_values cross join range(1_000_001) limit 1_000_001"
    )
    assert broken(check, damage)
