"""How Intercom is searched, and how its quota is kept."""

import time
from datetime import datetime, timedelta
from typing import Any

from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator
from requests import Response

PAGE = 150
# The vendor reads a date in a search as a day of the workspace's zone, and `>` as from the day
# after. Two days earlier is early enough in any zone.
WHOLE_DAYS = timedelta(days=2)
QUOTA_SECONDS = 10  # the quota is given out anew that often


def everything() -> dict[str, Any]:
    """Return the search that finds every record, in an order that no change disturbs."""
    return search("created_at", 0)


def changed_since(since: datetime) -> dict[str, Any]:
    """Return the search that finds what changed from `since` on, and up to two days more."""
    return search("updated_at", int((since - WHOLE_DAYS).timestamp()))


def search(field: str, later_than: int) -> dict[str, Any]:
    """Return a search by one time, oldest first: what changes on the way comes again at the end."""
    return {
        "query": {
            "operator": "AND",
            "value": [{"field": field, "operator": ">", "value": later_than}],
        },
        "pagination": {"per_page": PAGE},
        "sort": {"field": field, "order": "ascending"},
    }


def pages() -> JSONResponseCursorPaginator:
    """Return the walk along `pages.next.starting_after`; the last page has no `pages.next`."""
    return JSONResponseCursorPaginator(
        cursor_path="pages.next.starting_after", cursor_body_path="pagination.starting_after"
    )


def keep_to_quota(response: Response) -> None:
    """Wait for the next share of the quota once this one is used up, as the headers tell."""
    if response.headers.get("X-RateLimit-Remaining") == "0":
        reset = float(response.headers.get("X-RateLimit-Reset", 0))
        time.sleep(min(max(reset - time.time(), 0), QUOTA_SECONDS))
