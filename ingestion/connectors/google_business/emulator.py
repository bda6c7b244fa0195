"""Google Business Profile on the wire: the reviews of one place, newest first, by page token.

They are the feedback that the sandbox's CRM gathered by e-mail, scores turned into stars.
"""

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, ForgedCursor, Tables, rows, seal, unseal

LARGEST_PAGE = 50
STARS = ("ONE", "TWO", "THREE", "FOUR", "FIVE")
PLACE = "accounts/1/locations/2"


def problem(code: int, status: str) -> dict[str, Any]:
    """Return an error as the vendor words it."""
    return {"error": {"code": code, "message": status.title(), "status": status}}


ERROR_BODIES: dict[int, Any] = {
    400: problem(400, "INVALID_ARGUMENT"),
    401: problem(401, "UNAUTHENTICATED"),
    403: problem(403, "PERMISSION_DENIED"),
    404: problem(404, "NOT_FOUND"),
    429: problem(429, "RESOURCE_EXHAUSTED"),
    500: problem(500, "INTERNAL"),
}


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`."""
    current = Derived(tables, reviews)

    async def answer(request: Request) -> JSONResponse:
        if request.headers.get("authorization") != "Bearer sandbox":
            raise Refused(401)
        asked, found = request.query_params, current()
        try:
            start = int(unseal(asked["pageToken"])) if "pageToken" in asked else 0
        except ForgedCursor as forged:
            raise Refused(400) from forged
        stop = start + min(int(asked.get("pageSize", LARGEST_PAGE)), LARGEST_PAGE)
        told = {"reviews": found[start:stop], "averageRating": 4.4, "totalReviewCount": len(found)}
        following = {"nextPageToken": seal(str(stop))} if stop < len(found) else {}
        return JSONResponse(told | following)

    return Starlette(
        routes=[Route(f"/v4/{PLACE}/reviews", answer)], exception_handlers=refusing(ERROR_BODIES)
    )


def reviews(tables: Tables) -> list[dict[str, Any]]:
    """Return the reviews as the vendor sends them, the newest first."""
    said = tables["crm_feedback"]
    said = said[said["channel"] == "EMAIL"].sort_values(
        ["updated_at", "submission_id"], ascending=False
    )
    return [
        {
            "name": f"{PLACE}/reviews/{row['submission_id']}",
            "reviewId": str(row["submission_id"]),
            "reviewer": {"displayName": "K."},
            "starRating": STARS[row["value"] * 4 // 10],
            "createTime": row["submitted_at"],
            "updateTime": row["updated_at"],
        }
        | ({"comment": row["content"]} if row["content"] else {})
        for row in rows(said)
    ]
