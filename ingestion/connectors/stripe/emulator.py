"""Stripe as its public specification shows it, over the sandbox's world.

Credential: the key `rk_live_sandbox`, or `rk_test_sandbox`, which is shown the same as test data.
Who buys or gives with an address is a customer; visits and sign-ups are paid by guests.
"""

import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import numpy as np
import pandas as pd
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ingestion.connectors.stripe import wire
from ingestion.connectors.stripe.wire import Row
from ingestion.sandbox import shop
from ingestion.sandbox.refusal import Refused
from ingestion.sandbox.wire import Derived, Tables, rows, seconds

KEYS = {"Bearer rk_live_sandbox": True, "Bearer rk_test_sandbox": False}
DEFAULT_LIST, LARGEST_LIST, MOST_TYPES = 10, 100, 20
KEPT_SECONDS = 30 * 86_400
WITH_ACCOUNT = ("order", "donation")
MEMBERSHIPS = ("member", "season_ticket_holder")  # what is paid for; a child's card is not
DISPUTED_ONE_IN = 8

INVALID = "invalid_request_error"
ERROR_BODIES: dict[int, dict[str, Any]] = {
    400: {"error": {"type": INVALID, "message": "Received unknown parameter"}},
    401: {"error": {"type": INVALID, "message": "Invalid API Key provided: rk_live_*******"}},
    403: {
        "error": {
            "type": INVALID,
            "code": "more_permissions_required",
            "message": "The provided key does not have the required permissions.",
        }
    },
    404: {"error": {"type": INVALID, "message": "Unrecognized request URL."}},
    429: {
        "error": {"type": INVALID, "code": "rate_limit", "message": "Request rate limit exceeded."}
    },
    500: {"error": {"type": "api_error", "message": "Something went wrong on Stripe's end."}},
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Objects of one kind as they are listed: newest first."""

    objects: list[Row]
    created: np.ndarray
    place: dict[str, int]


def shelf(objects: list[Row]) -> Shelf:
    """Sort objects as Stripe lists them."""
    objects = sorted(objects, key=lambda told: (told["created"], told["id"]), reverse=True)
    created = np.array([told["created"] for told in objects], dtype=np.int64)
    return Shelf(objects, created, {told["id"]: n for n, told in enumerate(objects)})


def books(tables: Tables) -> dict[str, Shelf]:
    """Arrange the world's tables as Stripe holds them."""
    now = max(seconds(frame["visible_from"]).max() for frame in tables.values() if len(frame))
    orders = charges_of(tables["orders"], tables["erasures"])
    members = members_of(tables["memberships_file"], now)
    charges, subscriptions = rows(orders), rows(members)
    paid = ["customer_id", "person_uid", "email", "name", "created", "changed"]
    payers = pd.concat([orders[paid], members[paid]])
    customers = rows(shop.accounts(payers, "customer_id", tables["erasures"]))
    happened = [
        *events_of_customers(customers),
        *events_of_charges(charges),
        *events_of_subscriptions(subscriptions),
    ]
    kept = {
        "customers": [wire.customer(row) for row in customers if row["erased"] is None],
        "charges": [wire.charge(row) for row in charges],
        "refunds": [wire.refund(row) for row in charges if row["refunded"]],
        "disputes": [wire.dispute(row) for row in charges if row["disputed"]],
        "subscriptions": [wire.subscription(row) for row in subscriptions],
        "events": [
            wire.event(kind, created, told)
            for kind, created, told in happened
            if created >= now - KEPT_SECONDS
        ],
    }
    return {name: shelf(objects) for name, objects in kept.items()}


def charges_of(orders: pd.DataFrame, erasures: pd.DataFrame) -> pd.DataFrame:
    """Return the orders as charges: who paid, what was given back, what a bank took back."""
    frame = orders.assign(charge_id="ch_" + orders["order_id"])
    frame["currency"] = frame["currency"].str.lower()
    frame["created"], frame["changed"] = seconds(frame["ordered_at"]), shop.changed(frame)
    is_disputed = frame["order_id"].map(lambda id_: zlib.crc32(id_.encode()) % DISPUTED_ONE_IN == 0)
    back = frame["refunded_amount"].where(frame["status"] == "refunded", 0.0)
    frame["refunded"] = back.where(~is_disputed, 0.0)
    frame["disputed"] = back.where(is_disputed, 0.0)
    gone = shop.erased_at(frame, erasures)
    has_account = frame["kind"].isin(WITH_ACCOUNT) & ~(frame["ordered_at"] > gone)
    ids = "cus_" + shop.digests(frame["email"])
    frame["customer_id"] = ids.where(has_account & frame["email"].notna(), None)
    for name in ("email", "name"):  # what Stripe redacts on request
        frame[name] = frame[name].where(gone.isna(), None)
    return frame.astype({"customer_id": object})


def members_of(register: pd.DataFrame, now: int) -> pd.DataFrame:
    """Return the paid memberships of those with an address as subscriptions."""
    frame = register[register["kind"].isin(MEMBERSHIPS) & register["email"].notna()].copy()
    frame["customer_id"] = "cus_" + shop.digests(frame["email"])
    frame["changed"] = shop.changed(frame)
    frame["started"] = seconds(pd.to_datetime(frame["valid_from"], utc=True))
    # It can not have been made after it was changed, however late the register was written.
    frame["created"] = np.minimum(frame["started"], frame["changed"])
    ends = seconds(pd.to_datetime(frame["valid_to"], utc=True))
    frame["ended"] = pd.Series(ends, index=frame.index, dtype="Int64").where(ends <= now)
    return frame


def events_of_customers(customers: list[Row]) -> Iterator[tuple[str, int, Row]]:
    """Yield what happened to customers: type, second, object."""
    for row in customers:
        yield "customer.updated", row["changed"], wire.customer(row)
        if row["erased"] is not None:
            yield "customer.deleted", row["erased"], wire.customer(row)


def events_of_charges(charges: list[Row]) -> Iterator[tuple[str, int, Row]]:
    """Yield what happened to charges, each time with the object as it was then."""
    for row in charges:
        if row["status"] == "paid":
            yield "charge.succeeded", row["changed"], wire.charge(row)
            continue
        before = row | {"status": "paid", "refunded": 0.0, "disputed": 0.0}
        yield "charge.succeeded", row["created"], wire.charge(before)
        yield "charge.refunded", row["changed"], wire.charge(row)
        if row["refunded"]:
            yield "refund.created", row["changed"], wire.refund(row)
        if row["disputed"]:
            yield "charge.dispute.closed", row["changed"], wire.dispute(row)


def events_of_subscriptions(subscriptions: list[Row]) -> Iterator[tuple[str, int, Row]]:
    """Yield what happened to subscriptions; they end without anybody's doing."""
    for row in subscriptions:
        running = row | {"ended": None}
        yield "customer.subscription.updated", row["changed"], wire.subscription(running)
        if row["ended"] is not None:
            yield "customer.subscription.deleted", row["ended"], wire.subscription(row)


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`; `faults.quota` is how many requests a second it serves."""
    account = Account(Derived(tables, books), Quota(getattr(faults, "quota", None)))
    return Starlette(
        routes=[Route("/v1/{kind}", account.list)],
        exception_handlers={Refused: refuse, 404: refuse},
    )


@dataclass(frozen=True, slots=True)
class Account:
    """The lists of one account."""

    current: Callable[[], dict[str, Shelf]]
    quota: "Quota"

    async def list(self, request: Request) -> JSONResponse:
        is_live = KEYS.get(request.headers.get("authorization", ""))
        if is_live is None:
            raise Refused(401)
        self.quota.spend()
        kind, offered = request.path_params["kind"], self.current()
        if kind not in offered:
            raise Refused(404)
        shown = np.flatnonzero(_matches(request, kind, offered[kind]))
        start = int(np.searchsorted(shown, _after(request, offered[kind])))
        stop = start + _limit(request)
        page = [wire.in_mode(offered[kind].objects[n], is_live) for n in shown[start:stop]]
        body = {"object": "list", "url": f"/v1/{kind}", "has_more": stop < len(shown), "data": page}
        headers = {"Request-Id": f"req_{uuid4().hex[:14]}"}
        if version := request.headers.get("stripe-version"):
            headers["Stripe-Version"] = version
        return JSONResponse(body, headers=headers)


async def refuse(request: Request, refused: Exception) -> Response:
    """Return the vendor's own answer to a request that it does not serve."""
    assert isinstance(refused, HTTPException)
    headers = {"Request-Id": f"req_{uuid4().hex[:14]}"}
    return JSONResponse(ERROR_BODIES[refused.status_code], refused.status_code, headers)


@dataclass(slots=True)
class Quota:
    """Requests a second; without a limit nobody is refused."""

    limit: int | None = None
    second: int = 0
    used: int = 0

    def spend(self) -> None:
        now = int(time.time())
        if now != self.second:
            self.second, self.used = now, 0
        self.used += 1
        if self.limit is not None and self.used > self.limit:
            raise Refused(429)


COMPARED: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "gte": lambda created, asked: created >= asked,
    "gt": lambda created, asked: created > asked,
    "lte": lambda created, asked: created <= asked,
    "lt": lambda created, asked: created < asked,
}


def _matches(request: Request, kind: str, listed: Shelf) -> np.ndarray:
    asked = request.query_params
    matches = np.ones(len(listed.objects), dtype=bool)
    for name, compare in COMPARED.items():
        if f"created[{name}]" in asked:
            matches &= compare(listed.created, int(asked[f"created[{name}]"]))
    types = set(asked.getlist("types[]"))
    if len(types) > MOST_TYPES:
        raise Refused(400)
    if kind == "events" and types:
        matches &= np.array([told["type"] in types for told in listed.objects], dtype=bool)
    if kind == "subscriptions" and asked.get("status") != "all":
        matches &= np.array([told["ended_at"] is None for told in listed.objects], dtype=bool)
    return matches


def _after(request: Request, listed: Shelf) -> int:
    """Return from where to go on; an object that is gone is no place to go on from."""
    cursor = request.query_params.get("starting_after")
    if cursor is None:
        return 0
    if cursor not in listed.place:
        raise Refused(400)
    return listed.place[cursor] + 1


def _limit(request: Request) -> int:
    limit = int(request.query_params.get("limit", DEFAULT_LIST))
    if not 0 < limit <= LARGEST_LIST:
        raise Refused(400)
    return limit
