"""MetricFlow and the mart agree: every additive metric x calendar period x audience x segment."""

import csv
import shutil
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import AS_OF, Built
from semantic_answers import ask

from orchestration.semantic_models import CALENDAR, finest, is_computed

Row = dict[str, Any]
Key = tuple[str, str, str, str]
SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
with (SEEDS / "metrics.csv").open(encoding="utf-8") as lines:
    REGISTRY = list(csv.DictReader(lines))
COMPUTED = [row for row in REGISTRY if is_computed(row)]
SHOWN = [row["metric"] for row in REGISTRY if not is_computed(row)]
CELL = ["audience", "segment"]
SHOWN_CELL = ["metric_time__day", *CELL, "cell__period_kind"]
END = {
    "day": lambda d: d + timedelta(days=1),
    "week": lambda d: d + timedelta(days=7),
    "month": lambda d: (d + timedelta(days=31)).replace(day=1),
    "quarter": lambda d: (d + timedelta(days=92)).replace(day=1),
    "year": lambda d: d.replace(year=d.year + 1),
}
SAVED = [
    "nps_monthly", "scorecard", "support_weekly", "workforce_waves", "journey_funnel",
    "journey_stays", "touchpoints_monthly", "audience_coverage",
]  # fmt: skip
QUESTIONS = {
    **{
        f"by {kind}": {
            "metrics": [
                name
                for row in COMPUTED
                if kind in row["periods"].split("|")
                for name in (row["metric"], f"{row['metric']}_n")
            ],
            "group_by": [f"metric_time__{kind}", *CELL],
        }
        for kind in CALENDAR
        if any(kind in row["periods"].split("|") for row in COMPUTED)
    },
    "shown": {"metrics": SHOWN, "group_by": SHOWN_CELL},
    "mart": {
        "metrics": [f"mart_{name}" for name in ("value", "low", "high", "observations", "n_eff")],
        "group_by": ["metric", "cell__status", *SHOWN_CELL],
    },
    "pooled": {"metrics": ["nps", "nps_n"], "group_by": ["metric_time__quarter", "segment"]},
    # The one is cut by more than the whole, the other is not.
    "segments pooled": {
        "metrics": ["nps", "ces_mean"],
        "group_by": ["metric_time__quarter", "audience"],
    },
    "shown pooled": {"metrics": ["first_response_minutes_p50"], "group_by": ["audience"]},
    "scores by week": {"metrics": ["nps"], "group_by": ["metric_time__week", *CELL]},
    "by family": {"metrics": ["nps_n"], "group_by": ["audience__family", *CELL]},
    **{name: {"saved_query": name} for name in SAVED},
}


