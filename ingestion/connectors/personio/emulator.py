"""Personio's list of persons (v2) over the sandbox's employees.

Credential: client id and secret `sandbox`, in the form that asks for a token.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, ForgedCursor, Tables, rows, seal, unseal

CLIENT = {
    "grant_type": ["client_credentials"], "client_id": ["sandbox"], "client_secret": ["sandbox"]
}  # fmt: skip
BEARER = "granted"
LARGEST_PAGE = 50

ERROR_BODIES: dict[int, Any] = {
    status: {"errors": [{"title": title}]}
    for status, title in {
        400: "Bad request",
        401: "Unauthorized",
        403: "Forbidden",
        404: "Not found",
        429: "Too many requests",
        500: "Internal error",
    }.items()
}


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`."""
    people = Derived(tables, persons)

    async def token(request: Request) -> JSONResponse:
        if parse_qs((await request.body()).decode()) != CLIENT:
            raise Refused(401)
        return JSONResponse({"access_token": BEARER, "token_type": "Bearer", "expires_in": 86_400})

    async def answer(request: Request) -> JSONResponse:
        if request.headers.get("authorization") != f"Bearer {BEARER}":
            raise Refused(401)
        asked = request.query_params
        try:
            start, size = int(unseal(asked["cursor"])) if "cursor" in asked else 0, asked["limit"]
            if not 1 <= int(size) <= LARGEST_PAGE:
                raise Refused(400)
        except (ForgedCursor, KeyError, ValueError) as noise:
            raise Refused(400) from noise
        stop, found = start + int(size), people()
        links = {}
        if stop < len(found):
            following = request.url.include_query_params(cursor=seal(str(stop)))
            links["next"] = {"href": str(following)}
        return JSONResponse({"_data": found[start:stop], "_meta": {"links": links}})

    return Starlette(
        routes=[
            Route("/v2/auth/token", token, methods=["POST"]),
            Route("/v2/persons", answer),
        ],
        exception_handlers=refusing(ERROR_BODIES),
    )


def persons(tables: Tables) -> list[dict[str, Any]]:
    """Return everyone as Personio sends them; who was deleted is not there."""
    people = tables["employees"]
    return [
        {
            "id": str(row["employee_id"]),
            "first_name": row["first_name"],
            "last_name": row["last_name"],
            "email": row["work_email"],
            "status": "INACTIVE" if row["termination_date"] else "ACTIVE",
            "created_at": f"{row['hire_date']}T00:00:00Z",
            "updated_at": row["updated_at"],
            "employments": [{"id": str(row["employee_id"])}],
            "custom_attributes": [{"id": "dynamic_12", "value": "denied"}],
        }
        for row in rows(people[~people["deleted"].astype(bool)])
    ]
