"""Salesforce's bulk queries, windows and deletions through the pipeline into DuckDB."""

from datetime import timedelta

import pandas as pd
import pytest
import salesforce_world as org
from faulty import Faulty, Rewritten, Turning
from small_worlds import AS_OF

from ingestion.connectors.salesforce import bulk, emulator
from ingestion.connectors.salesforce import org as connector
from ingestion.connectors.salesforce.emulator import app
from ingestion.connectors.salesforce.tables import TABLES

LATER = AS_OF + timedelta(days=1)


@pytest.fixture
def small_pages(monkeypatch) -> None:
    monkeypatch.setattr(bulk, "ROWS_PER_PAGE", 2)
    monkeypatch.setattr(emulator, "BATCH", 2)
    monkeypatch.setattr(connector, "IDS_PER_QUERY", 2)


class Moving:
    """An org whose world changes between the runs."""

    def __init__(self, serve, **records) -> None:
        self.world = org.tables(**records)
        self.asked: list[str] = []
        self.app = app(lambda: self.world, None)
        self.url = serve(Faulty(self.app, 500, hits=lambda _, path: self.asked.append(path)))

    def turn(self, **records) -> None:
        self.world = org.tables(**records)


def cities(query) -> dict[str, str]:
    return dict(query("select id, city from raw_salesforce.contacts"))


def test_loading_twice_keeps_one_row_per_key_and_counts_the_second_as_unchanged(
    serve, load_from, counts, query
) -> None:
    recent = AS_OF - timedelta(minutes=20)
    people = [*(org.contact(n, recent) for n in range(1, 5)), org.lead(2, recent)]
    world = Moving(serve, contacts=people)

    first, second = (counts(load_from("salesforce", world.url)) for _ in range(2))

    assert first == {
        "accounts": (1, 0, 0),
        "contacts": (4, 0, 0),
        "leads": (1, 0, 0),
        "opportunities": (2, 0, 0),
        "opportunity_history": (6, 0, 0),
        "opportunity_contacts": (2, 0, 0),
        "tasks": (1, 0, 0),
        "events": (2, 0, 0),
        "cases": (5, 0, 0),
        "case_history": (3, 0, 0),
        "email_messages": (2, 0, 0),
        "users": (3, 0, 0),
    }
    # What bulk brought as CSV and REST as JSON is the same to the last bit.
    assert second == {"contacts": (0, 0, 4), "leads": (0, 0, 1)}


def test_raw_is_the_vendors_truth_row_for_row(small_pages, serve, load_from, query) -> None:
    odd = 'Zoë "Zo"\nMüller, née Ł'
    people = [
        *(org.contact(n, birth_date=f"199{n}-02-03") for n in range(1, 8)),
        org.contact(8, first_name=odd, email=None, phone=None, city=None, opted_out=True),
    ]
    world = Moving(serve, contacts=people)
    load_from("salesforce", world.url)

    names = "first_name last_name email phone city country language birth_date lifecycle_stage"
    landed = query(
        f"select {', '.join(names.split())}, audience_roles, opted_out, created_at, modified_at, "
        "_deleted_reason from raw_salesforce.contacts order by id"
    )
    truth = world.world["contacts"]
    truth = truth.assign(birth_date=pd.to_datetime(truth["birth_date"]).dt.date, deleted=None)
    shown = [*names.split(), "audience_roles", "opted_out", "created_at", "updated_at", "deleted"]
    assert landed == [
        tuple(None if pd.isna(value) else value for value in row)
        for row in truth[shown].astype(object).itertuples(index=False)
    ]
    assert query(
        "select stage, amount, close_date, is_closed, is_won from raw_salesforce.opportunities "
        "order by id"
    ) == [
        ("Closed Won", 1200.5, org.after(500).date(), True, True),
        ("Proposal/Price Quote", 1200.5, org.after(60 * 24 * 60).date(), False, False),
    ]
    assert query(
        "select stage, created_at from raw_salesforce.opportunity_history "
        "where opportunity_id = (select min(id) from raw_salesforce.opportunities) order by 2"
    ) == [
        ("Prospecting", org.after(0)),
        ("Qualification", org.after(100)),
        ("Closed Won", org.after(500)),
    ]
    assert query("select name, type, website, country_code from raw_salesforce.accounts") == [
        ("Łódź GmbH", "Channel Partner / Reseller", "https://www.example.org/", "PL")
    ]
    assert query("select field, old_value, new_value from raw_salesforce.case_history order by id")[
        2
    ] == ("Status", "New", "Waiting on Customer")
    assert query("select count(*), count(employee_number) from raw_salesforce.users") == [(3, 1)]


