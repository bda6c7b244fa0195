"""Zendesk Support: tickets and what happened to them, users, organizations, ratings."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import dlt
from dlt.extract import DltResource
from dlt.sources.rest_api import rest_api_resources
from dlt.sources.rest_api.typing import AuthConfig, EndpointResource, RESTAPIConfig

from ingestion.client import session
from ingestion.connector import Connector, Whose
from ingestion.connectors.zendesk.paging import (
    EndOfStreamCursor,
    EndTime,
    Ratings,
)
from ingestion.connectors.zendesk.tables import CHILD_EVENT, TABLES
from ingestion.errors import demanded
from ingestion.window import clock

Row = dict[str, Any]

PAGE = 1000
RATINGS_PAGE = 100
TOPIC_FIELD = "46406130043793"  # of the sandbox; a real account has its own


@dlt.source(name="zendesk", section="zendesk")
def zendesk_source(
    base_url: str = dlt.config.value,
    email: str | None = dlt.secrets.value,
    api_token: str | None = dlt.secrets.value,
    oauth_token: str | None = dlt.secrets.value,
    topic_field: str | None = None,
    answered_within_days: int = 30,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the Zendesk tables this house models.

    `topic_field` is the id of the ticket field that holds the topic; no other custom field lands.
    Ratings are read again for `answered_within_days`. `as_of` is the run's clock: ISO 8601 with an
    offset, the present by default.
    """
    now = clock(as_of)
    config: RESTAPIConfig = {
        "client": {
            "base_url": base_url,
            "auth": credential(email, api_token, oauth_token),
            "session": session(base_url),  # one for all tables
        },
        "resources": [
            {
                "name": "tickets",
                "endpoint": {
                    "path": "api/v2/incremental/tickets/cursor.json",
                    "params": {"per_page": PAGE, "include": "metric_sets"},
                    "paginator": EndOfStreamCursor(now),
                    "data_selector": "tickets",
                },
                "processing_steps": [{"map": pick_topic(topic_field)}, {"map": mark_ticket}],
            },
            {
                "name": "users",
                "endpoint": {
                    "path": "api/v2/incremental/users/cursor.json",
                    "params": {"per_page": PAGE},
                    "paginator": EndOfStreamCursor(now),
                    "data_selector": "users",
                },
                "processing_steps": [{"map": mark_user}],
            },
            time_export("organizations", now),
            {
                **time_export("ticket_events", now, include="comment_events"),
                "processing_steps": [{"map": keep_declared_of_children}],
            },
            {
                "name": "satisfaction_ratings",
                "endpoint": {
                    "path": "api/v2/satisfaction_ratings.json",
                    "params": {"page[size]": RATINGS_PAGE},
                    "paginator": Ratings(now, timedelta(days=answered_within_days)),
                    "data_selector": "satisfaction_ratings",
                },
            },
        ],
    }
    yield from rest_api_resources(config)


def time_export(name: str, now: datetime, **params: str) -> EndpointResource:
    """Return a table that the vendor exports by time."""
    return {
        "name": name,
        "endpoint": {
            "path": f"api/v2/incremental/{name}.json",
            "params": {"per_page": PAGE, **params},
            "paginator": EndTime(now),
            "data_selector": name,
        },
    }


def credential(email: str | None, api_token: str | None, oauth_token: str | None) -> AuthConfig:
    """Return how to sign requests: an OAuth token if there is one, else e-mail and API token."""
    if oauth_token:
        return {"type": "bearer", "token": oauth_token}
    given = demanded("zendesk", email=email, api_token=api_token)
    return {
        "type": "http_basic",
        "username": f"{given['email']}/token",
        "password": given["api_token"],
    }


def pick_topic(field_id: str | None) -> Callable[[Row], Row]:
    """Return a step that keeps the one declared custom field under a name of its own."""

    def pick(ticket: Row) -> Row:
        fields: list[Any] = ticket.pop("custom_fields", None) or []
        values = [field.get("value") for field in fields if str(field.get("id")) == field_id]
        return ticket | {"topic": values[0] if values else None}

    return pick


def mark_ticket(ticket: Row) -> Row:
    """Make a tombstone of a deleted ticket."""
    return ticket | {"_deleted_reason": "deleted" if ticket.get("status") == "deleted" else None}


def mark_user(user: Row) -> Row:
    """Make a tombstone of a user who was deleted, erased or lost a merge."""
    reason = "erased" if user.get("permanently_deleted") else "inactive"
    return user | {"_deleted_reason": None if user.get("active", True) else reason}


def keep_declared_of_children(event: Row) -> Row:
    """Drop what is not declared inside the children too."""
    if "child_events" not in event:
        return event
    children = [
        {key: child[key] for key in CHILD_EVENT if key in child} for child in event["child_events"]
    ]
    return event | {"child_events": children}


connector = Connector(
    name="zendesk",
    title="Zendesk",
    tables=TABLES,
    source=zendesk_source,
    whose={
        "users": Whose("id"),
        "tickets": Whose("requester_id", mentions=("assignee_id",)),
        "ticket_events": Whose(
            part_of={"ticket_id": "tickets.id"}, mentions=("updater_id", "child_events")
        ),
        "satisfaction_ratings": Whose(
            "requester_id", part_of={"ticket_id": "tickets.id"}, mentions=("assignee_id",)
        ),
    },
    settings=("base_url", "email", "api_token"),
    sandbox={
        "email": "agent@sandbox.example",
        "api_token": "sandbox",
        "topic_field": TOPIC_FIELD,
    },
)
