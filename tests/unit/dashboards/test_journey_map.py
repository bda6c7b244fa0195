"""The journey of an audience: of each mart the newest quarter that is known, stage by stage."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards.journey_map import Stage, journeys
from tests.published_file import AFTER, BEFORE, QUARTER, measured, metrics, publish

HELP = {"audience": "fan", "journey": "fan", "stage": "return", "stage_label": "Return",
        "position": 4, "phase": "after"}  # fmt: skip
FIRST = {**HELP, "stage": "first_visit", "stage_label": "First visit", "position": 3,
         "phase": "during"}  # fmt: skip


def quarter(start: date, **more: Any) -> dict[str, Any]:
    return {**HELP, "period_start": start, "status": "ok"} | more


def step(start: date, entered: int | None, status: str = "ok", **more: Any) -> dict[str, Any]:
    row = {**FIRST, "period_start": start, "entered": entered, "conversion_status": status}
    return row | more


def scored(metric: str, value: float | None, stage: str = "return", **more: Any) -> dict[str, Any]:
    return measured("fan", metric, value, segment=f"journey=fan;stage={stage}", **more)


def said(stage: Stage) -> list[tuple[str, str]]:
    return [(name, words.replace("\u00a0", " ")) for name, words, _ in stage.facts]


@pytest.fixture
def fans(tmp_path: Path) -> list[Stage]:
    file = publish(
        tmp_path / "marts.duckdb",
        journey_funnel=[
            step(BEFORE, 40, conversion=0.5, conversion_low=0.4, conversion_high=0.6),
            step(QUARTER, 55, conversion=0.71, conversion_low=0.58, conversion_high=0.81,
                 median_days=11.0),
            step(AFTER, 99, "not_mature"),
        ],
        friction=[
            quarter(BEFORE, kind="any", share=0.9, low=0.8, high=0.95),
            quarter(QUARTER, kind="any", share=0.37, low=0.28, high=0.46),
            quarter(QUARTER, kind="transfer", share=0.1, low=0.0, high=0.2),
            quarter(AFTER, kind="any", share=None, status="not_mature"),
        ],
        listening_balance=[
            quarter(BEFORE, kind="always_on", responses=8),
            quarter(QUARTER, kind="triggered", responses=21),
            quarter(QUARTER, kind="always_on", responses=0),
            quarter(QUARTER, kind="unsolicited", responses=3),
        ],
        metrics=metrics(),
        metric_values=[
            scored("nps", 41.0, low=30.0, high=52.0, n=17, status="low_n"),
            scored("csat", 0.9, low=0.8, high=0.95, n=99, period_start=BEFORE),
            scored("csat", 0.82, low=0.77, high=0.86, n=310),
            scored("csat", None, period_start=AFTER, status="not_mature"),
            scored("csat", 0.6, low=0.5, high=0.7, period_kind="year"),
            scored("ces_top", None, status="suppressed"),
            scored("response_rate", 0.4),
            measured("fan", "nps", 12.0, segment="all"),
            measured("customer", "nps", 12.0, segment="journey=fan;stage=return"),
        ],
        journey_gaps=[
            {**HELP, "gap": "no target"},
            {"audience": "fan", "gap": "no journey"},
            {**HELP, "audience": "customer", "gap": "no owner"},
        ],
    )  # fmt: skip
    with duckdb.connect(str(file), read_only=True) as db:
        found = journeys(db, "fan")
    assert [*found] == ["fan"]
    return found["fan"]


def test_stages_stand_in_their_order_with_what_their_marts_say(fans: list[Stage]) -> None:
    first, again = fans
    assert (first.label, first.phase, again.label, again.phase) == (
        "First visit", "during", "Return", "after",
    )  # fmt: skip
    assert said(first) == [
        ("entered", "55"), ("went on", "71 % [58 %, 81 %]"), ("half within", "11 days"),
        ("score", "not asked"),
    ]  # fmt: skip
    assert said(again)[-1] == ("friction", "37 % [28 %, 46 %]")


def test_a_stage_has_the_scores_of_what_was_asked_there(fans: list[Stage]) -> None:
    """Of the newest quarter that is known, the interaction first; each leads to its definition."""
    assert said(fans[1])[:-1] == [
        ("Customer satisfaction (4 and 5 of 5)", "82 % [77 %, 86 %], n 310"),
        ("Customer effort (5 to 7 of 7)", "hidden: too few people"),
        ("Net Promoter Score", "+41 [+30, +52], n 17, few answers"),
    ]
    assert [link for *_, link in fans[1].facts] == [
        f"dictionary.html#metric-{metric}"
        for metric in ("csat", "ces_top", "nps", "friction_share")
    ]


def test_how_a_stage_is_heard_and_what_it_lacks(fans: list[Stage]) -> None:
    first, again = fans
    assert again.heard == ["asked", "unasked"]
    assert (first.heard, first.gaps, again.gaps) == ([], [], ["no target"])


def test_a_hidden_fact_says_so(tmp_path: Path) -> None:
    file = publish(
        tmp_path / "marts.duckdb",
        journey_funnel=[step(QUARTER, None, "suppressed")],
        friction=[quarter(QUARTER, kind="any", status="suppressed")],
    )
    with duckdb.connect(str(file), read_only=True) as db:
        first, again = journeys(db, "fan")["fan"]

    assert said(first)[0] == ("entered", "hidden: too few people")
    assert said(again)[0] == ("friction", "hidden: too few people")


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        ([], "not asked"),
        ([{"kind": "unsolicited", "responses": 9}], "not asked"),
        ([{"kind": "triggered", "responses": 0}], "not asked"),
        ([{"kind": "triggered", "responses": 9}], "not told by stage"),
        ([{"kind": "triggered", "responses": None, "status": "suppressed"}], "not told by stage"),
    ],
)
def test_a_stage_without_a_score_says_whether_anybody_was_asked(
    tmp_path: Path, heard: list[dict[str, Any]], words: str
) -> None:
    file = publish(
        tmp_path / "marts.duckdb",
        listening_balance=[quarter(QUARTER, **row) for row in heard],
        journey_gaps=[{**HELP, "gap": "no target"}],
    )
    with duckdb.connect(str(file), read_only=True) as db:
        [stage] = journeys(db, "fan")["fan"]

    assert said(stage) == [("score", words)]
