"""The semantic layer is what the registry gives, and says of each metric who computes it."""

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration import metric_pages, semantic_models

REGISTRY = metric_pages.registry()
NPS = next(row for row in REGISTRY if row["metric"] == "nps")


def written(root: Path, file: str) -> dict[str, Any]:
    text = (root / semantic_models.FOLDER / file).read_text(encoding="utf-8")
    return yaml.safe_load(text)


def metric(row: dict[str, str], root: Path = metric_pages.ROOT) -> dict[str, Any]:
    return written(root, f"{row['metric']}.yml")["metrics"][0]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of nothing but the registry."""
    seeds = tmp_path / "dbt_project" / "seeds"
    seeds.mkdir(parents=True)
    shutil.copy(metric_pages.ROOT / "dbt_project" / "seeds" / "metrics.csv", seeds)
    semantic_models.generate(tmp_path)
    return tmp_path


def register(project: Path, *rows: dict[str, str]) -> None:
    with (project / "dbt_project" / "seeds" / "metrics.csv").open("w", encoding="utf-8") as file:
        registry = csv.DictWriter(file, NPS)
        registry.writeheader()
        registry.writerows(rows)


def test_the_committed_files_are_what_the_registry_gives() -> None:
    assert semantic_models.is_generated(), "run `ax generate`"


@pytest.mark.parametrize("row", REGISTRY, ids=lambda row: row["metric"])
def test_a_metric_says_who_computes_it(row: dict[str, str]) -> None:
    is_added_up = row["kind"] == "additive" and {*semantic_models.CALENDAR} & {
        *row["periods"].split("|")
    }
    meta = metric(row)["config"]["meta"]
    assert meta["computed_by"] == ("metricflow" if is_added_up else "mart")
    assert meta["definition_version"] == int(row["definition_version"])


def test_every_metric_of_the_registry_has_a_file_and_no_other_has() -> None:
    files = {f.stem for f in (metric_pages.ROOT / semantic_models.FOLDER).glob("*.yml")}
    assert files - {"_sums", "_values"} == {row["metric"] for row in REGISTRY}


@pytest.mark.parametrize(
    ("statistic", "unit", "formula"),
    [
        ("trinomial", "score", "100.0 * (positives - negatives) / nullif(observations, 0)"),
        ("proportion", "share", "total / nullif(exposure, 0)"),
        ("bounded_mean", "points", "total / nullif(exposure, 0)"),
        ("mean", "days", "total / nullif(exposure, 0)"),
        ("ratio", "per_hundred", "100.0 * total / nullif(exposure, 0)"),
        ("total", "money", "total"),
    ],
)
def test_each_statistic_has_its_formula(
    project: Path, statistic: str, unit: str, formula: str
) -> None:
    row = NPS | {"metric": "new", "statistic": statistic, "unit": unit, "periods": "week|month"}
    register(project, row)
    assert semantic_models.generate(project)
    made = metric(row, project)["type_params"]
    assert made["expr"] == f"case when first_cell = last_cell and unknowns = 0 then {formula} end"
    used = {part["alias"] for part in made["metrics"]}
    assert all((alias in formula) == (alias in used) for alias in ("observations", "exposure"))
    assert {part["filter"] for part in made["metrics"]} == {"{{ Entity('metric') }} = 'new'"}
    assert {part["name"].split("_")[0] for part in made["metrics"]} == {"week"}


def test_a_shorter_period_than_the_published_one_can_not_be_asked_for(project: Path) -> None:
    register(project, NPS | {"periods": "quarter|year"})
    semantic_models.generate(project)
    [model] = written(project, "_sums.yml")["semantic_models"]
    assert model["dimensions"][0]["type_params"] == {"time_granularity": "quarter"}


def test_a_changed_registry_and_a_metric_that_is_gone_are_noticed(project: Path) -> None:
    assert semantic_models.is_generated(project)
    register(project, *(row for row in REGISTRY if row["metric"] != "csat"))
    assert not semantic_models.is_generated(project)
    assert semantic_models.generate(project)
    assert not (project / semantic_models.FOLDER / "csat.yml").exists()
    assert not semantic_models.generate(project)
