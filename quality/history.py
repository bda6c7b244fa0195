"""The profiles of earlier loads and how each table stands, in schema `ops` beside the ledger."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import duckdb

from quality.profiles import Profile

KEPT_LOADS = 60


@dataclass(frozen=True, slots=True)
class Health:
    """How one table stood when it was last judged; the columns of `ops.table_health`."""

    table_name: str
    status: str
    reason: str
    rows: int
    expected_low: float | None = None
    expected_high: float | None = None
    loads: int = 0
    newest_at: datetime | None = None
    silent_hours: float | None = None
    allowed_hours: float | None = None


def past(db: duckdb.DuckDBPyConnection, source: str) -> list[tuple[datetime, Profile]]:
    """Return what earlier loads of a source looked like, oldest first, with their clock."""
    rows = db.execute(
        "select as_of, profile from ops.load_profiles where source = ? order by as_of", [source]
    ).fetchall()
    return [(as_of, _read(json.loads(profile))) for as_of, profile in rows]


def last_load(db: duckdb.DuckDBPyConnection, source: str) -> datetime | None:
    """Return the clock of the last good load of a source; None where there was none."""
    row = db.execute(
        "select max(as_of) from ops.loads where source = ? and status = 'loaded'", [source]
    ).fetchone()
    return row[0] if row else None


def remember(
    db: duckdb.DuckDBPyConnection, source: str, as_of: datetime, profiles: Iterable[Profile]
) -> None:
    """Keep the profiles of a load that went through, and forget those of long ago."""
    for profile in profiles:
        document = json.dumps({**asdict(profile), "ordered": sorted(profile.ordered)})
        values = [source, profile.table, as_of, document]
        db.execute("insert into ops.load_profiles values (?, ?, ?, ?)", values)
    db.execute(
        "delete from ops.load_profiles where source = $source and as_of < (select min(as_of) from "
        "(select distinct as_of from ops.load_profiles where source = $source "
        f"order by as_of desc limit {KEPT_LOADS}))",
        {"source": source},
    )


def write_health(
    db: duckdb.DuckDBPyConnection, source: str, as_of: datetime, healths: Sequence[Health]
) -> None:
    """Put how the tables of a source stand in the place of what was known."""
    db.execute("delete from ops.table_health where source = ?", [source])
    for one in healths:
        facts = {"source": source, "as_of": as_of, **asdict(one)}
        names, marks = ", ".join(facts), ", ".join("?" * len(facts))
        db.execute(f"insert into ops.table_health ({names}) values ({marks})", [*facts.values()])


def _read(document: dict[str, Any]) -> Profile:
    shares = {what: (pair[0], pair[1]) for what, pair in document.pop("shares").items()}
    return Profile(**{**document, "shares": shares, "ordered": frozenset(document["ordered"])})
