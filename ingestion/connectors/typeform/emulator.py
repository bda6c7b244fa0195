"""Typeform as its public documentation shows it, over the sandbox's surveys.

Credential: the token `sandbox`. Which system sent a link says so in the form's hidden fields.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ingestion.connectors.typeform import wire
from ingestion.connectors.typeform.wire import Row
from ingestion.sandbox import questionnaires
from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, Tables, rows

TOKEN = "Bearer sandbox"
LARGEST_LIST, LARGEST_PAGE, USUAL_PAGE = 200, 1_000, 25
KINDS = ("completed", "partial", "started")

ERROR_BODIES: dict[int, dict[str, Any]] = {
    400: {"code": "VALIDATION_ERROR", "description": "Error in the request"},
    401: {"code": "AUTHENTICATION_FAILED", "description": "Authentication credentials not found"},
    403: {"code": "AUTHORIZATION_FAILED", "description": "You do not have access"},
    404: {"code": "FORM_NOT_FOUND", "description": "Form not found"},
    429: {"code": "TOO_MANY_REQUESTS", "description": "Too many requests"},
    500: {"code": "INTERNAL_ERROR", "description": "Something went wrong"},
}


@dataclass(frozen=True, slots=True)
class Form:
    """A form and its responses, newest first, each with the second it is found by."""

    definition: Row
    responses: list[tuple[str, Row]] = field(default_factory=list)


def account(tables: Tables) -> dict[str, Form]:
    """Arrange the world's tables as Typeform holds them."""
    asked = questionnaires.questions(tables)
    forms = {
        row["survey_id"]: Form(wire.form(row, asked[row["survey_id"]]))
        for row in rows(tables["surveys"])
    }
    for row in questionnaires.responses(tables):
        told = wire.response(row, asked[row["survey_id"]])
        forms[row["survey_id"]].responses.append((row["recorded_at"][:19], told))
    for form in forms.values():
        form.responses.sort(key=lambda found: (found[0], found[1]["token"]), reverse=True)
    return {form.definition["id"]: form for form in forms.values()}


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`; `faults.quota` is how many requests a second it serves."""
    held = Account(Derived(tables, account))
    quota = Quota(getattr(faults, "quota", None))
    routes = {
        "/forms": held.forms,
        "/forms/{form}": held.form,
        "/forms/{form}/responses": held.responses,
    }
    return Starlette(
        routes=[Route(path, guarded(give, quota)) for path, give in routes.items()],
        exception_handlers=refusing(ERROR_BODIES),
    )


def guarded(
    answer: Callable[[Request], Response], quota: "Quota"
) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint for those who send the token and do not ask too often."""

    async def endpoint(request: Request) -> Response:
        if request.headers.get("authorization") != TOKEN:
            raise Refused(401)
        quota.spend()
        return answer(request)

    return endpoint


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


@dataclass(frozen=True, slots=True)
class Account:
    """The endpoints of one account."""

    current: Callable[[], dict[str, Form]]

    def forms(self, request: Request) -> Response:
        forms = [form.definition for form in self.current().values()]
        size = number(request, "page_size", 10, LARGEST_LIST)
        start = (number(request, "page", 1, 10**6) - 1) * size
        listed = [wire.listed(form) for form in forms[start : start + size]]
        return page(listed, len(forms), size)

    def form(self, request: Request) -> Response:
        return JSONResponse(self._asked(request).definition)

    def responses(self, request: Request) -> Response:
        held, query = self._asked(request).responses, request.query_params
        kinds = query.get("response_type", "completed").split(",")
        if set(kinds) - set(KINDS):
            raise Refused(400)
        first, last = 0, len(held)
        if "before" in query or "after" in query:
            if "sort" in query:
                raise Refused(400)
            first, last = between(held, query.get("before"), query.get("after"))
        since, until = query.get("since", ""), query.get("until", "9999")
        found = [
            told
            for at, told in held[first:last]
            if since <= at <= until and told["response_type"] in kinds
        ]
        size = number(request, "page_size", USUAL_PAGE, LARGEST_PAGE)
        nearest = found[-size:] if "after" in query else found[:size]
        return page(nearest, len(found), size)

    def _asked(self, request: Request) -> Form:
        form = self.current().get(request.path_params["form"])
        if form is None:
            raise Refused(404)
        return form


def between(held: list[tuple[str, Row]], before: str | None, after: str | None) -> tuple[int, int]:
    """Return which responses lie before one token and after another; refuse one that is gone."""
    place = {told["token"]: at for at, (_, told) in enumerate(held)}
    if not {token for token in (before, after) if token} <= place.keys():
        raise Refused(400)
    return (place[before] + 1 if before else 0), (place[after] if after else len(held))


def page(items: list[Row], found: int, size: int) -> Response:
    """Return a page of a list in the vendor's envelope."""
    return JSONResponse({"total_items": found, "page_count": -(-found // size), "items": items})


def number(request: Request, name: str, default: int, largest: int) -> int:
    """Return a number of the query; refuse one that the vendor does not serve."""
    text = request.query_params.get(name, str(default))
    if not text.isdigit() or not 1 <= int(text) <= largest:
        raise Refused(400)
    return int(text)
