"""From text to typed rows: what is read, what is set aside, and why."""

from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from drop_box import HEADER, ORDERS, Box, order
from workbook import write_workbook

SURVEY = """
match: answers_*.csv
contract: survey_answers
record_id: id
columns:
  answer_value: {column: score, scale: [1, 5], missing: [0, 9]}
constants: {metric_role: rating, audience: customer, answered_at: 2026-03-01}
instrument: {key: desk_rating, label: Rating of the desk, family: customer}
time_zone: UTC
"""


def test_a_row_lands_typed_in_utc_with_ids_that_name_their_mapping(box: Box) -> None:
    box.drop("orders_may.csv", HEADER + "A1,anna,2026-05-01 10:00,10.5\n")

    good, bad = box.read()

    row = good[0]
    assert bad == []
    assert (row["order_id"], row["account_id"]) == ("shop:A1", "shop:anna")
    assert row["source_record_id"] == "shop:A1"
    assert row["ordered_at"] == datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert (row["amount"], row["currency"], row["file_name"]) == (10.5, "EUR", "orders_may.csv")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("A1,anna,2026-02-30 10:00,1", "ordered_at is not a timestamp in Europe/Berlin: "),
        ("A1,anna,01.05.2026,1", "ordered_at is not a timestamp in Europe/Berlin: '01.05.2026'"),
        ("A1,anna,2026-05-01,ten", "amount is not a double: 'ten'"),
        ("A1,anna,2026-05-01,nan", "amount is not a double: 'nan'"),
        ('A1,anna,2026-05-01,"1,5"', "amount is not a double: '1,5'"),
        (",anna,2026-05-01,1", "the record id (order_id) is empty"),
        ("A1,anna,2026-05-01", "the line is no row of the table: missing columns"),
        ("A1,anna,2026-05-01,1,2", "the line is no row of the table: too many columns"),
        ('A1,anna,"2026"05,1', "the line is no row of the table: unquoted value"),
    ],
)
def test_a_row_that_does_not_fit_is_set_aside_with_its_reason(
    box: Box, typed: str, reason: str
) -> None:
    box.drop("orders_may.csv", HEADER + order(2) + typed + "\n" + order(3))

    good, bad = box.read()

    assert [row["order_id"] for row in good] == ["shop:A2", "shop:A3"]
    assert len(bad) == 1
    assert bad[0]["reason"].startswith(reason)
    assert bad[0]["source_table"] == "orders"


def test_a_value_outside_the_scale_is_set_aside_and_a_missing_code_is_counted(box: Box) -> None:
    box.map("answers.yml", SURVEY)
    box.drop("answers_1.csv", "id,score\n1,5\n2,0\n3,7\n4,9\n5,1\n6,\n7,0\n")

    look = box.look()
    report = look.readings[0].report
    good = next(look.readings[0].good()).to_pylist()

    assert [row["answer_value"] for row in good] == [5, None, None, 1, None, None]
    assert {(row["scale_min"], row["scale_max"]) for row in good} == {(1, 5)}
    assert report.missing == {"answer_value": {"0": 2, "9": 1}}
    assert report.blank == {"answer_value": 1}
    aside = look.readings[0].bad().to_pylist()
    assert [row["reason"] for row in aside] == ["answer_value is outside the scale 1 to 5: '7'"]
    assert (report.row_count, report.landed, report.quarantined) == (7, 6, 1)


def test_a_code_that_the_mapping_does_not_name_is_set_aside(box: Box) -> None:
    box.map(
        "shop.yml", ORDERS.replace("amount: amount", "amount: {column: amount, codes: {ten: 10}}")
    )
    box.drop("orders_1.csv", HEADER + order(1, "ten") + order(2, "ten") + order(3, "elf"))

    good, bad = box.read()

    assert [row["amount"] for row in good] == [10, 10]
    assert bad[0]["reason"] == "amount has a code that the mapping does not name: 'elf'"


def test_rows_left_out_on_purpose_are_counted(box: Box) -> None:
    box.map("shop.yml", ORDERS + "only_with: amount\n")
    box.drop("orders_1.csv", HEADER + order(1) + order(2, "") + order(3, " "))

    report = box.look().readings[0].report

    assert (report.row_count, report.landed, report.left_out, report.quarantined) == (3, 1, 2, 0)


def test_a_decimal_comma_is_read_where_it_is_declared(box: Box) -> None:
    box.map("shop.yml", ORDERS.replace("amount: amount", "amount: {column: amount, decimal: ','}"))
    said = {"1.234,56": 1234.56, "1234,5": 1234.5, "-3": -3, "1.234": 1234}
    lines = [order(number, f'"{text}"') for number, text in enumerate([*said, "12.34"])]
    box.drop("orders_1.csv", HEADER + "".join(lines))

    good, bad = box.read()

    assert [row["amount"] for row in good] == list(said.values())
    assert bad[0]["reason"] == "amount is not a double: '12.34'"


