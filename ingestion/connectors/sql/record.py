"""The raw table `tables`: one row per declared table, so that anyone sees what was declared."""

import json
from typing import Any

from ingestion.connector import Column, Table
from ingestion.connectors.sql.database import TableMapping

Row = dict[str, Any]

DECLARED = Table(
    name="tables",
    key=("mapping",),
    columns={
        "mapping": Column("string"),
        "database": Column("string"),
        "table_name": Column("string"),
        "contract": Column("string"),
        "cursor_column": Column("string"),
        "late": Column("string"),
        "problem": Column("string"),
        "row_count": Column("bigint"),
        "landed": Column("bigint"),
        "quarantined": Column("bigint"),
        "left_out": Column("bigint"),
        "missing": Column("json"),
        "blank": Column("json"),
        "declared": Column("json"),
    },
    description="One row per declared table; its numbers are those of the last whole list.",
)


def record(mapping: TableMapping) -> Row:
    """Return the row of a table of which nothing was read yet."""
    return {
        "mapping": mapping.kind,
        "database": mapping.database,
        "table_name": mapping.table,
        "contract": mapping.contract,
        "cursor_column": mapping.cursor and mapping.cursor.column,
        "late": mapping.cursor and mapping.cursor.late,
        "landed": None,
        "declared": json.dumps(mapping.said),
    }
