"""YouTube's Data API as its public documentation shows it, over the sandbox's world.

Credential: the key `sandbox`, in the header. All films are of the one channel there is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ingestion.connectors.youtube import wire
from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, ForgedCursor, Tables, rows, seal, unseal

LARGEST_PAGE, USUAL_PAGE = 100, 20
UNITS = 10_000
Row = dict[str, Any]


def body(status: int, reason: str, message: str) -> Row:
    """Return an error as the vendor words it."""
    errors = [{"message": message, "domain": "youtube.commentThread", "reason": reason}]
    return {"error": {"code": status, "message": message, "errors": errors}}


ERROR_BODIES: dict[int, Row] = {
    400: body(400, "badRequest", "The request is invalid."),
    401: body(401, "authError", "Invalid Credentials"),
    403: body(403, "forbidden", "The request is not properly authorized."),
    404: body(404, "notFound", "The resource cannot be found."),
    429: body(429, "rateLimitExceeded", "Resource has been exhausted (e.g. check quota)."),
    500: body(500, "backendError", "Backend Error"),
}
USED_UP = body(
    403, "quotaExceeded", "The request cannot be completed: you have exceeded your quota."
)
NO_PARENT = body(404, "parentCommentNotFound", "The comment cannot be found.")
DISABLED = body(403, "commentsDisabled", "The channel has disabled comments.")


@dataclass(frozen=True, slots=True)
class Content:
    """What the channel shows: threads, newest first, replies by their thread, counts by channel."""

    threads: list[Row]
    replies: dict[str, list[Row]]
    channels: dict[str, Row]


def content(tables: Tables) -> Content:
    """Arrange comments as YouTube lists them; with a thread its replies are gone."""
    told = rows(tables["film_comments"])
    newest = sorted(told, key=lambda row: (row["published_at"], row["comment_id"]), reverse=True)
    replies: dict[str, list[Row]] = {}
    for row in newest:
        if row["parent_id"]:
            replies.setdefault(row["parent_id"], []).append(row)
    channels = {row["channel_id"]: row for row in rows(tables["film_channels"])}
    return Content([row for row in newest if not row["parent_id"]], replies, channels)


def app(tables: Callable[[], Tables], faults: Any, has_comments: bool = True) -> Starlette:
    """Return the emulator over `tables`; `faults.quota` is how many units there are to spend."""
    units = Units(getattr(faults, "quota", None) or UNITS)
    studio = Studio(Derived(tables, content), units, has_comments)
    return Starlette(
        routes=[
            Route("/youtube/v3/channels", studio.channels),
            Route("/youtube/v3/commentThreads", studio.threads),
            Route("/youtube/v3/comments", studio.replies),
        ],
        exception_handlers=refusing(ERROR_BODIES),
    )


@dataclass(slots=True)
class Units:
    """What is left of a day's quota; each list costs one unit a page."""

    left: int

    def spend(self) -> bool:
        self.left -= 1
        return self.left >= 0


@dataclass(frozen=True, slots=True)
class Studio:
    """The lists that a key may read."""

    current: Callable[[], Content]
    units: Units
    has_comments: bool

    async def channels(self, request: Request) -> JSONResponse:
        if refused := self._refused(request, "statistics"):
            return refused
        known = self.current().channels
        asked = request.query_params.get("id", "").split(",")
        items = [wire.channel(known[id_]) for id_ in asked if id_ in known]
        return _list("channelList", items, None)

    async def threads(self, request: Request) -> JSONResponse:
        if refused := self._refused(request, "snippet,replies"):
            return refused
        current, asked = self.current(), request.query_params
        channel = asked.get("allThreadsRelatedToChannelId", "")
        if asked.get("order") != "time" or channel not in current.channels:
            raise Refused(400 if channel in current.channels else 404)
        if not self.has_comments:
            return JSONResponse(DISABLED, 403)
        page, token = _page(request, current.threads)
        items = [
            wire.thread(row, current.replies.get(row["comment_id"], []), channel) for row in page
        ]
        return _list("commentThreadList", items, token)

    async def replies(self, request: Request) -> JSONResponse:
        if refused := self._refused(request, "snippet"):
            return refused
        current, parent = self.current(), request.query_params.get("parentId", "")
        if not any(row["comment_id"] == parent for row in current.threads):
            return JSONResponse(NO_PARENT, 404)
        page, token = _page(request, current.replies.get(parent, []))
        items = [wire.comment(row, next(iter(current.channels)), in_thread=False) for row in page]
        return _list("commentList", items, token)

    def _refused(self, request: Request, part: str) -> JSONResponse | None:
        """Return why a request is not served: no key, other parts, no units left; else None."""
        if request.headers.get("x-goog-api-key") != "sandbox":
            raise Refused(400 if "x-goog-api-key" in request.headers else 403)
        if request.query_params.get("part") != part:
            raise Refused(400)
        return None if self.units.spend() else JSONResponse(USED_UP, 403)


def _page(request: Request, listed: list[Row]) -> tuple[list[Row], str | None]:
    """Return the comments after the one at which the page before ended, and the next token."""
    asked = request.query_params
    size = int(asked.get("maxResults", USUAL_PAGE))
    if not 0 < size <= LARGEST_PAGE or asked.get("textFormat") != "plainText":
        raise Refused(400)
    if token := asked.get("pageToken"):
        try:
            published, _, id_ = unseal(token).partition("||")
        except ForgedCursor as forged:
            raise Refused(400) from forged
        listed = [
            row for row in listed if (row["published_at"], row["comment_id"]) < (published, id_)
        ]
    page, rest = listed[:size], listed[size:]
    last = page[-1] if rest else None
    return page, seal(f"{last['published_at']}||{last['comment_id']}") if last else None


def _list(kind: str, items: list[Row], token: str | None) -> JSONResponse:
    info = {"totalResults": len(items), "resultsPerPage": len(items)}
    following = {"nextPageToken": token} if token else {}
    return JSONResponse(
        {"kind": f"youtube#{kind}Response", "etag": "etag", **following,
         "pageInfo": info, "items": items}
    )  # fmt: skip
