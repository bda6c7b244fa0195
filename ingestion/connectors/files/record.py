"""The raw table `files`: one row per file and mapping, so that anyone sees what was declared."""

import json
from datetime import datetime
from typing import Any

import pyarrow as pa

from ingestion.connector import Column, Table
from ingestion.connectors.files.mapping import Mapping
from ingestion.connectors.files.read import Copy
from ingestion.connectors.files.reading import Report
from ingestion.landing import arrow_schema, content_hash

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


def file_id(file_name: str, mapping: Mapping | None) -> str:
    """Return the key of a file under a mapping, or under none."""
    return f"{mapping.kind if mapping else ''}:{file_name}"


def record(file_name: str, mapping: Mapping | None, first_seen: str) -> Row:
    """Return the row of a file of which nothing was read yet; `first_seen` in ISO 8601."""
    return {
        "file_id": file_id(file_name, mapping),
        "file_name": file_name,
        "mapping": mapping.kind if mapping else None,
        "contract": mapping.contract if mapping else None,
        "first_seen": first_seen,
    }


def declared_by(mapping: Mapping) -> dict[str, str]:
    """Return what a mapping declares, in its own words: constants, dates, scales, the survey."""
    said = dict(mapping.constants)
    if mapping.as_of:
        said["as_of"] = str(mapping.as_of)
    if isinstance(mapping.time_zone, str):
        said["time_zone"] = mapping.time_zone
    if mapping.instrument:
        survey = mapping.instrument.model_dump(exclude={"minors"})
        said |= {f"instrument.{name}": str(value) for name, value in survey.items()}
    for name, part in mapping.reads.items():
        if part.scale:
            said[f"{name}.scale"] = f"{part.scale[0]:g} to {part.scale[1]:g}"
        if part.missing:
            said[f"{name}.missing"] = ", ".join(part.missing)
    return dict(sorted(said.items()))


def read_record(row: Row, mapping: Mapping, copy: Copy, report: Report) -> Row:
    """Return the row of a file that was read."""
    return row | {
        "row_count": report.row_count,
        "landed": report.landed,
        "quarantined": report.quarantined,
        "left_out": report.left_out,
        "missing": json.dumps(report.missing, sort_keys=True),
        "blank": json.dumps(report.blank, sort_keys=True),
        "unmapped": json.dumps(report.unmapped),
        "declared": json.dumps(declared_by(mapping)),
        "size_bytes": copy.size,
        "sha256": copy.sha256,
    }


def as_arrow(rows: list[Row]) -> pa.Table:
    """Return rows in the shape of the raw table."""
    schema = arrow_schema(FILES)
    shaped = []
    for row in rows:
        values = {name: row.get(name) for name in schema.names}
        values["_content_hash"] = content_hash(list(values.values()))
        if row.get("first_seen"):
            values["first_seen"] = datetime.fromisoformat(row["first_seen"])
        shaped.append(values)
    return pa.Table.from_pylist(shaped, schema=schema)
