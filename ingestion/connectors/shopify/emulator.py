"""Shopify's GraphQL Admin API as documented, over the sandbox's world.

Credential: the token `shpat_sandbox`; `shpat_recent` sees the orders of the last 60 days only.
Every buyer with an address is a customer, as Shopify makes one of each checkout.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import numpy as np
import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ingestion.connectors.shopify import wire
from ingestion.sandbox import shop
from ingestion.sandbox.clock import stamps
from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, ForgedCursor, Rows, Tables, seal, seconds, unseal

SCOPES = {
    "shpat_sandbox": ("read_customers", "read_orders", "read_all_orders"),
    "shpat_recent": ("read_customers", "read_orders"),
}
RECENT_SECONDS = 60 * 86_400
LARGEST_PAGE, LARGEST_COST = 250, 1000
POINTS, POINTS_BACK_IN = 4000, 20  # seconds until an empty account is full again
OLDEST_VERSION = "2026-01"

ERROR_BODIES: dict[int, dict[str, Any]] = {
    400: {"errors": {"query": "Required parameter missing or invalid"}},
    401: {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"},
    403: {"errors": "[API] This action requires merchant approval for read_orders scope."},
    404: {"errors": "Not Found"},
    429: {"errors": "Exceeded 2 calls per second for api client."},
    500: {"errors": "Internal Server Error"},
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The records of one kind, sorted by the second of their last change, then by id."""

    kind: str
    rows: Rows
    id: np.ndarray
    changed: np.ndarray
    created: np.ndarray

    def page(self, positions: np.ndarray) -> list[dict[str, Any]]:
        speak = {"customers": wire.customer, "orders": wire.order}[self.kind]
        return [speak(row) for row in self.rows[positions]]


def shelves(tables: Tables) -> dict[str, Shelf]:
    """Arrange the world's tables as Shopify holds them."""
    orders, erasures = tables["orders"].copy(), tables["erasures"]
    numbers = shop.digests(orders["order_id"]).map(lambda digits: int(digits, 16) >> 12)
    orders["number"] = numbers.astype("int64")
    buyers = shop.digests(orders["email"]).map(lambda digits: int(digits, 16) >> 12)
    orders["customer_id"] = buyers.astype("Int64").where(orders["email"].notna())
    orders["created"], orders["changed"] = seconds(orders["ordered_at"]), shop.changed(orders)
    customers = shop.accounts(orders, "customer_id", erasures)
    is_erased = customers["erased"].notna()
    for name in ("email", "name"):
        customers[name] = customers[name].where(~is_erased, None)
    customers["changed"] = customers[["changed", "erased"]].max(axis=1).astype("int64")
    states = np.array(["SUBSCRIBED", "NOT_SUBSCRIBED", "UNSUBSCRIBED"], dtype=object)
    customers["marketing"] = states[customers["customer_id"].astype("int64") % len(states)]
    return {
        "orders": _shelf("orders", orders, "number"),
        "customers": _shelf("customers", customers, "customer_id"),
    }