@pytest.mark.usefixtures("people_only")
def test_an_update_within_the_second_of_the_last_one_arrives(serve, load_from, query) -> None:
    at = AS_OF - timedelta(minutes=5)
    world = Moving(serve, contacts=[org.contact(1), org.contact(2, at)])
    load_from("salesforce", world.url)
    world.turn(contacts=[org.contact(n, at, city=f"Town {n}") for n in (1, 2, 3)])
    load_from("salesforce", world.url)

    assert cities(query) == {org.contact_id(n): f"Town {n}" for n in (1, 2, 3)}


@pytest.mark.usefixtures("people_only")
def test_many_records_of_one_second_arrive_over_the_edges_of_pages(
    small_pages, serve, load_from, query
) -> None:
    world = Moving(serve, contacts=[org.contact(n, org.after(1)) for n in range(1, 8)])
    load_from("salesforce", world.url)
    first = len(cities(query))
    burst = [org.contact(n, AS_OF + timedelta(hours=1), city="Lyon") for n in range(1, 16)]
    world.turn(contacts=burst)
    load_from("salesforce", world.url, as_of=LATER)

    assert first == 7
    assert cities(query) == {org.contact_id(n): "Lyon" for n in range(1, 16)}


@pytest.mark.usefixtures("people_only")
def test_a_record_that_is_committed_late_arrives(serve, load_from, query) -> None:
    early = [org.contact(1), org.contact(2, AS_OF - timedelta(minutes=1))]
    world = Moving(serve, contacts=early)
    load_from("salesforce", world.url)
    world.turn(contacts=[*early, org.contact(3, AS_OF - timedelta(minutes=40))])
    load_from("salesforce", world.url, as_of=LATER)

    assert cities(query).keys() == {org.contact_id(n) for n in (1, 2, 3)}


@pytest.mark.usefixtures("people_only")
def test_what_changes_at_the_end_of_a_window_or_later_is_read_by_the_next(
    small_pages, serve, load_from, query
) -> None:
    people = [org.contact(n) for n in range(1, 8)]
    world = Moving(serve, contacts=people)
    load_from("salesforce", world.url)
    moved = [org.contact(n, LATER - timedelta(hours=1), city="Lyon") for n in range(1, 8)]
    # Two change while the second run reads, one in the very second in which its window ends.
    after = [org.contact(1, LATER, city="Porto"), *moved[1:6],
             org.contact(7, LATER + timedelta(hours=9), city="Porto")]  # fmt: skip
    world.turn(contacts=moved)
    url = serve(Turning(world.app, "/queryAll", 1, lambda: world.turn(contacts=after)))
    load_from("salesforce", url, as_of=LATER)
    during = cities(query)
    load_from("salesforce", world.url, as_of=LATER + timedelta(days=1))

    assert during == {org.contact_id(n): "Köln" if n in (1, 7) else "Lyon" for n in range(1, 8)}
    assert cities(query) == {
        org.contact_id(n): "Porto" if n in (1, 7) else "Lyon" for n in range(1, 8)
    }


@pytest.mark.usefixtures("people_only")
def test_deleted_records_land_as_tombstones_and_come_back_to_life(
    small_pages, serve, load_from, query
) -> None:
    world = Moving(serve)
    load_from("salesforce", world.url)
    gone = AS_OF + timedelta(hours=1)
    rest = [org.contact(1), org.contact(2), org.contact(3)]
    world.turn(contacts=[*rest, org.contact(4, gone, archived_at=gone)])
    load_from("salesforce", world.url, as_of=LATER)
    reasons = "select id, _deleted_reason, city from raw_salesforce.contacts order by id"
    deleted = query(reasons)
    world.turn(contacts=[*rest, org.contact(4, LATER + timedelta(hours=1))])
    load_from("salesforce", world.url, as_of=LATER + timedelta(days=1))

    assert deleted[3] == (org.contact_id(4), "deleted", "Köln")
    assert query(reasons)[3] == (org.contact_id(4), None, "Köln")


@pytest.mark.usefixtures("people_only")
def test_a_record_that_left_the_bin_between_two_runs_leaves_a_bare_tombstone(
    small_pages, serve, load_from, query
) -> None:
    world = Moving(serve)
    load_from("salesforce", world.url)
    gone, much_later = AS_OF + timedelta(hours=1), AS_OF + timedelta(days=20)
    ended = [org.contact(n, gone, archived_at=gone) for n in (2, 3, 4)]
    world.turn(contacts=[org.contact(1, much_later - timedelta(hours=2)), *ended])
    load_from("salesforce", world.url, as_of=much_later)

    assert query(
        "select id, _deleted_reason, last_name, created_at is null from raw_salesforce.contacts "
        "order by id"
    ) == [
        (org.contact_id(1), None, "Müller", False),
        *((org.contact_id(n), "purged", None, True) for n in (2, 3, 4)),
    ]


