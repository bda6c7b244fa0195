"""The lake that the target reads: folders `schema/table` of Parquet, here what a house has in DuckDB.

The shape is that of dlt's `filesystem` destination. What steps outside dbt made (who is who, labels,
what is redacted) lies there too, as they made it.
"""

import shutil
from pathlib import Path

import duckdb

from tests.whole_house.conftest import House

OUTSIDE_DBT = ("identity", "labels", "ops", "redacted")


def export(house: House, lake: Path) -> int:
    """Write every table that dbt reads and does not make; return how many there are."""
    with duckdb.connect(str(house.data / "warehouse" / "warehouse.duckdb")) as db:
        db.execute("set TimeZone = 'UTC'")
        tables = db.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where (schema_name like 'raw_%' or schema_name in ?) and table_name not like '\\_%' escape '\\'",
            [OUTSIDE_DBT],
        ).fetchall()
        for schema, table in tables:
            folder = lake / schema / table
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            db.execute(f'copy "{schema}"."{table}" to \'{folder}/0.parquet\' (format parquet)')
    return len(tables)
