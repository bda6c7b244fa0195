"""App Store Connect on the wire: the reviews of one app, newest first, by links.

They are the feedback that the sandbox's CRM gathered on the web, scores turned into stars.
"""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, ForgedCursor, Tables, rows, seal, unseal

LARGEST_PAGE = 200
APP = "1234567890"
ZONE = timezone(timedelta(hours=-8))  # in which Apple tells its times


def problem(status: int, code: str) -> dict[str, Any]:
    """Return an error as the vendor words it."""
    return {"errors": [{"status": str(status), "code": code, "title": code.title(), "detail": ""}]}


ERROR_BODIES: dict[int, Any] = {
    400: problem(400, "PARAMETER_ERROR.INVALID"),
    401: problem(401, "NOT_AUTHORIZED"),
    403: problem(403, "FORBIDDEN_ERROR"),
    404: problem(404, "NOT_FOUND"),
    429: problem(429, "RATE_LIMIT_EXCEEDED"),
    500: problem(500, "UNEXPECTED_ERROR"),
}


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`."""
    current = Derived(tables, reviews)

    async def answer(request: Request) -> JSONResponse:
        if request.headers.get("authorization") != "Bearer sandbox":
            raise Refused(401)
        asked, found = request.query_params, current()
        try:
            start = int(unseal(asked["cursor"])) if "cursor" in asked else 0
        except ForgedCursor as forged:
            raise Refused(400) from forged
        size = int(asked.get("limit", 50))
        if size > LARGEST_PAGE:
            raise Refused(400)
        stop, links = start + size, {"self": str(request.url)}
        if stop < len(found):
            links["next"] = str(request.url.include_query_params(cursor=seal(str(stop))))
        paging = {"paging": {"total": len(found), "limit": size}}
        return JSONResponse({"data": found[start:stop], "links": links, "meta": paging})

    return Starlette(
        routes=[Route(f"/v1/apps/{APP}/customerReviews", answer)],
        exception_handlers=refusing(ERROR_BODIES),
    )


def reviews(tables: Tables) -> list[dict[str, Any]]:
    """Return the reviews as the vendor sends them, the newest first."""
    said = tables["crm_feedback"]
    said = said[said["channel"] == "WEB"].sort_values(
        ["submitted_at", "submission_id"], ascending=False
    )
    return [
        {
            "type": "customerReviews",
            "id": f"{row['submission_id']:08d}",
            "attributes": {
                "rating": 1 + row["value"] * 4 // 10,
                "title": row["survey_name"],
                "body": row["content"] or "",
                "reviewerNickname": "Ann",
                "createdDate": local(row["submitted_at"]),
                "territory": "DEU",
            },
        }
        for row in rows(said)
    ]


def local(text: str) -> str:
    """Return a time as Apple tells it."""
    return datetime.fromisoformat(text).astimezone(ZONE).isoformat()
