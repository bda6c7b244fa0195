"""Zendesk as its public documentation and recorded answers show it, over the sandbox's world.

Credentials: `agent@sandbox.example/token` with the API token `sandbox`, or the bearer `sandbox`.
"""

import base64
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ingestion.connectors.zendesk import wire
from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, ForgedCursor, Rows, Tables, seal, seconds, unseal

ACCEPTED = {
    "Basic " + base64.b64encode(b"agent@sandbox.example/token:sandbox").decode(),
    "Bearer sandbox",
}
LARGEST_PAGE = 1000
LARGEST_LIST = 100
WITHHELD_SECONDS = 60
QUOTA = 700

ERROR_BODIES: dict[int, dict[str, Any]] = {
    400: {"error": "InvalidPaginationParameter", "description": "The cursor is not valid"},
    401: {"error": "Couldn't authenticate you"},
    403: {"error": {"title": "Forbidden", "message": "You do not have access to this page."}},
    404: {"error": "RecordNotFound", "description": "Not found"},
    422: {
        "error": "InvalidValue",
        "description": "Too recent start_time",
    },
    429: {
        "error": "APIRateLimitExceeded",
        "description": "Number of allowed API requests per minute exceeded",
    },
    500: {"error": {"title": "Internal Server Error", "message": "Please try again later."}},
    503: {"error": {"title": "Service Unavailable", "message": "Please try again later."}},
}


@dataclass(frozen=True, slots=True)
class Export:
    """The rows of one export, sorted by the second of the last change, then by id."""

    rows: Rows
    second: np.ndarray
    id: np.ndarray

    def from_second(self, second: int) -> int:
        return int(np.searchsorted(self.second, second, side="left"))

    def stop(self, start: int, size: int) -> int:
        return min(start + size, len(self.rows))

    def cursor_at(self, start: int, stop: int) -> str | None:
        """Return the cursor of a page; one without rows has none."""
        return seal(f"{self.second[stop - 1]}||{self.id[stop - 1]}") if stop > start else None

    def after(self, second: int, id_: int) -> int:
        begin, end = np.searchsorted(self.second, [second, second + 1], side="left")
        return int(begin + np.searchsorted(self.id[begin:end], id_, side="right"))


def exports(tables: Tables) -> dict[str, Export]:
    """Sort every table as Zendesk exports it."""
    events = tables["ticket_events"].merge(
        tables["tickets"][["ticket_id", "description"]], on="ticket_id", how="left"
    )
    # An event that reached the desk late is recorded then; its own time stays what it was.
    recorded = events[["created_at", "visible_from"]].max(axis=1)
    tickets, users = tables["tickets"], tables["support_users"]
    organizations = tables["support_organizations"]
    ratings = tables["satisfaction_ratings"]
    return {
        "tickets": _export(tickets, tickets["generated_at"], "ticket_id"),
        "users": _export(users, users["updated_at"], "user_id"),
        "organizations": _export(organizations, organizations["updated_at"], "organization_id"),
        "ticket_events": _export(events.assign(recorded=recorded), recorded, "event_id"),
        "satisfaction_ratings": _export(ratings, ratings["created_at"], "rating_id"),
    }


