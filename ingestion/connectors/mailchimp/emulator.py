"""Mailchimp as documentation and recorded answers show it, over the sandbox's world.

Credential: any user with the key `sandbox-us1`. Archived members are listed only where they are
asked for; times are compared strictly, as in "after".
"""

import base64
import binascii
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ingestion.connectors.mailchimp import wire
from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, Rows, Tables

KEY = "sandbox-us1"
LARGEST_PAGE = 1000
STATUSES = {"subscribed", "unsubscribed", "cleaned", "pending", "transactional", "archived"}


def problem(status: int, title: str) -> dict[str, Any]:
    """Return an error as the vendor words it."""
    kind = "https://mailchimp.com/developer/marketing/docs/errors/"
    return {"type": kind, "title": title, "status": status, "detail": title, "instance": "sandbox"}


ERROR_BODIES: dict[int, dict[str, Any]] = {
    400: problem(400, "Invalid Resource"),
    401: problem(401, "API Key Invalid"),
    403: problem(403, "Forbidden"),
    404: problem(404, "Resource Not Found"),
    429: problem(429, "Too Many Requests"),
    500: problem(500, "Internal Server Error"),
}


@dataclass(frozen=True, slots=True)
class Content:
    """What an account holds; members in the order of their last change, reports by campaign."""

    lists: list[dict[str, Any]]
    members: list[dict[str, Any]]
    campaigns: list[dict[str, Any]]
    reports: dict[str, list[tuple[str, list[dict[str, Any]]]]]


def content(tables: Tables) -> Content:
    """Return the world's campaign mail as one account; nothing is left of who was deleted."""
    subscribers = tables["subscribers"].sort_values(["updated_at", "subscriber_id"])
    members = Rows(subscribers)[:]
    campaigns = Rows(tables["campaigns"].sort_values(["sent_at", "campaign_id"]))[:]
    shown = tables["campaign_activity"]
    shown = shown[shown["subscriber_id"].isin(subscribers["subscriber_id"])]
    gathered: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in Rows(shown.sort_values(["occurred_at", "activity_id"]))[:]:
        by_address = gathered.setdefault(row["campaign_id"], {})
        by_address.setdefault(row["email"], []).append(row)
    of_list: dict[str, list[dict[str, Any]]] = {}
    for row in [*members, *campaigns]:
        of_list.setdefault(row["list_id"], []).append(row)
    lists = [
        wire.audience(id_, f"Audience {id_}", "2023-01-01T00:00:00Z", len(rows))
        for id_, rows in sorted(of_list.items())
    ]
    reports = {id_: sorted(rows.items()) for id_, rows in gathered.items()}
    return Content(lists, members, campaigns, reports)


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`."""
    account = Account(Derived(tables, content))
    routes = {
        "lists": account.lists,
        "lists/{list}/members": account.members,
        "campaigns": account.campaigns,
        "reports/{campaign}/email-activity": account.activity,
    }
    return Starlette(
        routes=[Route(f"/3.0/{path}", guarded(give)) for path, give in routes.items()],
        exception_handlers=refusing(ERROR_BODIES),
    )


@dataclass(frozen=True, slots=True)
class Account:
    """The endpoints of one account."""

    current: Callable[[], Content]

    def lists(self, request: Request) -> dict[str, Any]:
        return _page(request, "lists", self.current().lists, lambda row: row)

    def members(self, request: Request) -> dict[str, Any]:
        query, id_ = request.query_params, request.path_params["list"]
        if id_ not in {row["id"] for row in self.current().lists}:
            raise Refused(404)
        status, since = query.get("status"), _moment(query.get("since_last_changed"))
        if status not in (None, *STATUSES) or query.get("sort_field", "last_changed") not in (
            "last_changed", "timestamp_opt", "timestamp_signup"
        ):  # fmt: skip
            raise Refused(400)
        found = [
            row
            for row in self.current().members
            if row["list_id"] == id_
            and (row["status"] == status if status else row["status"] != "archived")
            and _is_after(row["updated_at"], since)
        ]
        return _page(request, "members", found, wire.member) | {"list_id": id_}

    def campaigns(self, request: Request) -> dict[str, Any]:
        since = _moment(request.query_params.get("since_send_time"))
        found = [row for row in self.current().campaigns if _is_after(row["sent_at"], since)]
        return _page(request, "campaigns", found, wire.campaign)

    def activity(self, request: Request) -> dict[str, Any]:
        id_ = request.path_params["campaign"]
        campaigns = {row["campaign_id"]: row for row in self.current().campaigns}
        if id_ not in campaigns:
            raise Refused(404)
        since = _moment(request.query_params.get("since"))
        list_ = campaigns[id_]["list_id"]
        told = [
            (address, fresh)
            for address, rows in self.current().reports.get(id_, [])
            if (fresh := [row for row in rows if _is_after(row["occurred_at"], since)])
        ]
        return _page(
            request, "emails", told, lambda one: wire.report(id_, list_, *one)
        ) | {"campaign_id": id_}  # fmt: skip


def _page(
    request: Request, name: str, rows: Sequence[Any], speak: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """Return a page by offset; ten rows where nobody says how many."""
    start = int(request.query_params.get("offset", 0))
    size = int(request.query_params.get("count", 10))
    if not 0 <= size <= LARGEST_PAGE or start < 0:
        raise Refused(400)
    return {name: [speak(row) for row in rows[start : start + size]], "total_items": len(rows)}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _is_after(text: str, since: datetime | None) -> bool:
    return since is None or datetime.fromisoformat(text) > since


def guarded(
    answer: Callable[[Request], dict[str, Any]],
) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Return an endpoint that admits the known key."""

    async def endpoint(request: Request) -> JSONResponse:
        if not _is_known(request.headers.get("authorization", "")):
            raise Refused(401)
        try:
            return JSONResponse(answer(request))
        except ValueError as misfit:
            raise Refused(400) from misfit

    return endpoint


def _is_known(authorization: str) -> bool:
    scheme, _, credential = authorization.partition(" ")
    try:
        key = base64.b64decode(credential, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeError):
        return False
    return scheme == "Basic" and key == KEY
