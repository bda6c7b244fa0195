"""The published door: what is about to leave is plausible, in itself and against last time."""

from pathlib import Path
from typing import Any

import duckdb

from quality.judge import Rule, judge

STATUSES = ("ok", "low_n", "not_mature", "suppressed", "stale", "not_measured")
# What a value may be, by the unit that its metric declares; null is open.
UNITS = [
    ("score", -100.0, 100.0),
    ("share", 0.0, 1.0),
    ("points", 0.0, None),
    ("polarity", -1.0, 1.0),
    ("minutes", 0.0, None),
    ("days", 0.0, None),
    ("rate", 0.0, None),
    ("per_hundred", 0.0, None),
    ("per_year", 0.0, None),
    ("count", 0.0, None),
    ("money", None, None),  # more may be paid back than was paid
]
SHOWN = "coalesce(value, numerator, denominator, n, n_eff, low, high, value_weighted)"
CELL = "audience, metric, definition_version, period_kind, period_start, segment"
FEW_ROWS = 20  # a relation this small may double or vanish without anything being wrong

RELATION_RULES = (
    Rule(
        "times_last",
        "{relation} has {rows:.0f} rows, {times_last:.2f} times those of the last publication",
        low=0.5,
        high=20,
    ),
)
VALUE_RULES = (
    Rule(
        "out_of_unit", "{metric}: {out_of_unit:.0f} values lie outside what a {unit} can be", high=0
    ),
    Rule("outside", "{metric}: {outside:.0f} values lie outside their own interval", high=0),
    Rule("shown", "{metric}: {shown:.0f} suppressed rows show a figure", high=0),
    Rule("unknown_status", "{metric}: {unknown_status:.0f} rows have no known status", high=0),
    Rule("twice", "{metric}: {twice:.0f} cells are there more than once", high=0),
    Rule("no_registry_row", "{metric}: it is not in pub_metrics", high=0),
    Rule(
        "lost_share",
        "{metric}: {lost_share:.0%} more of its rows than last time are not measured",
        high=0.5,
    ),
)


def published_door(publication: Path, last: Path) -> list[str]:
    """Return the findings on a publication that was built; none lets it leave.

    `last` is the file that readers have now; where there is none, only the build itself is judged.
    """
    with duckdb.connect(":memory:") as db:
        db.execute(f"attach '{publication}' as built (read_only)")
        if last.exists():
            db.execute(f"attach '{last}' as last (read_only)")
        relations = _relation_figures(db)
        values = _value_figures(db)
    return judge(relations, RELATION_RULES) + judge(values, VALUE_RULES)


def _bound(value: float | None) -> str:
    return "null::double" if value is None else f"{value}::double"


def _rows(db: duckdb.DuckDBPyConnection, database: str) -> dict[str, int]:
    names = db.execute(
        "select table_name from duckdb_tables() where database_name = ?", [database]
    ).fetchall()
    return {
        name: (db.execute(f'select count(*) from {database}."{name}"').fetchone() or (0,))[0]
        for (name,) in names
    }


def _relation_figures(db: duckdb.DuckDBPyConnection) -> Any:
    import pandas as pd

    built, last = _rows(db, "built"), _rows(db, "last")
    figures = [
        {
            "relation": name,
            "rows": float(built.get(name, 0)),
            "times_last": built.get(name, 0) / rows,
        }
        for name, rows in last.items()
        if rows > FEW_ROWS
    ]
    return pd.DataFrame(figures)


def _value_figures(db: duckdb.DuckDBPyConnection) -> Any:
    known = _rows(db, "last")
    last = (
        "last.pub_metric_values"
        if "pub_metric_values" in known
        else "(from built.pub_metric_values limit 0)"
    )
    statuses = ", ".join(f"'{status}'" for status in STATUSES)
    units = ", ".join(f"('{unit}', {_bound(low)}, {_bound(high)})" for unit, low, high in UNITS)
    return db.execute(
        f"""
        with ranges (unit, least, most) as (values {units}),
        units as (
            select metric, definition_version, unit, least, most
            from built.pub_metrics left join ranges using (unit)
        ),
        lost as (
            select metric, avg(cast(status = 'not_measured' as integer)) as share
            from {last} group by metric
        ),
        cells as (
            select metric, count(*) - count(distinct ({CELL})) as twice
            from built.pub_metric_values group by metric
        )
        select
            metric_values.metric,
            any_value(units.unit) as unit,
            count(*) filter (where value < least or value > most) as out_of_unit,
            count(*) filter (where low > value + 1e-9 or high < value - 1e-9) as outside,
            count(*) filter (where status = 'suppressed' and {SHOWN} is not null) as shown,
            count(*) filter (where status is null or status not in ({statuses})) as unknown_status,
            any_value(cells.twice) as twice,
            cast(any_value(units.unit) is null as integer) as no_registry_row,
            avg(cast(status = 'not_measured' as integer)) - any_value(lost.share) as lost_share
        from built.pub_metric_values as metric_values
        left join units
            on metric_values.metric = units.metric
            and metric_values.definition_version = units.definition_version
        left join lost on metric_values.metric = lost.metric
        left join cells on metric_values.metric = cells.metric
        group by metric_values.metric
        """
    ).df()