def _export(frame: pd.DataFrame, changed: "pd.Series[Any]", key: str) -> Export:
    second, id_ = seconds(changed), frame[key].to_numpy(dtype=np.int64)
    order = np.lexsort((id_, second))
    return Export(Rows(frame.iloc[order]), second[order], id_[order])


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`; `faults.quota` is how many requests a minute it serves."""
    desk = Desk(Derived(tables, exports))
    quota = getattr(faults, "quota", None)
    routes = {
        "/api/v2/incremental/{name}/cursor.json": desk.cursor_export,
        "/api/v2/incremental/{name}.json": desk.time_export,
        "/api/v2/satisfaction_ratings.json": desk.ratings,
    }
    return Starlette(
        routes=[Route(path, guarded(answer, Quota(quota))) for path, answer in routes.items()],
        exception_handlers=refusing(ERROR_BODIES),
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """The endpoints of one account."""

    current: Callable[[], dict[str, Export]]

    def cursor_export(self, request: Request) -> JSONResponse:
        name, export = self._asked_for(request)
        if "cursor" in request.query_params:
            start = export.after(*_position(request.query_params["cursor"]))
        else:
            start = export.from_second(_start_time(request))
        stop = export.stop(start, _page_size(request, "per_page", LARGEST_PAGE))
        cursor = export.cursor_at(start, stop)
        return JSONResponse(
            {
                name: _page(request, name, export, start, stop),
                "after_url": f"{_address(request)}?cursor={cursor}" if cursor else None,
                "after_cursor": cursor,
                "before_url": None,
                "before_cursor": None,
                "end_of_stream": stop == len(export.rows),
            }
        )

    def time_export(self, request: Request) -> JSONResponse:
        name, export = self._asked_for(request)
        size = _page_size(request, "per_page", LARGEST_PAGE)
        start = export.from_second(_start_time(request))
        stop = export.stop(start, size)
        end_time = int(export.second[stop - 1]) if stop > start else None
        if end_time is not None and size < LARGEST_PAGE:
            # As recorded: a small page grows until no second is split, a full one does not.
            end_time += 1
            stop = export.from_second(end_time)
        return JSONResponse(
            {
                name: _page(request, name, export, start, stop),
                "count": stop - start,
                "next_page": f"{_address(request)}?start_time={end_time}" if end_time else None,
                "end_time": end_time,
                "end_of_stream": stop == len(export.rows),
            }
        )

    def ratings(self, request: Request) -> JSONResponse:
        name = "satisfaction_ratings"
        export = self.current()[name]
        start = export.from_second(int(request.query_params.get("start_time", 0)))
        if "page[after]" in request.query_params:
            start = export.after(*_position(request.query_params["page[after]"]))
        stop = export.stop(start, _page_size(request, "page[size]", LARGEST_LIST))
        cursor, more = export.cursor_at(start, stop), stop < len(export.rows)
        following = f"{_address(request)}?page[after]={cursor}" if more else None
        return JSONResponse(
            {
                name: _page(request, name, export, start, stop),
                "meta": {"has_more": more, "after_cursor": cursor, "before_cursor": None},
                "links": {"prev": None, "next": following},
            }
        )

    def _asked_for(self, request: Request) -> tuple[str, Export]:
        name = request.path_params["name"]
        offered = self.current()
        if name not in offered:
            raise Refused(404)
        return name, offered[name]


def guarded(
    answer: Callable[[Request], JSONResponse], quota: "Quota"
) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Return an endpoint that admits known credentials only and tells what is left of the quota."""

    async def endpoint(request: Request) -> JSONResponse:
        if request.headers.get("authorization") not in ACCEPTED:
            raise Refused(401)
        left = quota.spend()
        response = answer(request)
        response.headers.update(left)
        return response

    return endpoint


@dataclass(slots=True)
class Quota:
    """Requests a minute to one endpoint, told in the headers; without a limit nobody is refused."""

    limit: int | None = None
    minute: int = 0
    used: int = 0

    def spend(self) -> dict[str, str]:
        now = int(time.time())
        if now // 60 != self.minute:
            self.minute, self.used = now // 60, 0
        self.used += 1
        reset = str(60 - now % 60)
        if self.limit is not None and self.used > self.limit:
            raise Refused(429, headers={"Retry-After": reset})
        total = self.limit or QUOTA
        left = str(max(0, total - self.used))
        return {
            "x-rate-limit": str(total),
            "ratelimit-limit": str(total),
            "ratelimit-remaining": left,
            "ratelimit-reset": reset,
            "zendesk-ratelimit-incremental-exports": (
                f"total={total}; remaining={left}; resets={reset}"
            ),
        }


def _page(
    request: Request, name: str, export: Export, start: int, stop: int
) -> list[dict[str, Any]]:
    included = request.query_params.get("include", "").split(",")
    site = str(request.base_url).rstrip("/")
    speak = wire.SPEAKERS[name]
    return [speak(row, site, included) for row in export.rows[start:stop]]


def _page_size(request: Request, parameter: str, largest: int) -> int:
    return max(1, min(int(request.query_params.get(parameter, largest)), largest))


def _start_time(request: Request) -> int:
    start = int(request.query_params.get("start_time", time.time()))
    if start > time.time() - WITHHELD_SECONDS:
        raise Refused(422)
    return start


def _position(cursor: str) -> tuple[int, int]:
    try:
        second, _, id_ = unseal(cursor).partition("||")
    except ForgedCursor as forged:
        raise Refused(400) from forged
    return int(second), int(id_)


def _address(request: Request) -> str:
    return str(request.url).split("?")[0]
