"""Freshdesk as its public documentation shows it, over the sandbox's world.

Credentials: the API key `sandbox`, with any password.
"""

import base64
import binascii
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ingestion.connectors.freshdesk import wire
from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, Rows, Tables, seconds

KEY = "sandbox"
LARGEST_PAGE, LAST_PAGE = 100, 300
QUOTA = 700
ASIDE = ("deleted", "spam")
SCRUBBED = "SCRUBBED"  # erased for good: Freshdesk no longer shows any of it
UNASKED = timedelta(days=30)

ERROR_BODIES: dict[int, dict[str, Any]] = {
    400: {
        "description": "Validation failed",
        "errors": [
            {
                "field": "page",
                "message": "It should be a Positive Integer less than or equal to the limit",
                "code": "invalid_value",
            }
        ],
    },
    401: {"code": "invalid_credentials", "message": "You have to be logged in."},
    403: {"code": "access_denied", "message": "You are not authorized to perform this action."},
    404: {"code": "not_found", "message": "Not found"},
    429: {"message": "You have exceeded the limit of requests per minute"},
    500: {"code": "internal_error", "message": "We're sorry, but something went wrong."},
}


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of one list in the order they are given out, each with the second it changed."""

    rows: Rows
    second: np.ndarray

    def since(self, second: int) -> list[int]:
        return np.flatnonzero(self.second >= second).tolist()


@dataclass(frozen=True, slots=True)
class Account:
    """Everything one account shows; `said` are the conversations by ticket, of all that stand."""

    lists: dict[str, Listing]
    said: dict[int, list[dict[str, Any]]]


def account(tables: Tables) -> Account:
    """Sort every table as Freshdesk lists it."""
    events, users = tables["ticket_events"], tables["support_users"]
    comments = events[events["event_type"] == "comment"].sort_values(["created_at", "event_id"])
    tickets = _tickets(tables["tickets"], comments)
    people = users[users["name"] != SCRUBBED]
    ends, works = people["role"] == "end-user", people["role"] != "end-user"
    active = people["active"].astype(bool)
    ratings = tables["satisfaction_ratings"]
    aside = tickets["status"].where(tickets["status"].isin(ASIDE), "")
    lists = {
        "contacts": _listing(people[ends & active], "user_id", "updated_at"),
        "contacts/deleted": _listing(people[ends & ~active], "user_id", "updated_at"),
        "contacts/blocked": _listing(people[:0], "user_id", "updated_at"),
        "agents": _listing(people[works & active], "user_id", "updated_at"),
        "companies": _listing(tables["support_organizations"], "organization_id", "updated_at"),
        "ratings": _listing(ratings[ratings["score"].isin(wire.SCORE)], "rating_id", "updated_at"),
        **{f"tickets/{kind}": _listing(tickets[aside == kind], "ticket_id", "changed_at", True)
           for kind in ("", *ASIDE)},
    }  # fmt: skip
    said: dict[int, list[dict[str, Any]]] = {
        id_: [] for id_ in tickets.loc[aside == "", "ticket_id"].tolist()
    }
    for row in Rows(comments)[:]:
        if row["ticket_id"] in said:
            said[row["ticket_id"]].append(row)
    return Account(lists, said)


def _tickets(tickets: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    """Return what is left of the tickets; what is said in one changes it."""
    heard = later(comments["created_at"], comments["visible_from"])
    last = heard.groupby(comments["ticket_id"]).max().reindex(tickets["ticket_id"])
    own = later(tickets["updated_at"], tickets["generated_at"])
    changed = later(own, last.set_axis(own.index))
    return tickets.assign(changed_at=changed)[tickets["subject"] != SCRUBBED]


def later(one: "pd.Series[Any]", other: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return the later of two times, row by row; one that is missing is none."""
    return one.where(other.isna() | (one >= other), other)


