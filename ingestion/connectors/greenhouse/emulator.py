"""Greenhouse's Harvest v3 as another connector reads it, over the sandbox's applications.

Credential: client id and secret `sandbox`, in the header of the request for a token.
"""

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, ForgedCursor, Tables, rows, seal, unseal

CLIENT = f"Basic {b64encode(b'sandbox:sandbox').decode()}"
BEARER = "granted"
LARGEST_PAGE = 500

ERROR_BODIES: dict[int, Any] = {
    status: {"errors": [{"message": message}]}
    for status, message in {
        400: "Bad request",
        401: "Invalid credentials",
        403: "You are not permitted to access this",
        404: "Resource not found",
        429: "Rate limit exceeded",
        500: "Internal server error",
    }.items()
}


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`."""
    lists = {"candidates": candidates, "applications": applications}
    routes = [Route(f"/{name}", answering(Derived(tables, made))) for name, made in lists.items()]
    return Starlette(
        routes=[Route("/token", token, methods=["POST"]), *routes],
        exception_handlers=refusing(ERROR_BODIES),
    )


async def token(request: Request) -> JSONResponse:
    """Grant a token for an hour; its end is an instant, not a number of seconds."""
    form = (await request.body()).decode()
    if request.headers.get("authorization") != CLIENT or form != "grant_type=client_credentials":
        raise Refused(401)
    ends = datetime.now(UTC) + timedelta(hours=1)
    return JSONResponse({"access_token": BEARER, "expires_at": ends.isoformat()})


def answering(listed: Callable[[], list[dict[str, Any]]]) -> Callable[[Request], Any]:
    """Return the endpoint of a list: a bare array, and the next page in `Link`."""

    async def answer(request: Request) -> JSONResponse:
        if request.headers.get("authorization") != f"Bearer {BEARER}":
            raise Refused(401)
        start, size, since = _asked(request)
        found = [row for row in listed() if row["updated_at"] >= since]
        headers = {}
        if start + size < len(found):
            cursor = seal(f"{start + size}|{size}|{since}")
            following = request.url.replace(query=f"cursor={cursor}")
            headers["Link"] = f'<{following}>; rel="next"'
        return JSONResponse(found[start : start + size], headers=headers)

    return answer


def _asked(request: Request) -> tuple[int, int, str]:
    """Return where to start, how many to give and since when; a cursor stands alone."""
    asked = request.query_params
    try:
        if "cursor" in asked:
            if len(asked) > 1:
                raise Refused(400)
            start, length, since = unseal(asked["cursor"]).split("|")
            return int(start), int(length), since
        size = int(asked.get("per_page", 100))
    except (ForgedCursor, ValueError) as noise:
        raise Refused(400) from noise
    operator, _, since = asked.get("updated_at", "gte|").partition("|")
    if operator != "gte" or not 1 <= size <= LARGEST_PAGE:
        raise Refused(400)
    return 0, size, since


def candidates(tables: Tables) -> list[dict[str, Any]]:
    """Return everyone as Greenhouse sends them; who was merged into another is not there."""
    return [
        {
            "id": row["candidate_id"],
            "first_name": row["first_name"],
            "last_name": row["last_name"],
            "company": None,
            "email_addresses": reached(row["email"], "personal"),
            "phone_numbers": reached(row["phone"], "mobile"),
            "created_at": row["created_at"],
            "updated_at": row["updated_at"],
        }
        for row in rows(tables["candidates"])
    ]  # fmt: skip


def reached(value: str | None, kind: str) -> list[dict[str, str]]:
    """Return an address or number as one of a list, which may be empty."""
    return [{"value": value, "type": kind}] if value else []


def applications(tables: Tables) -> list[dict[str, Any]]:
    """Return every application that was not deleted."""
    frame = tables["applications"]
    return [
        {
            "id": row["application_id"],
            "candidate_id": row["candidate_id"],
            "job_id": row["job_id"],
            "status": {None: "active", "hired": "hired"}.get(row["reason"], "rejected"),
            "applied_at": row["created_at"],
            "last_activity_at": row["updated_at"],
            "created_at": row["created_at"],
            "updated_at": row["updated_at"],
        }
        for row in rows(frame[frame["deleted_at"].isna()])
    ]  # fmt: skip
