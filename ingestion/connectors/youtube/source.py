"""YouTube: what people write under our films, and how many follow our channels."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from requests import Response

from ingestion.client import session
from ingestion.connector import Connector, Whose
from ingestion.connectors.youtube.tables import COMMENTS, TABLES
from ingestion.errors import VendorFault
from ingestion.landing import Page, Scope, end_of
from ingestion.window import clock, is_due

PAGE, MOST_CHANNELS = 100, 50
# An edit does not bring a thread up again, nor does a reply: what is younger is read anew.
EDITS = timedelta(days=30)
# What is older, and what was deleted, only a whole reading tells; it has to come before a thread
# can have grown older than that unread.
READ_WHOLE_EVERY = timedelta(days=7)
NO_UNITS = {"quotaExceeded", "dailyLimitExceeded"}
NO_COMMENTS = {"commentsDisabled"}
IS_GONE = {"commentNotFound", "parentCommentNotFound"}

Row = dict[str, Any]


@dlt.source(name="youtube", section="youtube")
def youtube_source(
    base_url: str = dlt.config.value,
    api_key: str = dlt.secrets.value,
    channel_ids: str = dlt.config.value,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the YouTube tables this house models.

    `channel_ids` are our channels, with commas between them. `as_of` is the run's clock: ISO 8601
    with an offset, the present by default.
    """
    account = Account(
        # In the query a key would lie in every log on the way.
        client=RESTClient(
            base_url=base_url, headers={"X-Goog-Api-Key": api_key}, session=session(base_url)
        ),
        channels=[id_.strip() for id_ in channel_ids.split(",") if id_.strip()],
        now=clock(as_of),
    )
    yield dlt.resource(channel_statistics, name="channel_statistics")(account)
    yield dlt.resource(comments, name="comments")(account)


@dataclass(frozen=True, slots=True)
class Account:
    """What one run reads: our channels, as one project of Google's may see them."""

    client: RESTClient
    channels: list[str]
    now: datetime

    def pages(
        self, path: str, without: frozenset[str] = frozenset(), **asked: Any
    ) -> Iterator[list[Row]]:
        """Yield the pages of a list; none where it is refused for one of the reasons `without`."""
        token = None
        while True:
            params = asked | ({"pageToken": token} if token else {})
            answer = self.client.get(f"youtube/v3/{path}", params=params)
            if reasons(answer) & without:
                return
            refuse(answer)
            page = answer.json()
            yield page.get("items", [])
            token = page.get("nextPageToken")
            if not token:
                return


def reasons(answer: Response) -> set[str]:
    """Return why a request was refused, in the vendor's words; nothing where it was served."""
    if answer.ok:
        return set()
    try:
        return {error.get("reason", "") for error in answer.json()["error"]["errors"]}
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()


def refuse(answer: Response) -> None:
    """Raise on an error; a quota that is used up is answered with 403 too."""
    if reasons(answer) & NO_UNITS:
        what = "has no quota units left for today (403 quotaExceeded)"
        remedy = "wait until midnight in California, or ask Google for more units"
        raise VendorFault("youtube", what, remedy)
    answer.raise_for_status()


def channel_statistics(account: Account) -> Iterator[list[Row]]:
    """Yield today's counts of our channels; YouTube keeps none of yesterday's."""
    today = {"counted_on": f"{account.now:%Y-%m-%d}", "counted_at": account.now.isoformat()}
    for ids in chunks(account.channels):
        for page in account.pages("channels", part="statistics", id=",".join(ids)):
            yield [row | today for row in page]


def chunks(ids: list[str]) -> Iterator[list[str]]:
    """Yield as many ids as one request takes."""
    for start in range(0, len(ids), MOST_CHANNELS):
        yield ids[start : start + MOST_CHANNELS]


def comments(account: Account) -> Iterator[list[Row] | Page]:
    """Yield each channel's threads that are young, and from time to time all there are."""
    state = dlt.current.resource_state()
    for channel in account.channels:
        whole = is_due(state.get(channel), account.now, READ_WHOLE_EVERY)
        # All times of YouTube are of one form, in UTC: as text they are in order.
        since = "" if whole else f"{account.now - EDITS:%Y-%m-%dT%H:%M:%S}"
        found = False
        for threads in threads_of(account, channel):
            yield [row for thread in threads for row in told(account, channel, thread)]
            found |= bool(threads)
            # A page may be filtered empty by the vendor, and more follow.
            if threads and all(published(thread) < since for thread in threads):
                break
        if whole and found:
            yield end_of(COMMENTS, Scope({"channel_id": channel}, "gone", erases=True))
            state[channel] = account.now.isoformat()


def threads_of(account: Account, channel: str) -> Iterator[list[Row]]:
    """Yield a channel's threads, the one that was begun last first."""
    yield from account.pages(
        "commentThreads",
        frozenset(NO_COMMENTS),
        part="snippet,replies",
        allThreadsRelatedToChannelId=channel,
        order="time",
        textFormat="plainText",
        maxResults=PAGE,
    )


def published(thread: Row) -> str:
    """Return when a thread was begun."""
    text: str = thread["snippet"]["topLevelComment"]["snippet"]["publishedAt"]
    return text


def told(account: Account, channel: str, thread: Row) -> Iterator[Row]:
    """Yield a thread's first comment and every reply; up to five of those come with it."""
    first = thread["snippet"]["topLevelComment"]
    replies = (thread.get("replies") or {}).get("comments", [])
    if thread["snippet"]["totalReplyCount"] > len(replies):
        asked = {"part": "snippet", "parentId": thread["id"], "textFormat": "plainText"}
        pages = account.pages("comments", frozenset(IS_GONE), **asked, maxResults=PAGE)
        replies = [row for page in pages for row in page]
    for row in [first, *replies]:
        yield row | {"channel_id": channel}


connector = Connector(
    name="youtube",
    title="YouTube",
    tables=TABLES,
    source=youtube_source,
    whose={"comments": Whose("author_channel_id")},
    settings=("base_url", "api_key", "channel_ids"),
    sandbox={"api_key": "sandbox", "channel_ids": "UCNorthlightSandbox00000"},
)
