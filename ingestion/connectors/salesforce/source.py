"""Salesforce: accounts, contacts, leads, deals and their stages, activities, cases, users."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient

from ingestion.client import session
from ingestion.connector import Connector, Whose
from ingestion.connectors.salesforce import bulk
from ingestion.connectors.salesforce.access import ClientCredentials, Malformed, refuse
from ingestion.connectors.salesforce.org import Org, Row, Shape, SObject
from ingestion.connectors.salesforce.tables import OBJECTS, TABLES
from ingestion.landing import Page
from ingestion.oauth import Bought
from ingestion.window import clock, window

# A long transaction shows its rows when it ends, dated when they were written.
LOOKBACK = timedelta(hours=1)

# What else an org tracks may be private, and need not be text.
WHERE = {"case_history": "Field IN ('created', 'Status', 'Owner', 'Priority')"}


@dlt.source(name="salesforce", section="salesforce")
def salesforce_source(
    base_url: str = dlt.config.value,
    client_id: str = dlt.secrets.value,
    client_secret: str = dlt.secrets.value,
    api_version: str = "v62.0",
    bulk_minutes: float = 60.0,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the Salesforce tables this house models.

    `bulk_minutes` is how long a bulk query may take. `as_of` is the run's clock: ISO 8601 with an
    offset, the present by default.
    """
    now = clock(as_of)
    asking = session(base_url)
    auth = Bought(ClientCredentials(base_url, client_id, client_secret, asking), look=refuse)
    org = Org(RESTClient(base_url=base_url, auth=auth, session=asking), api_version)
    for table in TABLES:
        sobject = SObject(table, OBJECTS[table.name], WHERE.get(table.name))
        yield dlt.resource(records, name=table.name)(org, sobject, now, bulk_minutes)


def records(
    org: Org, sobject: SObject, now: datetime, bulk_minutes: float
) -> Iterator[Page | list[Row]]:
    """Yield every record in the first run, later what changed since and what was deleted.

    Up to when the org has been read is the run's own clock, not the newest record seen; the end of
    a window is the second that the next one begins with.
    """
    shape = org.describe(sobject)
    with window(now.replace(microsecond=0), LOOKBACK) as read:
        if read.since:
            yield from org.query(shape.soql(shape.since(read.since), shape.before(read.until)))
            if shape.tells_deletions:
                yield from org.deleted(shape, read.since, read.until)
        else:
            yield from everything(org, shape, read.until, bulk_minutes)


def everything(
    org: Org, shape: Shape, until: datetime, bulk_minutes: float
) -> Iterator[Page | list[Row]]:
    """Yield all records of an object, in bulk where the org serves it so, else by REST."""
    soql = shape.soql(shape.before(until))
    try:
        yield from bulk.pages(org, soql, shape.sobject.table, bulk_minutes)
    except Malformed:
        # Histories are not served in bulk. What else is wrong with a query, REST will say.
        yield from org.query(soql)


connector = Connector(
    name="salesforce",
    title="Salesforce",
    tables=TABLES,
    source=salesforce_source,
    whose={
        "accounts": Whose("case when is_person then id end", mentions=("owner_id",)),
        "contacts": Whose("id", mentions=("owner_id",)),
        "leads": Whose("id", mentions=("owner_id",)),
        "users": Whose("id"),
        "opportunities": Whose("account_id", mentions=("owner_id",)),
        "opportunity_history": Whose(part_of={"opportunity_id": "opportunities.id"}),
        "opportunity_contacts": Whose("contact_id", part_of={"opportunity_id": "opportunities.id"}),
        "tasks": Whose("who_id", mentions=("owner_id",)),
        "events": Whose("who_id", mentions=("owner_id",)),
        "cases": Whose("contact_id", mentions=("owner_id",)),
        "case_history": Whose(
            part_of={"case_id": "cases.id"}, mentions=("created_by_id", "old_value", "new_value")
        ),
        "case_comments": Whose(part_of={"case_id": "cases.id"}, mentions=("created_by_id",)),
        "email_messages": Whose(part_of={"case_id": "cases.id"}, mentions=("created_by_id",)),
    },
    settings=("base_url", "client_id", "client_secret"),
    sandbox={"client_id": "sandbox", "client_secret": "sandbox"},
)
