"""Intercom: conversations and what was said in them, ratings, contacts, teammates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from logging import getLogger
from typing import Any

import dlt
import pyarrow as pa
import pyarrow.compute as pc
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import SinglePagePaginator

from ingestion.client import session
from ingestion.connector import Connector, Table, Whose
from ingestion.connectors.intercom.paging import (
    changed_since,
    everything,
    keep_to_quota,
    pages,
)
from ingestion.connectors.intercom.tables import ADMINS, CONTACTS, CONVERSATIONS, TABLES
from ingestion.landing import Page, Scope, end_of
from ingestion.window import clock, is_due, window

# The search index trails the records by minutes.
INDEXING_LAG = timedelta(hours=1)
# What is archived, deleted or merged leaves every list without a word; only a whole reading tells.
READ_WHOLE_EVERY = timedelta(days=7)
MOST_PARTS = 500

Row = dict[str, Any]

log = getLogger(__name__)


@dlt.source(name="intercom", section="intercom")
def intercom_source(
    base_url: str = dlt.config.value,
    access_token: str = dlt.secrets.value,
    api_version: str = "2.15",
    brand_attribute: str = "Brand",
    topic_attribute: str | None = None,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the Intercom tables this house models.

    `brand_attribute` and `topic_attribute` name the conversation attributes that tell the brand
    and the topic; no other lands. `as_of` is the run's clock: ISO 8601 with an offset, the present
    by default.
    """
    workspace = Workspace(
        client=RESTClient(
            base_url=base_url,
            headers={"Intercom-Version": api_version, "Accept": "application/json"},
            auth=BearerTokenAuth(access_token),
            session=session(base_url, keep_to_quota),
        ),
        now=clock(as_of),
        attributes={"brand": brand_attribute, "topic": topic_attribute},
    )
    yield dlt.resource(admins, name="admins")(workspace)
    yield dlt.resource(contacts, name="contacts")(workspace)
    searched = dlt.resource(conversations, name="conversations")(workspace)
    yield searched
    yield conversation_parts(workspace, searched)


@dataclass(slots=True)
class Workspace:
    """What one run reads of one workspace."""

    client: RESTClient
    now: datetime
    attributes: dict[str, str | None]
    # From when on changed conversations are opened; None opens them all.
    opened_since: datetime | None = None


def admins(workspace: Workspace) -> Iterator[list[Row] | Page]:
    """Yield all teammates; who is not listed was removed."""
    yield from workspace.client.paginate(
        "admins", paginator=SinglePagePaginator(), data_selector="admins"
    )
    yield end_of(ADMINS, Scope({}, "removed"))


def contacts(workspace: Workspace) -> Iterator[list[Row] | Page]:
    """Yield the contacts that changed, or all of them."""
    with window(workspace.now, INDEXING_LAG) as read:
        yield from found(workspace, CONTACTS, "data", read.since)


def conversations(workspace: Workspace) -> Iterator[list[Row] | Page]:
    """Yield the conversations that changed, or all of them."""
    with window(workspace.now, INDEXING_LAG) as read:
        workspace.opened_since = read.since
        for page in found(workspace, CONVERSATIONS, "conversations", read.since):
            if isinstance(page, Page):
                yield page
            else:
                yield [declared(row, workspace.attributes) for row in page]


def found(
    workspace: Workspace, table: Table, rows: str, since: datetime | None
) -> Iterator[list[Row] | Page]:
    """Yield what a search finds: what changed, and from time to time all there is."""
    state = dlt.current.resource_state()
    whole = is_due(state.get("read_whole"), workspace.now, READ_WHOLE_EVERY)
    yield from workspace.client.paginate(
        f"{table.name}/search",
        method="POST",
        json=everything() if whole or since is None else changed_since(since),
        paginator=pages(),
        data_selector=rows,
    )
    if whole:
        yield end_of(table, Scope({}, "gone", erases=True))
        state["read_whole"] = workspace.now.isoformat()


def conversation_parts(workspace: Workspace, of: DltResource) -> DltResource:
    """Return what was said and done in the conversations of `of` that changed."""

    def parts(landed: "pa.Table | list[Row]") -> Iterator[list[Row]]:
        for id_ in changed(workspace, landed):
            yield opened(workspace.client, id_)

    return dlt.transformer(parts, data_from=of, name="conversation_parts")


def changed(workspace: Workspace, landed: "pa.Table | list[Row]") -> list[str]:
    """Return the ids of a page that changed, without rows that were set aside."""
    if isinstance(landed, list):
        return [row["id"] for row in landed]
    if "state" not in landed.column_names:
        return []
    if workspace.opened_since:
        since = workspace.opened_since.replace(microsecond=0)  # the vendor's times are seconds
        landed = landed.filter(pc.greater_equal(landed["updated_at"], pa.scalar(since)))
    return landed["id"].to_pylist()


def opened(client: RESTClient, id_: str) -> list[Row]:
    """Return the messages and events of a conversation; none of one that was just deleted."""
    answer = client.get(f"conversations/{id_}", params={"display_as": "plaintext"})
    if answer.status_code == HTTPStatus.NOT_FOUND:
        return []
    answer.raise_for_status()
    conversation = answer.json()
    parts = conversation["conversation_parts"]
    if parts["total_count"] > MOST_PARTS:
        log.warning("intercom: conversation %s has more parts than are given out", id_)
    later = [part | {"conversation_id": id_} for part in parts["conversation_parts"]]
    return [opening(conversation), *later]


def opening(conversation: Row) -> Row:
    """Return the first message of a conversation as a part of it; the vendor keeps it apart."""
    begun = conversation["created_at"]
    return conversation["source"] | {
        "id": f"{conversation['id']}:source",
        "conversation_id": conversation["id"],
        "part_type": "opening",
        "created_at": begun,
        "updated_at": begun,
    }


def declared(conversation: Row, attributes: dict[str, str | None]) -> Row:
    """Put what lies in lists and free attributes where the table looks for it."""
    given = conversation.pop("custom_attributes", None) or {}
    contacts = (conversation.get("contacts") or {}).get("contacts") or [{}]
    tags = (conversation.get("tags") or {}).get("tags") or []
    picked = {name: given.get(attribute) for name, attribute in attributes.items() if attribute}
    return conversation | picked | {
        "contact_id": contacts[0].get("id"),
        "tags": [tag["name"] for tag in tags],
    }  # fmt: skip


connector = Connector(
    name="intercom",
    title="Intercom",
    tables=TABLES,
    source=intercom_source,
    whose={
        "admins": Whose("id"),
        "contacts": Whose("id"),
        "conversations": Whose("contact_id", mentions=("admin_assignee_id", "rating_contact_id")),
        "conversation_parts": Whose(
            part_of={"conversation_id": "conversations.id"},
            mentions=("author_id", "assigned_to_id"),
        ),
    },
    settings=("base_url", "access_token"),
    sandbox={"access_token": "sandbox", "topic_attribute": "Topic"},
)