def _shelf(kind: str, frame: pd.DataFrame, key: str) -> Shelf:
    frame = frame.sort_values(["changed", key]).reset_index(drop=True)
    for name in ("created", "changed"):
        frame[name] = frame[name].astype("int64")
    shown = frame.assign(
        created_at=stamps(frame["created"].to_numpy()),
        updated_at=stamps(frame["changed"].to_numpy()),
    )
    ids = frame[key].to_numpy(dtype=np.int64)
    return Shelf(kind, Rows(shown), ids, frame["changed"].to_numpy(), frame["created"].to_numpy())


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`; `faults.quota` is how many points the account holds."""
    account = Account(Derived(tables, shelves), Bucket(getattr(faults, "quota", None) or POINTS))
    path = "/admin/api/{version}/graphql.json"
    return Starlette(
        routes=[Route(path, account.answer, methods=["POST"])],
        exception_handlers=refusing(ERROR_BODIES),
    )


@dataclass(slots=True)
class Bucket:
    """Points that queries are paid with and that come back with time."""

    maximum: float
    left: float = float("inf")
    at: float = 0.0

    def spend(self, requested: int) -> bool:
        """Tell whether a query could be paid for, and pay for it."""
        now = time.monotonic()
        self.left = min(self.maximum, self.left + (now - self.at) * self.rate)
        self.at = now
        can = requested <= self.left
        self.left -= requested if can else 0
        return can

    @property
    def rate(self) -> float:
        return self.maximum / POINTS_BACK_IN

    def told(self, requested: int, actual: int | None) -> dict[str, Any]:
        """Return what an answer says of its cost; what was not needed comes back at once."""
        if actual is not None:
            self.left = min(self.maximum, self.left + requested - actual)
        status = {
            "maximumAvailable": self.maximum,
            "currentlyAvailable": int(self.left),
            "restoreRate": self.rate,
        }
        cost = {"requestedQueryCost": requested, "actualQueryCost": actual}
        return {"cost": cost | {"throttleStatus": status}}


@dataclass(frozen=True, slots=True)
class Account:
    """The one endpoint of a shop."""

    current: Callable[[], dict[str, Shelf]]
    bucket: Bucket

    async def answer(self, request: Request) -> JSONResponse:
        token = request.headers.get("x-shopify-access-token", "")
        if token not in SCOPES:
            raise Refused(401)
        asked = await request.json()
        served = max(request.path_params["version"], OLDEST_VERSION)
        headers = {"X-Shopify-API-Version": served, "X-Request-ID": str(uuid4())}
        return JSONResponse(self._body(token, asked["query"], asked["variables"]), headers=headers)

    def _body(self, token: str, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        [(name, tree)] = wire.fields(query).items()
        requested = 2 + variables.get("first", 0)
        if variables.get("first", 0) > LARGEST_PAGE:
            return _wrong(f"first cannot be over {LARGEST_PAGE}", "BAD_REQUEST")
        if requested > LARGEST_COST:
            return _wrong("Query cost exceeds the limit", "MAX_COST_EXCEEDED")
        if not self.bucket.spend(requested):
            return _wrong("Throttled", "THROTTLED") | {
                "extensions": self.bucket.told(requested, None)
            }
        try:
            found = self._found(token, name, variables)
            data = {name: wire.taken(found, tree, name)}
        except wire.UnknownField as unknown:
            return _wrong(str(unknown), "undefinedField")
        except ForgedCursor:
            return _wrong("Invalid cursor for current pagination sort.", "BAD_REQUEST")
        actual = 2 + len(found.get("nodes", []))
        return {"data": data, "extensions": self.bucket.told(requested, actual)}

    def _found(self, token: str, name: str, variables: dict[str, Any]) -> dict[str, Any]:
        if name == "currentAppInstallation":
            return {"accessScopes": [{"handle": handle} for handle in SCOPES[token]]}
        shelf = self.current().get(name)
        if shelf is None:
            raise wire.UnknownField(name, "QueryRoot")
        matches = np.flatnonzero(_matches(shelf, token, variables.get("filter") or ""))
        start = int(np.searchsorted(matches, _after(shelf, variables.get("after"))))
        page = matches[start : start + variables["first"]]
        end = seal(f"{shelf.changed[page[-1]]}|{shelf.id[page[-1]]}") if len(page) else None
        more = start + len(page) < len(matches)
        return {"nodes": shelf.page(page), "pageInfo": {"hasNextPage": more, "endCursor": end}}


def _wrong(message: str, code: str) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": code}}]}


def _matches(shelf: Shelf, token: str, text: str) -> np.ndarray:
    matches = np.ones(len(shelf.id), dtype=bool)
    for operator, moment in re.findall(r"updated_at:(>=|<=)'([^']+)'", text):
        second = int(pd.Timestamp(moment).timestamp())
        matches &= shelf.changed >= second if operator == ">=" else shelf.changed <= second
    if shelf.kind == "orders" and "read_all_orders" not in SCOPES[token] and len(shelf.id):
        matches &= shelf.created >= shelf.changed.max() - RECENT_SECONDS
    return matches


def _after(shelf: Shelf, cursor: str | None) -> int:
    """Return the position after a cursor; the record it was made of may have moved on."""
    if cursor is None:
        return 0
    second, id_ = (int(part) for part in unseal(cursor).split("|"))
    begin, end = np.searchsorted(shelf.changed, [second, second + 1])
    return int(begin + np.searchsorted(shelf.id[begin:end], id_, side="right"))
