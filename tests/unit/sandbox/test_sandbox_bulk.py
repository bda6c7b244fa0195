"""The bulk world: as many rows as its scale says, the same ones each time, keys that hold."""

from pathlib import Path

import duckdb
import pytest

from ingestion.connector import discover
from ingestion.sandbox import bulk

PEOPLE = 2000
# Of each person, over three years; what is drawn may miss it a little.
A_PERSON = {
    "files.touchpoints": 9,
    "zendesk.tickets": 1,
    "files.orders": 0.5,
    "hubspot.contacts": 1,
    "hubspot.deals": 0.2,
    "zendesk.users": 0.4,
    "qualtrics.contacts": 0.4,
}
SCORES = """
select (select sum(len(json_keys("values")) - ("values" like '%QID2_TEXT%')::int)
        from '{folder}/qualtrics.responses/*.parquet')
    + (select count(*) from '{folder}/zendesk.satisfaction_ratings/*.parquet'
        where score <> 'offered')
    + (select count(*) from '{folder}/hubspot.feedback_submissions/*.parquet')
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bulk")
    for part in bulk.parts(PEOPLE):
        bulk.write(part, folder)
    return folder


def rows(folder: Path, table: str) -> int:
    found = duckdb.execute(f"select count(*) from '{folder}/{table}/*.parquet'").fetchone()
    assert found is not None
    return int(found[0])


def test_a_world_has_what_its_scale_says(world: Path) -> None:
    assert bulk.scaled(1) == 100_000
    for table, each in A_PERSON.items():
        assert rows(world, table) == pytest.approx(each * PEOPLE, rel=0.03), table
    scores = duckdb.execute(SCORES.format(folder=world)).fetchone()
    assert scores is not None
    assert scores[0] == pytest.approx(PEOPLE, rel=0.2)


def test_a_world_is_the_same_each_time(world: Path, tmp_path: Path) -> None:
    for part in bulk.parts(PEOPLE):
        bulk.write(part, tmp_path)
    for table in bulk.TABLES:
        differing = duckdb.execute(
            f"(from '{world}/{table}/*.parquet' except all from '{tmp_path}/{table}/*.parquet')"
            f"union all (from '{tmp_path}/{table}/*.parquet' except all from '{world}/{table}/*.parquet')"
        ).fetchall()
        assert differing == [], table


def test_a_larger_world_begins_with_the_smaller_one() -> None:
    small, large = list(bulk.parts(bulk.PART)), list(bulk.parts(3 * bulk.PART))
    assert large[:1] == small
    assert [part.last - part.known for part in large] == [bulk.PART] * 3


def test_a_later_day_adds_one_percent(world: Path, tmp_path: Path) -> None:
    bulk.write(bulk.later_day(PEOPLE), tmp_path)
    for table in ("files.touchpoints", "zendesk.tickets", "hubspot.contacts"):
        assert rows(tmp_path, table) == pytest.approx(rows(world, table) / 100, rel=0.05), table
    [(first, last)] = duckdb.execute(
        f"select min(occurred_at), max(occurred_at) from '{tmp_path}/files.touchpoints/*.parquet'"
    ).fetchall()
    day = bulk.later_day(PEOPLE)
    assert day.since <= first <= last < day.until


def test_no_key_is_there_twice_not_even_the_day_after(world: Path, tmp_path: Path) -> None:
    for day in (1, 2):
        bulk.write(bulk.later_day(PEOPLE, day), tmp_path)
    for table in bulk.TABLES:
        source, name = table.split(".")
        key = ", ".join(discover()[source].table(name).key)
        # A survey that is sent on two days is one question still.
        twice = duckdb.execute(
            f"select {key} from read_parquet(['{world}/{table}/*.parquet', "
            f"'{tmp_path}/{table}/*.parquet'], union_by_name = true) "
            f"group by all having count(*) > 1"
        ).fetchall()
        assert twice == [], table
    assert rows(tmp_path, "zendesk.tickets") == 2 * PEOPLE * bulk.A_DAY


def test_a_load_is_in_the_ledger_and_sets_the_clock(world: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    found = bulk.load(world, warehouse, bulk.START)
    with duckdb.connect(str(warehouse)) as db:
        db.execute("set TimeZone = 'UTC'")
        clock = db.execute("select as_of from ops.clock").fetchall()
        loaded = db.execute(
            "select source || '.' || table_name, new from ops.loads where status = 'loaded'"
        ).fetchall()
    assert [as_of for (as_of,) in clock] == [bulk.START]
    assert dict(loaded) == found


def test_people_come_in_five_hundreds() -> None:
    with pytest.raises(ValueError, match="500s"):
        list(bulk.parts(1234))
