import os
import shutil
from datetime import UTC, datetime

import duckdb
import pytest

from orchestration import publish
from orchestration.exports import export, held

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
TABLES = {
    "pub_stays": "select range as number, 'text ' || range as said from range(3000)",
    "pub_moves": "select range / 7 as number, range % 3 = 0 as is_third from range(3000)",
}


@pytest.fixture
def build(current):
    """Build a publication file of two tables, of which statements may change something."""

    def build(*changes: str) -> None:
        current.publication.parent.mkdir(parents=True, exist_ok=True)
        current.publication.unlink(missing_ok=True)
        with duckdb.connect(str(current.publication)) as db:
            for name, query in TABLES.items():
                db.execute(f"create table {name} as {query}")
            for change in changes:
                db.execute(change)

    return build


@pytest.fixture
def taken_over(monkeypatch):
    """Return the names of the exports that are copied, in a list that grows."""
    names: list[str] = []

    def watched(source, target, copy=shutil.copyfile):
        if target.suffix == ".parquet":
            names.append(target.stem)
        return copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", watched)
    return names


def of_file_and_export(publication, name: str) -> tuple[list, list]:
    with duckdb.connect(str(publication.file), read_only=True) as db:
        file = publication.folder / "parquet" / f"{name}.parquet"
        read = [db.execute(f"from {it} order by all").fetchall() for it in (name, f"'{file}'")]
    return read[0], read[1]


CHANGES = {
    "a value": "update pub_moves set number = 0.5 where number = 7",
    "a value to null": "update pub_moves set is_third = null where number = 7",
    "two values, swapped": "update pub_moves set number = case number when 7 then 15 else 7 end where number in (7, 15)",
    "a row more": "insert into pub_moves from pub_moves limit 1",
    "a row less": "delete from pub_moves where number = 7",
    "every row twice": "insert into pub_moves from pub_moves",
    "all rows gone": "delete from pub_moves",
    "a column more": "alter table pub_moves add column more bigint",
    "a column's name": "alter table pub_moves rename is_third to is_one_of_three",
    "a column's type": "alter table pub_moves alter is_third type integer",
    "columns in another order": "create or replace table pub_moves as select is_third, number from pub_moves",
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_table_is_written_and_an_unchanged_one_taken_over(
    what, current, build, taken_over
) -> None:
    build()
    publish.publish(current, AS_OF, {})
    build(CHANGES[what])
    made = publish.publish(current, AS_OF, {})
    assert taken_over == ["pub_stays"]
    assert list(publish.faults(made)) == []
    for name in TABLES:
        in_file, in_export = of_file_and_export(made, name)
        assert in_file == in_export


def test_the_same_rows_in_another_order_are_the_same_table(current, build, taken_over) -> None:
    build()
    publish.publish(current, AS_OF, {})
    build("create or replace table pub_moves as from pub_moves order by number desc")
    publish.publish(current, AS_OF, {})
    assert taken_over == ["pub_moves", "pub_stays"]


def test_a_rollback_serves_whole_publications_that_have_exports_in_common(current, build) -> None:
    build()
    first = publish.publish(current, AS_OF, {})
    build("delete from pub_moves")
    second = publish.publish(current, AS_OF, {})
    for to in (first, second):
        assert publish.rollback(current, to.id).id == to.id
        assert publish.is_whole(current)


def test_after_a_rollback_tables_are_held_against_what_is_served(current, build) -> None:
    build()
    publish.publish(current, AS_OF, {})
    build("delete from pub_moves")
    publish.publish(current, AS_OF, {})
    publish.rollback(current)
    made = publish.publish(current, AS_OF, {})
    assert of_file_and_export(made, "pub_moves") == ([], [])


def test_what_is_taken_over_shares_no_file_with_the_former_publication(current, build) -> None:
    build()
    first = publish.publish(current, AS_OF, {})
    second = publish.publish(current, AS_OF, {})
    for name in TABLES:
        files = [made.folder / "parquet" / f"{name}.parquet" for made in (first, second)]
        assert not os.path.samefile(*files)


@pytest.mark.parametrize("spoil", [lambda file: file.unlink(), lambda file: file.write_text("x")])
def test_an_export_that_is_gone_or_spoilt_is_written_anew(spoil, current, build) -> None:
    build()
    first = publish.publish(current, AS_OF, {})
    spoil(first.folder / "parquet" / "pub_stays.parquet")
    made = publish.publish(current, AS_OF, {})
    assert list(publish.faults(made)) == []
    in_file, in_export = of_file_and_export(made, "pub_stays")
    assert in_file == in_export


def test_a_manifest_of_before_or_a_spoilt_one_has_everything_written_anew(
    current, build, taken_over
) -> None:
    build()
    made = publish.publish(current, AS_OF, {})
    before = {name: fact for name, fact in made.facts.items() if name != "contents"}
    for told in (before, {}):
        again = export(
            made.file, current.data / f"again-{len(told)}", made.folder / "parquet", told
        )
        assert again == {name: made.facts[name] for name in again}
    assert taken_over == []


def test_another_version_of_duckdb_says_that_everything_changed(
    current, build, monkeypatch
) -> None:
    build()
    with duckdb.connect(str(current.publication), read_only=True) as db:
        now = held(db, "pub_stays")
        monkeypatch.setattr(duckdb, "__version__", "0.0.0")
        then = held(db, "pub_stays")
    assert now[0] == then[0] == 3000
    assert now[1] != then[1]
