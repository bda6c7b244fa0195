"""Salesforce as its public documentation and recorded answers show it, over the sandbox's world.

Credentials: client id and secret `sandbox`, which buy a token for a while.
"""

import csv
import io
import itertools
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ingestion.connectors.salesforce.holdings import NO_BULK, NO_DELETIONS, Shelf, holdings
from ingestion.connectors.salesforce.soql import Malformed, Query, parse
from ingestion.connectors.salesforce.tables import OBJECTS, TABLES
from ingestion.sandbox.wire import Derived, ForgedCursor, Tables, seal, unseal

BATCH = 2000
REQUESTS_A_DAY = 15_000
DELETIONS_KEPT = timedelta(days=30)
STAMP_IN_JSON = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$")

Row = dict[str, Any]


def _error(code: str, message: str) -> list[Row]:
    return [{"message": message, "errorCode": code}]


ERROR_BODIES: dict[int, Any] = {
    400: _error("MALFORMED_QUERY", "unexpected token"),
    401: _error("INVALID_SESSION_ID", "Session expired or invalid"),
    403: _error("INSUFFICIENT_ACCESS", "insufficient access rights on object"),
    404: _error("NOT_FOUND", "The requested resource does not exist"),
    500: _error("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
}
LIMIT_EXCEEDED = _error("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")


class Refused(HTTPException):
    """A request that is answered with an error; `body` where the status does not say it all."""

    def __init__(self, status: int, body: Any = None) -> None:
        super().__init__(status)
        self.body = ERROR_BODIES[status] if body is None else body


async def refuse(request: Request, refused: Exception) -> Response:
    """Return the vendor's own answer to a request that it does not serve."""
    assert isinstance(refused, HTTPException)
    status = refused.status_code
    body = refused.body if isinstance(refused, Refused) else ERROR_BODIES[status]
    return JSONResponse(body, status_code=status)


@dataclass
class Org:
    """The endpoints of one org, what it has given out, and the requests that it still serves."""

    current: Callable[[], dict[str, Shelf]]
    quota: int | None = None
    used: int = 0
    tokens: set[str] = field(default_factory=set)
    cursors: dict[str, list[Row]] = field(default_factory=dict)
    jobs: dict[str, Row] = field(default_factory=dict)
    numbers: Any = field(default_factory=itertools.count)

    async def token(self, request: Request) -> JSONResponse:
        asked = {
            name: values[0] for name, values in parse_qs((await request.body()).decode()).items()
        }
        if asked.get("grant_type") != "client_credentials":
            raise Refused(400, {"error": "unsupported_grant_type"})
        if (asked.get("client_id"), asked.get("client_secret")) != ("sandbox", "sandbox"):
            body = {"error": "invalid_client", "error_description": "invalid client credentials"}
            raise Refused(400, body)
        token = f"00DAX0000000001!{secrets.token_hex(12)}"
        self.tokens.add(token)
        return JSONResponse(
            {
                "access_token": token,
                "instance_url": str(request.base_url).rstrip("/"),
                "id": f"{request.base_url}id/00DAX0000000001EAA/005AX0000000001AAA",
                "token_type": "Bearer",
                "scope": "api",
                "issued_at": str(int(datetime.now(UTC).timestamp() * 1000)),
            }
        )

    async def describe(self, request: Request) -> JSONResponse:
        kind, shelf = self._asked_for(request)
        names = _columns(kind, shelf)
        return JSONResponse(
            {
                "name": kind,
                "queryable": True,
                "replicateable": kind not in NO_DELETIONS,
                "fields": [{"name": name, "type": "string"} for name in names],
            }
        )

    async def query(self, request: Request) -> JSONResponse:
        found = self._find(request.query_params.get("q", ""))
        return self._page(request, [record for _, record in found], len(found))

    async def more(self, request: Request) -> JSONResponse:
        locator = request.path_params["locator"]
        if locator not in self.cursors:
            raise Refused(400, _error("INVALID_QUERY_LOCATOR", "invalid query locator"))
        left = self.cursors[locator]
        return self._page(request, left, len(left))

    def _page(self, request: Request, left: list[Row], total: int) -> JSONResponse:
        body: Row = {"totalSize": total, "done": len(left) <= BATCH, "records": left[:BATCH]}
        if not body["done"]:
            locator = f"01gAX{next(self.numbers):010d}-{BATCH}"
            self.cursors[locator] = left[BATCH:]
            path = f"/services/data/{request.path_params['version']}/query/{locator}"
            body["nextRecordsUrl"] = path
        return JSONResponse(body)

    async def deleted(self, request: Request) -> JSONResponse:
        kind, shelf = self._asked_for(request)
        start, end = (datetime.fromisoformat(request.query_params[at]) for at in ("start", "end"))
        if kind in NO_DELETIONS or not timedelta(0) < end - start <= DELETIONS_KEPT:
            raise Refused(400, _error("INVALID_REPLICATION_DATE", "startDate is out of range"))
        told = [{"id": id_, "deletedDate": f"{at:%Y-%m-%dT%H:%M:%S}.000+0000"}
                for id_, at in shelf.deletions if start <= at < end]  # fmt: skip
        return JSONResponse(
            {
                "deletedRecords": told,
                "earliestDateAvailable": f"{end - DELETIONS_KEPT:%Y-%m-%dT%H:%M:%S}.000+0000",
                "latestDateCovered": f"{end:%Y-%m-%dT%H:%M:%S}.000+0000",
            }
        )

    async def start_job(self, request: Request) -> JSONResponse:
        asked = await request.json()
        query = self._parse(asked["query"])
        if query.kind in NO_BULK:
            message = f"Entity '{query.kind}' is not supported by the Bulk API."
            raise Refused(400, _error("INVALIDENTITY", message))
        id_ = f"750AX{next(self.numbers):010d}"
        rows = [record for _, record in self._find(asked["query"])]
        self.jobs[id_] = {"polls": 0, "fields": query.fields, "rows": rows}
        told = {"operation": asked["operation"], "object": query.kind, "contentType": "CSV"}
        return JSONResponse({"id": id_, **told, "state": "UploadComplete"})

    async def job(self, request: Request) -> JSONResponse:
        job = self._known_job(request)
        job["polls"] += 1
        state = "InProgress" if job["polls"] < 2 else "JobComplete"
        told = {"numberRecordsProcessed": len(job["rows"])} if state == "JobComplete" else {}
        return JSONResponse({"id": request.path_params["job"], "state": state, **told})

    async def results(self, request: Request) -> Response:
        job = self._known_job(request)
        start = _position(request.query_params.get("locator"))
        size = int(request.query_params.get("maxRecords", 100_000))
        page = job["rows"][start : start + size]
        more = start + size < len(job["rows"])
        headers = {
            "Sforce-Locator": seal(str(start + size)) if more else "null",
            "Sforce-NumberOfRecords": str(len(page)),
        }
        return Response(_csv(job["fields"], page), media_type="text/csv", headers=headers)

    def _known_job(self, request: Request) -> Row:
        if request.path_params["job"] not in self.jobs:
            raise Refused(404)
        return self.jobs[request.path_params["job"]]

    def _asked_for(self, request: Request) -> tuple[str, Shelf]:
        kind, offered = request.path_params["kind"], self.current()
        if kind not in offered:
            raise Refused(404)
        return kind, offered[kind]

    def _parse(self, soql: str) -> Query:
        try:
            query = parse(soql)
        except Malformed as malformed:
            raise Refused(400, _error("MALFORMED_QUERY", str(malformed))) from malformed
        shelf = self.current().get(query.kind)
        if shelf is None:
            message = f"sObject type '{query.kind}' is not supported."
            raise Refused(400, _error("INVALID_TYPE", message))
        unknown = query.named - set(_columns(query.kind, shelf))
        if unknown:
            message = f"No such column '{min(unknown)}' on entity '{query.kind}'."
            raise Refused(400, _error("INVALID_FIELD", message))
        return query

    def _find(self, soql: str) -> list[tuple[str, Row]]:
        query = self._parse(soql)
        base = f"/services/data/v62.0/sobjects/{query.kind}/"
        return [
            (
                record["Id"],
                {"attributes": {"type": query.kind, "url": base + record["Id"]}}
                | {name: record[name] for name in query.fields},
            )
            for record in self.current()[query.kind].records
            if query.matches(record)
        ]


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`; `faults.quota` is how many requests a day it serves."""
    org = Org(Derived(tables, holdings), getattr(faults, "quota", None))
    data = "/services/data/{version}"
    routes: list[tuple[str, str, Any]] = [
        ("GET", "/sobjects/{kind}/describe", org.describe),
        ("GET", "/sobjects/{kind}/deleted/", org.deleted),
        ("GET", "/queryAll", org.query),
        ("GET", "/query/{locator}", org.more),
        ("POST", "/jobs/query", org.start_job),
        ("GET", "/jobs/query/{job}", org.job),
        ("GET", "/jobs/query/{job}/results", org.results),
    ]
    return Starlette(
        routes=[
            Route("/services/oauth2/token", org.token, methods=["POST"]),
            *(
                Route(data + path, guarded(answer, org), methods=[method])
                for method, path, answer in routes
            ),
        ],
        exception_handlers={Refused: refuse, 404: refuse},
    )


def guarded(
    answer: Callable[[Request], Awaitable[Response]], org: Org
) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that admits the tokens given out and tells what is left of the day."""

    async def endpoint(request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in org.tokens:
            raise Refused(401)
        org.used += 1
        total = org.quota or REQUESTS_A_DAY
        if org.quota is not None and org.used > org.quota:
            raise Refused(403, LIMIT_EXCEEDED)
        response = await answer(request)
        response.headers["Sforce-Limit-Info"] = f"api-usage={org.used}/{total}"
        return response

    return endpoint


def _columns(kind: str, shelf: Shelf) -> list[str]:
    """Return the fields of an object; one without records still has those that everybody reads."""
    if shelf.fields:
        return shelf.fields
    [table] = [table for table in TABLES if OBJECTS[table.name] == kind]
    return [column.path or name for name, column in table.columns.items()]


def _position(locator: str | None) -> int:
    if locator is None:
        return 0
    try:
        return int(unseal(locator))
    except ForgedCursor as forged:
        raise Refused(400, _error("INVALID_LOCATOR", "invalid locator")) from forged


def _csv(fields: tuple[str, ...], rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows([_cell(row[name]) for name in fields] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text.removesuffix("+0000") + "Z" if STAMP_IN_JSON.match(text) else text
