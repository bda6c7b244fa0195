"""Four writers and four readers of one lake at once, each a process; and what turns are."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from benchmarks.postgres_server import Server
from storage import Lake, opened, turn
from tests.unit.storage.at_once import BATCHES, LOADED, ROWS

pytestmark = pytest.mark.slow
WRITERS = READERS = 4


def test_four_writers_and_four_readers_at_once_and_nothing_is_torn(
    lake: Lake, server: Server, tmp_path: Path
) -> None:
    with opened(lake) as db:
        db.execute("create schema marts")
        db.execute("create table marts.rows (writer bigint, batch bigint, number bigint)")
        db.execute("create table marts.sums as select 0::bigint as rows")
    done = tmp_path / "done"

    writers = [_started("write", lake, str(number)) for number in range(WRITERS)]
    readers = [_started("read", lake, str(done)) for _ in range(READERS)]
    wrote = [_said(writer) for writer in writers]
    done.touch()
    read = [_said(reader) for reader in readers]

    assert wrote == [{"batches": BATCHES}] * WRITERS
    assert [(each.get("torn"), each.get("backwards")) for each in read] == [(0, 0)] * READERS, read
    assert all(each["looks"] > 0 for each in read)
    with opened(lake) as db:
        every = WRITERS * BATCHES * ROWS
        assert db.execute("select count(*), count(distinct number) from marts.rows").fetchall() == [
            (every, every)
        ]
        # By the bounds that the catalog keeps of a column, files are left out that hold no such row.
        for number in range(0, every, ROWS):
            found = db.execute(
                f"select count(*) from marts.rows where number = {number}"
            ).fetchall()
            assert found == [(1,)]
        made = db.execute(
            "select distinct schema_name, table_name from duckdb_columns() "
            "where database_name = current_database() and table_name like 'last_%' order by all"
        ).fetchall()
    assert made == [("marts", f"last_{number}") for number in range(WRITERS)]


def test_two_pipelines_load_a_source_each_at_once(lake: Lake) -> None:
    with opened(lake):
        pass
    loads = [_started("load", lake, source) for source in ("north", "south")]
    assert [_said(load) for load in loads] == [{"new": 3 * LOADED}] * 2
    with opened(lake) as db:
        for source in ("north", "south"):
            rows = db.execute(f"select count(*), count(distinct id) from raw_{source}.things")
            assert rows.fetchall() == [(3 * LOADED, 3 * LOADED)]
        told = db.execute(
            "select source, status, count(*), sum(new) from ops.loads "
            "where table_name = 'things' group by all order by all"
        ).fetchall()
        assert told == [(source, "loaded", 3, 3 * LOADED) for source in ("north", "south")]
        assert db.execute("select count(*) from ops.clock").fetchall() == [(1,)]


def _started(role: str, lake: Lake, said: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.unit.storage.at_once", role, lake.catalog, lake.files]
    return subprocess.Popen([*command, said], stdout=subprocess.PIPE, text=True)


def _said(process: "subprocess.Popen[str]") -> dict[str, int]:
    out, _ = process.communicate(timeout=600)
    assert process.returncode == 0
    return json.loads(out)


def test_a_turn_is_waited_for_and_had_once(lake: Lake) -> None:
    with opened(lake):
        pass
    order = []

    def second() -> None:
        with turn(lake):
            order.append("second")

    waits = threading.Thread(target=second)
    with turn(lake), turn(lake):
        waits.start()
        time.sleep(0.5)
        order.append("first")
    waits.join()
    assert order == ["first", "second"]


def test_who_dies_in_its_turn_gives_it_back(lake: Lake) -> None:
    with opened(lake):
        pass
    dies = (
        "import os, sys; from storage import Lake, turn\n"
        "with turn(Lake(*sys.argv[1:])): print('mine', flush=True); os.kill(os.getpid(), 9)"
    )
    command = [sys.executable, "-c", dies, lake.catalog, lake.files]
    killed = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    assert (killed.stdout, killed.returncode) == ("mine\n", -9)
    with turn(lake):
        pass


def test_a_file_needs_no_turn(tmp_path: Path) -> None:
    with turn(tmp_path / "warehouse.duckdb"), turn(tmp_path / "warehouse.duckdb"):
        pass
