"""Mailchimp: audiences and their members, campaigns and who opened or clicked them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import HttpBasicAuth

from ingestion.client import session
from ingestion.connector import Connector, Table, Whose
from ingestion.connectors.mailchimp.tables import ACTIVITY, CAMPAIGNS, LISTS, MEMBERS, TABLES
from ingestion.errors import VendorFault
from ingestion.landing import Page, Scope, end_of
from ingestion.paging import Row, settled
from ingestion.window import clock, is_due, window

# How late a list may show a change.
LAG = timedelta(hours=1)
# Who is deleted for good leaves without a word; only a whole reading tells.
READ_WHOLE_EVERY = timedelta(days=7)
# Campaigns are opened for a while, and a report may be late by a day.
OPENED_FOR = timedelta(days=60)
REPORT_LAG = timedelta(days=1)
PAGE = 1000


@dlt.source(name="mailchimp", section="mailchimp")
def mailchimp_source(
    base_url: str = dlt.config.value,
    api_key: str = dlt.secrets.value,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the Mailchimp tables this house models.

    `as_of` is the run's clock: ISO 8601 with an offset, the present by default.
    """
    now = clock(as_of)
    client = RESTClient(base_url, auth=HttpBasicAuth("any", api_key), session=session(base_url))
    yield dlt.resource(full_list, name=LISTS.name)(client, LISTS)
    yield dlt.resource(members, name=MEMBERS.name)(client, now)
    yield dlt.resource(full_list, name=CAMPAIGNS.name)(client, CAMPAIGNS, status="sent")
    yield dlt.resource(activity, name=ACTIVITY.name)(client, now)


def listed(
    client: RESTClient, path: str, rows: str, key: str = "id", **params: str
) -> Iterator[list[Row]]:
    """Yield the pages of a list that is walked by offset, and that moves while it is."""

    def walk() -> Iterator[list[Row]]:
        at, total = 0, 1
        while at < total:
            asked = {**params, "count": PAGE, "offset": at, "exclude_fields": f"{rows}._links"}
            answer = client.get(f"3.0/{path}", params=asked)
            answer.raise_for_status()
            body = answer.json()
            yield body[rows]
            at += PAGE
            total = body["total_items"]

    return settled(walk, key)


def full_list(client: RESTClient, table: Table, **params: str) -> Iterator[list[Row] | Page]:
    """Yield a list that is read whole; what left it becomes a tombstone."""
    yield from listed(client, table.name, table.name, **params)
    yield end_of(table, Scope({}, "deleted"))


def audiences(client: RESTClient) -> list[str]:
    """Return the ids of all audiences."""
    ids = [row["id"] for page in listed(client, "lists", "lists") for row in page if "id" in row]
    if not ids:
        raise VendorFault("mailchimp", "shows no audience", "use a key of the right account")
    return ids


def members(client: RESTClient, now: datetime) -> Iterator[list[Row] | Page]:
    """Yield the members that changed, or all of them; archived ones are a list of their own."""
    with window(now, LAG) as read:
        state = dlt.current.resource_state()
        is_whole = read.since is None or is_due(state.get("read_whole"), now, READ_WHOLE_EVERY)
        asked = {"sort_field": "last_changed", "sort_dir": "ASC"}
        if not is_whole and read.since:
            asked["since_last_changed"] = read.since.isoformat()
        for id_ in audiences(client):
            for status in ({}, {"status": "archived"}):
                path = f"lists/{id_}/members"
                for page in listed(client, path, "members", "contact_id", **asked, **status):
                    yield [told(row) for row in page]
        if is_whole:
            yield end_of(MEMBERS, Scope({}, "gone", erases=True))
            state["read_whole"] = now.isoformat()


def told(member: Row) -> Row:
    """Mark a member who was archived: it is on no list any more."""
    is_archived = member.get("status") == "archived"
    return member | {"_deleted_reason": "archived" if is_archived else None}


def activity(client: RESTClient, now: datetime) -> Iterator[list[Row]]:
    """Yield what was done with the campaigns that are still being opened."""
    with window(now, OPENED_FOR) as read:
        sent: dict[str, str] = {"status": "sent"}
        since: dict[str, str] = {}
        if read.since:
            sent["since_send_time"] = read.since.isoformat()
            since["since"] = (read.since + OPENED_FOR - REPORT_LAG).isoformat()
        campaigns = listed(client, "campaigns", "campaigns", **sent)
        for id_ in [row["id"] for page in campaigns for row in page if "id" in row]:
            path = f"reports/{id_}/email-activity"
            for page in listed(client, path, "emails", "email_id", **since):
                yield [did(email, action) for email in page for action in email["activity"]]


def did(email: Row, action: dict[str, Any]) -> Row:
    """Return one thing that was done with a mail; the report gathers them by address."""
    return action | {"campaign_id": email["campaign_id"], "email_id": email["email_id"]}


connector = Connector(
    name="mailchimp",
    title="Mailchimp",
    tables=TABLES,
    source=mailchimp_source,
    whose={
        "members": Whose("list_id || ':' || contact_id"),
        "activity": Whose(part_of={"email_id": "members.email_id"}),
    },
    settings=("base_url", "api_key"),
    sandbox={"api_key": "sandbox-us1"},
)
