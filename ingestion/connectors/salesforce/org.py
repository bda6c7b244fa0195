"""What is asked of an org by REST: which fields it has, what changed, and what was deleted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from dlt.sources.helpers.rest_client import RESTClient

from ingestion.connector import Table
from ingestion.errors import VendorFault

Row = dict[str, Any]

# What dates the last change of a record, best first; history objects know their creation only.
CURSORS = ("SystemModstamp", "LastModifiedDate", "CreatedDate")
IDS_PER_QUERY = 200
# The org tells of deletions in the last 30 days and refuses an older start.
DELETIONS_KEPT = timedelta(days=29)
FIELDS_REMEDY = "grant the user of the connected app read on them (field-level security)"
OBJECT_REMEDY = "grant the user of the connected app read on it"


@dataclass(frozen=True, slots=True)
class SObject:
    """An object type: the table it lands in, its API name, and which of its rows are read."""

    table: Table
    name: str
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """What an org shows of an object: those of our fields that it has, and what dates a change."""

    sobject: SObject
    fields: tuple[str, ...]
    changed: str
    tells_deletions: bool

    def soql(self, *conditions: str) -> str:
        """Return a query for all our fields of the rows that meet the conditions."""
        standing = [self.sobject.where] if self.sobject.where else []
        where = " AND ".join([*conditions, *standing])
        return f"SELECT {', '.join(self.fields)} FROM {self.sobject.name} WHERE {where}"

    def before(self, until: datetime) -> str:
        """Return the condition for what changed before an instant."""
        return f"{self.changed} < {literal(until)}"

    def since(self, start: datetime) -> str:
        """Return the condition for what changed at an instant or later."""
        return f"{self.changed} >= {literal(start)}"


@dataclass(frozen=True, slots=True)
class Org:
    """One org under one version of the API."""

    client: RESTClient
    version: str

    def path(self, rest: str) -> str:
        return f"services/data/{self.version}/{rest}"

    def describe(self, sobject: SObject) -> Shape:
        """Return what the org shows of an object; raise `VendorFault` for what it has to show."""
        path = self.path(f"sobjects/{sobject.name}/describe")
        try:
            described = self.client.get(path).json()
        except requests.HTTPError as refused:
            answer = refused.response
            # The request for a token, which comes first, may fail too.
            if answer is None or answer.status_code != 404 or not answer.url.endswith(path):
                raise
            what = f"does not show {sobject.name} to the user of the connected app (404)"
            raise VendorFault("salesforce", what, OBJECT_REMEDY) from refused
        shown = {field["name"] for field in described["fields"]}
        columns = {column.path or name: column for name, column in sobject.table.columns.items()}
        hidden = [f for f, column in columns.items() if f not in shown and not column.optional]
        if hidden:
            what = f"does not show {', '.join(hidden)} of {sobject.name}"
            raise VendorFault("salesforce", what, FIELDS_REMEDY)
        return Shape(
            sobject,
            fields=tuple(field for field in columns if field in shown),
            changed=next(field for field in CURSORS if field in shown),
            tells_deletions=bool(described["replicateable"]),
        )

    def query(self, soql: str) -> Iterator[list[Row]]:
        """Yield the pages of a query, deleted and archived rows too.

        Of the address of the next page only the path is used, on our own host.
        """
        body = self.client.get(self.path("queryAll"), params={"q": soql}).json()
        yield [marked(row) for row in body["records"]]
        while not body["done"]:
            body = self.client.get(urlsplit(body["nextRecordsUrl"]).path.lstrip("/")).json()
            yield [marked(row) for row in body["records"]]

    def deleted(self, shape: Shape, since: datetime, until: datetime) -> Iterator[list[Row]]:
        """Yield what was deleted in a window: as it lies in the bin, else as a bare tombstone.

        A deletion need not date the row it takes along, and the bin is emptied, so neither the
        window of changes nor the bin alone tells of all of them.
        """
        window = {
            "start": max(since, until - DELETIONS_KEPT).isoformat(),
            "end": until.isoformat(),
        }
        path = self.path(f"sobjects/{shape.sobject.name}/deleted/")
        told = self.client.get(path, params=window).json()["deletedRecords"]
        ids = [record["id"] for record in told]
        for start in range(0, len(ids), IDS_PER_QUERY):
            asked = ids[start : start + IDS_PER_QUERY]
            quoted = ", ".join(f"'{id_}'" for id_ in asked)
            rows = [row for page in self.query(shape.soql(f"Id IN ({quoted})")) for row in page]
            left = {row["Id"] for row in rows}
            yield rows + [
                {"Id": id_, "_deleted_reason": "purged"} for id_ in asked if id_ not in left
            ]


def marked(row: Row) -> Row:
    """Make a tombstone of a deleted row, and drop what the vendor says about the row itself."""
    reason = None
    if row.get("IsDeleted"):
        reason = "merged" if row.get("MasterRecordId") else "deleted"
    return {k: v for k, v in row.items() if k != "attributes"} | {"_deleted_reason": reason}


def literal(moment: datetime) -> str:
    """Return an instant in UTC as SOQL writes it, without quotes."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
