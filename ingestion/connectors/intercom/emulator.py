"""Intercom as its public specification and recorded answers show it, over the sandbox's world.

Credential: the bearer `sandbox`. Dates in a search of contacts are whole days of the workspace's
zone, as documented; those in a search of conversations are seconds.
"""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ingestion.connectors.intercom import wire
from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, ForgedCursor, Rows, Tables, seal, seconds, unseal

VERSIONS = {"2.13", "2.14", "2.15"}
ZONE = ZoneInfo("America/Los_Angeles")
IN_WHOLE_DAYS = {"contacts"}
LARGEST_PAGE = 150
QUOTA, QUOTA_SECONDS = 1_666, 10


def body(code: str, message: str) -> dict[str, Any]:
    """Return an error as the vendor words it."""
    errors = [{"code": code, "message": message}]
    return {"type": "error.list", "request_id": "sandbox", "errors": errors}


ERROR_BODIES: dict[int, dict[str, Any]] = {
    400: body("parameter_invalid", "The query is not valid"),
    401: body("unauthorized", "Access Token Invalid"),
    403: body("forbidden", "You do not have access to this resource"),
    404: body("not_found", "Resource Not Found"),
    429: body("rate_limit_exceeded", "Exceeded rate limit"),
    500: body("server_error", "Server error"),
    503: body("service_unavailable", "Sorry, the API service is temporarily unavailable"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a search can find: rows, their ids, and the seconds they can be searched by."""

    rows: Rows
    id: np.ndarray
    times: dict[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Content:
    """What a workspace holds."""

    lists: dict[str, Found]
    admins: list[dict[str, Any]]
    events: dict[int, list[dict[str, Any]]]


def content(tables: Tables) -> Content:
    """Return the help desk's world as one workspace; what was deleted or merged is not there."""
    users = tables["support_users"]
    active = users[users["active"].astype(bool)]
    asking = active[active["role"] == "end-user"]
    staff = active[(active["role"] != "end-user") & active["email"].notna()]
    events = tables["ticket_events"].sort_values(["created_at", "event_id"])
    by_ticket: dict[int, list[dict[str, Any]]] = {}
    for event in Rows(events)[:]:
        by_ticket.setdefault(event["ticket_id"], []).append(event)
    lists = {
        "contacts": _found(asking, "user_id", seconds(asking["updated_at"])),
        "conversations": _conversations(tables, events),
    }
    return Content(lists, [wire.admin(row) for row in Rows(staff)[:]], by_ticket)


def _conversations(tables: Tables, events: pd.DataFrame) -> Found:
    ratings = tables["satisfaction_ratings"].rename(
        columns={"updated_at": "rated_at", "requester_id": "rated_by"}
    )[["ticket_id", "score", "comment", "rated_at", "rated_by"]]
    tickets = tables["tickets"]
    frame = tickets[tickets["status"] != "deleted"].merge(ratings, on="ticket_id", how="left")
    last = events.groupby("ticket_id", as_index=False).agg(last_event_at=("created_at", "max"))
    frame = frame.merge(last, on="ticket_id", how="left")
    changed = seconds(frame[["generated_at", "rated_at", "last_event_at"]].max(axis=1))
    frame["rated_by"] = frame["rated_by"].astype("Int64")
    return _found(frame.assign(changed=changed), "ticket_id", changed)


def _found(frame: pd.DataFrame, key: str, changed: np.ndarray) -> Found:
    times = {"created_at": seconds(frame["created_at"]), "updated_at": changed}
    return Found(Rows(frame), frame[key].to_numpy(dtype=np.int64), times)


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`; `faults.quota` is how many requests it serves in 10 s."""
    desk = Desk(Derived(tables, content))
    quota = Quota(getattr(faults, "quota", None))
    routes = [
        Route("/admins", guarded(desk.admins, quota)),
        Route("/contacts/search", guarded(desk.contacts, quota), methods=["POST"]),
        Route("/conversations/search", guarded(desk.conversations, quota), methods=["POST"]),
        Route("/conversations/{id}", guarded(desk.conversation, quota)),
    ]
    return Starlette(routes=routes, exception_handlers=refusing(ERROR_BODIES))


@dataclass(frozen=True, slots=True)
class Desk:
    """The endpoints of one workspace."""

    current: Callable[[], Content]

    def admins(self, request: Request, asked: Any) -> JSONResponse:
        return JSONResponse({"type": "admin.list", "admins": self.current().admins})

    def contacts(self, request: Request, asked: Any) -> JSONResponse:
        return self._search("contacts", wire.contact, "list", "data", asked)

    def conversations(self, request: Request, asked: Any) -> JSONResponse:
        return self._search(
            "conversations", wire.conversation, "conversation.list", "conversations", asked
        )

    def conversation(self, request: Request, asked: Any) -> JSONResponse:
        current = self.current()
        conversations = current.lists["conversations"]
        id_ = request.path_params["id"]
        at = np.flatnonzero(conversations.id.astype(str) == id_).tolist()
        if not at:
            raise Refused(404)
        row = conversations.rows[at][0]
        plain = request.query_params.get("display_as") == "plaintext"
        return JSONResponse(wire.opened(row, current.events.get(int(id_), []), plain))

    def _search(
        self, name: str, speak: Callable[..., Any], kind: str, key: str, asked: Any
    ) -> JSONResponse:
        found = self.current().lists[name]
        if asked["sort"]["order"] != "ascending":
            raise Refused(400)  # the other way round nobody asks here
        by = found.times[asked["sort"]["field"]]
        fits = _fits(found, asked["query"], name in IN_WHOLE_DAYS)
        total, page = int(fits.sum()), 1
        paging = asked["pagination"]
        size = max(1, min(int(paging.get("per_page", 20)), LARGEST_PAGE))
        if cursor := paging.get("starting_after"):
            # Strictly after the row that the page before ended with, wherever that one is by now.
            second, id_, page = _position(cursor)
            fits &= (by > second) | ((by == second) & (found.id > id_))
        order = np.lexsort((found.id, by))
        order = order[fits[order]]
        chosen = order[:size].tolist()
        pages: dict[str, Any] = {
            "type": "pages", "page": page, "per_page": size, "total_pages": -(-total // size),
        }  # fmt: skip
        if len(order) > size:
            last = chosen[-1]
            cursor = seal(f"{by[last]}||{found.id[last]}||{page + 1}")
            pages["next"] = {"page": page + 1, "starting_after": cursor}
        rows = [speak(row) for row in found.rows[chosen]]
        return JSONResponse({"type": kind, key: rows, "total_count": total, "pages": pages})


def _fits(found: Found, query: dict[str, Any], in_days: bool) -> np.ndarray:
    """Return which rows a query finds; a date counts as its whole day where the list does so."""
    if query["operator"] in ("AND", "OR"):
        parts = [_fits(found, part, in_days) for part in query["value"]]
        return (np.logical_and if query["operator"] == "AND" else np.logical_or).reduce(parts)
    if query["field"] not in found.times or query["operator"] not in (">", "<", "="):
        raise Refused(400)
    at, value = found.times[query["field"]], int(query["value"])
    first, after = _day(value) if in_days else (value, value + 1)
    if query["operator"] == "=":
        return (at >= first) & (at < after)
    return at >= after if query["operator"] == ">" else at < first


def _day(second: int) -> tuple[int, int]:
    """Return where the day of the workspace's zone begins that holds a second, and the next."""
    date = datetime.fromtimestamp(second, ZONE).date()
    begins = (
        datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp()
        for day in (date, date + timedelta(days=1))
    )
    first, after = begins
    return int(first), int(after)


def guarded(
    answer: Callable[[Request, Any], JSONResponse], quota: "Quota"
) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Return an endpoint that admits the known credential and versions and counts requests."""

    async def endpoint(request: Request) -> JSONResponse:
        if request.headers.get("authorization") != "Bearer sandbox":
            raise Refused(401)
        if request.headers.get("intercom-version") not in VERSIONS:
            raise Refused(400)
        left = quota.spend()
        asked = await request.body()
        try:
            response = answer(request, json.loads(asked or "{}"))
        except (KeyError, TypeError, ValueError) as misfit:
            raise Refused(400) from misfit
        response.headers.update(left)
        return response

    return endpoint


@dataclass(slots=True)
class Quota:
    """Requests in ten seconds, told in the headers; without a limit nobody is refused."""

    limit: int | None = None
    share: int = 0
    used: int = 0

    def spend(self) -> dict[str, str]:
        share = int(time.time()) // QUOTA_SECONDS
        if share != self.share:
            self.share, self.used = share, 0
        self.used += 1
        total = self.limit or QUOTA
        told = {
            "X-RateLimit-Limit": str(total),
            "X-RateLimit-Remaining": str(max(0, total - self.used)),
            "X-RateLimit-Reset": str((share + 1) * QUOTA_SECONDS),
        }
        if self.limit is not None and self.used > self.limit:
            raise Refused(429, headers=told)
        return told


def _position(cursor: str) -> tuple[int, int, int]:
    try:
        second, id_, page = unseal(cursor).split("||")
    except ForgedCursor as forged:
        raise Refused(400) from forged
    return int(second), int(id_), int(page)
