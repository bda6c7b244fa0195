"""Discourse's lists through the pipeline: all of it, once, whatever moves meanwhile."""

from datetime import timedelta

import discourse_world as forum
import pytest
from discourse_world import FIRST
from faulty import Turning
from small_worlds import AS_OF

from ingestion.connectors.discourse import emulator, paging
from ingestion.connectors.discourse.emulator import app
from ingestion.connectors.discourse.source import shape
from ingestion.connectors.discourse.tables import TABLES

DAY = timedelta(days=1)


def stands(query, table="posts", column="id") -> list[int]:
    rows = query(f"select {column}::int from raw_discourse.{table} "
                 "where _deleted_reason is null order by 1")  # fmt: skip
    return [value for (value,) in rows]


def test_what_is_shown_lands_once_and_what_is_withheld_does_not(
    serve, load_from, counts, query
) -> None:
    world = forum.tables()
    url = serve(app(lambda: world, None))
    loaded = load_from("discourse", url)

    assert counts(loaded) == {"users": (4, 0, 0), "posts": (5, 0, 0), "likes": (3, 0, 0)}
    assert query("select id, body, hidden, user_deleted, version, staff, epoch(updated_at)::int "
                 "from raw_discourse.posts order by id") == [
        ("11", "Was für ein Abend! 11 ⚽", False, False, 1, False, 1780301460),
        ("12", "Was für ein Abend! 12 ⚽", False, False, 2, False, 1780306200),
        ("14", None, True, False, 1, False, 1780301640),
        ("15", None, False, True, 2, False, 1780301700),
        ("18", "Was für ein Abend! 18 ⚽", False, False, 1, True, 1780301880),
    ]  # fmt: skip
    assert query("select post_id, user_id from raw_discourse.likes order by all") == [
        ("11", "102"), ("12", "102"), ("18", "102")]  # fmt: skip
    house = {"_content_hash", "_deleted_reason", "_dlt_load_id"}
    for table in TABLES:
        landed = {name for name, *_ in query(f"describe raw_discourse.{table.name}")}
        assert landed == {*table.columns, *house}
        rows = query(f"select cast({table.name} as varchar) from raw_discourse.{table.name}")
        assert not any("denied" in row or "<p>" in row for (row,) in rows)
    again = {t.table: t for t in load_from("discourse", url).tables}
    assert {name: (t.new, t.changed) for name, t in again.items()} == dict.fromkeys(again, (0, 0))
    # A forum that shows nothing for once, as where its database is away, buries nobody.
    empty = forum.tables(community_posts=[], community_likes=[])
    load_from("discourse", serve(app(lambda: empty, None)), as_of=AS_OF + 8 * DAY)
    assert stands(query) == [11, 12, 14, 15, 18]


@pytest.mark.parametrize("numbers", [
    [*range(1, 121)],
    [1, 2, 300, 301, 302],
    [500],
    [*range(1, 51), *range(180, 230), 300],
], ids=["dense", "gap", "lonely", "islands"])  # fmt: skip
@pytest.mark.parametrize("is_old", [False, True], ids=["new", "old"])
def test_posts_are_walked_down_to_the_first_whatever_lies_between(numbers, is_old) -> None:
    asked: list[int | None] = []

    def ask(before: int | None) -> list[dict]:
        asked.append(before)
        if is_old:
            top = before or max(numbers)
            return [{"id": n} for n in reversed(numbers) if top - 50 < n <= top]
        return [{"id": n} for n in reversed(numbers) if before is None or n < before][:50]

    found = {row["id"] for page in paging.newest_first(ask) for row in page}

    assert found == set(numbers)
    assert len(asked) <= 2 + len(numbers) / 50 + (max(numbers) / 50 + 3 if is_old else 1)


def test_a_window_in_which_the_asked_post_stands_alone_is_not_the_end() -> None:
    shown = [400, 399, 210, 90]
    ask = lambda before: [{"id": n} for n in shown if (before or 400) - 50 < n <= (before or 400)]  # noqa: E731

    assert {row["id"] for page in paging.newest_first(ask) for row in page} == set(shown)


def test_new_likes_are_asked_of_who_was_there_and_undone_ones_go_within_a_week(
    serve, load_from, query, monkeypatch
) -> None:
    monkeypatch.setattr(emulator, "LIKES_PAGE", 8)
    tick = forum.after(700)
    posts = [forum.post(n) for n in range(1, 31)]
    given = [forum.like(n, given=tick) for n in range(1, 21)]  # in one second, over three pages
    world = {"now": forum.tables(community_posts=posts, community_likes=given)}
    asked: list[str] = []
    served = app(lambda: world["now"], None)

    async def spied(scope, receive, send) -> None:
        if scope["path"] == "/user_actions.json":
            asked.append(scope["query_string"].decode().split("&")[0])
        await served(scope, receive, send)

    url = serve(spied)
    load_from("discourse", url)
    assert stands(query, "likes", "post_id") == list(range(1, 21))

    asked.clear()
    undone = given[4] | {"undone_at": AS_OF + timedelta(hours=2)}
    new = forum.like(25, given=AS_OF + timedelta(hours=1))
    world["now"] = forum.tables(
        community_posts=posts, community_likes=[*given[:4], undone, *given[5:], new]
    )
    load_from("discourse", url, as_of=AS_OF + DAY)
    assert stands(query, "likes", "post_id") == [*range(1, 21), 25]
    assert set(asked) == {"username=zoe102"}  # nobody else was there
    load_from("discourse", url, as_of=AS_OF + 8 * DAY)

    assert stands(query, "likes", "post_id") == [*range(1, 5), *range(6, 21), 25]
    assert query("select post_id, user_id, _deleted_reason from raw_discourse.likes "
                 "where _deleted_reason is not null") == [("5", "102", "undone")]  # fmt: skip