@pytest.fixture(scope="session")
def folder(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden warehouse as a data folder of the house."""
    data = tmp_path_factory.mktemp("semantic")
    (data / "warehouse").symlink_to(built.folder / "warehouse")
    (data / "dbt" / "parsed").mkdir(parents=True)
    shutil.copy(built.manifest.with_name("semantic_manifest.json"), data / "dbt" / "parsed")
    return data


@pytest.fixture(scope="session")
def answers(folder: Path) -> dict[str, list[Row]]:
    return dict(zip(QUESTIONS, ask(folder, list(QUESTIONS.values())), strict=True))


@pytest.fixture(scope="session")
def estimates(built: Built) -> dict[str, dict[Key, Row]]:
    """Every cell of the mart by kind of period, those it hides included, as it was worked out."""
    found: dict[str, dict[Key, Row]] = {kind: {} for kind in CALENDAR}
    for row in built.rows(
        "select * from warehouse.intermediate.int_metric_estimates "
        "where not regexp_matches(segment, '=(;|$)')"
    ):
        if row["period_kind"] in found:
            found[row["period_kind"]][cell(row, row["period_start"])] = row
    return found


def cell(row: Row, start: Any) -> Key:
    return row["metric"], row["audience"], row["segment"], str(start)


def computed(answers: dict[str, list[Row]], kind: str) -> dict[Key, tuple[float, int]]:
    """Return value and n of each cell of closed periods that MetricFlow computes."""
    found = {}
    for row in answers.get(f"by {kind}", []):
        start = date.fromisoformat(row[f"metric_time__{kind}"])
        if END[kind](start) > AS_OF.date():
            continue
        for metric in QUESTIONS[f"by {kind}"]["metrics"][::2]:
            if row[metric] is not None:
                key = metric, row["audience"], row["segment"], str(start)
                found[key] = (row[metric], row[f"{metric}_n"])
    return found


@pytest.mark.parametrize("kind", CALENDAR)
def test_metricflow_and_the_mart_agree_to_a_billionth(
    kind: str, answers: dict[str, list[Row]], estimates: dict[str, dict[Key, Row]]
) -> None:
    names = {row["metric"] for row in COMPUTED if kind in row["periods"].split("|")}
    identified = {
        key: row
        for key, row in estimates[kind].items()
        if key[0] in names and not row["is_protected"]
    }
    found = computed(answers, kind)
    mixed = {key for key, row in estimates[kind].items() if row["is_protected"]}
    assert set(found) - mixed == {
        key for key, row in identified.items() if row["value"] is not None
    }
    wrong = [
        (key, found[key], row["value"], row["n"])
        for key, row in identified.items()
        if row["value"] is not None
        and found[key] != (pytest.approx(row["value"], rel=1e-9, abs=1e-9), row["n"])
    ]
    assert not wrong, wrong[:5]


def test_enough_was_compared(
    answers: dict[str, list[Row]], estimates: dict[str, dict[Key, Row]]
) -> None:
    compared = {(*key, kind) for kind in CALENDAR for key in computed(answers, kind)}
    assert len(compared) > 2_000
    assert {key[0] for key in compared} == {row["metric"] for row in COMPUTED}
    assert {kind for kind in CALENDAR if computed(answers, kind)} >= {"month", "quarter", "year"}


def test_a_published_figure_is_the_computed_one(
    answers: dict[str, list[Row]], published: list[Row]
) -> None:
    found = {kind: computed(answers, kind) for kind in CALENDAR}
    pairs = [
        (row["value"], found[row["period_kind"]][cell(row, row["period_start"])][0])
        for row in published
        if row["value"] is not None
        and cell(row, row["period_start"]) in found.get(row["period_kind"], {})
    ]
    assert len(pairs) > 150
    assert [ours for ours, _ in pairs] == pytest.approx([theirs for _, theirs in pairs], rel=1e-9)


def test_protected_answers_are_no_part_of_it(
    built: Built, answers: dict[str, list[Row]], estimates: dict[str, dict[Key, Row]]
) -> None:
    anonymous = {key for key in estimates["quarter"] if key[:2] == ("csat", "candidate")}
    assert anonymous
    assert all(estimates["quarter"][key]["is_protected"] for key in anonymous)
    assert not anonymous & set(computed(answers, "quarter"))
    assert not built.rows(
        "from warehouse.marts.fct_metric_days where (metric, audience) = ('csat', 'candidate')"
    )


def test_the_running_period_is_as_far_as_it_has_come(built: Built) -> None:
    [row] = built.rows("select max(observed_on) as last from warehouse.marts.fct_metric_days")
    [days] = built.rows("select max(calendar_date) as last from warehouse.marts.dim_days")
    assert row["last"] <= days["last"] == AS_OF.date() - timedelta(days=1)


def test_what_pools_two_cells_is_null(answers: dict[str, list[Row]]) -> None:
    """Audiences are never summed, and an answer stands in `all` and in each cut: one cell has a value."""
    first = [row for row in answers["pooled"] if row["metric_time__quarter"] == "2026-01-01"]
    assert {row["segment"]: (row["nps"], row["nps_n"]) for row in first}["all"] == (None, None)
    cells: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for row in answers["by quarter"]:
        for metric in ("nps", "ces_mean"):
            if row[f"{metric}_n"]:
                key = metric, row["metric_time__quarter"], row["audience"]
                cells[key].append(row[metric])
    pooled = {
        (metric, row["metric_time__quarter"], row["audience"]): row[metric]
        for row in answers["segments pooled"]
        for metric in ("nps", "ces_mean")
    }
    assert {key: pooled[key] for key in cells} == {
        key: few[0] if len(few) == 1 else None for key, few in cells.items()
    }
    assert {len(few) > 1 for few in cells.values()} == {True, False}
    dealers = [row for row in answers["shown pooled"] if row["audience"] == "dealer"]
    assert dealers == [{"audience": "dealer", "first_response_minutes_p50": None}]


def test_a_week_of_a_score_can_not_be_asked_for(answers: dict[str, list[Row]]) -> None:
    assert finest(next(row for row in COMPUTED if row["metric"] == "nps")) == "month"
    [refused] = answers["scores by week"]
    assert "does not match any of the available group-by-items" in refused["refused"]


def in_mart(built: Built) -> dict[tuple[str, ...], Row]:
    return {
        (*cell(row, row["period_start"]), row["period_kind"]): row
        for row in built.rows("from warehouse.marts.fct_metric_values")
    }


def test_the_other_metrics_are_the_marts_own_values(
    built: Built, answers: dict[str, list[Row]]
) -> None:
    mart = in_mart(built)
    shown = {
        (
            metric,
            row["audience"],
            row["segment"],
            row["metric_time__day"],
            row["cell__period_kind"],
        ): row[metric]
        for row in answers["shown"]
        for metric in SHOWN
        if row[metric] is not None
    }
    wanted = {
        key: pytest.approx(row["value"], rel=1e-12)
        for key, row in mart.items()
        if key[0] in SHOWN and row["value"] is not None
    }
    assert shown == wanted
    assert len(shown) > 100


def test_every_cell_of_the_mart_is_shown_with_its_interval_and_status(
    built: Built, answers: dict[str, list[Row]]
) -> None:
    mart = in_mart(built)
    shown = {
        (
            row["metric"],
            row["audience"],
            row["segment"],
            row["metric_time__day"],
            row["cell__period_kind"],
        ): row
        for row in answers["mart"]
    }
    assert set(shown) == set(mart)
    names = {"value": "value", "low": "low", "high": "high", "observations": "n", "n_eff": "n_eff"}
    wrong = [
        key
        for key, row in mart.items()
        for ours, theirs in names.items()
        if shown[key][f"mart_{ours}"]
        != (None if row[theirs] is None else pytest.approx(row[theirs], rel=1e-9, abs=1e-9))
        or shown[key]["cell__status"] != row["status"]
    ]
    assert not wrong, wrong[:5]


def test_saved_queries_answer_what_the_bi_marts_show(
    built: Built, answers: dict[str, list[Row]]
) -> None:
    monthly = {
        (row["audience"], row["metric_time__month"]): row["nps"] for row in answers["nps_monthly"]
    }
    published = built.rows("from publication.pub_nps_monthly where nps is not null")
    assert published
    for row in published:
        assert monthly[row["audience"], str(row["month"])] == pytest.approx(row["nps"], rel=1e-9)
    headlines = {
        (row["audience"], row["metric"], row["metric_time__day"]): row["mart_value"]
        for row in answers["scorecard"]
    }
    for row in built.rows("from publication.pub_scorecard where headline_value is not null"):
        key = row["audience"], row["headline_metric"], str(row["headline_period_start"])
        assert headlines[key] == pytest.approx(row["headline_value"], rel=1e-9)
    assert answers["support_weekly"]
    assert {row["cell__status"] for row in answers["workforce_waves"]} >= {"low_n", "suppressed"}


def test_the_funnel_is_what_its_mart_shows(built: Built, answers: dict[str, list[Row]]) -> None:
    funnel = {
        (row["audience"], row["segment"], row["metric_time__quarter"]): row
        for row in answers["journey_funnel"]
    }
    stays = {
        (row["audience"], row["segment"], row["metric_time__day"]): row
        for row in answers["journey_stays"]
    }
    shown = built.rows("from publication.pub_journey_funnel")
    keys = {"journey={journey};stage={stage}".format(**row) for row in shown}
    assert {segment for _, segment, _ in funnel} <= keys
    counted = 0
    for row in shown:
        segment = "journey={journey};stage={stage}".format(**row)
        key = row["audience"], segment, str(row["period_start"])
        if row["entered"]:
            found = funnel[key]
            counted += 1
            assert found["stage_conversion_n"] == row["entered"], key
            assert found["stage_conversion"] == pytest.approx(row["conversion"], rel=1e-9)
            assert found["stage_skip_share"] * row["entered"] == pytest.approx(row["skipped"])
        if row["median_days_status"]:
            assert stays[key]["days_in_stage_p50"] == row["median_days"], key
            assert stays[key]["cell__status"] == row["median_days_status"], key
    assert counted > 50


def test_touchpoints_are_counted_as_they_leave(built: Built, answers: dict[str, list[Row]]) -> None:
    """In months of the organisation's zone: of what the purpose may read, each person once a row."""
    by = ["audience", "channel", "journey", "stage"]
    counted = {
        (row["metric_time__month"], row["audience"], *(row[f"touchpoint__{n}"] for n in by[1:])): (
            row["touchpoints"],
            row["touchpoint_persons"],
        )
        for row in answers["touchpoints_monthly"]
    }
    there = built.rows(
        "select cast(date_trunc('month', timezone('Europe/Berlin', timezone('UTC', occurred_at))) "
        "as date) as month, audience, channel, journey, stage, count(*) as touchpoints, "
        "count(distinct person_key) as persons from publication.pub_touchpoints group by all"
    )
    assert counted == {
        (str(row["month"]), *(row[name] for name in by)): (row["touchpoints"], row["persons"])
        for row in there
    }
    added_up = built.rows(
        f"select month, {', '.join(by)}, cast(sum(touchpoints) as bigint) as touchpoints "
        "from publication.pub_touchpoints_monthly group by all"
    )
    there_by_month = [{name: row[name] for name in added_up[0]} for row in there]
    assert sorted(added_up, key=str) == sorted(there_by_month, key=str)
    [inside] = built.rows("select count(*) as touchpoints from warehouse.marts.fct_touchpoints")
    assert 0 < sum(row["touchpoints"] for row in there) < inside["touchpoints"]


def test_coverage_is_that_of_the_mart(built: Built, answers: dict[str, list[Row]]) -> None:
    asked = {row.pop("audience"): row for row in map(dict, answers["audience_coverage"])}
    there = {
        row.pop("audience"): {"journey_stages": row.pop("stages"), **row}
        for row in built.rows(
            "select * exclude (declared, evidenced) from publication.pub_audience_coverage"
        )
    }
    assert {name: pytest.approx(row, rel=1e-9) for name, row in there.items()} == asked
    assert len({row["coverage"] for row in there.values()}) > 3
