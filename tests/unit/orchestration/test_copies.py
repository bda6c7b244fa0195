"""The copy in another database, held against a real PostgreSQL server."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from benchmarks.postgres_server import PASSWORD, Server, binaries, running
from orchestration.copies import copy
from orchestration.errors import NotCopied
from tests.published_file import audience, crowd, measured, publish

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(binaries() is None, reason="needs PostgreSQL: apt-get install postgresql"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as started:
        yield started


@pytest.fixture
def there(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Return the server with nothing published on it, its credentials where dlt looks."""
    server.run("drop schema if exists ax cascade", "drop schema if exists ax_next cascade")
    monkeypatch.setenv("DESTINATION__PUBLISHED__CREDENTIALS", server.url())
    return server


def house(file: Path, people: int) -> Path:
    """Publish so many audiences with as many numbers."""
    names = [audience(f"a{rank}", rank) for rank in range(people)]
    values = [measured(f"a{rank}", "nps", 1.5 * rank, low=None) for rank in range(people)]
    return publish(file, audiences=names, metric_values=values)


def test_a_copy_has_the_published_tables_and_nothing_else(there: Server, tmp_path: Path) -> None:
    rows = copy(house(tmp_path / "m.duckdb", 7), "postgres", tmp_path / "work")

    tables = there.run(
        "select table_name from information_schema.tables where table_schema = 'ax' "
        "and table_name not like '\\_dlt%' order by 1"
    )
    assert {name for (name,) in tables} == rows.keys()
    assert all(name.startswith("pub_") for name in rows)
    assert rows["pub_metric_values"] == rows["pub_audiences"] == 7
    [value] = there.run(
        "select audience, value, low, n, period_start from ax.pub_metric_values where audience = 'a3'"
    )
    assert value == ("a3", 4.5, None, 120, date(2026, 1, 1))
    assert (
        there.run("select 1 from information_schema.schemata where schema_name = 'ax_next'") == []
    )


def test_what_is_said_of_tables_and_columns_stands_there_too(there: Server, tmp_path: Path) -> None:
    file = house(tmp_path / "m.duckdb", 1)
    with duckdb.connect(str(file)) as db:
        db.execute("comment on table pub_audiences is 'Nobody''s 5 % \\ less'")
        db.execute("comment on column pub_audiences.label is 'What people \"read\"'")

    copy(file, "postgres", tmp_path / "work")

    [said] = there.run(
        "select obj_description('ax.pub_audiences'::regclass), "
        "(select col_description(attrelid, attnum) from pg_attribute "
        "where attrelid = 'ax.pub_audiences'::regclass and attname = 'label')"
    )
    assert said == ("Nobody's 5 % \\ less", 'What people "read"')


def test_readers_see_all_of_one_publication_and_keep_what_was_granted(
    there: Server, tmp_path: Path
) -> None:
    small, large = house(tmp_path / "s.duckdb", 3), house(tmp_path / "l.duckdb", 900)
    copy(small, "postgres", tmp_path / "work")
    there.run(
        "drop role if exists reader", "create role reader login password 'r'",
        "grant usage on schema ax to reader", "grant select on all tables in schema ax to reader",
        "create view ax.mine as select audience from ax.pub_audiences",
    )  # fmt: skip
    seen, ended = set(), threading.Event()

    def read() -> None:
        while not ended.is_set():
            [pair] = there.run(
                "select (select count(*) from ax.pub_audiences), "
                "(select count(*) from ax.pub_metric_values)"
            )
            seen.add(pair)

    reader = threading.Thread(target=read)
    reader.start()
    for marts in (large, small, large):
        copy(marts, "postgres", tmp_path / "work")
    ended.set()
    reader.join()

    assert seen == {(3, 3), (900, 900)}
    assert there.run("select count(*) from ax.mine") == [(900,)]
    assert there.run("select has_table_privilege('reader', 'ax.pub_audiences', 'select')") == [
        (True,)
    ]


def test_a_swap_that_is_broken_off_half_way_has_changed_no_table(
    there: Server, tmp_path: Path
) -> None:
    copy(house(tmp_path / "s.duckdb", 3), "postgres", tmp_path / "work")
    there.run(
        "create function ax.refuse() returns trigger language plpgsql as "
        "$$ begin raise exception 'not now'; end $$",
        "create trigger refuse before delete on ax.pub_workforce "
        "for each statement execute function ax.refuse()",
    )
    with pytest.raises(NotCopied, match="not now"):
        copy(house(tmp_path / "l.duckdb", 9), "postgres", tmp_path / "work")

    assert there.run("select count(*) from ax.pub_audiences") == [(3,)]


def test_what_is_published_no_more_goes(there: Server, tmp_path: Path) -> None:
    marts = house(tmp_path / "m.duckdb", 3)
    copy(marts, "postgres", tmp_path / "work")
    with duckdb.connect(str(marts)) as db:
        db.execute("drop table pub_rfm")
        db.execute("alter table pub_audiences add column motto varchar")
        db.execute("update pub_audiences set motto = 'onward'")
    copy(marts, "postgres", tmp_path / "work")

    assert there.run("select to_regclass('ax.pub_rfm')") == [(None,)]
    assert there.run("select distinct motto from ax.pub_audiences") == [("onward",)]


def test_a_copy_that_fails_is_one_sentence_and_takes_nothing_away(
    there: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(house(tmp_path / "m.duckdb", 3), "postgres", tmp_path / "work")
    monkeypatch.setenv("DESTINATION__PUBLISHED__CREDENTIALS", there.url(user="nobody_known"))
    with pytest.raises(NotCopied, match="run `ax copy`") as told:
        copy(crowd(tmp_path / "c.duckdb", 60), "postgres", tmp_path / "work")

    assert PASSWORD not in str(told.value)
    assert there.run("select count(*) from ax.pub_audiences") == [(3,)]


def test_an_unknown_destination_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotCopied, match="nosuch"):
        copy(house(tmp_path / "m.duckdb", 1), "nosuch", tmp_path / "work")
