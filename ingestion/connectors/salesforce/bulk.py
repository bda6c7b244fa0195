"""Bulk API 2.0: start a query job, wait until it is complete, read its CSV into Arrow."""

import time
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv
from requests import Response

from ingestion.connector import Table
from ingestion.connectors.salesforce.org import Org, Row, marked
from ingestion.errors import VendorFault
from ingestion.landing import QUARANTINE, Page, arrow_schema, content_hash

ROWS_PER_PAGE = 50_000
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.05, 15.0
LAST = "null"  # the word, not the absence
UNSTORABLE = "\x00"


def pages(org: Org, soql: str, table: Table, patience_minutes: float) -> Iterator[Page | list[Row]]:
    """Yield the results of a query, deleted and archived rows too.

    Raises `Malformed` where the object is not served in bulk, and `VendorFault` when the job fails
    or is not complete after `patience_minutes`.
    """
    asked = {
        "operation": "queryAll",
        "query": soql,
        "contentType": "CSV",
        "columnDelimiter": "COMMA",
        "lineEnding": "LF",
    }
    job = org.path(f"jobs/query/{org.client.post(org.path('jobs/query'), json=asked).json()['id']}")
    _wait(org, job, patience_minutes)
    locator: str | None = None
    while locator != LAST:
        params: dict[str, Any] = {"maxRecords": ROWS_PER_PAGE}
        answer = org.client.get(
            f"{job}/results", params=params | ({"locator": locator} if locator else {})
        )
        batch, locator = _read(answer)
        if batch.num_rows:
            yield typed(batch, table)


def _wait(org: Org, job: str, patience_minutes: float) -> None:
    deadline = time.monotonic() + 60 * patience_minutes
    pause = FIRST_PAUSE_SECONDS
    while True:
        told = org.client.get(job).json()
        if told["state"] == "JobComplete":
            return
        if told["state"] in ("Failed", "Aborted"):
            why = " ".join(str(told.get("errorMessage") or "no reason given").split())[:200]
            what = f"ended a bulk query as {told['state']} ({why})"
            raise VendorFault("salesforce", what, "look at Bulk Data Load Jobs in Setup")
        if time.monotonic() > deadline:
            what = f"did not finish a bulk query in {patience_minutes:g} minutes"
            raise VendorFault("salesforce", what, "set SOURCES__SALESFORCE__BULK_MINUTES higher")
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def _read(answer: Response) -> tuple[pa.Table, str]:
    """Return a page of text and where the next one begins, of as many rows as were announced."""
    locator = answer.headers.get("Sforce-Locator")
    announced = answer.headers.get("Sforce-NumberOfRecords")
    if locator is None or announced is None:
        what = "answered something that is not a page of bulk results"
        raise VendorFault("salesforce", what, "check base_url; a proxy may answer in its place")
    batch = _parse(answer.content) if answer.content.strip() else pa.table({})
    if batch.num_rows != int(announced):
        what = f"sent {batch.num_rows} of the {announced} rows of a page of bulk results"
        raise VendorFault("salesforce", what, "try again later")
    return batch, locator


def _parse(content: bytes) -> pa.Table:
    header = content.split(b"\n", 1)[0].decode().replace('"', "").strip().split(",")
    try:
        return csv.read_csv(
            pa.BufferReader(content),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()),
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid as broken:
        raise VendorFault("salesforce", "sent a broken page of bulk results",
                          "try again later") from broken  # fmt: skip


def typed(batch: pa.Table, table: Table) -> Page | list[Row]:
    """Return a page in the shape of its raw table; as rows where the landing has to judge them."""
    schema = arrow_schema(table)
    try:
        columns = [
            _column(batch, column.path or name, schema.field(name).type)
            for name, column in table.columns.items()
        ]
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return [marked(row) for row in batch.to_pylist()]
    reasons = _deleted_reasons(batch).to_pylist()
    rows = zip(*(column.to_pylist() for column in columns), reasons, strict=True)
    hashes = pa.array([content_hash(list(row)) for row in rows], pa.string())
    good = pa.Table.from_arrays([*columns, hashes, pa.array(reasons, pa.string())], schema=schema)
    return Page(good, arrow_schema(QUARANTINE).empty_table())


def _column(batch: pa.Table, field: str, kind: pa.DataType) -> pa.ChunkedArray | pa.Array:
    if field not in batch.column_names:
        return pa.nulls(batch.num_rows, kind)
    column = batch[field]
    if pc.any(pc.match_substring(column, UNSTORABLE)).as_py():
        raise pa.ArrowInvalid(field)
    if field == "Id" and column.null_count:
        raise pa.ArrowInvalid(field)
    return column.cast(kind)


def _deleted_reasons(batch: pa.Table) -> pa.Array:
    nothing = pa.nulls(batch.num_rows, pa.string())
    if "IsDeleted" not in batch.column_names:
        return nothing
    is_merged = (
        pc.is_valid(batch["MasterRecordId"])
        if "MasterRecordId" in batch.column_names
        else pa.repeat(pa.scalar(False), batch.num_rows)
    )
    reasons = pc.if_else(is_merged, "merged", "deleted")
    return pc.if_else(batch["IsDeleted"].cast(pa.bool_()), reasons, nothing)
