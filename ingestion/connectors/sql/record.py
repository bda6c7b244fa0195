"""The raw table `tables`: one row per declared table, so that anyone sees what was declared."""

import json
from typing import Any

import pyarrow as pa

from ingestion.connector import Column, Table
from ingestion.connectors.sql.database import TableMapping
from ingestion.landing import arrow_schema, content_hash
from ingestion.mapping.reading import Report

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


def read_record(row: Row, report: Report) -> Row:
    """Return the row of a table that was read whole."""
    return row | {
        "row_count": report.row_count,
        "landed": report.landed,
        "quarantined": report.quarantined,
        "left_out": report.left_out,
        "missing": json.dumps(report.missing, sort_keys=True),
        "blank": json.dumps(report.blank, sort_keys=True),
    }


def as_arrow(rows: list[Row]) -> pa.Table:
    """Return rows in the shape of the raw table."""
    schema = arrow_schema(DECLARED)
    shaped = []
    for row in rows:
        values = {name: row.get(name) for name in schema.names}
        values["_content_hash"] = content_hash(list(values.values()))
        shaped.append(values)
    return pa.Table.from_pylist(shaped, schema=schema)
