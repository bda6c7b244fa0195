"""Stripe: customers, charges, what was paid back, subscriptions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from ingestion.client import session
from ingestion.connector import Connector, Whose
from ingestion.connectors.stripe.tables import TABLES
from ingestion.landing import Page, Scope, end_of
from ingestion.window import clock

PAGE = 100
API_VERSION = "2025-09-30.clover"
# Events show up a little after what they tell of; nobody says by how much.
LOOKBACK = timedelta(hours=1)
# Stripe keeps events for 30 days; a day of it is left as a margin.
EVENTS_REACH = timedelta(days=29)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A table of Stripe's objects: what they call themselves, and which events tell of changes.

    `erases` says that one which is gone may be a person who asked for it. One request takes twenty
    types of events at most.
    """

    name: str
    object: str
    events: tuple[str, ...]
    asked: dict[str, str] = field(default_factory=dict)
    erases: bool = False


KINDS = (
    Kind(
        "customers",
        "customer",
        events=("customer.created", "customer.updated", "customer.deleted"),
        erases=True,
    ),
    Kind(
        "charges",
        "charge",
        events=(
            "charge.captured",
            "charge.expired",
            "charge.failed",
            "charge.pending",
            "charge.refunded",
            "charge.succeeded",
            "charge.updated",
        ),
    ),
    Kind(
        "refunds",
        "refund",
        events=("refund.created", "refund.failed", "refund.updated", "charge.refund.updated"),
    ),
    Kind(
        "disputes",
        "dispute",
        events=(
            "charge.dispute.closed",
            "charge.dispute.created",
            "charge.dispute.funds_reinstated",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.updated",
        ),
    ),
    Kind(
        "subscriptions",
        "subscription",
        events=(
            "customer.subscription.created",
            "customer.subscription.deleted",
            "customer.subscription.paused",
            "customer.subscription.resumed",
            "customer.subscription.updated",
        ),
        asked={"status": "all"},  # without it ended ones are left out
    ),
)


@dlt.source(name="stripe", section="stripe")
def stripe_source(
    base_url: str = dlt.config.value,
    api_key: str = dlt.secrets.value,
    api_version: str = API_VERSION,
    kind_key: str | None = None,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the Stripe tables this house models.

    `kind_key` is the key of a charge's metadata that says what was paid for; no other metadata
    lands. `as_of` is the run's clock: ISO 8601 with an offset, the present by default.
    """
    now = clock(as_of)
    client = RESTClient(
        base_url=base_url,
        headers={"Stripe-Version": api_version},
        auth=BearerTokenAuth(api_key),
        session=session(base_url),
        paginator=JSONResponseCursorPaginator(
            cursor_path="data[-1].id", cursor_param="starting_after", has_more_path="has_more"
        ),
        data_selector="data",
    )
    shapes = {"charges": charge(kind_key), "subscriptions": subscription}
    for kind in KINDS:
        shape = shapes.get(kind.name, as_it_is)
        yield dlt.resource(objects, name=kind.name)(client, kind, shape, now)


def objects(
    client: RESTClient, kind: Kind, shape: Callable[[Row], Row], now: datetime
) -> Iterator[list[Row] | Page]:
    """Yield every object in the first run, later what is new and what events say has changed.

    Where the last run is further back than events reach, everything is read again, and what is no
    longer listed is gone. Up to when was read is the run's own clock, fixed before it asks.
    """
    state = dlt.current.resource_state()
    until = int(now.timestamp())
    since = state.get("read_until", 0) - int(LOOKBACK.total_seconds())
    if since < until - EVENTS_REACH.total_seconds():
        for page in listed(client, kind, until):
            yield [shape(row) for row in page]
        if "read_until" in state:
            yield end_of(connector.table(kind.name), Scope({}, "vanished", erases=kind.erases))
    else:
        for page in changed(client, kind, since, until):
            yield [gone(kind) | row if "_deleted_reason" in row else shape(row) for row in page]
    state["read_until"] = until


def listed(client: RESTClient, kind: Kind, until: int, **asked: int) -> Iterator[list[Row]]:
    """Yield objects as they are now, newest first, walked by the id of the last one."""
    window = {"limit": PAGE, "created[lte]": until, **kind.asked}
    yield from client.paginate(f"v1/{kind.name}", params={**window, **asked})


def changed(client: RESTClient, kind: Kind, since: int, until: int) -> Iterator[list[Row]]:
    """Yield what is new as it is listed, then what changed as its newest event shows it.

    Both come newest first, and a list is younger than any event: what was seen is not taken again.
    """
    seen: set[str] = set()
    for page in listed(client, kind, until, **{"created[gte]": since}):
        seen.update(row["id"] for row in page)
        yield page
    window = {"limit": PAGE, "created[gte]": since, "created[lte]": until}
    for page in client.paginate("v1/events", params={**window, "types[]": list(kind.events)}):
        newest: dict[str, Row] = {}
        for event in page:
            told = event["data"]["object"]
            if told["object"] == kind.object and told["id"] not in seen:
                is_gone = event["type"] == f"{kind.object}.deleted"
                newest.setdefault(told["id"], deleted(told) if is_gone else told)
        seen.update(newest)
        yield list(newest.values())


def deleted(told: Row) -> Row:
    """Return what may be kept of an object that was deleted: whoever it was may have asked."""
    kept = {key: told.get(key) for key in ("id", "livemode", "created")}
    return kept | {"_deleted_reason": "deleted"}


def gone(kind: Kind) -> Row:
    """Return a row of a table without a value, for what a deleted object no longer says."""
    columns = connector.table(kind.name).columns.items()
    return dict.fromkeys((column.path or name).split(".")[0] for name, column in columns)


def as_it_is(row: Row) -> Row:
    """Return an object whose columns stand where Stripe puts them."""
    return row


def charge(kind_key: str | None) -> Callable[[Row], Row]:
    """Return a step that keeps the declared metadata, and who paid only where no customer says."""

    def shape(row: Row) -> Row:
        metadata: Row = row.pop("metadata", None) or {}
        billed = None if row.get("customer") else row.get("billing_details")
        kind = metadata.get(kind_key) if kind_key else None
        return row | {"kind": kind, "billing_details": billed}

    return shape


def subscription(row: Row) -> Row:
    """Put the products of a subscription's items into one list."""
    items = (row.pop("items", None) or {}).get("data", [])
    products = {(item.get("price") or item.get("plan") or {}).get("product") for item in items}
    return row | {"products": sorted(product for product in products if product)}


connector = Connector(
    name="stripe",
    title="Stripe",
    tables=TABLES,
    source=stripe_source,
    whose={
        "customers": Whose("id"),
        "charges": Whose(
            "coalesce(customer_id, 'guest:' || md5(lower(nullif(trim(guest_email), ''))))"
        ),
        "refunds": Whose(part_of={"charge_id": "charges.id"}),
        "disputes": Whose(part_of={"charge_id": "charges.id"}),
        "subscriptions": Whose("customer_id"),
    },
    settings=("base_url", "api_key"),
    sandbox={"api_key": "rk_live_sandbox", "kind_key": "kind"},
)
