"""What every load did, kept beside raw: schema `ops`, read by dbt, `ax status` and the page.

`load_profiles` and `table_health` are filled by the raw door: what loads looked like, in counts,
and how each table stood against them.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import duckdb

TABLES = """
create schema if not exists ops;
create table if not exists ops.loads (
    load_number bigint, source varchar, table_name varchar, as_of timestamptz, status varchar,
    problem varchar, extracted bigint, new bigint, changed bigint, unchanged bigint,
    duplicate bigint, quarantined bigint, undeclared json
);
alter table ops.loads add column if not exists living bigint;
create table if not exists ops.clock (as_of timestamptz);
create table if not exists ops.load_profiles (
    source varchar, table_name varchar, as_of timestamptz, profile json
);
create table if not exists ops.table_health (
    source varchar, table_name varchar, as_of timestamptz, status varchar, reason varchar,
    rows bigint, expected_low double, expected_high double, loads bigint,
    newest_at timestamptz, silent_hours double, allowed_hours double
);
create table if not exists ops.published_once (
    audience varchar, metric varchar, definition_version bigint, period_kind varchar,
    period_start date, period_end date, segment varchar, value double, numerator double,
    denominator double, n bigint, n_eff double, low double, high double, value_weighted double,
    interval_method varchar, status varchar, is_protected boolean, as_of timestamp,
    source_lag_minutes bigint
);
create table if not exists ops.nonresponse_told (
    instrument varchar, period_kind varchar, period_start date, period_end date, measure varchar,
    metric varchar, margin varchar, level varchar, is_protected boolean, invited bigint,
    answered bigint, value double, baseline double, difference double, low double, high double,
    standardised_difference double, n_eff double, trimmed bigint, is_converged boolean,
    reading varchar, status varchar, reason varchar
);
create table if not exists ops.exclusions_told (
    instrument varchar, question varchar, period_kind varchar, period_start date, period_end date,
    outcome varchar, is_protected boolean, answers bigint, status varchar
);
create table if not exists ops.culture_told (
    instrument varchar, role varchar, question varchar, period_start date, period_end date,
    measure varchar, people bigint, value double, std_error double, low double, high double,
    is_protected boolean, status varchar
);
create table if not exists ops.alignment_told (
    instrument varchar, question varchar, period_start date, period_end date, departments
    bigint, people bigint, agreement double, low double, high double, agreement_within double,
    difference double, difference_low double, difference_high double, p_value double,
    most_common varchar, most_common_share double, verdict varchar, is_protected boolean, status
    varchar, reason varchar
);
"""


def ensure(db: duckdb.DuckDBPyConnection) -> None:
    """Create the ledger's tables where they are missing."""
    db.execute(TABLES)


def write_load(
    db: duckdb.DuckDBPyConnection, source: str, as_of: datetime, counts: Iterable[Any]
) -> None:
    """Append one row a table of a load that went through."""
    number = _number(db)
    rows = [
        [
            number, source, count.table, as_of, "loaded", None, count.extracted, count.new,
            count.changed, count.unchanged, count.duplicate, count.quarantined,
            json.dumps(dict(count.undeclared)), count.living,
        ]
        for count in counts
    ]  # fmt: skip
    _append(db, rows)


def last_living(db: duckdb.DuckDBPyConnection, source: str) -> dict[str, int]:
    """Return how many living rows the last good load of each table of a source brought."""
    ensure(db)
    rows = db.execute(
        "select table_name, arg_max(living, load_number) from ops.loads "
        "where source = ? and status = 'loaded' and living is not null group by table_name",
        [source],
    )
    return dict(rows.fetchall())


def write_problem(
    db: duckdb.DuckDBPyConnection,
    source: str,
    as_of: datetime,
    problem: str,
    status: str = "failed",
) -> None:
    """Append one row for a problem.

    `failed`: refused or broken off, raw and cursor stand as they were; `incomplete`: a part could
    not be read and the rest was loaded.
    """
    _append(db, [[_number(db), source, None, as_of, status, problem, 0, 0, 0, 0, 0, 0, "{}", 0]])


def write_clock(db: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    """Set the clock that models read when no other is handed to them."""
    ensure(db)
    db.execute("delete from ops.clock")
    db.execute("insert into ops.clock values (?)", [as_of])


def _number(db: duckdb.DuckDBPyConnection) -> int:
    """Return the next number in the order of loads; the clock may stand still between two.

    Of loads that end at once on one lake two may get the same: they are of different sources, and
    only the loads of one are ever held against each other.
    """
    ensure(db)
    return int(
        db.execute("select coalesce(max(load_number), 0) + 1 from ops.loads").fetchall()[0][0]
    )


def _append(db: duckdb.DuckDBPyConnection, rows: list[list[Any]]) -> None:
    if rows:
        one = f"({', '.join('?' * len(rows[0]))})"
        cells = [cell for row in rows for cell in row]
        db.execute(f"insert into ops.loads values {', '.join([one] * len(rows))}", cells)
