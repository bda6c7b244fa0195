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
# What was answered at a stage, by headline; the stage has its name from elsewhere.
SCORES = """
    select v.*, m.label, m.unit, s.journey, s.stage, s.stage_label, s.phase, s.position
    from pub_metric_values as v
    inner join pub_metrics as m using (metric, definition_version)
    inner join (
        select distinct journey, stage, stage_label, phase, position from pub_listening_balance
    ) as s on v.segment = 'journey=' || s.journey || ';stage=' || s.stage
    where v.audience = $audience and m.is_headline and v.period_kind = 'quarter'
        and v.status not in ('not_mature', 'not_measured')
    qualify v.period_start = max(v.period_start) over (partition by v.metric, v.segment)
    order by list_position(['csat', 'ces_top', 'nps'], v.metric) nulls last, v.metric
"""
GAPS = "select * from pub_journey_gaps where audience = $audience"
ASKED = {"triggered": "asked", "always_on": "open door", "unsolicited": "unasked"}
SOURCES = (
    "pub_journey_gaps",
    "pub_journey_funnel",
    "pub_friction",
    "pub_listening_balance",
    "pub_metric_values",
    "pub_metrics",
)
DEFINITION = "dictionary.html#metric-{}"


@dataclass(slots=True)
class Stage:
    """A stage of the map: its place, its facts in words, and what is lacking.

    A fact is what it is called, its words, and where it is defined (None: of the mart).
    """

    label: str
    phase: str
    position: int
    facts: list[tuple[str, str, str | None]] = field(default_factory=list)
    is_asked: bool = False
    has_score: bool = False
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
    for stage in stages.values():
        if not stage.has_score:
            words = "not told by stage" if stage.is_asked else "not asked"
            stage.facts.append(("score", words, None))
    ordered: dict[str, list[Stage]] = {}
    for (journey, _), stage in sorted(stages.items(), key=lambda item: item[1].position):
        ordered.setdefault(journey, []).append(stage)
    return dict(sorted(ordered.items()))


def _funnel(stage: Stage, row: dict[str, Any]) -> None:
    entered, status = row["entered"], row["conversion_status"]
    words = status_words(status) if entered is None else figure(entered, "count")
    stage.facts.append(("entered", words, "dictionary.html#pub_journey_funnel"))
    if row["conversion"] is not None:
        ends = (row["conversion_low"], row["conversion_high"])
        words = with_interval(row["conversion"], *ends, "share")
        stage.facts.append(("went on", words, DEFINITION.format("stage_conversion")))
    if row["median_days"] is not None:
        words = figure(row["median_days"], "days")
        stage.facts.append(("half within", words, DEFINITION.format("days_in_stage_p50")))


def _friction(stage: Stage, row: dict[str, Any]) -> None:
    share, ends = row["share"], (row["low"], row["high"])
    words = status_words(row["status"]) if share is None else with_interval(share, *ends, "share")
    stage.facts.append(("friction", words, DEFINITION.format("friction_share")))


def _score(stage: Stage, row: dict[str, Any]) -> None:
    stage.has_score = True
    words, value = status_words(row["status"]), row["value"]
    if value is not None:
        doubt = "" if row["status"] == "ok" else f", {words}"
        words = with_interval(value, row["low"], row["high"], row["unit"])
        words = f"{words}, n {row['n']}{doubt}"
    stage.facts.append((row["label"], words, DEFINITION.format(row["metric"])))


def _listening(stage: Stage, row: dict[str, Any]) -> None:
    # How many answered is hidden where they are few: they were asked.
    stage.is_asked |= row["kind"] != "unsolicited" and row["responses"] != 0
    if row["responses"]:
        stage.heard.append(ASKED[row["kind"]])


def _gap(stage: Stage, row: dict[str, Any]) -> None:
    stage.gaps.append(row["gap"])


# Each mart, and what a row of it says of a stage.
TOLD: tuple[tuple[str, Callable[[Stage, dict[str, Any]], None]], ...] = (
    (FUNNEL, _funnel),
    (SCORES, _score),
    (FRICTION, _friction),
    (LISTENING, _listening),
    (GAPS, _gap),
)
