from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from ingestion.connector import Column, Connector, Table
from quality.raw_door import raw_door

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
THINGS = Table(
    "things",
    ("id",),
    {"id": Column("bigint"), "name": Column("string"), "at": Column("timestamp")},
    "Things.",
    time="at",
)
TOY = Connector("toy", "Toy", (THINGS,), source=lambda: None)


@pytest.fixture
def judge(tmp_path):
    """Judge rows that came against rows that are known; each is SQL over a range called i."""
    warehouse = tmp_path / "warehouse.duckdb"

    def run(
        came: str, rows: int, known: str | None = None, known_rows: int = 0, gone: str = "null"
    ) -> list[str]:
        alive = "cast(null as varchar) as _deleted_reason"
        came = f"{came}, cast({gone} as varchar) as _deleted_reason"
        file = tmp_path / "came.parquet"
        with duckdb.connect(str(warehouse)) as db:
            db.execute("set TimeZone = 'UTC'; create schema raw_toy")
            db.execute(f"copy (select {came} from range({rows}) as r(i)) to '{file}'")
            if known:
                db.execute(
                    f"create table raw_toy.things as "
                    f"select {known}, {alive} from range({known_rows}) as r(i)"
                )
        return raw_door(warehouse)(TOY, {"things": file}, {}, AS_OF)

    return run


GOOD = "i as id, 'n' || i as name, timestamptz '2026-06-29 00:00:00+00' as at"


def test_a_first_load_passes(judge) -> None:
    assert judge(GOOD, 5_000) == []


def test_a_load_like_the_last_one_passes(judge) -> None:
    assert judge(GOOD, 500, GOOD, 400) == []


def test_rows_without_a_key_are_refused(judge) -> None:
    came = GOOD.replace("i as id", "nullif(i, 3) as id")
    assert judge(came, 10) == ["things: 1 of 10 rows have no id"]


def test_rows_from_beyond_tomorrow_are_refused(judge) -> None:
    late = AS_OF + timedelta(days=3)
    came = GOOD.replace("2026-06-29 00:00:00+00", late.isoformat(sep=" "))
    assert judge(came, 10) == ["things: 10 of 10 rows have at after tomorrow"]


def test_a_row_from_a_zone_ahead_of_the_clock_is_not_the_future(judge) -> None:
    ahead = AS_OF + timedelta(hours=14)
    assert judge(GOOD.replace("2026-06-29 00:00:00+00", ahead.isoformat(sep=" ")), 10) == []


def test_twentyfold_volume_is_refused(judge) -> None:
    assert judge(GOOD, 2_100, GOOD, 100) == [
        "things: 2100 rows came, 21 times as many as are known"
    ]


def test_a_young_table_may_grow_fast(judge) -> None:
    assert judge(GOOD, 900, GOOD, 3) == []


def test_a_column_that_suddenly_is_empty_is_refused(judge) -> None:
    came = GOOD.replace("'n' || i", "cast(null as varchar)")
    assert judge(came, 200, GOOD, 200) == [
        "things: name is empty in 100% of the rows that came and in 0% of those known"
    ]


def test_an_old_copy_of_the_vendor_is_refused(judge) -> None:
    came = GOOD.replace("2026-06-29", "2026-01-01")
    assert judge(came, 200, GOOD, 200) == [
        "things: the newest at that came is 179 days older than one known"
    ]


def test_nothing_to_judge_costs_no_import_of_great_expectations(tmp_path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from tests.unit.quality.test_raw_door import TOY\n"
        "from quality.raw_door import raw_door\n"
        f"raw_door(Path('{tmp_path}/w'))(TOY, {{}}, {{'things': (300, 299)}}, datetime.now(UTC))\n"
        "sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_many_tombstones_that_hold_nothing_but_a_key_are_no_drift(judge) -> None:
    bare = "i as id, cast(null as varchar) as name, cast(null as timestamptz) as at"
    assert judge(bare, 400, GOOD, 500, gone="'vanished'") == []


def test_each_stream_of_a_table_is_judged_by_its_own_past(tmp_path) -> None:
    mixed = replace(THINGS, columns=THINGS.columns | {"hand": Column("string")}, stream="hand")
    warehouse, file = tmp_path / "warehouse.duckdb", tmp_path / "came.parquet"
    empty = GOOD.replace("'n' || i as name", "cast(null as varchar) as name")
    alive = "cast(null as varchar) as _deleted_reason from range(500)"
    with duckdb.connect(str(warehouse)) as db:
        db.execute("set TimeZone = 'UTC'; create schema raw_toy")
        db.execute(
            f"create table raw_toy.things as select {GOOD}, 'named' as hand, {alive} as r(i)"
        )
        db.execute(
            f"copy (select {empty}, unnest(['named', 'it''s new']) as hand, {alive} as r(i)) "
            f"to '{file}'"
        )
    toy = replace(TOY, tables=(mixed,))

    findings = raw_door(warehouse)(toy, {"things": file}, {}, AS_OF)

    assert findings == [
        "things: name is empty in 100% of the rows that came and in 0% of those known"
    ]


@pytest.mark.parametrize(
    ("now", "last", "findings"),
    [
        (149, 300, ["things: the list holds 149 rows and held 300 in its last good load"]),
        (0, 20, ["things: the list holds 0 rows and held 20 in its last good load"]),
        (150, 300, []),
        (9_000, 300, []),
        (0, 19, []),
    ],
)
def test_a_full_list_that_shrank_below_half_is_refused_unless_it_is_short(
    tmp_path, now, last, findings
) -> None:
    door = raw_door(tmp_path / "warehouse.duckdb")

    assert door(TOY, {}, {"things": (now, last)}, AS_OF) == findings
