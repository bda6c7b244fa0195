"""SurveyMonkey as its public documentation shows it, over the sandbox's surveys.

Credential: the token `sandbox`. `faults.quota` is how many requests a day it serves: 500 are what
the vendor grants an app of one's own.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ingestion.connectors.surveymonkey import wire
from ingestion.connectors.surveymonkey.wire import Row
from ingestion.sandbox import questionnaires
from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, Tables, rows

TOKEN = "Bearer sandbox"
MOST_SURVEYS, MOST_RESPONSES = 1_000, 100
UNLIMITED = 1_000_000
LISTED = ("id", "title", "nickname", "href")
STATUSES = {"completed", "partial", "overquota", "disqualified"}


def error(status: int, id_: str, name: str) -> Row:
    """Return what the vendor says about a request that failed."""
    said = {"id": id_, "name": name, "message": name, "docs": "https://developer.example/api/v3/"}
    return {"error": said | {"http_status_code": status}}


ERROR_BODIES = {
    400: error(400, "1000", "Bad Request"),
    401: error(401, "1011", "Authorization Error"),
    403: error(403, "1014", "Permission Error"),
    404: error(404, "1020", "Resource Not Found"),
    429: error(429, "1040", "Rate limit reached"),
    500: error(500, "1050", "Internal Server Error"),
}


@dataclass(slots=True)
class Held:
    """A survey as it is listed, its details and collectors, and its responses as they changed."""

    shown: Row
    details: Row
    collectors: list[Row]
    responses: list[Row] = field(default_factory=list)


def account(tables: Tables) -> dict[str, Held]:
    """Arrange the world's tables as SurveyMonkey holds them."""
    asked = questionnaires.questions(tables)
    roles = {id_: {q["question_id"]: q["role"] for q in of} for id_, of in asked.items()}
    answered: dict[str, list[Row]] = {id_: [] for id_ in asked}
    for row in questionnaires.responses(tables):
        answered[row["survey_id"]].append(wire.response(row, roles[row["survey_id"]]))
    held = {}
    for row in rows(tables["surveys"].sort_values(["updated_at", "survey_id"])):
        id_ = row["survey_id"]
        shown = wire.survey(row, len(answered[id_]))
        held[shown["id"]] = Held(
            shown,
            wire.details(shown, id_, asked[id_]),
            wire.collectors(row),
            sorted(answered[id_], key=lambda told: (told["date_modified"], told["id"])),
        )
    return held


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`."""
    held = Account(Derived(tables, account))
    quota = Quota(getattr(faults, "quota", None) or UNLIMITED)
    routes = {
        "/surveys": held.surveys,
        "/surveys/{survey}/details": held.details,
        "/surveys/{survey}/collectors": held.collectors,
        "/surveys/{survey}/responses/bulk": held.responses,
    }
    return Starlette(
        routes=[Route(path, guarded(give, quota)) for path, give in routes.items()],
        exception_handlers=refusing(ERROR_BODIES),
    )


def guarded(
    answer: Callable[[Request], Response], quota: "Quota"
) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint for those who send the token, which tells what is left of the day."""

    async def endpoint(request: Request) -> Response:
        if request.headers.get("authorization") != TOKEN:
            raise Refused(401)
        told = quota.spend()
        response = answer(request)
        response.headers.update(told)
        return response

    return endpoint


@dataclass(slots=True)
class Quota:
    """Requests a day of the app, told in the headers; the minute is never short here."""

    limit: int
    day: int = 0
    used: int = 0

    def spend(self) -> dict[str, str]:
        now = int(time.time())
        if now // 86_400 != self.day:
            self.day, self.used = now // 86_400, 0
        self.used += 1
        name = "X-Ratelimit-App-Global-"
        told = {
            f"{name}Minute-Limit": "120",
            f"{name}Minute-Remaining": "119",
            f"{name}Minute-Reset": str(60 - now % 60),
            f"{name}Day-Limit": str(self.limit),
            f"{name}Day-Remaining": str(max(0, self.limit - self.used)),
            f"{name}Day-Reset": str(86_400 - now % 86_400),
        }
        if self.used > self.limit:
            raise Refused(429, headers=told)
        return told


@dataclass(frozen=True, slots=True)
class Account:
    """The endpoints of one account."""

    current: Callable[[], dict[str, Held]]

    def surveys(self, request: Request) -> Response:
        included = (*LISTED, *request.query_params.get("include", "").split(","))
        shown = [
            {name: value for name, value in survey.shown.items() if name in included}
            for survey in self.current().values()
            if since(request) <= survey.shown["date_modified"]
        ]
        return page(request, shown, MOST_SURVEYS)

    def details(self, request: Request) -> Response:
        return JSONResponse(self._asked(request).details)

    def collectors(self, request: Request) -> Response:
        return page(request, self._asked(request).collectors, MOST_SURVEYS)

    def responses(self, request: Request) -> Response:
        query = request.query_params
        wanted = set(query.get("status", ",".join(STATUSES)).split(","))
        if wanted - STATUSES:
            raise Refused(400)
        until = query.get("end_modified_at", "9999")
        found = [
            told
            for told in self._asked(request).responses
            if since(request) <= told["date_modified"][:19] <= until
            and told["response_status"] in wanted
        ]
        if (query.get("sort_by"), query.get("sort_order")) != ("date_modified", "asc"):
            found = found[::-1]
        return page(request, found, MOST_RESPONSES)

    def _asked(self, request: Request) -> Held:
        survey = self.current().get(request.path_params["survey"])
        if survey is None:
            raise Refused(404)
        return survey


def since(request: Request) -> str:
    """Return the beginning of a window: UTC, without an offset."""
    text = request.query_params.get("start_modified_at", "")
    if "+" in text or "Z" in text:
        raise Refused(400)
    return text


def page(request: Request, found: Sequence[Row], largest: int) -> Response:
    """Return one numbered page of a list, with the addresses of those around it."""
    size, at = number(request, "per_page", 50), number(request, "page", 1)
    if size > largest:
        raise Refused(400)
    last = max(1, -(-len(found) // size))
    around = {"self": at, "prev": at - 1, "next": at + 1, "first": 1, "last": last}
    links = {
        name: str(request.url.include_query_params(page=to))
        for name, to in around.items()
        if 1 <= to <= last
    }
    body = {"data": found[(at - 1) * size : at * size], "per_page": size, "page": at}
    return JSONResponse({**body, "total": len(found), "links": links})


def number(request: Request, name: str, default: int) -> int:
    """Return a number of the query."""
    text = request.query_params.get(name, str(default))
    if not text.isdigit() or int(text) < 1:
        raise Refused(400)
    return int(text)
