import duckdb

from orchestration.counting import rows_of


def test_rows_are_those_that_are_left_of_every_relation_asked_for() -> None:
    with duckdb.connect() as db:
        db.execute("create table numbers as select range as number from range(10)")
        db.execute("create table nothing as from numbers limit 0")
        db.execute("delete from numbers where number < 4")
        assert rows_of(db, ["numbers", "nothing"]) == {"numbers": 6, "nothing": 0}
        assert rows_of(db, []) == {}
