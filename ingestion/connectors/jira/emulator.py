"""Jira Service Management as documentation and recorded answers show it, over the sandbox's world.

Credentials: `agent@sandbox.example` with the token `sandbox`. Times in a search are minutes of the
user's zone; of the hour that comes twice a year the second one is meant.
"""

import base64
import binascii
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from ingestion.connectors.jira import wire
from ingestion.sandbox.refusal import Refused, refusing
from ingestion.sandbox.wire import Derived, ForgedCursor, Rows, Tables, seal, seconds, unseal

USER = "agent@sandbox.example:sandbox"
LARGEST_PAGE, LARGEST_DESK_PAGE = 100, 50
# What a search gives out of one issue.
MOST_HISTORIES, MOST_COMMENTS = 40, 20
QUOTA, QUOTA_SECONDS = 350, 60
SCRUBBED = "SCRUBBED"  # erased for good: deleted, in Jira
JQL = re.compile(
    r"project in \((?P<projects>[\d, ]+)\)(?P<done> AND statusCategory = Done)?"
    r'(?: AND updated >= "(?P<minute>\d{4}-\d\d-\d\d \d\d:\d\d)")? ORDER BY created ASC, id ASC'
)


def body(*messages: str) -> dict[str, Any]:
    """Return an error as the vendor words it."""
    return {"errorMessages": list(messages), "errors": {}}


ERROR_BODIES: dict[int, dict[str, Any]] = {
    400: body("Error in the JQL Query"),
    401: body("Client must be authenticated to access this resource."),
    403: body("The user is not allowed to do this."),
    404: body("Issue does not exist or you do not have permission to see it."),
    429: body("Rate limit exceeded."),
    500: body("Internal server error"),
}


@dataclass(frozen=True, slots=True)
class Content:
    """What a site holds; histories, comments and feedback by issue, the oldest first."""

    issues: list[dict[str, Any]]
    id: np.ndarray
    created: np.ndarray
    updated: np.ndarray
    histories: dict[int, list[dict[str, Any]]]
    comments: dict[int, list[dict[str, Any]]]
    feedback: dict[int, dict[str, Any]]
    organizations: list[dict[str, Any]]


def content(tables: Tables) -> Content:
    """Return the help desk's world as one site; what was deleted is not there."""
    users = Rows(tables["support_users"])[:]
    people = {row["user_id"]: wire.user(_with_bot(row)) for row in users}
    firms = Rows(tables["support_organizations"])[:]
    events = tables["ticket_events"].sort_values(["created_at", "event_id"])
    ratings = tables["satisfaction_ratings"]
    given = ratings[ratings["score"].isin(["good", "bad"])]
    tickets = _tickets(tables["tickets"], events, given)
    named = {row["organization_id"]: row for row in firms}
    histories: dict[int, list[dict[str, Any]]] = {}
    comments: dict[int, list[dict[str, Any]]] = {}
    for event in Rows(events)[:]:
        if event["event_type"] == "comment":
            comments.setdefault(event["ticket_id"], []).append(wire.comment(event, people))
        elif event["event_type"] in ("status", "assignment"):
            histories.setdefault(event["ticket_id"], []).append(wire.history(event, people))
    return Content(
        issues=[wire.issue(row, people, named) for row in Rows(tickets)[:]],
        id=tickets["ticket_id"].to_numpy(dtype=np.int64),
        created=seconds(tickets["created_at"]),
        updated=seconds(tickets["changed_at"]),
        histories=histories,
        comments=comments,
        feedback={row["ticket_id"]: wire.feedback(row) for row in Rows(given)[:]},
        organizations=[wire.organization(row) for row in firms],
    )


def _with_bot(row: dict[str, Any]) -> dict[str, Any]:
    is_bot = row["role"] == "agent" and row["email"] is None and row["employee_number"] is None
    return row | {"role": wire.BOT} if is_bot else row


