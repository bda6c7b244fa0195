"""Lever: who applied, through which stages each application went, what was offered."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import HttpBasicAuth
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator
from requests import HTTPError

from ingestion.client import session
from ingestion.connector import Connector, Table, Whose
from ingestion.connectors.lever.tables import ARCHIVE_REASONS, OFFERS, OPPORTUNITIES, STAGES, TABLES
from ingestion.landing import Page, Scope, end_of
from ingestion.window import Window, clock, window

PAGE = 100
# How late a list may show a change; nobody says.
LAG = timedelta(hours=1)
# Nothing more happens to an offer with one of these.
SETTLED = {"signed", "denied", "deprecated"}
PERSONAL = ("name", "emails", "phones")

Row = dict[str, Any]


@dlt.source(name="lever", section="lever")
def lever_source(
    base_url: str = dlt.config.value,
    api_key: str = dlt.secrets.value,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the Lever tables this house models.

    `as_of` is the run's clock: ISO 8601 with an offset, the present by default.
    """
    now = clock(as_of)
    client = RESTClient(
        base_url,
        auth=HttpBasicAuth(api_key, ""),
        session=session(base_url),
        # `next` comes percent-encoded and goes back as it came.
        paginator=JSONResponseCursorPaginator(cursor_path="next", cursor_param="offset"),
        data_selector="data",
    )
    yield dlt.resource(full_list, name=STAGES.name)(client, STAGES)
    yield dlt.resource(full_list, name=ARCHIVE_REASONS.name)(client, ARCHIVE_REASONS)
    yield dlt.resource(opportunities, name=OPPORTUNITIES.name)(client, now)
    yield dlt.resource(offers, name=OFFERS.name)(client, now)


def full_list(client: RESTClient, table: Table) -> Iterator[list[Row] | Page]:
    """Yield a list that the vendor does not tell changes of; what left it was removed."""
    yield from listed(client, table.name)
    yield end_of(table, Scope({}, "removed"))


def opportunities(client: RESTClient, now: datetime) -> Iterator[list[Row]]:
    """Yield the opportunities that changed, then, as tombstones, those that were deleted."""
    with window(now, LAG) as read:
        for page in changed(client, read):
            yield [declared(row) for row in page]
        if read.since:
            since = milliseconds(read.since)
            for page in listed(client, "opportunities/deleted", deleted_at_start=since):
                yield [deleted(row) for row in page]


def offers(client: RESTClient, now: datetime) -> Iterator[list[Row] | Page]:
    """Yield the offers of the opportunities that changed, and of those with an unsettled one.

    Nobody promises that an offer which is opened or signed changes its opportunity.
    """
    state = dlt.current.resource_state()
    waiting: list[str] = []
    with window(now, LAG) as read:
        for opportunity, is_open in asked_for(client, read, state.get("waiting", [])):
            found = offers_of(client, opportunity)
            yield found
            if read.since:
                yield end_of(OFFERS, Scope({"opportunity_id": opportunity}, "removed"))
            if is_open and any(offer.get("status") not in SETTLED for offer in found):
                waiting.append(opportunity)
        state["waiting"] = waiting


def asked_for(
    client: RESTClient, read: Window, waiting: Iterable[str]
) -> Iterator[tuple[str, bool]]:
    """Yield each opportunity whose offers are due, once, and whether it is still open."""
    seen: set[str] = set()
    for page in changed(client, read):
        for row in page:
            if row.get("id") and row["id"] not in seen:
                seen.add(row["id"])
                yield row["id"], not row.get("archived")
    # What is archived has changed, so the others are as they were.
    yield from ((opportunity, True) for opportunity in waiting if opportunity not in seen)


def offers_of(client: RESTClient, opportunity: str) -> list[Row]:
    """Return the offers of an opportunity; none of one that was just deleted."""
    try:
        pages = list(listed(client, f"opportunities/{opportunity}/offers"))
    except HTTPError as refused:
        if refused.response is None or refused.response.status_code != HTTPStatus.NOT_FOUND:
            raise
        return []
    return [row | {"opportunity_id": opportunity} for page in pages for row in page]


def changed(client: RESTClient, read: Window) -> Iterator[list[Row]]:
    """Yield what changed, or all there is: what never changed since Lever dates it has no date."""
    since = {"updated_at_start": milliseconds(read.since)} if read.since else {}
    yield from listed(client, "opportunities", **since)


def listed(client: RESTClient, path: str, **asked: int) -> Iterator[list[Row]]:
    """Yield the pages of a list."""
    yield from client.paginate(f"v1/{path}", params={"limit": PAGE, **asked})


def milliseconds(moment: datetime) -> int:
    """Return a time as Lever counts it."""
    return int(moment.timestamp() * 1000)


def declared(row: Row) -> Row:
    """Leave out who moved the opportunity, and whom it is of once it is anonymised."""
    moves = [
        {"stage_id": move.get("toStageId"), "entered_at": move.get("updatedAt")}
        for move in row.get("stageChanges") or []
    ]
    phones = [phone.get("value") for phone in row.get("phones") or []]
    spoken = row | {"stageChanges": moves, "phones": phones}
    return spoken | dict.fromkeys(PERSONAL) if row.get("isAnonymized") else spoken


def deleted(row: Row) -> Row:
    """Return what may be kept of an opportunity that was deleted: whoever it was may have asked.

    It is as new as its deletion, so that no row that was read just before outlives it.
    """
    columns = OPPORTUNITIES.columns.items()
    kept = {key: row.get(key) for key in ("id", "contact", "createdAt")}
    return {
        **dict.fromkeys((column.path or name).split(".")[0] for name, column in columns),
        **kept,
        "updatedAt": row.get("deletedAt"),
        "_deleted_reason": "deleted",
    }


connector = Connector(
    name="lever",
    title="Lever",
    tables=TABLES,
    source=lever_source,
    whose={
        "opportunities": Whose("contact_id"),
        "offers": Whose(part_of={"opportunity_id": "opportunities.id"}),
    },
    settings=("base_url", "api_key"),
    sandbox={"api_key": "sandbox"},
)