def test_several_formats_are_tried_and_a_year_has_four_digits(box: Box) -> None:
    formats = "ordered_at: {column: when, format: ['%d.%m.%Y %H:%M', '%m/%d/%Y %I:%M %p']}"
    box.map("shop.yml", ORDERS.replace("ordered_at: when", formats))
    lines = [order(1, when="1.5.2026 10:00"), order(2, when="05/01/2026 12:30 AM")]
    box.drop("orders_1.csv", HEADER + "".join(lines) + order(3, when="1.5.26 10:00"))

    good, bad = box.read()

    moments = [datetime(2026, 5, 1, 8, tzinfo=UTC), datetime(2026, 4, 30, 22, 30, tzinfo=UTC)]
    assert [row["ordered_at"] for row in good] == moments
    assert "'1.5.26 10:00'" in bad[0]["reason"]


def test_summer_time_counts_and_a_time_that_the_clocks_skipped_is_set_aside(box: Box) -> None:
    times = {
        "2026-03-29 01:59": datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
        "2026-03-29 03:00": datetime(2026, 3, 29, 1, tzinfo=UTC),
        # This hour comes twice; the later one is taken.
        "2026-10-25 02:30": datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        "2026-07-01T10:00:00+02:00": datetime(2026, 7, 1, 8, tzinfo=UTC),
        "2026-07-01T10:00:00.5Z": datetime(2026, 7, 1, 10, 0, 0, 500000, tzinfo=UTC),
    }
    lines = [order(number, when=when) for number, when in enumerate(times)]
    box.drop("orders_1.csv", HEADER + "".join(lines) + order(9, when="2026-03-29 02:30"))

    good, bad = box.read()

    assert [row["ordered_at"] for row in good] == list(times.values())
    assert [row["reason"].split(":")[0] for row in bad] == [
        "ordered_at is not a timestamp in Europe/Berlin"
    ]


def test_each_row_may_name_its_own_time_zone(box: Box) -> None:
    box.map("shop.yml", ORDERS.replace("Europe/Berlin", "{column: zone}"))
    lines = ["A1,a,2026-05-01 10:00,1,Asia/Tokyo", "A2,a,2026-05-01 10:00,1,America/New_York"]
    lines += ["A3,a,2026-05-01 10:00,1,Atlantis", "A4,a,2026-05-01 10:00Z,1,"]
    box.drop("orders_1.csv", "order_id,customer,when,amount,zone\n" + "\n".join(lines))

    good, bad = box.read()

    assert [row["ordered_at"].hour for row in good] == [1, 14, 10]
    assert bad[0]["reason"].startswith("ordered_at is not a timestamp in the zone of its row")


def test_a_hostile_header_is_only_a_name(box: Box) -> None:
    evil = 'a"); drop table x; --'
    box.map("shop.yml", ORDERS.replace("account_id: customer", f"account_id: '{evil}'"))
    quoted = '"' + evil.replace('"', '""') + '"'
    box.drop("orders_'; drop--.csv", f"order_id,{quoted},when,amount\n" + order(1) + order(2, "x"))

    good, bad = box.read()

    assert good[0]["account_id"] == "shop:anna1"
    assert good[0]["file_name"] == "orders_'; drop--.csv"
    assert '"a\\"); drop table x; --":"anna2"' in bad[0]["record"]


def test_a_hostile_mapping_is_only_text(box: Box) -> None:
    evil = "'; drop table judged; --"
    box.map("shop.yml", ORDERS.replace("currency: EUR", f'currency: "{evil}"'))
    box.drop("orders_1.csv", HEADER + order(1))

    good, _ = box.read()

    assert good[0]["currency"] == evil


def test_a_long_cell_lands_whole_and_a_nul_is_replaced(box: Box) -> None:
    long = "ü" * 10_000
    box.drop("orders_1.csv", HEADER + f'A1,"{long}\n,""",2026-05-01,1\nA2,a\0b,2026-05-01,1\n')

    good, _ = box.read()

    assert good[0]["account_id"] == f'shop:{long}\n,"'
    assert good[1]["account_id"] == "shop:a�b"


