"""The wide marts for BI say what the long one says, in the words of the golden set."""

from pathlib import Path
from typing import Any

import pytest
from conftest import Built

from dashboards.lines import COMPONENTS, headline, lines_of
from dashboards.published import read

Row = dict[str, Any]
CUSTOMER = {
    "rank": 1, "owner_role": "Chief Customer Officer", "persons": 20, "target": 40.0,
    "headline_metric": "nps", "headline_value": 25.0, "headline_n": 20,
    "headline_status": "low_n", "headline_verdict": "no clear change",
    "success_metric": "resolution_minutes_p50",
    "effort_metric": "ces_top", "effort_value": pytest.approx(2 / 3), "effort_n": 6,
    "outcome_metric": "nps", "outcome_change": pytest.approx(25 - 100 / 3),
    "outcome_low": pytest.approx(-11.716133478450757),
    "outcome_high": pytest.approx(55.19439434801598),
}  # fmt: skip
DONOR = {
    "outcome_value": 50.0, "outcome_n": 40, "outcome_status": "ok", "outcome_change": 75.0,
    "outcome_verdict": "up", "outcome_verdict_year": "up", "outcome_period_kind": "quarter",
    "effort_value": None, "effort_status": "not_measured", "success_status": "not_measured",
}  # fmt: skip
EMPLOYEE = {
    "headline_metric": "enps", "headline_value": pytest.approx(300 / 14), "headline_n": 14,
    "headline_period_kind": "wave", "headline_verdict": "no clear change", "target": 20.0,
}  # fmt: skip
CANDIDATE = {
    # What is steered by csat, and hears no eNPS: the anonymous 4 of 6 of the quarter.
    "headline_metric": "csat", "headline_value": pytest.approx(2 / 3), "target": 0.8,
    "outcome_metric": "csat", "outcome_change": None, "outcome_verdict": None,
}  # fmt: skip
MANAGER = {
    # Three people: nothing of them is shown, not even how many they are.
    "headline_metric": "enps", "headline_status": "suppressed", "headline_value": None,
    "headline_low": None, "headline_n": None, "headline_change": None, "persons": None,
}  # fmt: skip


@pytest.fixture(scope="session")
def scorecard(built: Built) -> dict[str, Row]:
    return {row["audience"]: row for row in built.rows("from publication.pub_scorecard")}


@pytest.mark.parametrize(
    ("audience", "wanted"),
    [
        ("customer", CUSTOMER),
        ("donor", DONOR),
        ("employee", EMPLOYEE),
        ("candidate", CANDIDATE),
        ("manager", MANAGER),
    ],
)
def test_an_audience_is_one_row(audience: str, wanted: Row, scorecard: dict[str, Row]) -> None:
    assert {name: scorecard[audience][name] for name in wanted} == wanted


def test_every_audience_of_the_registry_has_its_row(
    built: Built, scorecard: dict[str, Row]
) -> None:
    registry = built.rows("from publication.pub_audiences")
    assert set(scorecard) == {row["audience"] for row in registry}
    assert {name: row["persons"] for name, row in scorecard.items()} == {
        row["audience"]: row["persons"] for row in registry
    }


def test_coverage_is_that_of_its_mart(built: Built, scorecard: dict[str, Row]) -> None:
    coverage = {r["audience"]: r for r in built.rows("from publication.pub_audience_coverage")}
    for audience, row in scorecard.items():
        for share in ("coverage", "declared", "evidenced"):
            assert row[share] == coverage.get(audience, {}).get(share)


def test_every_figure_is_one_of_the_long_mart(
    scorecard: dict[str, Row], published: list[Row]
) -> None:
    cells = {
        (row["audience"], row["metric"], row["period_kind"], row["period_start"]): row
        for row in published
        if row["segment"] == "all"
    }
    for audience, row in scorecard.items():
        for component in ("headline", *COMPONENTS):
            shown = {
                name: row[f"{component}_{name}"] for name in ("value", "low", "high", "n", "status")
            }
            key = tuple(row[f"{component}_{n}"] for n in ("metric", "period_kind", "period_start"))
            if key[0] is None:
                assert shown == dict.fromkeys(shown) | {"status": "not_measured"}
            else:
                assert shown == {name: cells[audience, *key][name] for name in shown}


def test_the_page_shows_the_same_metric_for_a_component(
    built: Built, scorecard: dict[str, Row]
) -> None:
    publication = read(Path(built.folder) / "warehouse" / "publication.duckdb")
    lines, same = lines_of(publication), 0
    for audience, row in scorecard.items():
        own = [line for line in lines if line.audience == audience]
        for component in COMPONENTS:
            line = headline(own, component)
            is_latest = line and line.span and line.span[0] == row[f"{component}_period_start"]
            if line and is_latest and line.value is not None:
                assert line.metric == row[f"{component}_metric"]
                assert line.value == row[f"{component}_value"]
                same += 1
    assert same >= 5


def test_a_month_of_nps_stands_beside_its_response_rate(built: Built) -> None:
    rows = built.rows("from publication.pub_nps_monthly where month >= '2025-10-01' order by all")
    found = {(row["audience"], str(row["month"])): row for row in rows}
    february = found["donor", "2026-02-01"]
    assert february == {
        "audience": "donor", "month": february["month"], "nps": 50.0, "n": 40, "n_eff": 40.0,
        "low": pytest.approx(25.036617773198124), "high": pytest.approx(67.98663804075535),
        "status": "ok", "interval_method": "adjusted_wald",
        "response_rate": None, "response_rate_status": "not_measured",
    }  # fmt: skip
    hidden = found["customer", "2026-03-01"]
    assert (hidden["nps"], hidden["n"], hidden["status"]) == (None, None, "suppressed")
    assert (hidden["response_rate"], hidden["response_rate_status"]) == (None, "suppressed")
    assert not {"employee", "manager"} & {row["audience"] for row in rows}


def test_every_month_of_the_long_mart_is_there_and_no_other(
    built: Built, published: list[Row]
) -> None:
    names = ("low", "high", "n", "n_eff", "status", "interval_method")
    wanted = {
        (row["audience"], row["period_start"]): [row["value"], *(row[name] for name in names)]
        for row in published
        if (row["metric"], row["period_kind"], row["segment"]) == ("nps", "month", "all")
    }
    found = {
        (row["audience"], row["month"]): [row["nps"], *(row[name] for name in names)]
        for row in built.rows("from publication.pub_nps_monthly")
    }
    assert found == wanted
