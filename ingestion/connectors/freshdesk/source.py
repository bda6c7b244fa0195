"""Freshdesk: tickets and what was said in them, contacts, companies, agents, ratings."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dlt
import pyarrow as pa
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import HttpBasicAuth
from dlt.sources.helpers.rest_client.paginators import HeaderLinkPaginator
from requests import HTTPError

from ingestion.client import session
from ingestion.connector import Connector, Whose
from ingestion.connectors.freshdesk.paging import Row, changed, whole
from ingestion.connectors.freshdesk.tables import TABLES
from ingestion.landing import Page, Scope, end_of, live_ids
from ingestion.window import clock, window

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
# How late a list may show a change.
LAG = timedelta(hours=1)
# Ratings can be asked for by their creation only, and may be changed for a while.
RATINGS_CHANGE_FOR = timedelta(days=14)
ASIDE = ("deleted", "spam")
TABLE = {table.name: table for table in TABLES}


@dlt.source(name="freshdesk", section="freshdesk")
def freshdesk_source(
    base_url: str = dlt.config.value,
    api_key: str = dlt.secrets.value,
    topic_field: str | None = None,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the Freshdesk tables this house models.

    `topic_field` is the name of the custom ticket field that holds the topic, such as `cf_topic`;
    no other one lands. `as_of` is the run's clock: ISO 8601 with an offset, the present by default.
    """
    now = clock(as_of)
    client = RESTClient(
        base_url,
        auth=HttpBasicAuth(api_key, "X"),
        session=session(base_url),
        paginator=HeaderLinkPaginator(),
    )
    read = dlt.resource(tickets, name="tickets")(client, now, pick_topic(topic_field))
    yield read
    yield conversations(client, read)
    yield dlt.resource(contacts, name="contacts")(client, now)
    for name, erases in (("companies", False), ("agents", True)):
        yield dlt.resource(full_list, name=name)(client, name, erases)
    yield dlt.resource(ratings, name="satisfaction_ratings")(client, now)


def tickets(client: RESTClient, now: datetime, pick: Callable[[Row], Row]) -> Iterator[list[Row]]:
    """Yield tickets that changed, then all that lie in the trash and in spam, as tombstones.

    Nobody promises that throwing a ticket away changes its `updated_at`; the vendor empties both
    after 30 days, so they are short.
    """
    path, include = "api/v2/tickets", "stats,description"
    with window(now, LAG) as read:
        for rows in changed(client, path, read.since or BEGINNING, now, include=include):
            yield [pick(row) for row in rows]
        for aside in ASIDE:
            for rows in changed(client, path, BEGINNING, now, include=include, filter=aside):
                yield [pick(row) | {"_deleted_reason": aside} for row in rows]


def conversations(client: RESTClient, parent: DltResource) -> DltResource:
    """Return what was said in the tickets that a run reads, each ticket read whole once."""
    asked: set[int] = set()

    def pages(landed: "pa.Table | list[Row]") -> Iterator[list[Row] | Page]:
        for ticket in live_ids(landed):
            if ticket not in asked:
                asked.add(ticket)
                yield from said_in(client, ticket)

    return dlt.transformer(pages, data_from=parent, name="conversations")


def said_in(client: RESTClient, ticket: int) -> Iterator[list[Row] | Page]:
    """Yield the conversations of a ticket; what raw holds beside them was removed.

    A ticket that is gone by now is met in the trash, if anywhere.
    """
    try:
        yield from whole(client, f"api/v2/tickets/{ticket}/conversations")
    except HTTPError as refused:
        if refused.response is None or refused.response.status_code != 404:
            raise
        return
    if dlt.current.resource_state("tickets").get("window_until"):
        yield end_of(TABLE["conversations"], Scope({"ticket_id": str(ticket)}, "deleted", True))


def contacts(client: RESTClient, now: datetime) -> Iterator[list[Row]]:
    """Yield contacts that changed, then all that are blocked or, as tombstones, deleted."""
    path = "api/v2/contacts"
    with window(now, LAG) as read:
        since = {"_updated_since": f"{read.since:%Y-%m-%dT%H:%M:%SZ}"} if read.since else {}
        yield from whole(client, path, **since)
        yield from whole(client, path, state="blocked")
        for rows in whole(client, path, state="deleted"):
            yield [row | {"_deleted_reason": "deleted"} for row in rows]


def full_list(client: RESTClient, name: str, erases: bool) -> Iterator[list[Row] | Page]:
    """Yield a list that the vendor does not tell changes of; what left it becomes a tombstone."""
    yield from whole(client, f"api/v2/{name}")
    yield end_of(TABLE[name], Scope({}, "deleted", erases))


def ratings(client: RESTClient, now: datetime) -> Iterator[list[Row]]:
    """Yield ratings by when they were given, those of the last days again."""
    with window(now, RATINGS_CHANGE_FOR) as read:
        since = f"{read.since or BEGINNING:%Y-%m-%dT%H:%M:%SZ}"
        yield from whole(client, "api/v2/surveys/satisfaction_ratings", created_since=since)


def pick_topic(field: str | None) -> Callable[[Row], Row]:
    """Return a step that keeps the one declared custom field under a name of its own."""

    def pick(ticket: Row) -> Row:
        fields: dict[str, Any] = ticket.pop("custom_fields", None) or {}
        return ticket | {"topic": fields.get(field) if field else None}

    return pick


connector = Connector(
    name="freshdesk",
    title="Freshdesk",
    tables=TABLES,
    source=freshdesk_source,
    whose={
        "contacts": Whose("id"),
        "agents": Whose("id"),
        "tickets": Whose("requester_id", mentions=("responder_id",)),
        "conversations": Whose(part_of={"ticket_id": "tickets.id"}, mentions=("user_id",)),
        "satisfaction_ratings": Whose(
            "user_id", part_of={"ticket_id": "tickets.id"}, mentions=("agent_id",)
        ),
    },
    settings=("base_url", "api_key"),
    sandbox={"api_key": "sandbox", "topic_field": "cf_topic"},
)