def _listing(frame: pd.DataFrame, key: str, changed: str, by_change: bool = False) -> Listing:
    second, id_ = seconds(frame[changed]), frame[key].to_numpy(dtype=np.int64)
    order = np.lexsort((id_, second)) if by_change else np.argsort(id_, kind="stable")
    return Listing(Rows(frame.iloc[order]), second[order])


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`; `faults.quota` is how many requests a minute it serves."""
    desk = Desk(Derived(tables, account))
    quota = Quota(getattr(faults, "quota", None))
    routes = {
        "tickets": desk.tickets,
        "tickets/{ticket:int}/conversations": desk.conversations,
        "contacts": desk.contacts,
        "companies": desk.companies,
        "agents": desk.agents,
        "surveys/satisfaction_ratings": desk.ratings,
    }
    return Starlette(
        routes=[Route(f"/api/v2/{path}", guarded(give, quota)) for path, give in routes.items()],
        exception_handlers=refusing(ERROR_BODIES),
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """The endpoints of one account."""

    current: Callable[[], Account]

    def tickets(self, request: Request) -> Response:
        query = request.query_params
        kind = query.get("filter", "")
        if kind not in ("", *ASIDE):
            raise Refused(400)
        listing = self.current().lists[f"tickets/{kind}"]
        chosen = listing.since(_moment(query.get("updated_since")))
        if "updated_since" not in query:
            newest = time.time() - UNASKED.total_seconds()
            chosen = [at for at in chosen if listing.second[at] >= newest]
        if (query.get("order_by"), query.get("order_type")) != ("updated_at", "asc"):
            chosen = chosen[::-1]
        included = query.get("include", "").split(",")
        return _page(
            request, chosen, lambda at: [wire.ticket(row, included) for row in listing.rows[at]]
        )

    def conversations(self, request: Request) -> Response:
        said = self.current().said.get(request.path_params["ticket"])
        if said is None:
            raise Refused(404)
        return _page(request, range(len(said)), lambda at: [wire.conversation(said[n]) for n in at])

    def contacts(self, request: Request) -> Response:
        state = request.query_params.get("state")
        listing = self.current().lists["contacts" + (f"/{state}" if state else "")]
        return _list(request, listing, "_updated_since", wire.contact)

    def companies(self, request: Request) -> Response:
        return _list(request, self.current().lists["companies"], None, wire.company)

    def agents(self, request: Request) -> Response:
        return _list(request, self.current().lists["agents"], None, wire.agent)

    def ratings(self, request: Request) -> Response:
        return _list(request, self.current().lists["ratings"], "created_since", wire.rating)


def guarded(
    answer: Callable[[Request], Response], quota: "Quota"
) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that admits the key only and tells what is left of the quota."""

    async def endpoint(request: Request) -> Response:
        if _user(request.headers.get("authorization", "")) != KEY:
            raise Refused(401)
        left = quota.spend()
        response = answer(request)
        response.headers.update(left)
        return response

    return endpoint


def _user(authorization: str) -> str | None:
    scheme, _, credential = authorization.partition(" ")
    try:
        user = base64.b64decode(credential, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeError):
        return None
    return user if scheme == "Basic" else None


@dataclass(slots=True)
class Quota:
    """Requests a minute of the account, told in the headers; without a limit nobody is refused."""

    limit: int | None = None
    minute: int = 0
    used: int = 0

    def spend(self) -> dict[str, str]:
        now = int(time.time())
        if now // 60 != self.minute:
            self.minute, self.used = now // 60, 0
        self.used += 1
        if self.limit is not None and self.used > self.limit:
            raise Refused(429, headers={"Retry-After": str(60 - now % 60)})
        total = self.limit or QUOTA
        return {
            "X-RateLimit-Total": str(total),
            "X-RateLimit-Remaining": str(max(0, total - self.used)),
            "X-RateLimit-Used-CurrentRequest": "1",
        }


def _list(
    request: Request,
    listing: Listing,
    since: str | None,
    speak: Callable[[dict[str, Any]], dict[str, Any]],
) -> Response:
    chosen = listing.since(_moment(request.query_params.get(since) if since else None))
    return _page(request, chosen, lambda at: [speak(row) for row in listing.rows[at]])


def _page(
    request: Request,
    chosen: Sequence[int],
    speak: Callable[[Sequence[int]], list[dict[str, Any]]],
) -> Response:
    """Return one numbered page, and in `Link` the address of the next if there is one."""
    size = _number(request, "per_page", 30, LARGEST_PAGE)
    number = _number(request, "page", 1, LAST_PAGE)
    start, stop = (number - 1) * size, number * size
    headers = {}
    if stop < len(chosen):
        following = request.url.include_query_params(page=number + 1)
        headers["Link"] = f'<{following}>; rel="next"'
    return JSONResponse(speak(chosen[start:stop]), headers=headers)


def _number(request: Request, name: str, default: int, largest: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdigit() or not 1 <= int(text) <= largest:
        raise Refused(400)
    return int(text)


def _moment(text: str | None) -> int:
    try:
        return int(datetime.fromisoformat(text).timestamp()) if text else 0
    except ValueError as noise:
        raise Refused(400) from noise
