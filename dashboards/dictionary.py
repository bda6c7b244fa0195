"""What each published number and column means, as the published file itself says."""

from typing import Any

import duckdb

from dashboards.published import records

# What the dictionary says of a metric, in this order.
METRIC_FACTS = (
    ("formula", "Formula"),
    ("denominator", "Out of"),
    ("source", "Source"),
    ("owner", "Owner"),
    ("changes", "Changes"),
    ("unit", "Unit"),
    ("kind", "Kind"),
    ("interval_method", "Interval"),
    ("direction", "Better is"),
    ("component", "Component"),
    ("families", "Families"),
    ("periods", "Periods"),
    ("segments", "Cut by"),
    ("anchor", "Placed by"),
    ("maturity_days", "Final after (days)"),
    ("stale_after_days", "Stale after (days)"),
    ("definition_version", "Version of the definition"),
)


def metrics(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the registry, a dict a metric, of its newest definition."""
    return records(
        db,
        """
        select * replace (replace(changes, '|', '; ') as changes),
            'counts ' || replace(event, '_', ' ') || ' events' as source
        from pub_metrics
        qualify row_number() over (partition by metric order by definition_version desc) = 1
        order by label, metric
        """,
    )


def tables(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the published tables: name, comment, rows, and columns with theirs."""
    found = db.execute("""
        select table_name, comment, estimated_size from duckdb_tables()
        where not internal and table_name like 'pub\\_%' escape '\\' order by table_name
    """).fetchall()
    columns = db.execute("""
        select table_name, column_name, comment from duckdb_columns()
        where not internal order by table_name, column_index
    """).fetchall()
    return [
        {
            "name": name,
            "comment": comment,
            "rows": f"{rows:,}",
            "columns": [
                {"name": column, "comment": said} for of, column, said in columns if of == name
            ],
        }
        for name, comment, rows in found
    ]
