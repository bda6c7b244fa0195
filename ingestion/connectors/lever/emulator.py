"""Lever as its clients and recorded answers show it, over the sandbox's world.

Credential: the API key `sandbox`, with a blank password. An offer's own changes never move its
opportunity, which is the worst that Lever may do.
"""

import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ingestion.connectors.lever import wire
from ingestion.connectors.lever.wire import Row
from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, Tables, rows, seconds

KEY = "sandbox"
LARGEST_PAGE = 100
TOKEN_KIND = 3
# Opportunities have a time of change only since then; one that has not changed has none.
DATED_SINCE = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp() * 1000)

ERROR_BODIES: dict[int, Any] = {
    400: {"code": "BadRequestError", "message": "Invalid query parameters"},
    401: {"code": "Unauthorized", "message": "The API key provided is invalid."},
    403: {"code": "Forbidden", "message": "You do not have permission to access this resource."},
    404: {"code": "ResourceNotFound", "message": "Resource was not found"},
    429: {"code": "TooManyRequests", "message": "Rate limit exceeded"},
    500: {"code": "ServerError", "message": "An unexpected error occurred"},
    503: {"code": "ServiceUnavailable", "message": "The service is temporarily unavailable"},
}


@dataclass(frozen=True, slots=True)
class Account:
    """What one account holds; `offers` by opportunity, of all that stand."""

    opportunities: list[Row]
    deleted: list[Row]
    offers: dict[str, list[Row]]


def account(tables: Tables) -> Account:
    """Return the world's applications as opportunities, each with what is known of its contact."""
    people = tables["candidates"].rename(columns={"updated_at": "known_at", "visible_from": "seen"})
    people = people.drop(columns=["person_uid", "created_at"])
    frame = tables["applications"].merge(people, on="candidate_id")
    moved = frame[["updated_at", "visible_from", "known_at", "seen"]].max(axis=1)
    frame = in_milliseconds(frame.assign(updated_at=moved))
    frame["updated"] = frame["updated"].where(frame["updated"] >= DATED_SINCE)
    frame["id"] = [wire.uid("opportunity", number) for number in frame["application_id"]]
    moves = by_application(tables["application_stages"].sort_values("entered_at", kind="stable"))
    made = by_application(tables["job_offers"])
    standing, deleted = [], []
    for row in rows(frame):
        taken = moves.get(row["application_id"], [])
        if row["deleted"] is None:
            standing.append(wire.opportunity(row, taken))
        else:
            deleted.append(wire.deleted(row, taken))
    numbers = dict(zip(frame["id"], frame["application_id"], strict=True))
    offers = {
        told["id"]: [wire.offer(row) for row in made.get(numbers[told["id"]], [])]
        for told in standing
    }
    return Account(standing, deleted, offers)


def by_application(frame: pd.DataFrame) -> dict[int, list[Row]]:
    """Return rows by the application that they belong to, in their own order."""
    found: dict[int, list[Row]] = {}
    for row in rows(in_milliseconds(frame)):
        found.setdefault(row["application_id"], []).append(row)
    return found


def in_milliseconds(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with its times as Lever counts them, each record within its own millisecond.

    A column `created_at` becomes `created`.
    """
    times = frame.select_dtypes("datetimetz").columns
    within = frame["application_id"] % 1000
    counted = {
        name.removesuffix("_at"): pd.Series(seconds(frame[name]) * 1000, frame.index, "Int64")
        .add(within)
        .where(frame[name].notna())
        for name in times
    }
    return frame.drop(columns=times).assign(**counted)


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`; whoever serves it lays `faults` around it."""
    desk = Desk(Derived(tables, account))
    routes = {
        "stages": desk.stages,
        "archive_reasons": desk.archive_reasons,
        "opportunities": desk.opportunities,
        "opportunities/deleted": desk.deleted,
        "opportunities/{id}/offers": desk.offers,
    }
    return Starlette(
        routes=[Route(f"/v1/{path}", guarded(give)) for path, give in routes.items()],
        exception_handlers=refusing(ERROR_BODIES),
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """The endpoints of one account."""

    current: Callable[[], Account]

    def stages(self, request: Request) -> JSONResponse:
        return _page(request, [wire.stage(name) for name in wire.STAGES])

    def archive_reasons(self, request: Request) -> JSONResponse:
        return _page(request, [wire.archive_reason(name) for name in wire.REASONS])

    def opportunities(self, request: Request) -> JSONResponse:
        return _page(request, _within(request, self.current().opportunities, "updated"))

    def deleted(self, request: Request) -> JSONResponse:
        return _page(request, _within(request, self.current().deleted, "deleted"))

    def offers(self, request: Request) -> JSONResponse:
        offers = self.current().offers.get(request.path_params["id"])
        if offers is None:
            raise Refused(404)
        return _page(request, offers)


def guarded(
    answer: Callable[[Request], JSONResponse],
) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Return an endpoint that admits the key only."""

    async def endpoint(request: Request) -> JSONResponse:
        scheme, _, credential = request.headers.get("authorization", "").partition(" ")
        try:
            user = base64.b64decode(credential, validate=True).decode()
        except (binascii.Error, UnicodeError) as noise:
            raise Refused(401) from noise
        if (scheme, user) != ("Basic", f"{KEY}:"):
            raise Refused(401)
        return answer(request)

    return endpoint


def _within(request: Request, listed: list[Row], what: str) -> list[Row]:
    """Return what lies within the times asked for, both ends included; undated is in none."""
    first, last = (_number(request, f"{what}_at_{end}") for end in ("start", "end"))
    if first is None and last is None:
        return listed
    return [
        row
        for row in listed
        if (at := row[f"{what}At"]) is not None
        and (first is None or at >= first)
        and (last is None or at <= last)
    ]


def _page(request: Request, listed: list[Row]) -> JSONResponse:
    """Return a page, newest first, and the token of the next: where this one ended."""
    size = _number(request, "limit") or LARGEST_PAGE
    if size > LARGEST_PAGE:
        raise Refused(400)
    listed = sorted(listed, key=_place, reverse=True)
    if "offset" in request.query_params:
        after = _position(request.query_params["offset"])
        listed = [row for row in listed if _place(row) < after]
    page = listed[:size]
    body: dict[str, Any] = {"data": page, "hasNext": len(listed) > size}
    if body["hasNext"]:
        token = [TOKEN_KIND, *_place(page[-1])]
        body["next"] = quote(json.dumps(token, separators=(",", ":")), safe="")
    return JSONResponse(body)


def _place(row: Row) -> tuple[int, str]:
    return row.get("createdAt", 0), row["id"]


def _position(offset: str) -> tuple[int, str]:
    """Read a token that comes back as it was given, or decoded once."""
    try:
        kind, created, id_ = json.loads(unquote(offset))
    except (ValueError, TypeError) as forged:
        raise Refused(400) from forged
    if kind != TOKEN_KIND or not isinstance(created, int) or not isinstance(id_, str):
        raise Refused(400)
    return created, id_


def _number(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    if text is not None and not text.isdigit():
        raise Refused(400)
    return None if text is None else int(text)
