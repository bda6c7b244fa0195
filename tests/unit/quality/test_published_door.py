import csv

import duckdb
import pytest

from orchestration.settings import ROOT
from quality.published_door import UNITS, published_door

VALUES = """
create table pub_metric_values as
select
    'customer' as audience, 'nps' as metric, 1 as definition_version, 'month' as period_kind,
    date '2024-01-01' + interval (i) month as period_start, 'all' as segment,
    40e0 as value, 40e0 as numerator, 1e2 as denominator, 100 as n, 90e0 as n_eff,
    30e0 as low, 50e0 as high, cast(null as double) as value_weighted, 'ok' as status
from range(30) as r(i)
"""
METRICS = (
    "create table pub_metrics as select 'nps' as metric, 1 as definition_version, 'score' as unit"
)


@pytest.fixture
def door(tmp_path):
    """Judge a good publication after a change, against an unchanged one."""

    def make(name: str, change: str):
        with duckdb.connect(str(tmp_path / name)) as db:
            db.execute(VALUES)
            db.execute(METRICS)
            db.execute(change)
        return tmp_path / name

    def run(change: str, last: bool = True) -> list[str]:
        before = make("last.duckdb", "select 1") if last else tmp_path / "none.duckdb"
        return published_door(make("built.duckdb", change), before)

    return run


def test_a_publication_like_the_last_one_may_leave(door) -> None:
    assert door("select 1") == []


def test_the_first_publication_is_judged_by_itself(door) -> None:
    assert door("select 1", last=False) == []


SET = "update pub_metric_values set"
IMPLAUSIBLE = {
    f"{SET} value = 140, high = 150": "nps: 30 values lie outside what a score can be",
    f"{SET} low = 45": "nps: 30 values lie outside their own interval",
    f"{SET} status = 'suppressed'": "nps: 30 suppressed rows show a figure",
    f"{SET} status = 'fine'": "nps: 30 rows have no known status",
    f"{SET} status = 'not_measured'": "nps: 100% more of its rows than last time",
    f"{SET} period_start = date '2024-01-01'": "nps: 29 cells are there more than once",
    "delete from pub_metrics": "nps: it is not in pub_metrics",
    "delete from pub_metric_values where month(period_start) < 9": "pub_metric_values has 8 rows",
}


@pytest.mark.parametrize(("change", "finding"), IMPLAUSIBLE.items())
def test_what_is_implausible_is_held(door, change: str, finding: str) -> None:
    assert any(found.startswith(finding) for found in door(change))


def test_every_metric_of_the_registry_fits_into_its_unit() -> None:
    ranges = {unit: (low, high) for unit, low, high in UNITS}
    with (ROOT / "dbt_project" / "seeds" / "metrics.csv").open(encoding="utf-8") as file:
        metrics = list(csv.DictReader(file))
    assert {metric["unit"] for metric in metrics} == set(ranges)
    for metric in metrics:
        low, high = ranges[metric["unit"]]
        if metric["statistic"] == "bounded_mean" and metric["scale_min"]:
            assert low is None or float(metric["scale_min"]) >= low, metric["metric"]
            assert high is None or float(metric["scale_max"]) <= high, metric["metric"]
