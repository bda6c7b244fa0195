"""How Freshdesk is walked: by numbered pages over lists that move while they are read.

A row that leaves a list pulls the ones behind it one place forward, and one of them over the edge
of a page that was read already. Nothing here relies on that not happening.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from dlt.sources.helpers.rest_client import RESTClient

from ingestion.errors import VendorFault
from ingestion.paging import settled

Row = dict[str, Any]

PAGE = 100
LAST_PAGE = 300  # of one query; the vendor refuses the next
SECOND = timedelta(seconds=1)


def whole(client: RESTClient, path: str, **params: Any) -> Iterator[list[Row]]:
    """Yield the pages of a list, each link of the server followed on its own host alone."""
    return settled(lambda: client.paginate(path, params={"per_page": PAGE, **params}))


def changed(
    client: RESTClient, path: str, since: datetime, until: datetime, **params: Any
) -> Iterator[list[Row]]:
    """Yield what changed, oldest first, each query beginning where the page before it ended.

    So no query but that of a single second gets far enough to meet the vendor's last page, and a
    row that changes meanwhile moves to the end, where it is met again.
    """

    def page(number: int) -> tuple[list[Row], bool]:
        asked = {"updated_since": f"{since:%Y-%m-%dT%H:%M:%SZ}", "per_page": PAGE, "page": number}
        answer = client.get(
            path, params={**params, **asked, "order_by": "updated_at", "order_type": "asc"}
        )
        answer.raise_for_status()
        return answer.json(), "next" in answer.links

    def second() -> Iterator[list[Row]]:
        for number in range(1, LAST_PAGE + 1):
            rows, has_more = page(number)
            yield rows
            if not has_more or newest(rows) > since:
                return
        raise VendorFault(
            "freshdesk",
            f"holds more {path} in the second {since:%Y-%m-%d %H:%M:%S} than it gives out",
            "ask the vendor for an export",
        )

    since = since.replace(microsecond=0)
    while True:
        rows, has_more = page(1)
        yield rows
        if not has_more or newest(rows) > until:
            return
        if newest(rows) > since:
            since = newest(rows)
        else:
            yield from settled(second)
            since += SECOND


def newest(rows: list[Row]) -> datetime:
    """Return when the last row of a page changed; the vendor sorts by that."""
    return datetime.fromisoformat(rows[-1]["updated_at"])
