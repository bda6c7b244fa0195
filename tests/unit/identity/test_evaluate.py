"""The measures of a grouping, on groups small enough to count by hand."""

import duckdb
import pytest

from identity.evaluate import against_truth

SIDES = "create table sides as select * from (values {rows}) as t(record, truth, found)"


def figures(*rows: tuple[str, str, str]) -> dict[str, float]:
    with duckdb.connect() as db:
        db.execute(SIDES.format(rows=", ".join(map(str, rows))))
        return against_truth(db, "sides")


def test_pairs_and_clusters_are_counted() -> None:
    # True: {1, 2, 3}, {4, 5}, {6}; found: {1, 2}, {3, 4, 5}, {6}.
    found = figures(
        ("1", "a", "x"), ("2", "a", "x"), ("3", "a", "y"), ("4", "b", "y"), ("5", "b", "y"),
        ("6", "c", "z"),
    )  # fmt: skip
    assert found["precision"] == pytest.approx(2 / 4)
    assert found["recall"] == pytest.approx(2 / 4)
    assert found["cluster_precision"] == pytest.approx(1 / 3)
    assert found["cluster_recall"] == pytest.approx(1 / 3)
    assert found["largest"] == 3


def test_without_a_pair_nothing_is_claimed() -> None:
    found = figures(("1", "a", "x"), ("2", "b", "y"))
    assert found["precision"] is None
    assert found["cluster_f1"] == 1
