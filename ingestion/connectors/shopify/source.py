"""Shopify: customers and orders with what was paid back."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import dlt
from dlt.extract import DltResource

from ingestion.connector import Connector, Table, Whose
from ingestion.connectors.shopify.graphql import Admin, Row, connection
from ingestion.connectors.shopify.tables import MADE_OF, TABLES
from ingestion.landing import Page, Scope, end_of
from ingestion.window import clock, is_due

API_VERSION = "2026-07"
# The search that filters by change trails the records; nobody says by how much.
LOOKBACK = timedelta(hours=1)
# No query tells of customers or orders that were deleted or merged: all are read again this often.
WHOLE_EVERY = timedelta(days=7)
SCOPES = "query scopes { currentAppInstallation { accessScopes { handle } } }"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """One run: up to when it reads, how many rows an answer brings, and what it may see."""

    admin: Admin
    now: datetime
    page_size: int


@dlt.source(name="shopify", section="shopify")
def shopify_source(
    base_url: str = dlt.config.value,
    access_token: str = dlt.secrets.value,
    api_version: str = API_VERSION,
    page_size: int = 100,
    kind_key: str | None = None,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the Shopify tables this house models.

    `page_size` keeps a query under the cost that the shop's plan allows. `kind_key` is the custom
    attribute of an order that says what was paid for; no other lands. `as_of` is the run's clock:
    ISO 8601 with an offset, the present by default.
    """
    now = clock(as_of)
    reading = Reading(Admin(base_url, access_token, api_version), now, page_size)
    for table in TABLES:
        yield dlt.resource(records, name=table.name)(reading, table, kind(kind_key))


def records(
    reading: Reading, table: Table, shape: Callable[[Row], Row]
) -> Iterator[list[Row] | Page]:
    """Yield what changed since the last run; now and then everything, which tells what is gone.

    Both ends of the window are inclusive and fixed before the first request: a record that changes
    during the walk leaves it at the upper end, where the next run begins. Where everything is read
    there is no upper end, so that such a record comes last and is not taken for gone.
    """
    state = dlt.current.resource_state()
    whole_at = state.get("whole_at")
    is_whole = is_due(whole_at, reading.now, WHOLE_EVERY)
    window = None
    if not is_whole:
        since = datetime.fromisoformat(state["read_until"]) - LOOKBACK
        window = changed_between(since, reading.now)
    query = connection(table.name, asked(table))
    pages = reading.admin.pages(table.name, query, first=reading.page_size, filter=window)
    yield from ([shape(row) for row in page] for page in pages)
    if is_whole:
        # A list that is cut short proves nothing, and the first one has nothing to compare with.
        is_complete = table.name != "orders" or sees_all_orders(reading.admin)
        if whole_at and is_complete:
            yield end_of(table, Scope({}, "vanished", erases=True))
        state["whole_at"] = reading.now.isoformat()
    state["read_until"] = reading.now.isoformat()


def asked(table: Table) -> list[str]:
    """Return the paths that a table's columns are made of."""
    return [
        path
        for name, column in table.columns.items()
        for path in MADE_OF.get(name, (column.path or name,))
    ]


def changed_between(since: datetime, until: datetime) -> str:
    """Return the filter for what changed in a window, in whole seconds as Shopify keeps them."""
    first, last = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (since, until))
    return f"updated_at:>='{first}' AND updated_at:<='{last}'"


def sees_all_orders(admin: Admin) -> bool:
    """Tell whether orders older than 60 days are shown too; say so where they are not."""
    granted: list[Row] = admin.ask(SCOPES)["currentAppInstallation"]["accessScopes"]
    sees_all = any(scope["handle"] == "read_all_orders" for scope in granted)
    if not sees_all:
        log.warning("shopify: without the scope read_all_orders only 60 days of orders are shown")
    return sees_all


def kind(kind_key: str | None) -> Callable[[Row], Row]:
    """Return a step that keeps the one declared custom attribute."""

    def shape(row: Row) -> Row:
        attributes: list[Row] = row.pop("customAttributes", None) or []
        kinds = [one["value"] for one in attributes if one["key"] == kind_key]
        return row | {"kind": kinds[0] if kinds else None} if attributes else row

    return shape


connector = Connector(
    name="shopify",
    title="Shopify",
    tables=TABLES,
    source=shopify_source,
    whose={
        "customers": Whose("id"),
        "orders": Whose("customer_id"),
    },
    settings=("base_url", "access_token"),
    sandbox={"access_token": "shpat_sandbox", "kind_key": "kind"},
)
