"""The journey of an audience, stage by stage, as a map: every fact a row of a published mart."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import duckdb

from dashboards.figures import figure, interval
from dashboards.lines import STATUS_WORDS

# Of each mart the newest quarter that is over and known.
_NEWEST = """
    select * from {mart}
    where audience = $audience and status <> 'not_mature' {more}
    qualify period_start = max(period_start) over (partition by journey, stage)
"""
FRICTION = _NEWEST.format(mart="pub_friction", more="and kind = 'any'")
LISTENING = _NEWEST.format(mart="pub_listening_balance", more="and kind <> 'any'")
FUNNEL = """
    select * from pub_journey_funnel
    where audience = $audience and conversion_status <> 'not_mature'
    qualify period_start = max(period_start) over (partition by journey, stage)
"""
GAPS = "select * from pub_journey_gaps where audience = $audience"
ASKED = {"triggered": "asked", "always_on": "open door", "unsolicited": "unasked"}
SOURCES = (
    "pub_journey_gaps",
    "pub_journey_funnel",
    "pub_friction",
    "pub_listening_balance",
)


@dataclass(slots=True)
class Stage:
    """A stage of the map: its place, its facts in words, and what is lacking."""

    label: str
    phase: str
    position: int
    facts: list[tuple[str, str]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)


def journeys(db: duckdb.DuckDBPyConnection, audience: str) -> dict[str, list[Stage]]:
    """Return each journey that the audience's people are on, with its stages in their order."""
    stages: dict[tuple[str, str], Stage] = {}
    for query, tell in TOLD:
        for row in _rows(db, query, audience):
            if row["stage"]:
                key = (row["journey"], row["stage"])
                known = Stage(row["stage_label"], row["phase"], row["position"])
                tell(stages.setdefault(key, known), row)
    ordered: dict[str, list[Stage]] = {}
    for (journey, _), stage in sorted(stages.items(), key=lambda item: item[1].position):
        ordered.setdefault(journey, []).append(stage)
    return dict(sorted(ordered.items()))


def _funnel(stage: Stage, row: dict[str, Any]) -> None:
    stage.facts.append(("entered", _number(row["entered"], "count", row["conversion_status"])))
    if row["conversion"] is not None:
        ends = interval(row["conversion_low"], row["conversion_high"], "share")
        stage.facts.append(("went on", f"{figure(row['conversion'], 'share')} {ends}"))
    if row["median_days"] is not None:
        stage.facts.append(("half within", figure(row["median_days"], "days")))


def _friction(stage: Stage, row: dict[str, Any]) -> None:
    if row["share"] is None:
        stage.facts.append(("friction", _number(None, "share", row["status"])))
        return
    ends = interval(row["low"], row["high"], "share")
    stage.facts.append(("friction", f"{figure(row['share'], 'share')} {ends}"))


def _listening(stage: Stage, row: dict[str, Any]) -> None:
    if row["responses"]:
        stage.heard.append(ASKED[row["kind"]])


def _gap(stage: Stage, row: dict[str, Any]) -> None:
    stage.gaps.append(row["gap"])


def _number(value: float | None, unit: str, status: str) -> str:
    return figure(value, unit) if value is not None else STATUS_WORDS.get(status, status)


def _rows(db: duckdb.DuckDBPyConnection, query: str, audience: str) -> list[dict[str, Any]]:
    found = db.execute(query, {"audience": audience})
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]


# Each mart, and what a row of it says of a stage.
TOLD: tuple[tuple[str, Callable[[Stage, dict[str, Any]], None]], ...] = (
    (FUNNEL, _funnel),
    (FRICTION, _friction),
    (LISTENING, _listening),
    (GAPS, _gap),
)
