"""What was published of answers that were promised confidentiality is told once (domain, 7)."""

from pathlib import Path

import duckdb

# Not yet final, or not measured: nothing was told.
TOLD = ("ok", "low_n", "stale", "suppressed")
KEY = "audience, metric, definition_version, period_kind, period_start, segment"


def remember_told(db: duckdb.DuckDBPyConnection, serving: Path) -> int:
    """Note the protected cells that readers have, and are not noted yet; return how many.

    It is done before the next build and out of what is served, so a publication that was held back
    or broken off is never remembered and one that went out always is.
    """
    if not serving.exists():
        return 0
    statuses = ", ".join(f"'{status}'" for status in TOLD)
    db.execute(f"attach '{serving}' as told (read_only)")
    try:
        columns = db.execute(
            "select column_name from duckdb_columns() "
            "where database_name = 'told' and table_name = 'pub_metric_values'"
        ).fetchall()
        if ("is_protected",) not in columns:
            return 0  # published before this was said of a cell
        done = db.execute(
            f"""
            insert into ops.published_once by name
            select * replace (
                -- How late a source was is of that day; the figure is final.
                case when status = 'stale' and n_eff < 30 then 'low_n'
                    when status = 'stale' then 'ok' else status end as status
            )
            from told.pub_metric_values
            where is_protected and status in ({statuses})
            and ({KEY}) not in (select ({KEY}) from ops.published_once)
            """
        ).fetchone()
        return int(done[0]) if done else 0
    finally:
        db.execute("detach told")
