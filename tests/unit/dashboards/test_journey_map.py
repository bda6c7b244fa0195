"""The journey of an audience: of each mart the newest quarter that is known, stage by stage."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards.journey_map import Stage, journeys
from tests.published_file import AFTER, BEFORE, QUARTER, publish

HELP = {"audience": "fan", "journey": "fan", "stage": "return", "stage_label": "Return",
        "position": 4, "phase": "after"}  # fmt: skip
FIRST = {**HELP, "stage": "first_visit", "stage_label": "First visit", "position": 3,
         "phase": "during"}  # fmt: skip


def quarter(start: date, **more: Any) -> dict[str, Any]:
    return {**HELP, "period_start": start, "status": "ok"} | more


def step(start: date, entered: int | None, status: str = "ok", **more: Any) -> dict[str, Any]:
    row = {**FIRST, "period_start": start, "entered": entered, "conversion_status": status}
    return row | more


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
    plain = [(name, words.replace("\u00a0", " ")) for name, words in first.facts]
    assert plain == [
        ("entered", "55"), ("went on", "71 % [58 %, 81 %]"), ("half within", "11 days"),
    ]  # fmt: skip
    assert [words.replace("\u00a0", " ") for _, words in again.facts] == ["37 % [28 %, 46 %]"]


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

    assert first.facts == [("entered", "hidden: too few people")]
    assert again.facts == [("friction", "hidden: too few people")]
