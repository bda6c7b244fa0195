"""What comes and goes in the inbox: new, changed, broken and withdrawn files."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from drop_box import HEADER, ORDERS, Box, order, told

from ingestion.connector import discover
from ingestion.connectors.files import declared_constants
from ingestion.connectors.files.catalogue import Catalogue
from ingestion.connectors.files.inbox import Inbox, MissingFolder
from ingestion.connectors.files.source import connector
from ingestion.pipeline import Load
from ingestion.sandbox.inbox import write_inbox
from ingestion.sandbox.world import make_world
from quality.raw_door import raw_door


def counts(load: Load) -> dict[str, tuple[int, int, int]]:
    """Return {table: (new, changed, unchanged)} of the tables that a load read."""
    assert all(count.extracted == count.accounted for count in load.tables)
    return {
        count.table: (count.new, count.changed, count.unchanged)
        for count in load.tables
        if count.extracted
    }


def test_a_changed_file_is_merged_and_its_vanished_rows_become_tombstones(box: Box) -> None:
    box.drop("orders_1.csv", HEADER + order(1) + order(2) + order(3))
    box.drop("orders_2.csv", HEADER + order(9))
    assert counts(box.load()) == {"orders": (4, 0, 0), "files": (2, 0, 0)}
    assert counts(box.load()) == {}, "nothing new is read again"

    box.drop("orders_1.csv", HEADER + order(4) + order(2, "99") + order(1))
    again = box.load()

    assert again.problem is None
    assert counts(again) == {"orders": (1, 2, 1), "files": (0, 1, 0)}
    rows = box.query("select order_id, amount, _deleted_reason from raw_files.orders order by all")
    assert rows == [
        ("shop:A1", 10.5, None),
        ("shop:A2", 99.0, None),
        ("shop:A3", 10.5, "gone_from_file"),
        ("shop:A4", 10.5, None),
        ("shop:A9", 10.5, None),
    ]
    gone = "select count(distinct _dlt_load_id) from raw_files.orders where order_id <> 'shop:A1'"
    assert box.query(f"{gone} and file_name = 'orders_1.csv'") == [(1,)]

    box.drop("orders_1.csv", HEADER + order(3))
    assert counts(box.load())["orders"] == (0, 4, 0), "one came back, three went"


def test_a_withdrawn_file_takes_its_rows_back(box: Box) -> None:
    many = "".join(map(order, range(30)))  # so many that the raw door would miss them in a list
    wrong = box.drop("orders_1.csv", HEADER + many)
    box.drop("orders_2.csv", HEADER + order(1))
    box.load(raw_door(box.warehouse))

    (box.inbox / "withdrawn").mkdir()
    wrong.rename(box.inbox / "withdrawn" / wrong.name)
    assert box.load(raw_door(box.warehouse)).problem is None

    gone = "select file_name, _deleted_reason, count(*) from raw_files.orders group by all"
    assert box.query(f"{gone} order by all") == [
        ("orders_1.csv", "withdrawn", 30),
        ("orders_2.csv", None, 1),
    ]
    assert box.query("select _deleted_reason from raw_files.files order by file_id") == [
        ("withdrawn",),
        (None,),
    ]


def test_a_file_that_is_moved_away_keeps_its_rows(box: Box) -> None:
    box.drop("orders_1.csv", HEADER + order(1))
    box.look()
    (box.inbox / "orders_1.csv").unlink()

    look = box.look()

    assert (look.readings, look.scopes, look.files) == ([], [], [])


def test_broken_files_are_set_aside_in_a_sentence_while_the_others_load(box: Box) -> None:
    good = (HEADER + order(1)).encode()
    box.drop("orders_good.csv", good)
    box.drop("orders_packed.csv.gz", gzip.compress(good))
    broken = {
        "orders_torn.csv.gz": (gzip.compress(good * 500)[:-40], "is broken (Compressed file ended"),
        "orders_text.csv.gz": (b"no gzip", "is broken (Not a gzipped file"),
        "orders_latin.csv": ("é".encode("latin-1") + good, "is not utf-8"),
        "orders_empty.csv": (b"", "is empty; drop it again whole"),
        "orders_bare.csv": (HEADER.encode(), "has a header and no rows"),
        "orders_less.csv": (
            b"order_id,customers,when\nA,b,c\n",
            "no column 'customer' (nearest: 'customers')",
        ),
        "orders_twice.csv": (b"order_id,customer,customer,when,amount\n", "'customer' 2 times"),
        "orders_quote.csv": (
            good + b'A2,"a,2026-05-01,1\nA3,a\nA4,a\n',
            "line 3 that never closes",
        ),
        "orders_other.csv": (good + order(2, "x").encode() * 9, "in 9 of 10 rows (mostly: amount"),
        "stray.csv": (good, "matches no mapping; add one"),
    }
    for name, (content, _) in broken.items():
        box.drop(name, content)
    box.map("shop.yml", ORDERS)
    box.map("bare.yml", ORDERS.replace("orders_*.csv", "b.*"))
    for name in ("b.parquet", "b.xlsx", "b.json"):
        box.drop(name, "nothing of the kind")
    broken |= {"b.parquet": (b"", "is no whole Parquet file"), "b.xlsx": (b"", "no whole Excel")}
    broken |= {"b.json": (b"", "is none of CSV, Parquet and Excel; save it as one")}

    load = box.load()

    assert load.problem is not None
    assert load.problem.startswith("files: b.json")
    assert "and 8 more, see raw_files.quarantine" in load.problem
    assert box.query("select file_name from raw_files.orders order by all") == [
        ("orders_good.csv",),
        ("orders_packed.csv.gz",),
    ]
    said = dict(box.query("select source_table, reason from raw_files.quarantine"))
    assert set(said) == set(broken)
    for name, (_, sentence) in broken.items():
        assert said[name].startswith(name)
        assert sentence in said[name]
        assert said[name].endswith(", then run `ax load files`")
    told = "select status, problem from ops.loads where table_name is null"
    assert box.query(told) == [("incomplete", load.problem)]


def test_a_mended_file_takes_its_problem_off_the_list(box: Box) -> None:
    box.drop("orders_1.csv", HEADER)
    box.drop("stray.csv", HEADER)
    box.drop("orders_2.csv", HEADER + order(2))
    assert box.load().problem is not None

    box.drop("orders_1.csv", HEADER + order(1))
    (box.inbox / "stray.csv").unlink()
    load = box.load()

    assert load.problem is None
    files = box.query("select file_id, problem, _deleted_reason from raw_files.files order by 1")
    assert files == [
        (":stray.csv", files[0][1], "gone_from_inbox"),
        ("shop:orders_1.csv", None, None),
        ("shop:orders_2.csv", None, None),
    ]


def test_a_broken_new_version_leaves_the_old_one_and_says_so(box: Box) -> None:
    box.drop("orders_1.csv", HEADER + order(1))
    box.look()
    box.drop("orders_1.csv", HEADER)

    look = box.look()

    assert look.scopes == []
    assert look.files[0]["landed"] == 1
    assert "no rows" in look.files[0]["problem"]


def test_an_undated_file_needs_the_day_at_which_it_was_true(box: Box) -> None:
    undated = ORDERS.replace("  ordered_at: when\n", "")
    box.map("shop.yml", undated)
    box.drop("orders_1.csv", HEADER + order(1))

    problem = box.look().problems["orders_1.csv"]

    assert problem.startswith("orders_1.csv says no date (orders.ordered_at is not mapped); give")
    assert "an as_of" in problem

    box.map("shop.yml", undated + "as_of: 2026-01-01\n")
    assert box.look().problems == {}


def test_a_changed_mapping_reads_its_files_again(box: Box) -> None:
    box.drop("orders_1.csv", HEADER + order(1))
    box.look()
    box.map("shop.yml", "# a comment changes nothing\n" + ORDERS)
    assert box.look().readings == []

    box.map("shop.yml", ORDERS.replace("currency: EUR", "currency: CHF"))
    assert [row["currency"] for row in box.read()[0]] == ["CHF"]


def test_what_a_mapping_led_to_goes_with_it(box: Box) -> None:
    box.drop("orders_1.csv", HEADER + order(1))
    box.look()
    (box.root / "mappings" / "shop.yml").rename(box.root / "mappings" / "store.yml")

    look = box.look()

    assert [reading.mapping.kind for reading in look.readings] == ["store"]
    assert [(table, scope.reason) for table, scope in look.scopes] == [("orders", "mapping_gone")]
    assert look.scopes[0][1].where == {"file_name": "orders_1.csv", "mapping": "shop"}


def test_a_file_that_no_mapping_names_any_more_keeps_its_rows_and_is_a_problem(box: Box) -> None:
    box.drop("orders_1.csv", HEADER + order(1))
    box.look()
    (box.root / "mappings" / "shop.yml").write_text(ORDERS.replace("orders_*.csv", "sales_*.csv"))

    look = box.look()

    assert look.scopes == []
    assert "matches no mapping" in look.problems["orders_1.csv"]


def test_nothing_goes_while_a_mapping_is_wrong(box: Box) -> None:
    box.drop("orders_1.csv", HEADER + order(1))
    box.look()
    box.map("shop.yml", ORDERS.replace("contract: orders", "contract: ordres"))

    look = box.look()

    assert look.scopes == []
    assert set(look.problems) == {"shop.yml", "orders_1.csv"}


def test_unfinished_and_hidden_files_are_not_looked_at(box: Box) -> None:
    for name in ("orders_1.csv.part", "orders_2.tmp", ".orders_3.csv", "~$orders_4.xlsx"):
        box.drop(name, "half a li")

    assert box.look().problems == {}


def test_a_file_that_changes_while_it_is_read_waits_for_the_next_look(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = box.drop("orders_1.csv", HEADER + order(1))
    written = Path.open

    def open_and_write(self: Path, mode: str = "r", **kinds: object) -> object:
        if self == path and mode == "rb":
            with written(self, "ab") as file:
                file.write(order(2).encode())
        return written(self, mode, **kinds)  # type: ignore[call-overload]

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Path, "open", open_and_write)
        look = box.look()

    assert (look.readings, look.problems) == ([], {})
    assert len(box.read()[0]) == 2


def test_one_file_may_fill_several_contracts(box: Box) -> None:
    box.map("people.yml", "match: orders_*.csv\ncontract: person_observations\nsystem: shop\n"
            "record_id: customer\ncolumns: {last_name: customer}\n")  # fmt: skip
    box.drop("orders_1.csv", HEADER + order(1))

    look = box.look()
    people = [row for page in told(look, "person_observations") for row in page.good.to_pylist()]
    orders = [row for page in told(look, "orders") for row in page.good.to_pylist()]

    assert people[0]["account_id"] == orders[0]["account_id"] == "shop:anna1"


def test_a_missing_inbox_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MissingFolder, match=r"inbox folder .* does not exist; create it or set"):
        Inbox(tmp_path / "nowhere", Catalogue(), {}, "2026-06-30")


def test_the_sandbox_drops_what_the_shipped_mappings_read(box: Box) -> None:
    as_of = datetime(2026, 6, 30, tzinfo=UTC)
    write_inbox(make_world(people=300).at(as_of), box.inbox)
    (box.root / "mappings" / "shop.yml").unlink()

    look = box.look()
    reports = {reading.mapping.kind: reading.report for reading in look.readings}

    assert look.problems == {}
    kinds = {"callers", "calls", "member_register", "members"}
    kinds |= {"sharers", "shares", "shop_buyers", "shop_deliveries", "shop_orders"}
    kinds |= {"learners", "trainings", "walks"}
    assert set(reports) == kinds
    assert all(report.landed for report in reports.values())
    assert all(not reports[kind].quarantined for kind in kinds - {"shop_deliveries"})
    orders = next(reading for reading in look.readings if reading.mapping.kind == "shop_orders")
    assert orders.report.landed == orders.report.row_count


def test_what_mappings_declare_is_told_file_by_file(box: Box) -> None:
    box.drop("orders_1.csv", HEADER)

    told = [(row["file"], row["column"], row["value"]) for row in declared_constants(box.inbox)]

    assert told == [
        ("orders_1.csv", "currency", "EUR"),
        ("orders_1.csv", "order_kind", "order"),
        ("orders_1.csv", "status", "paid"),
        ("orders_1.csv", "time_zone", "Europe/Berlin"),
    ]


def test_the_connector_is_found_by_its_folder() -> None:
    assert discover()["files"] is connector
    assert [table.name for table in connector.tables][-1] == "files"
