"""What comes and goes in a table: cursors, late rows, ties, deletes, and what is not declared."""

import pytest
from estate import ORDERS, Estate, Kind, order

LANDED = "select order_id, amount, _deleted_reason from raw_sql.orders order by all"


both = pytest.mark.parametrize("kind", ["postgres", "sqlite"], indirect=True)


def whole(table: str) -> str:
    """Return the YAML without a cursor."""
    return ORDERS.replace("    cursor: {{column: updated_at, late: 2 hours}}\n", "").format(
        table=table
    )


def put(kind: Kind, *orders: str) -> None:
    kind.run(f"insert into {kind.table} values {', '.join(orders)}")


@both
def test_a_table_lands_in_its_contract_with_the_ids_of_its_system(
    office: Estate, kind: Kind
) -> None:
    put(kind, order(1), order(2, amount="0.1"))

    assert office.counts() == (2, 0, 0)

    rows = office.query(
        "select order_id, account_id, source_record_id, amount, ordered_at::varchar, currency, "
        "database, mapping from raw_sql.orders order by all"
    )
    at = "2026-05-01 07:00:00+00"  # nine o'clock in Berlin
    assert rows == [
        ("tickets_sold:1", "box_office:anna1", "tickets_sold:1", 10.5, at, "EUR", "box_office", "tickets_sold"),
        ("tickets_sold:2", "box_office:anna2", "tickets_sold:2", 0.1, at, "EUR", "box_office", "tickets_sold"),
    ]  # fmt: skip


def test_what_is_not_declared_never_lands(office: Estate, kind: Kind) -> None:
    put(kind, order(1))
    office.load()

    columns = office.query("select columns(*)::varchar from raw_sql.orders")[0]
    names = [row[0] for row in office.query("describe raw_sql.orders")]
    assert "DE00" not in columns
    assert not {"iban", "note"} & set(names)


def test_a_second_run_with_nothing_new_touches_nothing(office: Estate, kind: Kind) -> None:
    put(kind, order(1), order(2, updated=None))
    office.load()

    again = office.load()

    assert (again.problem, again.touched) == (None, 0)


@both
def test_ties_late_rows_and_rows_without_a_cursor_are_all_read(office: Estate, kind: Kind) -> None:
    put(kind, order(1, "2026-05-01 10:00:00"), order(2, None))
    office.load()

    put(kind, order(3, "2026-05-01 10:00:00"))  # the same tick as what was read
    put(kind, order(4, "2026-05-01 08:30:00"))  # committed late
    put(kind, order(5, None))
    assert office.counts() == (3, 0, 2)

    kind.run(f"update {kind.table} set amount = 99 where order_id = 2")
    assert office.counts()[1] == 1, "a row without a cursor is read each time"


def test_what_is_older_than_the_lateness_is_not_read_again(office: Estate, kind: Kind) -> None:
    put(kind, order(1, "2026-04-01 10:00:00"), order(2, "2026-05-01 10:00:00"))
    office.load()
    kind.run(f"delete from {kind.table} where order_id = 1")

    assert office.counts() == (0, 0, 1)
    assert office.query(LANDED)[0][2] is None, "a cursor says nothing of deletes"


@both
def test_a_row_of_the_future_does_not_carry_the_mark_away(office: Estate, kind: Kind) -> None:
    put(kind, order(1), order(2, "2999-01-01 00:00:00"))
    office.load()

    put(kind, order(3, "2026-06-29 23:59:00"))

    assert office.counts() == (1, 0, 1)


@both
def test_a_number_may_be_the_cursor(estate: Estate, kind: Kind) -> None:
    text = ORDERS.replace("updated_at, late: 2 hours", "order_id, late: 2")
    estate.declare("box_office", text.format(table=kind.table), kind.url)
    put(kind, *map(order, (1, 2, 5)))
    estate.load()
    put(kind, *map(order, (4, 6)))

    assert estate.counts() == (2, 0, 1), "5 - 2 = 3 and above; 4 was committed late"


@both
def test_a_whole_list_buries_what_vanished(estate: Estate, kind: Kind) -> None:
    estate.declare("box_office", whole(kind.table), kind.url)
    put(kind, order(1), order(2), order(3))
    estate.load()
    kind.run(f"delete from {kind.table} where order_id = 2")

    assert estate.counts() == (0, 1, 2)
    assert estate.query(LANDED)[1] == ("tickets_sold:2", 10.5, "gone_from_table")

    put(kind, order(2))
    assert estate.counts() == (0, 1, 2), "it came back"


