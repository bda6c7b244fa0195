"""Discourse as its own public source shows it, over the sandbox's world.

Credentials: the key `sandbox` in the name of `system`. Pages are counted off the list as it is when
they are asked for: what changes between two of them moves rows, as it does at the vendor.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ingestion.connectors.discourse import wire
from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, Tables, rows

USERS_PAGE, POSTS_PAGE, LIKES_PAGE = 100, 50, 30
LIKE = "1"
Row = dict[str, Any]


def body(kind: str, message: str, **extra: Any) -> Row:
    """Return an error as the vendor words it."""
    return {"errors": [message], "error_type": kind, **extra}


ERROR_BODIES: dict[int, Row] = {
    400: body("invalid_parameters", "You supplied invalid parameters to the request."),
    401: body("not_logged_in", "You need to be logged in to do that."),
    403: body("invalid_access", "You are not permitted to view the requested resource."),
    404: body("not_found", "The requested URL or resource could not be found."),
    429: body(
        "rate_limit",
        "You have performed this action too many times, please try again later.",
        extras={"wait_seconds": 20, "time_left": "20 seconds"},
    ),
    500: {"status": 500, "error": "Internal Server Error"},
}


@dataclass(frozen=True, slots=True)
class Content:
    """What a forum shows: accounts and posts newest first, likes by the name of their giver."""

    users: list[Row]
    posts: list[Row]
    ids: np.ndarray
    likes: dict[str, list[Row]]


def content(tables: Tables) -> Content:
    """Arrange the community as Discourse holds it; likes of what is gone are gone too."""
    users = {row["user_id"]: row for row in rows(tables["community_users"], milliseconds=True)}
    posts = {row["post_id"]: row for row in rows(tables["community_posts"], milliseconds=True)}
    given = rows(tables["community_likes"], milliseconds=True)
    stands = [
        row for row in given
        if row["undone_at"] is None and row["post_id"] in posts and row["user_id"] in users
    ]  # fmt: skip
    seen = {id_: row["created_at"] for id_, row in users.items()}
    for at, id_ in [
        *((row["created_at"], row["user_id"]) for row in posts.values()),
        *((row["undone_at"] or row["created_at"], row["user_id"]) for row in given),
    ]:
        seen[id_] = max(seen.get(id_, ""), at)
    for id_, row in users.items():
        row["last_seen_at"] = seen[id_]
    for row in posts.values():
        row["likes"] = 0
    likes: dict[str, list[Row]] = {}
    for like in sorted(stands, key=lambda row: (row["created_at"], row["post_id"]), reverse=True):
        post, liker = posts[like["post_id"]], users[like["user_id"]]
        post["likes"] += 1
        told = wire.like(post | {"created_at": like["created_at"]}, liker, _author(post, users))
        likes.setdefault(liker["username"], []).append(told)
    # By name first: the second sorting keeps that order among those of one moment.
    by_name = sorted([wire.SYSTEM, *users.values()], key=lambda row: row["username"])
    accounts = sorted(by_name, key=lambda row: row["created_at"], reverse=True)
    newest = [posts[id_] for id_ in sorted(posts, reverse=True)]
    return Content(
        users=accounts,
        posts=[wire.post(row, _author(row, users)) for row in newest],
        ids=np.array([row["post_id"] for row in newest], dtype=np.int64),
        likes=likes,
    )


def _author(post: Row, users: dict[int, Row]) -> Row | None:
    return users.get(post["user_id"])


def app(tables: Callable[[], Tables], faults: Any, is_old: bool = False) -> Starlette:
    """Return the emulator over `tables`; `faults.quota` is how many requests a minute it serves.

    An old forum looks for posts among 50 numbers, not for 50 posts.
    """
    forum = Forum(Derived(tables, content), Quota(getattr(faults, "quota", None)), is_old)
    return Starlette(
        routes=[
            Route("/admin/users/list/new.json", forum.users),
            Route("/posts.json", forum.posts),
            Route("/user_actions.json", forum.likes),
        ],
        exception_handlers=refusing(ERROR_BODIES),
    )


@dataclass(frozen=True, slots=True)
class Forum:
    """The lists of one forum."""

    current: Callable[[], Content]
    quota: "Quota"
    is_old: bool

    async def users(self, request: Request) -> JSONResponse:
        self._admit(request)
        start = (_number(request, "page", 1) - 1) * USERS_PAGE
        page = self.current().users[start : start + USERS_PAGE]
        with_email = request.query_params.get("show_emails") == "true"
        return JSONResponse([wire.user(row, with_email) for row in page])

    async def posts(self, request: Request) -> JSONResponse:
        self._admit(request)
        current = self.current()
        before = _number(request, "before", 0)
        if self.is_old:
            before = before or int(max(current.ids, default=0))
            shown = (current.ids <= before) & (current.ids > before - POSTS_PAGE)
        else:
            shown = current.ids < before if before > 0 else np.ones(len(current.ids), dtype=bool)
        page = [current.posts[at] for at in np.flatnonzero(shown)[:POSTS_PAGE]]
        return JSONResponse({"latest_posts": page})

    async def likes(self, request: Request) -> JSONResponse:
        self._admit(request)
        if request.query_params.get("filter") != LIKE:
            raise Refused(400)
        current, name = self.current(), request.query_params.get("username")
        if not any(row["username"] == name for row in current.users):
            raise Refused(404)
        start = _number(request, "offset", 0)
        page = current.likes.get(str(name), [])[start : start + LIKES_PAGE]
        return JSONResponse({"user_actions": page})

    def _admit(self, request: Request) -> None:
        given = [request.headers.get(name) for name in ("api-key", "api-username")]
        if given != ["sandbox", "system"]:
            raise Refused(403)
        self.quota.spend()


@dataclass(slots=True)
class Quota:
    """Requests a minute; without a limit nobody is refused."""

    limit: int | None = None
    minute: int = 0
    used: int = 0

    def spend(self) -> None:
        minute = int(time.time()) // 60
        if minute != self.minute:
            self.minute, self.used = minute, 0
        self.used += 1
        if self.limit is not None and self.used > self.limit:
            raise Refused(429, headers={"Retry-After": str(60 - int(time.time()) % 60)})


def _number(request: Request, name: str, default: int) -> int:
    """Return a number as Ruby reads it: what is none counts as nothing."""
    text = request.query_params.get(name, "")
    return int(text) if text.isdigit() and int(text) else default
