"""What the page knows: the rows of the published file, read once and closed again."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from dashboards.errors import UnreadablePublication

# The period a number is shown for: the one its change is tested on comes first.
PERIOD_KINDS = (
    "quarter",
    "wave",
    "trailing_90",
    "month",
    "trailing_365",
    "year",
    "trailing_28",
    "week",
    "day",
    "snapshot",
)


@dataclass(frozen=True, slots=True)
class Audience:
    """One audience of the registry."""

    audience: str
    label: str | None
    family: str | None
    rank: int | None
    owner_role: str | None
    owner_status: str | None
    journey: str | None
    target_metric: str | None
    target: float | None
    persons: int | None


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of the registry."""

    metric: str
    label: str | None
    unit: str | None
    component: str | None
    direction: str | None
    families: str | None
    is_headline: bool | None
    interval_method: str | None
    denominator: str | None
    formula: str | None


@dataclass(frozen=True, slots=True)
class Value:
    """A metric of an audience over all its people, at the latest period."""

    audience: str
    metric: str
    period_kind: str
    period_start: date
    period_end: date
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    status: str
    as_of: datetime
    source_lag_minutes: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a headline metric did between its last two closed periods."""

    audience: str
    metric: str
    period_kind: str
    period_start: date
    previous_start: date
    change: float | None
    low: float | None
    high: float | None
    verdict: str
    smallest_detectable: float | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of an audience's journey is declared, and how much is evidenced (shares)."""

    audience: str
    declared: float | None
    evidenced: float | None


@dataclass(frozen=True, slots=True)
class Source:
    """A source with its last good load."""

    source: str
    last_loaded_as_of: datetime | None
    last_tried_as_of: datetime | None
    lag_minutes: int | None
    problem: str | None
    quarantined_rows: int | None


@dataclass(frozen=True, slots=True)
class Publication:
    """One published file: audiences by rank, the rest by key; `under_way` counts initiatives."""

    file: str
    fingerprint: str
    as_of: datetime | None
    audiences: tuple[Audience, ...]
    metrics: dict[str, Metric]
    values: dict[tuple[str, str], Value]
    changes: dict[tuple[str, str], Change]
    coverage: dict[str, Coverage]
    sources: tuple[Source, ...]
    under_way: dict[str, int]


Row = TypeVar("Row")


def read(marts: Path) -> Publication:
    """Return what the page needs of a published file; the file is closed afterwards."""
    try:
        with duckdb.connect(str(marts), read_only=True) as db:
            return _gather(db, marts)
    except (duckdb.Error, OSError) as failure:
        raise UnreadablePublication(marts, str(failure)) from failure


def _gather(db: duckdb.DuckDBPyConnection, marts: Path) -> Publication:
    values = _select(db, Value, "pub_metric_values", _LATEST)
    sources = _select(db, Source, "pub_sources", "order by source")
    clocks = [row.as_of for row in values]
    clocks += [row.last_tried_as_of for row in sources if row.last_tried_as_of]
    return Publication(
        file=marts.name,
        fingerprint=_fingerprint(marts),
        as_of=max(clocks, default=None),
        audiences=tuple(
            _select(db, Audience, "pub_audiences", "order by rank nulls last, audience")
        ),
        metrics={row.metric: row for row in _select(db, Metric, "pub_metrics", "order by metric")},
        values=_by_key(values),
        changes=_by_key(
            _select(db, Change, "pub_metric_changes", "where compared_with = 'period_before'")
        ),
        coverage={row.audience: row for row in _select(db, Coverage, "pub_audience_coverage")},
        sources=tuple(sources),
        under_way=dict(db.execute(_UNDER_WAY, [max(clocks, default=None)]).fetchall()),
    )


_UNDER_WAY = """
select trim(audience), count(*)
from (select *, unnest(string_split(audiences, '|')) as audience from pub_initiatives)
where started_on <= $1::date and (ended_on is null or ended_on > $1::date)
group by all
"""

# Of a metric's rows the newest of the first period kind that was measured at all.
_LATEST = f"""
where segment = 'all'
qualify row_number() over (
    partition by audience, metric
    order by
        status = 'not_measured',
        definition_version desc,
        list_position({list(PERIOD_KINDS)}, period_kind) nulls last,
        period_start desc
) = 1
order by audience, metric
"""


def _select(
    db: duckdb.DuckDBPyConnection, kind: type[Row], table: str, rest: str = ""
) -> list[Row]:
    columns = ", ".join(field.name for field in fields(kind))  # type: ignore[arg-type]
    return [kind(*row) for row in db.execute(f"select {columns} from {table} {rest}").fetchall()]


def records(
    db: duckdb.DuckDBPyConnection, query: str, known: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return what a query finds, a dict a row; `known` fills its named parameters."""
    found = db.execute(query, known or {})
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]


Cell = TypeVar("Cell", Value, Change)


def _by_key(rows: Iterable[Cell]) -> dict[tuple[str, str], Cell]:
    return {(row.audience, row.metric): row for row in rows}


def _fingerprint(marts: Path) -> str:
    with marts.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
