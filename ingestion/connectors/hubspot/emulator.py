"""HubSpot as its public specifications and recorded answers show it, over the sandbox's world.

Credential: the bearer token `sandbox`.
"""

import time
from collections.abc import Awaitable, Callable
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

from ingestion.connectors.hubspot import wire
from ingestion.sandbox.refusal import Refused
from ingestion.sandbox.wire import Derived, ForgedCursor, Rows, Tables, rows, seal, seconds, unseal

LARGEST_LIST, LARGEST_SEARCH, LARGEST_BATCH = 100, 200, 100
LAST_HIT = 10_000
QUOTA, WINDOW_SECONDS = 110, 10

ERROR_BODIES: dict[int, dict[str, Any]] = {
    400: {
        "status": "error",
        "category": "VALIDATION_ERROR",
        "message": "Invalid input",
        "errors": [],
    },
    401: {
        "status": "error",
        "category": "INVALID_AUTHENTICATION",
        "message": "Authentication credentials not found.",
    },
    403: {
        "status": "error",
        "category": "MISSING_SCOPES",
        "message": "This app has not been granted all required scopes to make this call.",
    },
    404: {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "resource not found"},
    429: {
        "status": "error",
        "errorType": "RATE_LIMIT",
        "policyName": "TEN_SECONDLY_ROLLING",
        "message": "You have reached your ten_secondly_rolling limit.",
    },
    500: {"status": "error", "category": "INTERNAL_ERROR", "message": "internal error"},
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The live or archived records of one kind, sorted by id."""

    kind: str
    rows: Rows
    id: np.ndarray
    modified: np.ndarray

    def page(self, positions: "np.ndarray | slice", asked: list[str]) -> list[dict[str, Any]]:
        return [wire.record(self.kind, row, asked) for row in self.rows[positions]]


@dataclass(frozen=True, slots=True)
class Portal:
    """One account's records, and who belongs to whom."""

    live: dict[str, Shelf]
    archived: dict[str, Shelf]
    owners: pd.DataFrame
    associations: dict[tuple[str, str], dict[str, str]]


def portal(tables: Tables) -> Portal:
    """Arrange the world's tables as HubSpot holds them; the loser of a merge is nowhere."""
    contacts = tables["contacts"]
    winners = contacts.set_index("contact_id")["merged_into"].dropna().astype("int64")
    renamed = {"submission_id": "id", "submitted_at": "created_at"}
    feedback = tables["crm_feedback"].rename(columns=renamed)
    feedback["archived_at"] = pd.Series(dtype=feedback["created_at"].dtype)
    frames = {
        "contacts": contacts[contacts["merged_into"].isna()].rename(columns={"contact_id": "id"}),
        "companies": tables["organisations"].rename(columns={"organisation_id": "id"}),
        "deals": tables["deals"].rename(columns={"deal_id": "id"}),
        "feedback_submissions": feedback,
    }
    is_archived = {kind: frame["archived_at"].notna() for kind, frame in frames.items()}
    deals = frames["deals"]
    return Portal(
        live={kind: _shelf(kind, frame[~is_archived[kind]]) for kind, frame in frames.items()},
        archived={kind: _shelf(kind, frame[is_archived[kind]]) for kind, frame in frames.items()},
        owners=tables["crm_owners"].sort_values("owner_id"),
        associations={
            ("contacts", "companies"): _pairs(
                frames["contacts"]["id"], frames["contacts"]["organisation_id"]
            ),
            ("deals", "contacts"): _pairs(
                deals["id"], deals["contact_id"].map(winners).fillna(deals["contact_id"])
            ),
        },
    )


def _shelf(kind: str, frame: pd.DataFrame) -> Shelf:
    frame = frame.sort_values("id")
    modified = seconds(frame["updated_at"]) * 1000
    return Shelf(
        kind, Rows(frame, milliseconds=True), frame["id"].to_numpy(dtype=np.int64), modified
    )


def _pairs(records: "pd.Series[Any]", others: "pd.Series[Any]") -> dict[str, str]:
    known = others.notna()
    pairs = zip(records[known].astype("int64"), others[known].astype("int64"), strict=True)
    return {str(record): str(other) for record, other in pairs}


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`; `faults.quota` is how many requests in 10 s it serves."""
    account = Account(Derived(tables, portal))
    quota = Quota(getattr(faults, "quota", None))
    routes = [
        ("GET", "/crm/v3/owners", account.owners),
        ("GET", "/crm/v3/objects/{kind}", account.list),
        ("POST", "/crm/v3/objects/{kind}/search", account.search),
        ("POST", "/crm/v4/associations/{of}/{to}/batch/read", account.associations),
    ]
    return Starlette(
        routes=[
            Route(path, guarded(answer, quota), methods=[method]) for method, path, answer in routes
        ],
        exception_handlers={Refused: refuse, 404: refuse},
    )


@dataclass(frozen=True, slots=True)
class Account:
    """The endpoints of one account."""

    current: Callable[[], Portal]

    async def list(self, request: Request) -> JSONResponse:
        archived = request.query_params.get("archived") == "true"
        kinds = self.current().archived if archived else self.current().live
        shelf = _known(kinds, request.path_params["kind"])
        start = int(np.searchsorted(shelf.id, _after(request)))
        stop = start + _limit(request.query_params.get("limit", 10), LARGEST_LIST)
        asked = request.query_params.get("properties", "email,firstname,lastname").split(",")
        body = {"results": shelf.page(slice(start, stop), asked)}
        return JSONResponse(_with_next(request, body, shelf.id, stop))

    async def owners(self, request: Request) -> JSONResponse:
        archived = request.query_params.get("archived") == "true"
        owners = self.current().owners
        owners = owners[owners["archived"] == archived]
        ids = owners["owner_id"].to_numpy(dtype=np.int64)
        start = int(np.searchsorted(ids, _after(request)))
        stop = start + _limit(request.query_params.get("limit", 100), LARGEST_LIST)
        page = [wire.owner(row) for row in rows(owners.iloc[start:stop], milliseconds=True)]
        return JSONResponse(_with_next(request, {"results": page}, ids, stop))

    async def search(self, request: Request) -> JSONResponse:
        body = await request.json()
        shelf = _known(self.current().live, request.path_params["kind"])
        size, start = _limit(body.get("limit", 10), LARGEST_SEARCH), int(body.get("after", 0))
        if start + size > LAST_HIT:
            raise Refused(400)
        hits = np.flatnonzero(_matches(shelf, body.get("filterGroups", [])))
        if body.get("sorts", [{}])[0].get("propertyName") == wire.MODIFIED[shelf.kind]:
            hits = hits[np.argsort(shelf.modified[hits], kind="stable")]
        found = shelf.page(hits[start : start + size], body.get("properties", []))
        more = {"paging": {"next": {"after": str(start + size)}}}
        return JSONResponse(
            {"total": len(hits), "results": found} | (more if start + size < len(hits) else {})
        )

    async def associations(self, request: Request) -> JSONResponse:
        of, to = request.path_params["of"], request.path_params["to"]
        pairs = _known(self.current().associations, (of, to))
        asked = [item["id"] for item in (await request.json())["inputs"]]
        if len(asked) > LARGEST_BATCH:
            raise Refused(400)
        lonely = [_lonely(id_, of, to) for id_ in asked if id_ not in pairs]
        return JSONResponse(
            {
                "status": "COMPLETE",
                "results": [_association(id_, pairs[id_], of) for id_ in asked if id_ in pairs],
                **({"errors": lonely, "numErrors": len(lonely)} if lonely else {}),
            },
            status_code=207 if lonely else 200,
        )


async def refuse(request: Request, refused: Exception) -> Response:
    """Return the vendor's own answer to a request that it does not serve."""
    assert isinstance(refused, HTTPException)
    status = refused.status_code
    body = {**ERROR_BODIES[status], "correlationId": str(uuid4())}
    return JSONResponse(body, status_code=status, headers=refused.headers)


def guarded(
    answer: Callable[[Request], Awaitable[JSONResponse]], quota: "Quota"
) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Return an endpoint that admits the known token only and tells what is left of the quota."""

    async def endpoint(request: Request) -> JSONResponse:
        if request.headers.get("authorization") != "Bearer sandbox":
            raise Refused(401)
        left = quota.spend()
        response = await answer(request)
        if not request.url.path.endswith("/search"):  # as recorded: searches say nothing of it
            response.headers.update(left)
        return response

    return endpoint


@dataclass(slots=True)
class Quota:
    """Requests in ten seconds, told in the headers; without a limit nobody is refused."""

    limit: int | None = None
    window: int = 0
    used: int = 0

    def spend(self) -> dict[str, str]:
        now = int(time.time())
        if now // WINDOW_SECONDS != self.window:
            self.window, self.used = now // WINDOW_SECONDS, 0
        self.used += 1
        if self.limit is not None and self.used > self.limit:
            reset = WINDOW_SECONDS - now % WINDOW_SECONDS
            raise Refused(429, headers={"Retry-After": str(reset)})
        total = self.limit or QUOTA
        return {
            "X-HubSpot-RateLimit-Max": str(total),
            "X-HubSpot-RateLimit-Remaining": str(max(0, total - self.used)),
            "X-HubSpot-RateLimit-Interval-Milliseconds": str(WINDOW_SECONDS * 1000),
            "X-HubSpot-RateLimit-Secondly": "11",
            "X-HubSpot-RateLimit-Secondly-Remaining": str(max(0, 11 - self.used % 11)),
        }


OPERATORS: dict[str, Callable[[np.ndarray, int, int], np.ndarray]] = {
    "GTE": lambda values, value, high: values >= value,
    "GT": lambda values, value, high: values > value,
    "LTE": lambda values, value, high: values <= value,
    "LT": lambda values, value, high: values < value,
    "EQ": lambda values, value, high: values == value,
    "BETWEEN": lambda values, value, high: (values >= value) & (values <= high),
}


def _matches(shelf: Shelf, groups: list[dict[str, Any]]) -> np.ndarray:
    searchable = {"hs_object_id": shelf.id, wire.MODIFIED[shelf.kind]: shelf.modified}
    matches = np.full(len(shelf.id), not groups)
    for group in groups:
        of_group = np.ones(len(shelf.id), dtype=bool)
        for asked in group["filters"]:
            if asked["propertyName"] not in searchable or asked["operator"] not in OPERATORS:
                raise Refused(400)
            compare = OPERATORS[asked["operator"]]
            high = int(asked.get("highValue", 0))
            of_group &= compare(searchable[asked["propertyName"]], int(asked["value"]), high)
        matches |= of_group
    return matches


def _known(offered: dict[Any, Any], name: Any) -> Any:
    if name not in offered:
        raise Refused(404)
    return offered[name]


def _limit(asked: Any, largest: int) -> int:
    if not 0 < int(asked) <= largest:
        raise Refused(400)
    return int(asked)


def _after(request: Request) -> int:
    cursor = request.query_params.get("after")
    if cursor is None:
        return 0
    try:
        return int(unseal(cursor))
    except ForgedCursor as forged:
        raise Refused(400) from forged


def _with_next(
    request: Request, body: dict[str, Any], ids: np.ndarray, stop: int
) -> dict[str, Any]:
    if stop >= len(ids):
        return body
    after = seal(str(ids[stop]))
    link = str(request.url.include_query_params(after=after))
    return body | {"paging": {"next": {"after": after, "link": link}}}


def _association(id_: str, other: str, of: str) -> dict[str, Any]:
    kinds = {
        "contacts": [{"category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary"},
                     {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None}],
        "deals": [{"category": "HUBSPOT_DEFINED", "typeId": 3, "label": None}],
    }  # fmt: skip
    to = {"toObjectId": int(other), "associationTypes": kinds[of]}
    return {"from": {"id": id_}, "to": [to]}


def _lonely(id_: str, of: str, to: str) -> dict[str, Any]:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {to} is associated with {of} {id_}.",
        "context": {"fromObjectId": [id_], "fromObjectType": [of], "toObjectType": [to]},
    }
