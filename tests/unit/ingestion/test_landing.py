"""What a vendor's row becomes on its way in."""

import json
from datetime import UTC, date, datetime

import pytest

from ingestion.connector import Column, Table
from ingestion.errors import BrokenShape, VanishedColumn
from ingestion.landing import Tally, check_shape, convert, count

TABLE = Table(
    name="things",
    key=("id",),
    columns={
        "id": Column("bigint"),
        "email": Column("string", "properties.email"),
        "seen_at": Column("timestamp", "seen", optional=True),
        "born_on": Column("date", "born", optional=True),
        "is_open": Column("boolean", "open", optional=True),
        "clicked_at": Column("epoch_ms", "clicked", optional=True),
        "tags": Column("json", "tags", optional=True),
    },
    description="Things.",
)


def row(**fields: object) -> dict[str, object]:
    return {"id": 1, "properties": {"email": "ana@example.org"}, **fields}


def land(*rows: object) -> tuple[list[dict[str, object]], list[dict[str, object]], Tally]:
    tally = Tally(TABLE)
    page = convert(list(rows), tally)
    count(page, tally)
    return page.good.to_pylist(), page.bad.to_pylist(), tally


def test_declared_columns_are_typed_and_undeclared_ones_never_land() -> None:
    good, bad, tally = land(
        row(
            seen="2026-03-29T01:30:00+02:00",
            born="1980-02-03",
            open="true",
            clicked=1778055393123,
            tags=["b", "a"],
            salary=90_000,
        )
    )

    assert bad == []
    assert good[0]["seen_at"] == datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    assert good[0]["born_on"] == date(1980, 2, 3)
    assert good[0]["is_open"] is True
    assert good[0]["clicked_at"] == datetime(2026, 5, 6, 8, 16, 33, 123000, tzinfo=UTC)
    assert json.loads(str(good[0]["tags"])) == ["b", "a"]
    assert "salary" not in good[0]
    assert tally.undeclared == {"salary": 1}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("id", None, "id is the key and has no value"),
        ("id", "x1", "id is not a bigint: 'x1'"),
        ("id", 2**63, "id is not a bigint: '9223372036854775808'"),
        ("seen", "2026-03-29T01:30:00", "seen_at is not a timestamp: '2026-03-29T01:30:00'"),
        ("seen", 1778055393, "seen_at is not a timestamp: '1778055393'"),
        ("born", "31.12.1980", "born_on is not a date: '31.12.1980'"),
        ("open", "maybe", "is_open is not a boolean: 'maybe'"),
        ("open", 1, "is_open is not a boolean: '1'"),
        ("clicked", 10**30, "clicked_at is not a epoch_ms: '1000000000000000000000000000000'"),
    ],
)
def test_a_value_that_does_not_fit_is_quarantined_with_its_reason(
    field: str, value: object, said: str
) -> None:
    good, bad, tally = land(row(**{field: value}), row(id=2))

    assert [kept["id"] for kept in good] == [2]
    assert [set_aside["reason"] for set_aside in bad] == [said]
    assert tally.quarantined == 1


def test_quarantine_keeps_declared_fields_only() -> None:
    with_more = {"email": "ana@example.org", "home": "Elm Street 1"}
    _, bad, _ = land(row(id="x", salary=90_000, properties=with_more))

    assert json.loads(str(bad[0]["record"])) == {
        "id": "x",
        "properties": {"email": "ana@example.org"},
    }


def test_a_row_that_is_no_object_is_quarantined() -> None:
    _, bad, _ = land("nonsense")

    assert bad[0]["reason"] == "a row is str, not an object"


def test_nul_bytes_and_lone_surrogates_are_replaced_and_counted() -> None:
    good, _, tally = land({"id": 1, "properties": {"email": "a\x00b\ud800c"}})

    assert good[0]["email"] == "a�b�c"
    assert tally.replaced_characters == 2


def test_null_on_the_way_is_null_and_a_missing_key_is_noticed() -> None:
    good, _, tally = land({"id": 1, "properties": None})
    assert good[0]["email"] is None
    assert tally.absent == []

    _, _, tally = land({"id": 1, "properties": {"mail": "renamed@example.org"}})
    assert tally.absent == ["email"]
    with pytest.raises(VanishedColumn, match="things no longer sends email"):
        check_shape("toy", tally)


def test_a_table_of_misfits_stops_the_source() -> None:
    _, _, tally = land(row(id="x"), row(id="y"), row())

    with pytest.raises(BrokenShape, match="2 of 3 rows of things"):
        check_shape("toy", tally)


def test_the_content_hash_follows_the_content_and_a_deletion() -> None:
    first, same, changed, deleted = land(
        row(), row(), row(open=True), row(_deleted_reason="archived")
    )[0]

    assert first["_content_hash"] == same["_content_hash"]
    assert len({r["_content_hash"] for r in (first, changed, deleted)}) == 3
    assert deleted["_deleted_reason"] == "archived"
