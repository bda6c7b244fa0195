"""What a lake still holds of rows that are gone, taken away for good.

A lake keeps each former state: files that a snapshot reads, delete files beside rows that stay
where they were, and in its catalog the smallest and largest value of each column, never shrunk.
"""

import duckdb

from storage.lake import NAME, SCHEMA, Lake, opened
from storage.turns import turn

# Files that no snapshot names may be those of a writer that has not committed yet.
UNFINISHED = "1 day"
KEPT = "7 days"
# Whose rows were ever deleted or updated in place: their values stand in files and statistics.
SCARRED = f"""
with scarred as (
    select table_id from __ducklake_metadata_{NAME}.{SCHEMA}.ducklake_delete_file
    union
    select table_id from __ducklake_metadata_{NAME}.{SCHEMA}.ducklake_data_file
    where end_snapshot is not null
)
select schemas.schema_name, tables.table_name
from __ducklake_metadata_{NAME}.{SCHEMA}.ducklake_table as tables
semi join scarred using (table_id)
inner join __ducklake_metadata_{NAME}.{SCHEMA}.ducklake_schema as schemas using (schema_id)
where tables.end_snapshot is null and schemas.end_snapshot is null
order by all
"""


def purge(lake: Lake) -> None:
    """Leave nothing of rows that are gone, in no file and not in the catalog.

    Every former state is forgotten: who reads one at that moment has to ask again.
    """
    with turn(lake), opened(lake) as db:
        for schema, table in db.execute(SCARRED).fetchall():
            relation = f'"{schema}"."{table}"'
            db.execute(f"create or replace table {relation} as from {relation}")
        db.execute(f"call ducklake_expire_snapshots('{NAME}', older_than => now())")
        db.execute(f"call ducklake_cleanup_old_files('{NAME}', cleanup_all => true)")
        _sweep(db)


def empty(lake: Lake) -> None:
    """Throw away all that lies in a lake."""
    with turn(lake), opened(lake) as db:
        schemas = db.execute(
            "select distinct schema_name from duckdb_columns() "
            "where database_name = current_database() and schema_name <> 'main' order by all"
        ).fetchall()
        for (schema,) in schemas:
            db.execute(f'drop schema "{schema}" cascade')
    purge(lake)


def tidy(lake: Lake) -> None:
    """Forget states that nobody has asked for in a week, with their files; each run adds some."""
    with turn(lake), opened(lake) as db:
        old = f"older_than => now() - interval '{KEPT}'"
        db.execute(f"call ducklake_expire_snapshots('{NAME}', {old})")
        db.execute(f"call ducklake_cleanup_old_files('{NAME}', {old})")
        _sweep(db)


def _sweep(db: duckdb.DuckDBPyConnection) -> None:
    unfinished = f"older_than => now() - interval '{UNFINISHED}'"
    db.execute(f"call ducklake_delete_orphaned_files('{NAME}', {unfinished})")