def _tickets(tickets: pd.DataFrame, events: pd.DataFrame, ratings: pd.DataFrame) -> pd.DataFrame:
    """Return what is left of the tickets; what is said in one changes it, a rating does not."""
    kept = tickets[(tickets["status"] != "deleted") & (tickets["subject"] != SCRUBBED)]
    heard = events[["created_at", "visible_from"]].max(axis=1).groupby(events["ticket_id"]).max()
    times = kept[["updated_at", "generated_at"]].assign(
        heard=pd.to_datetime(heard.reindex(kept["ticket_id"]).to_numpy(), utc=True)
    )
    rated = ratings.set_index("ticket_id")["updated_at"].reindex(kept["ticket_id"])
    changed = times.max(axis=1)
    return kept.assign(
        changed_at=changed, rated_at=pd.to_datetime(rated.to_numpy(), utc=True)
    ).sort_values(["created_at", "ticket_id"])


def app(tables: Callable[[], Tables], faults: Any) -> Starlette:
    """Return the emulator over `tables`; `faults.quota` is how many requests a minute it serves."""
    site = Site(Derived(tables, content))
    quota = Quota(getattr(faults, "quota", None))
    get = {
        "api/3/myself": site.myself,
        "api/3/status": site.statuses,
        "api/3/issue/{issue:int}/changelog": site.changelog,
        "api/3/issue/{issue:int}/comment": site.comments,
        "servicedeskapi/servicedesk": site.service_desks,
        "servicedeskapi/organization": site.organizations,
        "servicedeskapi/request/{issue:int}/feedback": site.feedback,
    }
    routes = [Route(f"/rest/{path}", guarded(give, quota)) for path, give in get.items()]
    search = Route("/rest/api/3/search/jql", guarded(site.search, quota), methods=["POST"])
    return Starlette(routes=[*routes, search], exception_handlers=refusing(ERROR_BODIES))


@dataclass(frozen=True, slots=True)
class Site:
    """The endpoints of one site."""

    current: Callable[[], Content]

    def myself(self, request: Request, asked: Any) -> Any:
        return {"accountId": wire.account_id(1), "timeZone": str(wire.ZONE), "active": True}

    def statuses(self, request: Request, asked: Any) -> Any:
        return [wire.status(name) for name in wire.STATUSES]

    def service_desks(self, request: Request, asked: Any) -> Any:
        desks = [
            {"id": id_, "projectId": id_, "projectName": key.title(), "projectKey": key}
            for id_, key in wire.PROJECTS.values()
        ]
        return _desk_page(request, desks)

    def organizations(self, request: Request, asked: Any) -> Any:
        return _desk_page(request, self.current().organizations)

    def feedback(self, request: Request, asked: Any) -> Any:
        current, id_ = self.current(), request.path_params["issue"]
        if id_ not in current.feedback or id_ not in current.id:
            raise Refused(404)
        return current.feedback[id_]

    def changelog(self, request: Request, asked: Any) -> Any:
        rows = self._of_issue(request, self.current().histories)
        return _page(request, rows, "values") | {"isLast": False}

    def comments(self, request: Request, asked: Any) -> Any:
        return _page(request, self._of_issue(request, self.current().comments), "comments")

    def _of_issue(self, request: Request, of: dict[int, list[Any]]) -> list[Any]:
        if request.path_params["issue"] not in self.current().id:
            raise Refused(404)
        return of.get(request.path_params["issue"], [])

    def search(self, request: Request, asked: Any) -> Any:
        current, query = self.current(), JQL.fullmatch(asked["jql"])
        if query is None:
            raise Refused(400)
        projects = set(query["projects"].split(", "))
        fits = np.array(
            [
                issue["fields"]["project"]["id"] in projects
                and (not query["done"] or issue["fields"]["resolution"] is not None)
                for issue in current.issues
            ],
            dtype=bool,
        )
        if query["minute"]:
            fits &= current.updated >= _second(query["minute"])
        if token := asked.get("nextPageToken"):
            created, id_ = _position(token)
            fits &= (current.created > created) | (
                (current.created == created) & (current.id > id_)
            )
        places = np.flatnonzero(fits).tolist()
        chosen = places[: max(1, min(int(asked.get("maxResults", 50)), LARGEST_PAGE))]
        is_last = len(chosen) == len(places)
        answer = {"issues": [self._shown(current, at, asked) for at in chosen], "isLast": is_last}
        if not is_last:
            last = chosen[-1]
            answer["nextPageToken"] = seal(f"{current.created[last]}||{current.id[last]}")
        return answer

    def _shown(self, current: Content, at: int, asked: Any) -> dict[str, Any]:
        issue, id_ = current.issues[at], int(current.id[at])
        wanted = asked.get("fields") or []
        if not wanted:
            return {"id": issue["id"]}
        fields = {name: value for name, value in issue["fields"].items() if name in wanted}
        if "comment" in wanted:
            said = current.comments.get(id_, [])
            shown = {"comments": said[-MOST_COMMENTS:], "total": len(said), "startAt": 0}
            fields["comment"] = shown | {"maxResults": MOST_COMMENTS}
        spoken = issue | {"fields": fields}
        if not asked.get("properties"):
            spoken.pop("properties")
        if "changelog" in asked.get("expand", ""):
            done = current.histories.get(id_, [])
            latest = done[-MOST_HISTORIES:][::-1]
            spoken["changelog"] = {
                "startAt": 0, "maxResults": MOST_HISTORIES, "total": len(done), "histories": latest
            }  # fmt: skip
        return spoken


