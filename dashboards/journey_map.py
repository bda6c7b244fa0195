"""The journey of an audience, stage by stage, as a map: every fact a row of a published mart."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import duckdb

from dashboards.figures import figure, with_interval
from dashboards.lines import status_words
from dashboards.published import records

# Of each mart the newest quarter that is over and known.
_NEWEST = """
    select * from {mart}
    where audience = $audience and {such}
    qualify period_start = max(period_start) over (partition by journey, stage)
"""
FUNNEL = _NEWEST.format(mart="pub_journey_funnel", such="conversion_status <> 'not_mature'")
FRICTION = _NEWEST.format(mart="pub_friction", such="status <> 'not_mature' and kind = 'any'")
LISTENING = _NEWEST.format(
    mart="pub_listening_balance", such="status <> 'not_mature' and kind <> 'any'"
)
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
        for row in records(db, query, {"audience": audience}):
            if row["stage"]:
                key = (row["journey"], row["stage"])
                known = Stage(row["stage_label"], row["phase"], row["position"])
                tell(stages.setdefault(key, known), row)
    ordered: dict[str, list[Stage]] = {}
    for (journey, _), stage in sorted(stages.items(), key=lambda item: item[1].position):
        ordered.setdefault(journey, []).append(stage)
    return dict(sorted(ordered.items()))


def _funnel(stage: Stage, row: dict[str, Any]) -> None:
    entered, status = row["entered"], row["conversion_status"]
    words = status_words(status) if entered is None else figure(entered, "count")
    stage.facts.append(("entered", words))
    if row["conversion"] is not None:
        ends = (row["conversion_low"], row["conversion_high"])
        stage.facts.append(("went on", with_interval(row["conversion"], *ends, "share")))
    if row["median_days"] is not None:
        stage.facts.append(("half within", figure(row["median_days"], "days")))


def _friction(stage: Stage, row: dict[str, Any]) -> None:
    share, ends = row["share"], (row["low"], row["high"])
    words = status_words(row["status"]) if share is None else with_interval(share, *ends, "share")
    stage.facts.append(("friction", words))


def _listening(stage: Stage, row: dict[str, Any]) -> None:
    if row["responses"]:
        stage.heard.append(ASKED[row["kind"]])


def _gap(stage: Stage, row: dict[str, Any]) -> None:
    stage.gaps.append(row["gap"])


# Each mart, and what a row of it says of a stage.
TOLD: tuple[tuple[str, Callable[[Stage, dict[str, Any]], None]], ...] = (
    (FUNNEL, _funnel),
    (FRICTION, _friction),
    (LISTENING, _listening),
    (GAPS, _gap),
)
