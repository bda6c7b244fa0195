"""How SurveyMonkey's responses are walked within a quota of requests a day."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dlt.sources.helpers.rest_client import RESTClient
from requests import Response

from ingestion.surveys import Row

PAGE = 100
SECOND, MINUTE_SECONDS = timedelta(seconds=1), 60
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
HEADER = "X-Ratelimit-App-Global-{}"


@dataclass(slots=True)
class Quota:
    """What is left of the day's requests, as the vendor told last; None while it has not."""

    day_left: int | None = None

    def keep(self, response: Response) -> None:
        """Note what is left of the day, and wait for the next minute once this one is used up."""
        told = response.headers.get(HEADER.format("Day-Remaining"), "")
        self.day_left = int(told) if told.isdigit() else self.day_left
        if response.headers.get(HEADER.format("Minute-Remaining")) == "0":
            reset = response.headers.get(HEADER.format("Minute-Reset"), "")
            time.sleep(min(int(reset) if reset.isdigit() else 0, MINUTE_SECONDS))

    def leaves(self, requests: int) -> bool:
        """Return whether more than so many requests are left today."""
        return self.day_left is None or self.day_left > requests


@dataclass(slots=True)
class Walk:
    """A way through the responses of a survey that changed from `since` on, oldest first.

    Each query begins where the page before it ended, a second earlier: what changes on the way
    leaves the window, and with numbered pages the rows behind it would move up over a page's edge.
    Only a second that fills a page is walked by number, and again once a row has left it. `since`
    moves along, so a walk that the quota ends goes on there in the next run.
    """

    client: RESTClient
    survey_id: str
    since: datetime
    until: datetime | None
    quota: Quota
    is_done: bool = False

    def pages(self, leave: int) -> Iterator[list[Row]]:
        """Yield pages until all are read or no more than `leave` requests are left today."""
        number, total = 1, None
        while self.quota.leaves(leave):
            body = self._page(number)
            yield body["data"]
            if number > 1 and body.get("total") != total:
                number = 1
                continue
            if not (body.get("links") or {}).get("next"):
                self.is_done = True
                return
            total = body.get("total")
            newest = self._newest(body["data"]) - SECOND
            number = number + 1 if newest <= self.since else 1
            self.since = max(newest, self.since)

    def _page(self, number: int) -> Row:
        asked = {
            "per_page": PAGE,
            "page": number,
            "sort_by": "date_modified",
            "sort_order": "asc",
            "start_modified_at": f"{self.since:%Y-%m-%dT%H:%M:%S}",
        }
        if self.until:
            asked["end_modified_at"] = f"{self.until:%Y-%m-%dT%H:%M:%S}"
        answer = self.client.get(f"surveys/{self.survey_id}/responses/bulk", params=asked)
        answer.raise_for_status()
        body: Row = answer.json()
        return body

    def _newest(self, rows: list[Row]) -> datetime:
        changed = (changed_at(row) for row in rows)
        told = (at for at in changed if at and (self.until is None or at <= self.until))
        return max(told, default=self.since)


def changed_at(row: Any) -> datetime | None:
    """Return when a response changed last; None where it does not say so in a way to be read."""
    try:
        return datetime.fromisoformat(row["date_modified"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        return None