@pytest.mark.usefixtures("people_only")
def test_a_deletion_that_does_not_date_the_record_is_told(serve, load_from, query) -> None:
    world = Moving(serve)
    load_from("salesforce", world.url)
    gone = AS_OF + timedelta(hours=1)
    world.turn(contacts=[org.contact(1), org.contact(2), org.contact(3, gone, archived_at=gone)])

    def undated(body):
        for row in body.get("records", []) if isinstance(body, dict) else []:
            if row["Id"] == org.contact_id(3):
                row["SystemModstamp"] = "2026-06-01T08:00:00.000+0000"
        return body

    hidden = Rewritten(world.app, undated)
    # As if the window did not hold it: the first query for contacts answers nothing.
    emptied = {"left": 2}

    def without_window(body):
        if isinstance(body, dict) and "records" in body and emptied["left"]:
            emptied["left"] -= 1
            body = body | {"records": [], "totalSize": 0}
        return undated(body)

    hidden.rewrite = without_window
    load_from("salesforce", serve(hidden), as_of=LATER)

    assert query(
        "select _deleted_reason, last_name from raw_salesforce.contacts where id = ?",
        org.contact_id(3),
    ) == [("deleted", "Müller")]


@pytest.mark.usefixtures("people_only")
def test_the_loser_of_a_merge_names_its_master_and_a_lead_its_contact(
    serve, load_from, query
) -> None:
    world = Moving(serve)
    load_from("salesforce", world.url)
    at = AS_OF + timedelta(hours=1)
    merged = {"archived_at": at, "merged_into": org.FIRST + 20}
    world.turn(
        contacts=[org.contact(2, at), org.contact(3, at, **merged), org.lead(2, at, **merged)]
    )
    load_from("salesforce", world.url, as_of=LATER)

    assert query(
        "select id, _deleted_reason, master_id from raw_salesforce.contacts "
        "where master_id is not null"
    ) == [(org.contact_id(3), "merged", org.contact_id(2))]
    assert query(
        "select id, is_converted, converted_contact_id, _deleted_reason from raw_salesforce.leads"
    ) == [(org.lead_id(2), True, org.contact_id(2), None)]


def test_a_first_load_goes_in_bulk_and_a_later_one_by_rest(
    small_pages, serve, load_from, counts
) -> None:
    world = Moving(serve)
    load_from("salesforce", world.url)
    first, world.asked[:] = list(world.asked), []
    counts(load_from("salesforce", world.url, as_of=LATER))

    assert sum(path.endswith("/jobs/query") for path in first) == len(TABLES)
    # Only what is not served in bulk was asked for by REST.
    assert sum(path.endswith("/queryAll") for path in first) == 2
    assert sum("/jobs/" in path for path in world.asked) == 0
    assert sum(path.endswith("/queryAll") for path in world.asked) == len(TABLES)


@pytest.mark.usefixtures("people_only")
def test_a_cell_that_does_not_fit_is_set_aside_and_the_others_land(serve, load_from, query) -> None:
    people = [*(org.contact(n) for n in range(1, 5)), org.contact(5, birth_date="03.02.1980")]
    loaded = load_from("salesforce", Moving(serve, contacts=people).url)

    assert loaded.problem is None
    assert query("select reason from raw_salesforce.quarantine") == [
        ("birth_date is not a date: '03.02.1980'",)
    ]
    assert query("select count(*) from raw_salesforce.contacts") == [(4,)]


@pytest.mark.usefixtures("people_only")
def test_what_no_column_stores_is_replaced(serve, load_from, query) -> None:
    load_from("salesforce", Moving(serve, contacts=[org.contact(1, first_name="Zo\x00e")]).url)

    assert query("select first_name from raw_salesforce.contacts") == [("Zo\ufffde",)]


def test_a_large_page_may_break_lines_anywhere() -> None:
    text = "".join(f'"{n}","first line\nsecond, of {n}"\n' for n in range(60_000))
    page = bulk._parse(('"Id","TextBody"\n' + text).encode())

    assert page.num_rows == 60_000
    assert page["TextBody"].to_pylist()[59_999] == "first line\nsecond, of 59999"


def test_only_declared_fields_are_asked_for_and_only_declared_columns_land(
    serve, load_from, query
) -> None:
    world = Moving(serve)
    loads = [load_from("salesforce", world.url, as_of=at) for at in (AS_OF, LATER)]

    house = {"_content_hash", "_deleted_reason", "_dlt_load_id"}
    for table in TABLES:
        if table.name != "case_comments":  # nobody wrote one
            landed = {name for name, *_ in query(f"describe raw_salesforce.{table.name}")}
            assert landed == {*table.columns, *house}
    assert [dict(count.undeclared) for load in loads for count in load.tables if
            count.undeclared] == []  # fmt: skip