def test_a_list_that_is_suddenly_empty_is_not_believed(estate: Estate, kind: Kind) -> None:
    estate.declare("box_office", whole(kind.table), kind.url)
    put(kind, order(1))
    estate.load()
    kind.run(f"delete from {kind.table}")

    problem = estate.load().problem

    assert f"box_office.{kind.table} is empty and had 1 rows; fill it again" in str(problem)
    assert estate.query(LANDED)[0][2] is None


@both
def test_a_soft_delete_is_a_tombstone_however_scrubbed(estate: Estate, kind: Kind) -> None:
    text = ORDERS.replace("    columns:", "    soft_delete: note\n    columns:")
    text = text.replace("bought_at", "{{column: bought_at, required: true}}")
    estate.declare("box_office", text.format(table=kind.table), kind.url)
    put(kind, *map(order, (1, 2)))
    kind.run(f"update {kind.table} set note = null where order_id = 1")
    kind.run(f"update {kind.table} set note = 'false' where order_id = 2")
    estate.load()
    assert [row[2] for row in estate.query(LANDED)] == [None, None]

    kind.run(f"update {kind.table} set note = '2026-05-02', bought_at = null, buyer = null "
             "where order_id = 1")  # fmt: skip

    assert estate.counts() == (0, 1, 1)
    assert [row[2] for row in estate.query(LANDED)] == ["deleted_in_source", None]


def test_a_changed_yaml_reads_the_whole_list_again(office: Estate, kind: Kind) -> None:
    put(kind, order(1, "2026-01-01 10:00:00"), order(2))
    office.load()
    kind.run(f"delete from {kind.table} where order_id = 1")
    text = ORDERS.replace("currency: EUR", "currency: CHF")
    office.declare("box_office", text.format(table=kind.table))

    assert office.counts() == (0, 2, 0)
    assert office.query("select currency, _deleted_reason from raw_sql.orders order by all") == [
        ("CHF", None),
        ("EUR", "gone_from_table"),
    ]


def test_a_table_that_is_declared_no_more_takes_its_rows_back(office: Estate, kind: Kind) -> None:
    put(kind, order(1))
    office.load()
    text = ORDERS.replace("  tickets_sold:", "  tickets:")
    office.declare("box_office", text.format(table=kind.table))

    office.load()

    assert [row[::2] for row in office.query(LANDED)] == [
        ("tickets:1", None),
        ("tickets_sold:1", "mapping_gone"),
    ]


def test_a_failed_load_leaves_cursor_and_raw_as_they_were(office: Estate, kind: Kind) -> None:
    put(kind, order(1))
    office.load()
    put(kind, order(2, "2026-05-05 10:00:00"))

    assert office.load(lambda *_: ["the door refuses"]).problem is not None
    assert len(office.query(LANDED)) == 1
    assert office.counts()[0] == 1


def test_what_does_not_fit_is_set_aside_with_its_reason(office: Estate, kind: Kind) -> None:
    put(kind, *map(order, range(1, 9)))
    put(kind, order(9).replace("'2026-05-01 09:00:00'", "null"))
    office.load()
    text = ORDERS.replace(
        "ordered_at: bought_at", "ordered_at: {{column: bought_at, required: true}}"
    )
    office.declare("box_office", text.format(table=kind.table))

    loaded = office.load()

    assert loaded.problem is None
    said = office.query("select source_table, record_key, reason from raw_sql.quarantine")
    assert said == [("orders", "tickets_sold:9", "ordered_at is required and empty")]
    kept = office.query("select landed, quarantined from raw_sql.tables")
    assert kept == [(8, 1)]

    put(kind, order(10, "2026-06-01 00:00:00").replace("'2026-05-01 09:00:00'", "null"))
    for _ in range(2):  # the second reads that row alone
        assert office.load().problem is None, "of a few changed rows all may be wrong"


def test_one_record_id_for_many_rows_is_refused(estate: Estate, kind: Kind) -> None:
    text = ORDERS.replace("record_id: order_id", "record_id: buyer").format(table=kind.table)
    estate.declare("box_office", text, kind.url)
    put(kind, order(1), order(2).replace("anna2", "anna1"))

    problem = str(estate.load().problem)

    assert "has 2 rows for one record id (like 'anna1'); name every column of its key" in problem


@both
def test_a_long_table_is_read_in_pages(
    office: Estate, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.connectors.sql.session.CHUNK_ROWS", 3)
    put(kind, *map(order, range(1, 11)))

    assert office.counts() == (10, 0, 0)
    assert office.query("select sum(amount) from raw_sql.orders") == [(105.0,)]
