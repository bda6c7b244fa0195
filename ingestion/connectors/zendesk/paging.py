"""How Zendesk is walked, and from where the next run resumes.

State is kept per resource and committed with the rows it belongs to, so a run that fails on the
way leaves it as it was.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, cast

import dlt
from dlt.sources.helpers.rest_client.paginators import (
    BasePaginator,
    JSONResponseCursorPaginator,
)
from requests import Request, Response

# Before the vendor existed, so everything.
BEGINNING = 946_684_800
# The exports withhold the last minute and index some changes later than that.
INDEXING_LAG = timedelta(hours=1)

log = logging.getLogger(__name__)


class EndOfStreamCursor(JSONResponseCursorPaginator):
    """Walk a cursor export to `end_of_stream`.

    A cursor lives for one walk only: each run begins by time, so none can have expired in between.
    """

    def __init__(self, until: datetime) -> None:
        super().__init__(cursor_path="after_cursor", cursor_param="cursor")
        self.until = until

    def init_request(self, request: Request) -> None:
        ask(request, start_time=read_again_from(self.until, INDEXING_LAG))

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        super().update_state(response, data)
        if response.json().get("end_of_stream"):
            self._has_next_page = False


class EndTime(BasePaginator):
    """Walk a time-based export by its `end_time`; the URL it offers is never followed.

    A page that ends in the second it began in can not be split any further: the walk says so and
    goes on with the next second, instead of asking for the same page forever.
    """

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until
        self.start_time = BEGINNING

    def init_request(self, request: Request) -> None:
        self.start_time = read_again_from(self.until, INDEXING_LAG)
        self.update_request(request)

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        body = response.json()
        end_time = body.get("end_time")
        self._has_next_page = end_time is not None and not body.get("end_of_stream")
        if self._has_next_page and end_time <= self.start_time:
            log.warning("zendesk: %s holds more rows in second %s than it gives out",
                        response.request.path_url.split("?")[0], end_time)  # fmt: skip
        self.start_time = max(end_time or 0, self.start_time + 1)

    def update_request(self, request: Request) -> None:
        ask(request, start_time=self.start_time)


class Ratings(JSONResponseCursorPaginator):
    """Walk ratings by `meta.after_cursor`; the vendor lets one ask by time of creation only.

    A rating given later than `answered_within` after it was offered is therefore missed.
    """

    def __init__(self, until: datetime, answered_within: timedelta) -> None:
        super().__init__(
            cursor_path="meta.after_cursor",
            cursor_param="page[after]",
            has_more_path="meta.has_more",
        )
        self.until = until
        self.answered_within = answered_within

    def init_request(self, request: Request) -> None:
        ask(request, start_time=read_again_from(self.until, self.answered_within))


def ask(request: Request, **asked: int | str) -> None:
    """Set query parameters of the next request."""
    request.params = {**cast("dict[str, Any]", request.params or {}), **asked}


def read_again_from(until: datetime, lookback: timedelta) -> int:
    """Return where this run starts to read, in epoch seconds, and note that it reads up to `until`.

    `until` is fixed before the first request, so what changes meanwhile belongs to the next run.
    """
    state = dlt.current.resource_state()
    start = state.get("read_until", BEGINNING) - int(lookback.total_seconds())
    state["read_until"] = int(until.timestamp())
    return max(start, BEGINNING)