def test_a_file_without_ids_gets_ids_that_follow_the_content(box: Box) -> None:
    box.map("shop.yml", ORDERS.replace("record_id: order_id", "record_id: row_number"))
    twin = "x,anna,2026-05-01,1\n"
    box.drop("orders_1.csv", HEADER + twin + twin + order(3))
    first = {row["order_id"] for row in box.read()[0]}
    box.drop("orders_1.csv", HEADER + order(3) + order(4) + twin + twin)
    second = {row["order_id"] for row in box.read()[0]}

    assert len(first) == 3
    assert len(second - first) == 1
    assert all(key.startswith("shop:orders_1.csv:") for key in first)


def test_ids_of_several_columns_do_not_run_into_one_another(box: Box) -> None:
    box.map("shop.yml", ORDERS.replace("record_id: order_id", "record_id: [order_id, customer]"))
    box.drop("orders_1.csv", HEADER + "a:b,c,2026-05-01,1\na,b:c,2026-05-01,1\n")

    assert len({row["order_id"] for row in box.read()[0]}) == 2


def test_an_address_never_becomes_a_key(box: Box) -> None:
    box.drop(
        "orders_1.csv", HEADER + "A1,Zoë@Example.org,2026-05-01,1\nB@x.org,zoë@example.org,,1\n"
    )

    good, _ = box.read()

    assert good[0]["account_id"] == good[1]["account_id"]
    assert not any("@" in str(value) for row in good for value in row.values())


def test_csv_parquet_and_excel_of_the_same_rows_land_equal(box: Box) -> None:
    box.map(
        "staff.yml",
        """
match: [staff.csv, staff.parquet, staff.xlsx]
contract: employments
record_id: number
columns:
  account_id: number
  department: unit
  hired_on: {column: hired, format: "%d.%m.%Y"}
  known_from: entered
  is_manager: leads
  is_ended: {column: left, codes: {"1": "true", "0": "false"}, missing: [9]}
segments: {share: share}
as_of: 2026-01-01
time_zone: Europe/Berlin
""",
    )
    moments = [datetime(2026, 5, 1, 10, 30), None, datetime(2026, 1, 2, 0, 0)]
    days = [date(2020, 2, 29), None, date(2021, 12, 31)]
    columns = {"number": [1, 2, 3], "unit": ["Köln", None, "a,b"], "hired": days}
    columns |= {"entered": moments, "leads": [True, False, None], "left": [1, 0, 9]}
    columns |= {"share": [0.5, 1.0, None]}
    pq.write_table(pa.table(columns), box.inbox / "staff.parquet")
    rows = list(zip(*columns.values(), strict=True))
    write_workbook(box.inbox / "staff.xlsx", [list(columns), *rows])
    frame = pd.DataFrame({"number": columns["number"], "unit": columns["unit"]})
    frame["hired"] = [day and day.strftime("%d.%m.%Y") for day in days]
    frame = frame.assign(entered=[str(moment or "") for moment in moments])
    frame = frame.assign(leads=["true", "false", None], left=[1, 0, 9], share=["0.5", "1", None])
    frame.to_csv(box.inbox / "staff.csv", index=False)

    good, bad = box.read("employments")

    assert bad == []
    by_file = {
        name: [
            {key: value for key, value in row.items() if key not in {"file_name", "_content_hash"}}
            for row in good
            if row["file_name"] == name
        ]
        for name in ("staff.csv", "staff.parquet", "staff.xlsx")
    }
    assert by_file["staff.csv"] == by_file["staff.parquet"] == by_file["staff.xlsx"]
    assert len(by_file["staff.csv"]) == 3
    assert by_file["staff.csv"][0]["known_from"] == datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
    assert by_file["staff.csv"][2]["is_ended"] is None


def test_excel_numbers_keep_their_point_where_texts_have_a_comma(box: Box) -> None:
    comma = ORDERS.replace("amount: amount", "amount: {column: amount, decimal: ','}")
    box.map("shop.yml", comma.replace("orders_*.csv", "orders_*.xlsx") + "sheet: May\n")
    rows = [["order_id", "customer", "when", "amount"], ["A1", "a", "2026-05-01", 12.345]]
    write_workbook(box.inbox / "orders_1.xlsx", [*rows, ["A2", "b", "2026-05-01", "12,5"]], "May")

    assert [row["amount"] for row in box.read()[0]] == [12.345, 12.5]


def test_another_encoding_and_delimiter_are_read_where_they_are_declared(
    box: Box, tmp_path: Path
) -> None:
    box.map("shop.yml", ORDERS + "encoding: cp1252\ndelimiter: ';'\n")
    text = HEADER.replace(",", ";") + "A1;zoë;2026-05-01;1\n"
    box.drop("orders_1.csv", text.encode("cp1252"))

    assert box.read()[0][0]["account_id"] == "shop:zoë"