def _page(request: Request, rows: list[Any], name: str) -> dict[str, Any]:
    start = int(request.query_params.get("startAt", 0))
    size = min(int(request.query_params.get("maxResults", 50)), LARGEST_PAGE)
    return {
        "startAt": start, "maxResults": size, "total": len(rows), name: rows[start : start + size]
    }  # fmt: skip


def _desk_page(request: Request, rows: list[Any]) -> dict[str, Any]:
    start = int(request.query_params.get("start", 0))
    size = min(int(request.query_params.get("limit", 50)), LARGEST_DESK_PAGE)
    values = rows[start : start + size]
    return {
        "size": len(values), "start": start, "limit": size,
        "isLastPage": start + size >= len(rows), "values": values,
        "_links": {"self": str(request.url)},
    }  # fmt: skip


def _second(minute: str) -> int:
    """Return the second at which a minute of the user's zone begins, the later where it is two."""
    local = datetime.strptime(minute, "%Y-%m-%d %H:%M").replace(tzinfo=wire.ZONE, fold=1)
    return int(local.timestamp())


def _position(token: str) -> tuple[int, int]:
    try:
        created, id_ = unseal(token).split("||")
    except ForgedCursor as forged:
        raise Refused(400) from forged
    return int(created), int(id_)


def guarded(
    answer: Callable[[Request, Any], Any], quota: "Quota"
) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Return an endpoint that admits the known credential and counts requests."""

    async def endpoint(request: Request) -> JSONResponse:
        if _user(request.headers.get("authorization", "")) != USER:
            raise Refused(401)
        left = quota.spend()
        asked = await request.body()
        try:
            said = answer(request, json.loads(asked or "{}"))
        except (KeyError, TypeError, ValueError) as misfit:
            raise Refused(400) from misfit
        return JSONResponse(said, headers=left)

    return endpoint


def _user(authorization: str) -> str | None:
    scheme, _, credential = authorization.partition(" ")
    try:
        user = base64.b64decode(credential, validate=True).decode()
    except (binascii.Error, UnicodeError):
        return None
    return user if scheme == "Basic" else None


@dataclass(slots=True)
class Quota:
    """Requests a minute, told in the headers; without a limit nobody is refused."""

    limit: int | None = None
    minute: int = 0
    used: int = 0

    def spend(self) -> dict[str, str]:
        now = int(time.time())
        if now // QUOTA_SECONDS != self.minute:
            self.minute, self.used = now // QUOTA_SECONDS, 0
        self.used += 1
        total = self.limit or QUOTA
        told = {
            "X-RateLimit-Limit": str(total),
            "X-RateLimit-Remaining": str(max(0, total - self.used)),
        }
        if self.limit is not None and self.used > self.limit:
            wait = str(QUOTA_SECONDS - now % QUOTA_SECONDS)
            refused = {"Retry-After": wait, "RateLimit-Reason": "jira-quota-global-based"}
            raise Refused(429, headers=told | refused)
        return told