def test_likes_that_are_undone_between_pages_let_none_slip_through() -> None:
    given = [{"post_id": n} for n in range(40, 0, -1)]

    def ask(offset: int) -> list[dict]:
        page = given[offset : offset + 10]
        del given[0]  # each time the newest is undone
        return page

    assert {row["post_id"] for page in paging.by_offset(ask) for row in page} == set(range(1, 41))


def test_posts_that_come_go_or_change_are_told_and_make_no_other_slip_through(
    serve, load_from, query
) -> None:
    old = [forum.post(n, AS_OF - 60 * DAY) for n in range(1, 111)]
    young = [forum.post(n, AS_OF - DAY) for n in range(111, 131)]
    world = {"now": forum.tables(community_posts=[*old, *young], community_likes=[])}
    edited, gone = {"body": "Edited", "version": 2}, (81, 82, 130)
    kept = [row for row in [*old, *young] if row["post_id"] not in gone]
    changes = {1: edited, 112: edited, 113: {"hidden": True}}
    turned = [row | changes.get(row["post_id"], {}) for row in kept]
    imported = [forum.post(n, AS_OF - 400 * DAY) for n in range(200, 260)]  # more than a page
    turned += [forum.post(140, AS_OF), *imported]
    # The first page brings 81 to 130: two of its numbers are gone when the second is asked for.
    url = serve(Turning(
        app(lambda: world["now"], None), "/posts.json", 1,
        lambda: world.update(now=forum.tables(community_posts=turned, community_likes=[])),
    ))  # fmt: skip
    found = "select id::int from raw_discourse.posts where body = 'Edited' order by 1"

    load_from("discourse", url)
    assert stands(query) == list(range(1, 131))
    load_from("discourse", url, as_of=AS_OF + DAY)
    assert query(found) == [(1,), (112,)]  # 1 came changed on the last page of the first run
    assert query("select body from raw_discourse.posts where id = '113'") == [(None,)]
    assert stands(query) == [*range(1, 131), 140, *range(200, 260)]
    # The accounts of an old post's writer are merged: nothing on it says that it changed.
    later = {20: {"user_id": FIRST + 1}, 113: edited | {"hidden": False}}
    turned = [row | later.get(row["post_id"], {}) for row in turned]
    world["now"] = forum.tables(community_posts=turned, community_likes=[])
    merged = "select id::int from raw_discourse.posts where user_id = '102'"
    load_from("discourse", url, as_of=AS_OF + 2 * DAY)
    assert query(merged) == []
    assert query(found) == [(1,), (112,), (113,)]
    load_from("discourse", url, as_of=AS_OF + 8 * DAY)

    assert stands(query) == sorted(row["post_id"] for row in turned)
    assert query("select id::int, body, user_id, _deleted_reason from raw_discourse.posts "
                 "where _deleted_reason is not null order by 1") == [
        (81, None, None, "gone"), (82, None, None, "gone"), (130, None, None, "gone")
    ]  # fmt: skip
    assert query(merged) == [(20,)]


def test_accounts_that_go_while_the_list_is_read_take_no_other_along(
    serve, load_from, query, monkeypatch
) -> None:
    monkeypatch.setattr(emulator, "USERS_PAGE", 2)
    people = [forum.user(FIRST + n, forum.after(-n)) for n in range(6)]
    world = {"now": forum.tables(community_users=people)}
    url = serve(Turning(
        app(lambda: world["now"], None), "/new.json", 8,
        lambda: world.update(now=forum.tables(community_users=people[1:])),
    ))  # fmt: skip
    load_from("discourse", url)  # four pages and an empty one, twice; one goes in the second walk
    gone = ("select id, name, username, email, _deleted_reason from raw_discourse.users "
            "where _deleted_reason is not null")  # fmt: skip
    assert query(gone) == []
    husk = people[3] | {"username": "anon7", "name": None, "email": "anon7@anonymized.invalid"}
    turning = Turning(
        app(lambda: world["now"], None), "/new.json", 1,
        lambda: world.update(now=forum.tables(community_users=[people[2], husk, *people[4:]])),
    )  # fmt: skip
    load_from("discourse", serve(turning), as_of=AS_OF + 8 * DAY)

    # 102 was seen before it went, and 104 slipped from the second page to the first by that.
    assert stands(query, "users") == [-1, *(FIRST + n for n in range(1, 6))]
    assert query(gone) == [("101", None, None, None, "gone")]
    assert query("select name, username from raw_discourse.users where id = '104'") == [
        (None, "anon7")
    ]


def test_what_is_shown_as_deleted_becomes_a_tombstone_without_its_text() -> None:
    told = shape({"id": 1, "raw": "Taken", "deleted_at": "2026-06-01T08:00:00.000Z"})

    assert told["_deleted_reason"] == "deleted"
    assert told["raw"] is None
