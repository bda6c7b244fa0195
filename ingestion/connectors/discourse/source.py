"""Discourse: who writes in the community, what they post, and what they like."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import dlt
import pyarrow as pa
import pyarrow.compute as pc
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient

from ingestion.client import session
from ingestion.connector import Connector, Whose
from ingestion.connectors.discourse.paging import by_offset, by_page, newest_first
from ingestion.connectors.discourse.tables import LIKES, POSTS, TABLES, USERS
from ingestion.landing import Page, Scope, end_of
from ingestion.window import clock, is_due, window

# An edit does not bring a post up again, so what is younger than this is read anew in each run.
EDITS = timedelta(days=30)
# The clocks of a forum's own machines; a like is there at once.
LAG = timedelta(hours=1)
# Older edits, what was deleted, merged or moved out of sight: only a whole reading tells.
READ_WHOLE_EVERY = timedelta(days=7)
LIKE = 1

Row = dict[str, Any]


@dlt.source(name="discourse", section="discourse")
def discourse_source(
    base_url: str = dlt.config.value,
    api_key: str = dlt.secrets.value,
    api_username: str = "system",
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the Discourse tables this house models.

    `api_username` is in whose name the key reads. `as_of` is the run's clock: ISO 8601 with an
    offset, the present by default.
    """
    forum = Forum(
        client=RESTClient(
            base_url=base_url,
            headers={"Api-Key": api_key, "Api-Username": api_username},
            session=session(base_url),
        ),
        now=clock(as_of),
    )
    accounts = dlt.resource(users, name="users")(forum)
    yield accounts
    yield dlt.resource(posts, name="posts")(forum)
    yield likes(forum, accounts)


@dataclass(slots=True)
class Forum:
    """What one run reads of one forum."""

    client: RESTClient
    now: datetime
    # Likes of whoever was there since then are asked for; None asks for everybody's.
    seen_since: datetime | None = None
    # Whether all likes of theirs are read, and not the new ones alone.
    likes_whole: bool = False

    def ask(self, path: str, **asked: Any) -> Any:
        """Return an answer, or None where there is nothing at that address any more."""
        answer = self.client.get(path, params=asked)
        if answer.status_code == HTTPStatus.NOT_FOUND and "username" in asked:
            return None
        answer.raise_for_status()
        return answer.json()


def users(forum: Forum) -> Iterator[list[Row] | Page]:
    """Yield all accounts, newest first; the list does not say which of them changed.

    An account that is deleted while the list is read moves all older ones up, and one may slip
    through from page to page. So before anybody is called gone, the list is read once more.
    """
    state = dlt.current.resource_state()
    last = state.get("read_whole")
    whole = is_due(last, forum.now, READ_WHOLE_EVERY)
    with window(forum.now, LAG) as read:
        forum.likes_whole = whole
        forum.seen_since = read.since
        if whole and last:
            forum.seen_since = datetime.fromisoformat(last) - LAG
        seen: set[Any] = set()
        for page in by_page(lambda number: _accounts(forum, number)):
            seen.update(row.get("id") for row in page)
            yield page
        if whole and seen:
            for page in by_page(lambda number: _accounts(forum, number)):
                yield [row for row in page if row.get("id") not in seen]
            yield end_of(USERS, Scope({}, "gone", erases=True))
            state["read_whole"] = forum.now.isoformat()


def _accounts(forum: Forum, number: int) -> list[Row]:
    # By `new` they come in an order of their own: created last, then by name.
    rows: list[Row] = forum.ask("admin/users/list/new.json", page=number, show_emails="true")
    return rows


def posts(forum: Forum) -> Iterator[list[Row] | Page]:
    """Yield what is new and what is young enough to be edited; from time to time all there is.

    Down to which number is kept, not down to which date: moved and imported posts have new numbers
    and old dates.
    """
    state = dlt.current.resource_state()
    whole = is_due(state.get("read_whole"), forum.now, READ_WHOLE_EVERY)
    # All times of Discourse are of one form, in UTC: as text they are in order.
    since = f"{forum.now - EDITS:%Y-%m-%dT%H:%M:%S}"
    highest, youth = 0, []
    for page in newest_first(lambda before: _below(forum, before)):
        yield [shape(row) for row in page]
        numbered = [row for row in page if "id" in row]
        highest = max([highest, *(row["id"] for row in numbered)])
        youth += [row["id"] for row in numbered if (row.get("created_at") or "") >= since]
        if not whole and any(row["id"] < state["young_from"] for row in numbered):
            break
    if highest:
        state["young_from"] = min(youth, default=highest + 1)
    if whole and highest:
        yield end_of(POSTS, Scope({}, "gone", erases=True))
        state["read_whole"] = forum.now.isoformat()


def _below(forum: Forum, number: int | None) -> list[Row]:
    answer = forum.ask("posts.json", **({"before": number} if number else {}))
    rows: list[Row] = answer["latest_posts"]
    return rows


def shape(post: Row) -> Row:
    """Leave the text of what was hidden or withdrawn at the forum, and mark what was deleted."""
    is_withheld = post.get("hidden") or post.get("user_deleted")
    reason = "deleted" if post.get("deleted_at") else None
    text = None if is_withheld or reason else post.get("raw")
    return post | {"raw": text, "_deleted_reason": reason}


def likes(forum: Forum, of: DltResource) -> DltResource:
    """Return the likes that those accounts of `of` gave who were there lately."""

    def given(landed: "pa.Table | list[Row]") -> Iterator[list[Row] | Page]:
        for id_, name in seen_lately(forum, landed):
            yield from given_by(forum, id_, name)

    return dlt.transformer(given, data_from=of, name="likes")


def seen_lately(forum: Forum, landed: "pa.Table | list[Row]") -> list[tuple[str, str]]:
    """Return ids and names of a page's accounts that have been there since the last reading."""
    if isinstance(landed, list):
        landed = pa.Table.from_pylist(landed)
    if "username" not in landed.column_names:
        return []
    landed = landed.filter(pc.is_valid(landed["last_seen_at"]))
    if forum.seen_since:
        since = pa.scalar(forum.seen_since, landed["last_seen_at"].type)
        landed = landed.filter(pc.greater_equal(landed["last_seen_at"], since))
    return list(zip(landed["id"].to_pylist(), landed["username"].to_pylist(), strict=True))


def given_by(forum: Forum, id_: str, name: str) -> Iterator[list[Row] | Page]:
    """Yield the likes that an account gave, newest first; all of them, or those that are new."""

    is_known = True  # who was renamed or deleted since is not

    def ask(offset: int) -> list[Row]:
        nonlocal is_known
        asked = {"username": name, "filter": LIKE, "offset": offset}
        answer = forum.ask("user_actions.json", **asked)
        if answer is None:
            is_known = False
            return []
        rows: list[Row] = answer["user_actions"]
        return rows

    since = "" if forum.likes_whole else f"{forum.seen_since:%Y-%m-%dT%H:%M:%S}"
    for page in by_offset(ask):
        yield page
        if all((row.get("created_at") or "") < since for row in page):
            break
    if forum.likes_whole and is_known:
        yield end_of(LIKES, Scope({"user_id": id_}, "undone"))


connector = Connector(
    name="discourse",
    title="Discourse",
    tables=TABLES,
    source=discourse_source,
    whose={
        "users": Whose("id"),
        "posts": Whose("user_id"),
        "likes": Whose("user_id", part_of={"post_id": "posts.id"}),
    },
    settings=("base_url", "api_key"),
    sandbox={"api_key": "sandbox"},
)
