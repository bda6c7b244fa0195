"""YouTube's comments and counts through the pipeline: all of it, once, whatever moves meanwhile."""

from datetime import timedelta

import pytest
import youtube_world as studio
from faulty import Turning
from small_worlds import AS_OF
from starlette.responses import JSONResponse

from ingestion.connectors.youtube import source
from ingestion.connectors.youtube.emulator import app
from ingestion.connectors.youtube.tables import TABLES

DAY = timedelta(days=1)
OURS = "UCNorthlightSandbox00000"


def stands(query) -> set[str]:
    rows = query("select id from raw_youtube.comments where _deleted_reason is null")
    return {id_ for (id_,) in rows}


def test_comments_replies_and_counts_land_once_and_the_key_is_in_no_address(
    serve, load_from, counts, query
) -> None:
    world, asked = studio.tables(), []
    served = app(lambda: world, None)

    async def spied(scope, receive, send) -> None:
        asked.append((scope["path"].rpartition("/")[2], scope["query_string"].decode()))
        await served(scope, receive, send)

    url = serve(spied)
    assert counts(load_from("youtube", url)) == {
        "channel_statistics": (1, 0, 0), "comments": (11, 0, 0)
    }  # fmt: skip
    assert [path for path, _ in asked] == ["channels", "commentThreads", "comments"]
    pairs = [pair.split("=") for _, question in asked for pair in question.split("&")]
    assert "key" not in {name for name, _ in pairs}
    assert "sandbox" not in {value for _, value in pairs}
    assert query("select id, parent_id, author_channel_id, body, like_count, epoch(updated_at)::int "
                 "from raw_youtube.comments where id in ('UgB', 'UgA.6') order by id") == [
        ("UgA.6", "UgA", "UCv2", "Gänsehaut UgA.6 🎬", 2, 1780301760),
        ("UgB", None, "UCviewer1", "Gänsehaut UgB 🎬", 2, 1780305000),
    ]  # fmt: skip
    assert query("select id, counted_on::varchar, subscribers, views, videos "
                 "from raw_youtube.channel_statistics") == [
        (OURS, "2026-06-30", 41200, 5412345, 181)
    ]  # fmt: skip
    house = {"_content_hash", "_deleted_reason", "_dlt_load_id"}
    for table in TABLES:
        landed = {name for name, *_ in query(f"describe raw_youtube.{table.name}")}
        assert landed == {*table.columns, *house}
        rows = query(f"select cast({table.name} as varchar) from raw_youtube.{table.name}")
        assert not any("denied" in row or "@zoe" in row for (row,) in rows)
    world = studio.tables(film_channels=[studio.channel(42_999)])
    again = counts(load_from("youtube", url, as_of=AS_OF + DAY))
    assert again["channel_statistics"] == (1, 0, 0)
    assert again["comments"][:2] == (0, 0)
    assert query("select counted_on::varchar, subscribers from raw_youtube.channel_statistics "
                 "order by 1") == [("2026-06-30", 41200), ("2026-07-01", 42900)]  # fmt: skip


