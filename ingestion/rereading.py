"""What is read a second time must come a second time."""

import duckdb

from ingestion.connector import Table


def read_again(
    db: duckdb.DuckDBPyConnection, table: Table, current: str, paths: list[list[str]]
) -> tuple[int, int]:
    """Return how many living rows raw holds of the time that was read, and how many did not come.

    Whoever reads a stretch of time again sees all of it again, unless the vendor left some out.
    How far back it goes is told by living rows: a list of what was archived goes back for ever.
    """
    if table.time is None:
        return 0, 0
    key = ", ".join(f'"{name}"' for name in table.key)
    held, missing = db.execute(
        f"""
        with window_read as (
            select min("{table.time}") as oldest from read_parquet(?) where _deleted_reason is null
        ),
        held as (
            select {key} from {current}, window_read
            where _deleted_reason is null and "{table.time}" >= oldest
        )
        select
            (select count(*) from held),
            (select count(*) from held anti join package using ({key}))
        """,
        paths,
    ).fetchall()[0]
    return held, missing
