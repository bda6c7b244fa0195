"""HubSpot: contacts, companies, deals and who belongs to whom, owners, answers to its surveys."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import dlt
import pyarrow as pa
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from ingestion.client import session
from ingestion.connector import Connector, Whose
from ingestion.connectors.hubspot.paging import MoreOfTheSame, Row, SearchKeyset
from ingestion.connectors.hubspot.tables import TABLES, properties
from ingestion.landing import live_ids
from ingestion.window import clock, window

LIST_PAGE, SEARCH_PAGE, BATCH = 100, 200, 100
# The search index trails the records by up to this much.
INDEXING_LAG = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CrmObject:
    """An object type: which property dates its last change, and whether it has an archive."""

    name: str
    modified: str = "hs_lastmodifieddate"
    has_archive: bool = True


OBJECTS = (
    CrmObject("contacts", modified="lastmodifieddate"),
    CrmObject("companies"),
    CrmObject("deals"),
    CrmObject("feedback_submissions", has_archive=False),
)


@dataclass(frozen=True, slots=True)
class Association:
    """What is asked about the records of one object type that changed."""

    table: str
    of: str
    to: str


ASSOCIATIONS = (
    Association("contact_companies", of="contacts", to="companies"),
    Association("deal_contacts", of="deals", to="contacts"),
)


@dlt.source(name="hubspot", section="hubspot")
def hubspot_source(
    base_url: str = dlt.config.value,
    access_token: str = dlt.secrets.value,
    objects_path: str = "crm/v3/objects",
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the HubSpot tables this house models.

    `objects_path` also takes a dated one such as `crm/objects/2026-09`. `as_of` is the run's
    clock: ISO 8601 with an offset, the present by default.
    """
    now = clock(as_of)
    client = RESTClient(
        base_url=base_url,
        auth=BearerTokenAuth(access_token),
        session=session(base_url),
        paginator=JSONResponseCursorPaginator(
            cursor_path="paging.next.after", cursor_param="after"
        ),
        data_selector="results",
    )
    objects = {crm.name: crm_object(client, crm, objects_path, now) for crm in OBJECTS}
    yield from objects.values()
    yield dlt.resource(owners, name="owners")(client)
    for association in ASSOCIATIONS:
        yield associated(client, association, objects[association.of])


def crm_object(client: RESTClient, crm: CrmObject, objects_path: str, now: datetime) -> DltResource:
    """Return one object type as a resource."""
    return dlt.resource(records, name=crm.name)(client, crm, f"{objects_path}/{crm.name}", now)


def records(client: RESTClient, crm: CrmObject, path: str, now: datetime) -> Iterator[list[Row]]:
    """Yield every live record in the first run, later what changed since, then the archive.

    Up to when the account has been read is the run's own clock, not the newest record seen.
    """
    asked = properties(crm.name)
    listed = {"limit": LIST_PAGE, "properties": ",".join(asked)}
    with window(now, INDEXING_LAG) as read:
        if read.since:
            yield from client.paginate(
                f"{path}/search",
                method="POST",
                json={"properties": asked, "limit": SEARCH_PAGE},
                paginator=SearchKeyset(crm.modified, read.since, now),
            )
        else:
            yield from client.paginate(path, params=listed)
        if crm.has_archive:
            yield from archived(client, path, properties=",".join(asked))


def owners(client: RESTClient) -> Iterator[list[Row]]:
    """Yield all owners; there are few, and no filter by change."""
    yield from client.paginate("crm/v3/owners", params={"limit": LIST_PAGE})
    yield from archived(client, "crm/v3/owners")


def archived(client: RESTClient, path: str, **params: Any) -> Iterator[list[Row]]:
    """Yield what was archived as tombstones; no search finds it."""
    for page in client.paginate(path, params={"limit": LIST_PAGE, "archived": "true", **params}):
        yield [row | {"_deleted_reason": "archived"} for row in page]


def associated(client: RESTClient, association: Association, parent: DltResource) -> DltResource:
    """Return who belongs to the records of `parent` that this run reads."""
    path = f"crm/v4/associations/{association.of}/{association.to}/batch/read"

    def pages(landed: "pa.Table | list[Row]") -> Iterator[list[Row]]:
        ids = live_ids(landed)
        for start in range(0, len(ids), BATCH):
            yield associations(client, path, ids[start : start + BATCH])

    return dlt.transformer(pages, data_from=parent, name=association.table)


def associations(client: RESTClient, path: str, ids: list[str]) -> list[Row]:
    """Return one row per id; an id that the answer leaves out belongs to nobody."""
    found: dict[str, list[Row]] = {id_: [] for id_ in ids}
    asked = {"inputs": [{"id": id_} for id_ in ids]}
    for page in client.paginate(path, method="POST", json=asked, paginator=MoreOfTheSame()):
        for row in page:
            found[row["from"]["id"]].extend(row["to"])
    return [{"from": {"id": id_}, "to": to} for id_, to in found.items()]


connector = Connector(
    name="hubspot",
    title="HubSpot",
    tables=TABLES,
    source=hubspot_source,
    whose={
        "contacts": Whose("id", mentions=("owner_id",)),
        "companies": Whose(mentions=("owner_id",)),
        "deals": Whose(mentions=("owner_id",)),
        "owners": Whose("id"),
        "contact_companies": Whose("contact_id"),
        "feedback_submissions": Whose("contact_id"),
        "deal_contacts": Whose(mentions=("contacts",)),
    },
    settings=("base_url", "access_token"),
    sandbox={"access_token": "sandbox"},
)
