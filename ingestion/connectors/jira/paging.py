"""How Jira is asked: searches by token and minute, lists by offset."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator
from requests import Response

from ingestion.errors import VendorFault
from ingestion.paging import Row, settled

PAGE = 100
PLATFORM, DESK = "rest/api/3", "rest/servicedeskapi"
# What the two halves of the API call the place and the size of a page.
OFFSET = {PLATFORM: ("startAt", "maxResults"), DESK: ("start", "limit")}


class Tokens(JSONResponseCursorPaginator):
    """Follow `nextPageToken` until it is missing or `isLast` says so."""

    def __init__(self) -> None:
        super().__init__(cursor_path="nextPageToken", cursor_body_path="nextPageToken")

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Move on to the next page, if there is one."""
        super().update_state(response, data)
        if response.json().get("isLast"):
            self._has_next_page = False


def found(client: RESTClient, jql: str, fields: list[str], **more: Any) -> Iterator[list[Row]]:
    """Yield what a search finds, oldest first: what changes on the way keeps its place."""
    yield from client.paginate(
        f"{PLATFORM}/search/jql",
        method="POST",
        json={
            "jql": f"{jql} ORDER BY created ASC, id ASC",
            "fields": fields,
            "maxResults": PAGE,
            **more,
        },
        paginator=Tokens(),
        data_selector="issues",
    )


def service_projects(client: RESTClient) -> str:
    """Return the condition for issues of service projects; without one a search is refused."""
    ids = {str(desk["projectId"]) for page in listed(client, DESK, "servicedesk") for desk in page}
    if not ids:
        raise VendorFault(
            "jira", "shows no service project", "let the account see the projects to be read"
        )
    return f"project in ({', '.join(sorted(ids))})"


def changed_since(client: RESTClient, moment: datetime) -> str:
    """Return the condition for issues that changed from the minute of `moment` on.

    JQL reads a time in the zone of who asks and knows no offset; of an hour that comes twice a year
    it may mean either, so `moment` is to lie an hour before what is needed.
    """
    me = client.get(f"{PLATFORM}/myself")
    me.raise_for_status()
    return f'updated >= "{moment.astimezone(ZoneInfo(me.json()["timeZone"])):%Y-%m-%d %H:%M}"'


def listed(client: RESTClient, api: str, path: str, rows: str = "values") -> Iterator[list[Row]]:
    """Yield the pages of a list that is walked by offset."""
    start, size = OFFSET[api]

    def walk() -> Iterator[list[Row]]:
        at, is_last = 0, False
        while not is_last:
            answer = client.get(f"{api}/{path}", params={start: at, size: PAGE})
            answer.raise_for_status()
            body = answer.json()
            yield body[rows]
            at += len(body[rows])
            is_last = not body[rows] or body.get("isLastPage", at >= body.get("total", 0))

    return settled(walk)