def test_young_threads_are_read_anew_and_old_ones_and_deletions_within_a_week(
    serve, load_from, query, monkeypatch
) -> None:
    monkeypatch.setattr(source, "PAGE", 2)
    old, tick = (AS_OF - 60 * DAY), AS_OF - DAY
    ancient = [studio.comment(f"UgO{n}", 0, published_at=old, updated_at=old) for n in range(5)]
    young = [studio.comment(f"UgY{n}", 0, published_at=tick, updated_at=tick) for n in range(5)]
    world = {"now": studio.tables(film_comments=[*ancient, *young])}
    fresh = studio.comment("UgZ", 0, published_at=AS_OF, updated_at=AS_OF)
    url = serve(Turning(
        app(lambda: world["now"], None), "/commentThreads", 2,
        lambda: world.update(now=studio.tables(film_comments=[*ancient, *young[1:4], fresh])),
    ))  # fmt: skip
    load_from("youtube", url)
    # UgY4 came with the first page; UgY0, the last of five on one tick, went before its page.
    assert stands(query) == {f"UgO{n}" for n in range(5)} | {f"UgY{n}" for n in range(1, 5)}

    edited = {"body": "Edited", "updated_at": AS_OF}
    answers = [studio.comment(f"{id_}.1", 0, id_, published_at=AS_OF) for id_ in ("UgY1", "UgO0")]
    world["now"] = studio.tables(film_comments=[
        ancient[0], ancient[1] | edited, *ancient[2:], young[1], young[2] | edited, fresh, *answers
    ])  # fmt: skip
    found = "select id from raw_youtube.comments where body = 'Edited' order by 1"
    load_from("youtube", url, as_of=AS_OF + DAY)
    assert query(found) == [("UgY2",)]
    assert {"UgZ", "UgY1.1", "UgY3", "UgY4"} <= stands(query)
    assert "UgO0.1" not in stands(query)
    load_from("youtube", url, as_of=AS_OF + 8 * DAY)

    assert query(found) == [("UgO1",), ("UgY2",)]
    assert stands(query) == {
        *(f"UgO{n}" for n in range(5)),
        "UgY1",
        "UgY2",
        "UgZ",
        "UgY1.1",
        "UgO0.1",
    }
    assert query("select id, channel_id, body, author_channel_id, _deleted_reason "
                 "from raw_youtube.comments where _deleted_reason is not null order by id") == [
        ("UgY3", OURS, None, None, "gone"), ("UgY4", OURS, None, None, "gone")
    ]  # fmt: skip


def test_a_page_that_was_filtered_empty_is_not_the_end(serve, load_from, counts) -> None:
    world = studio.tables()
    served = app(lambda: world, None)

    async def empty_first(scope, receive, send) -> None:
        question = scope["query_string"].decode()
        if scope["path"].endswith("/commentThreads") and "pageToken" not in question:
            await JSONResponse({"items": [], "nextPageToken": "go"})(scope, receive, send)
            return
        asked = question.replace("&pageToken=go", "").encode()
        await served(scope | {"query_string": asked}, receive, send)

    assert counts(load_from("youtube", serve(empty_first)))["comments"] == (11, 0, 0)


def test_a_channel_that_is_added_is_read_whole_and_another_ones_comments_stay(
    serve, load_from, query
) -> None:
    old = AS_OF - 60 * DAY
    ours = [studio.comment("UgA", 0, published_at=old, updated_at=old)]
    world = {"now": studio.tables(film_comments=ours)}
    url = serve(app(lambda: world["now"], None))
    load_from("youtube", url)
    theirs = [studio.comment("UgB", 0, published_at=old, updated_at=old)]
    second = studio.channel(channel_id="UCsecond")
    world["now"] = studio.tables(film_comments=theirs, film_channels=[second])
    load_from("youtube", url, as_of=AS_OF + DAY, channel_ids=" UCsecond ,")

    assert stands(query) == {"UgA", "UgB"}


def test_a_channel_without_comments_has_none_and_a_quota_that_is_used_up_says_so(
    serve, load_from, query
) -> None:
    class Faults:
        quota = 2

    world = studio.tables()
    loaded = load_from("youtube", serve(app(lambda: world, Faults())))
    assert (
        "no quota units left for today (403 quotaExceeded); wait until midnight" in loaded.problem
    )
    assert query("select 1 from duckdb_tables() where table_name = 'comments'") == []

    silent = load_from("youtube", serve(app(lambda: world, None, has_comments=False)))
    assert silent.problem is None
    assert query("select count(*) from raw_youtube.channel_statistics") == [(1,)]


@pytest.mark.parametrize(("channels", "asked"), [(1, [1]), (50, [50]), (101, [50, 50, 1])])
def test_counts_are_asked_for_fifty_channels_at_a_time(channels, asked) -> None:
    assert [len(ids) for ids in source.chunks([str(n) for n in range(channels)])] == asked
