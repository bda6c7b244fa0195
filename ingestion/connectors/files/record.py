"""The raw table `files`: one row per file and mapping, so that anyone sees what was declared."""

import json
from typing import Any

from ingestion.connector import Column, Table
from ingestion.connectors.files.mapping import FileMapping
from ingestion.connectors.files.read import Copy
from ingestion.mapping.reading import Report

Row = dict[str, Any]

FILES = Table(
    name="files",
    key=("file_id",),
    columns={
        "file_id": Column("string"),
        "file_name": Column("string"),
        "mapping": Column("string"),
        "contract": Column("string"),
        "problem": Column("string"),
        "row_count": Column("bigint"),
        "landed": Column("bigint"),
        "quarantined": Column("bigint"),
        "left_out": Column("bigint"),
        "missing": Column("json"),
        "blank": Column("json"),
        "unmapped": Column("json"),
        "declared": Column("json"),
        "size_bytes": Column("bigint"),
        "sha256": Column("string"),
        "first_seen": Column("timestamp"),
    },
    description="One row per file and mapping: what was read, what was not, what was declared.",
)


def file_id(file_name: str, mapping: FileMapping | None) -> str:
    """Return the key of a file under a mapping, or under none."""
    return f"{mapping.kind if mapping else ''}:{file_name}"


def record(file_name: str, mapping: FileMapping | None, first_seen: str) -> Row:
    """Return the row of a file of which nothing was read yet; `first_seen` in ISO 8601."""
    return {
        "file_id": file_id(file_name, mapping),
        "file_name": file_name,
        "mapping": mapping.kind if mapping else None,
        "contract": mapping.contract if mapping else None,
        "first_seen": first_seen,
    }


def read_record(row: Row, mapping: FileMapping, copy: Copy, report: Report) -> Row:
    """Return the row of a file that was read."""
    return row | {
        **report.told,
        "unmapped": json.dumps(report.unmapped),
        "declared": json.dumps(mapping.said),
        "size_bytes": copy.size,
        "sha256": copy.sha256,
    }
