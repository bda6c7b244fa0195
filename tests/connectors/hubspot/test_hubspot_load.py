"""HubSpot's lists, searches and associations through the pipeline into DuckDB."""

import json
from datetime import timedelta

import hubspot_world as crm
import pytest
from faulty import Faulty, Rewritten, Turning
from small_worlds import AS_OF

from ingestion.connectors.hubspot import emulator, source
from ingestion.connectors.hubspot.emulator import app
from ingestion.connectors.hubspot.tables import TABLES, properties

LATER = AS_OF + timedelta(days=1)


@pytest.fixture
def small_pages(monkeypatch) -> None:
    for page in ("LIST_PAGE", "SEARCH_PAGE", "BATCH"):
        monkeypatch.setattr(source, page, 2)


def cities(query) -> dict[int, str]:
    return {
        int(id_) - crm.FIRST: city
        for id_, city in query("select id, city from raw_hubspot.contacts")
    }


def companies(query) -> dict[int, list[int]]:
    rows = query("select contact_id, companies from raw_hubspot.contact_companies")
    return {
        int(id_) - crm.FIRST: [company["toObjectId"] for company in json.loads(to)]
        for id_, to in rows
    }


def test_loading_twice_keeps_one_row_per_key_and_counts_the_second_as_unchanged(
    serve, load_from, counts, query
) -> None:
    recent = AS_OF - timedelta(minutes=20)
    world = crm.tables(contacts=[crm.contact(n, changed=recent) for n in range(1, 6)])
    url = serve(app(lambda: world, None))

    first, second = (counts(load_from("hubspot", url)) for _ in range(2))

    assert first == {
        "contacts": (5, 0, 0),
        "companies": (1, 0, 0),
        "deals": (1, 0, 0),
        "feedback_submissions": (1, 0, 0),
        "owners": (1, 0, 0),
        "contact_companies": (5, 0, 0),
        "deal_contacts": (1, 0, 0),
    }
    assert second == {
        "contacts": (0, 0, 5),
        "owners": (0, 0, 1),
        "contact_companies": (0, 0, 5),
    }
    assert query("select count(*), count(distinct id) from raw_hubspot.contacts") == [(5, 5)]


def test_raw_is_the_vendors_truth_row_for_row(small_pages, serve, load_from, query) -> None:
    world = crm.tables(
        contacts=[
            *(crm.contact(n, birth_date=f"199{n}-02-03") for n in range(1, 8)),
            crm.contact(8, email=None, phone=None, city=None, birth_date=None, opted_out=True),
        ]
    )
    load_from("hubspot", serve(app(lambda: world, None)))

    names = "first_name last_name email phone city country language birth_date lifecycle_stage"
    names += " audience_roles opted_out created_at updated_at"
    landed = query(f"select id, {', '.join(names.split())} from raw_hubspot.contacts order by id")
    truth = world["contacts"][["contact_id", *names.split()]].astype(object)
    assert landed == [
        (str(row[0]), *(None if crm.pd.isna(value) else value for value in row[1:]))
        for row in truth.itertuples(index=False)
    ]
    assert query(
        "select stage, amount, currency, is_won, is_lost, entered_appointmentscheduled_at, "
        "entered_contractsent_at, entered_closedwon_at, closed_at from raw_hubspot.deals"
    ) == [
        ("closedwon", 1200.5, "EUR", True, False, crm.after(0), None, crm.after(500),
         crm.after(500))
    ]  # fmt: skip
    assert query(
        "select survey_name, value, content, contact_id, submitted_at "
        "from raw_hubspot.feedback_submissions"
    ) == [("Website NPS", 10.0, "Très bien", str(crm.FIRST + 1), crm.after(60))]
    assert query("select name, type, country from raw_hubspot.companies") == [
        ("Łódź GmbH", "RESELLER", "PL")
    ]


def test_an_update_within_the_millisecond_of_the_last_one_arrives(serve, load_from, query) -> None:
    at = AS_OF - timedelta(minutes=5)
    world = {"now": crm.tables(contacts=[crm.contact(1), crm.contact(2, changed=at)])}
    url = serve(app(lambda: world["now"], None))
    load_from("hubspot", url)
    moved = [crm.contact(n, changed=at, city=f"Town {n}") for n in (1, 2, 3)]
    world["now"] = crm.tables(contacts=moved)
    load_from("hubspot", url)

    assert cities(query) == {1: "Town 1", 2: "Town 2", 3: "Town 3"}


def test_a_record_that_is_indexed_late_arrives(serve, load_from, query) -> None:
    early = [crm.contact(1), crm.contact(2, changed=AS_OF - timedelta(minutes=1))]
    world = {"now": crm.tables(contacts=early)}
    url = serve(app(lambda: world["now"], None))
    load_from("hubspot", url)
    late = crm.contact(3, changed=AS_OF - timedelta(minutes=40))
    world["now"] = crm.tables(contacts=[*early, late])
    load_from("hubspot", url, as_of=LATER)

    assert cities(query).keys() == {1, 2, 3}


def test_what_changes_during_a_long_first_walk_is_read_by_the_next(
    small_pages, serve, load_from, query
) -> None:
    contacts = [crm.contact(n) for n in range(1, 8)]
    # Both change while the list is walked, one before and one behind where the walk stands.
    first = crm.contact(1, changed=AS_OF + timedelta(minutes=10), city="Lyon")
    last = crm.contact(7, changed=AS_OF + timedelta(hours=9), city="Porto")
    after = crm.tables(contacts=[first, *contacts[1:6], last])
    world = {"now": crm.tables(contacts=contacts)}
    moving = Turning(
        app(lambda: world["now"], None), "/contacts", 2, lambda: world.update(now=after)
    )
    url = serve(moving)

    load_from("hubspot", url)
    during = cities(query)
    load_from("hubspot", url, as_of=LATER)

    assert (during[1], during[7]) == ("Köln", "Porto")
    assert (cities(query)[1], cities(query)[7]) == ("Lyon", "Porto")
    assert len(cities(query)) == 7


def test_more_changes_than_a_search_gives_out_all_arrive(
    serve, load_from, query, monkeypatch
) -> None:
    monkeypatch.setattr(emulator, "LAST_HIT", 200)
    monkeypatch.setattr(source, "SEARCH_PAGE", 100)
    world = {"now": crm.tables(contacts=[crm.contact(1)])}
    url = serve(emulator.app(lambda: world["now"], None))
    load_from("hubspot", url)
    burst = [crm.contact(n, changed=AS_OF + timedelta(hours=1)) for n in range(1, 352)]
    world["now"] = crm.tables(contacts=burst)
    loaded = load_from("hubspot", url, as_of=LATER)

    assert loaded.problem is None
    assert query("select count(*) from raw_hubspot.contacts") == [(351,)]


def test_archived_records_land_as_tombstones_and_come_back_to_life(serve, load_from, query) -> None:
    gone = {"archived_at": crm.after(700), "archive_reason": "archived"}
    alive = crm.contact(1, organisation_id=crm.COMPANY)
    world = {"now": crm.tables(contacts=[alive, crm.contact(2, **gone)])}
    url = serve(app(lambda: world["now"], None))
    load_from("hubspot", url, as_of=crm.after(1000))
    before = query("select id, _deleted_reason, archived_at from raw_hubspot.contacts order by id")
    restored = crm.contact(2, changed=crm.after(1500))
    scrubbed = {"first_name": "SCRUBBED", "last_name": "SCRUBBED", "email": None, "phone": None}
    erased = crm.contact(1, changed=crm.after(1500), **gone, **scrubbed)
    world["now"] = crm.tables(contacts=[erased, restored])
    load_from("hubspot", url, as_of=crm.after(2000))

    first, second = str(crm.FIRST + 1), str(crm.FIRST + 2)
    assert before == [(first, None, None), (second, "archived", crm.after(700))]
    assert query(
        "select id, _deleted_reason, first_name, email from raw_hubspot.contacts order by id"
    ) == [(first, "archived", "SCRUBBED", None), (second, None, "Zoë", "c2@example.org")]
    # What the archived contact belonged to is no longer told, so it stays what it was.
    assert companies(query) == {1: [crm.COMPANY], 2: []}


def test_the_loser_of_a_merge_is_named_by_the_winner(serve, load_from, query) -> None:
    world = {"now": crm.tables(contacts=[crm.contact(1), crm.contact(2)])}
    url = serve(app(lambda: world["now"], None))
    load_from("hubspot", url, as_of=crm.after(100))
    merged = {"merged_into": crm.FIRST + 1, "archived_at": crm.after(150)}
    winner = crm.contact(1, changed=crm.after(150), merged_ids=str(crm.FIRST + 2))
    loser = crm.contact(2, changed=crm.after(150), **merged)
    deal = crm.deal(1, contact_id=crm.FIRST + 2, updated_at=crm.after(150))
    world["now"] = crm.tables(contacts=[winner, loser], deals=[deal])
    load_from("hubspot", url, as_of=crm.after(200))

    assert query("select merged_ids from raw_hubspot.contacts order by id") == [
        (str(crm.FIRST + 2),),
        (None,),
    ]
    [(contacts,)] = query("select contacts from raw_hubspot.deal_contacts")
    assert json.loads(contacts)[0]["toObjectId"] == crm.FIRST + 1


def test_associations_are_asked_for_in_batches_and_only_of_what_changed(
    small_pages, serve, load_from, query
) -> None:
    asked = []
    contacts = [crm.contact(n, organisation_id=crm.COMPANY if n < 3 else None) for n in range(1, 6)]
    world = {"now": crm.tables(contacts=contacts)}
    spied = Faulty(
        app(lambda: world["now"], None), 500, hits=lambda number, path: asked.append(path)
    )
    url = serve(spied)
    load_from("hubspot", url)
    first = sum("contacts/companies" in path for path in asked)
    moved = crm.contact(1, changed=AS_OF + timedelta(hours=2))
    world["now"] = crm.tables(contacts=[moved, *contacts[1:]])
    load_from("hubspot", url, as_of=LATER)

    assert first == 3  # five contacts, two a batch
    assert sum("contacts/companies" in path for path in asked) == first + 1
    assert companies(query) == {1: [], 2: [crm.COMPANY], 3: [], 4: [], 5: []}


def test_associations_that_do_not_fit_into_one_answer_are_asked_for_again(
    serve, load_from, query
) -> None:
    world = crm.tables(contacts=[crm.contact(1, organisation_id=crm.COMPANY)])
    answers = []

    def split(body):
        for row in body.get("results", []):
            if row.get("to", [{}])[0].get("toObjectId") == crm.COMPANY:
                row["to"][0]["toObjectId"] += len(answers)
                row |= {} if answers else {"paging": {"next": {"after": "1"}}}
                answers.append(row)
        return body

    load_from("hubspot", serve(Rewritten(app(lambda: world, None), split)))

    assert companies(query) == {1: [crm.COMPANY, crm.COMPANY + 1]}


def test_a_refusal_inside_a_success_stops_the_source(serve, load_from) -> None:
    world = crm.tables()

    def refuse(body):
        errors = body.get("errors", [])
        return body | {"errors": [error | {"category": "FORBIDDEN"} for error in errors]}

    loaded = load_from("hubspot", serve(Rewritten(app(lambda: world, None), refuse)))

    assert loaded.problem.startswith("hubspot: refused associations: No companies is associated")


def test_only_declared_properties_are_asked_for_and_only_declared_columns_land(
    serve, load_from, query
) -> None:
    world = crm.tables()
    loaded = load_from("hubspot", serve(app(lambda: world, None)))

    assert "salary" not in properties("contacts")
    house = {"_content_hash", "_deleted_reason", "_dlt_load_id"}
    for table in TABLES:
        landed = {name for name, *_ in query(f"describe raw_hubspot.{table.name}")}
        assert landed == {*table.columns, *house}
    undeclared = {count.table: set(count.undeclared) for count in loaded.tables}
    assert undeclared["contacts"] == {"url", "archived"}


def test_an_address_on_another_host_is_never_followed(small_pages, serve, load_from) -> None:
    world = crm.tables()
    foreign = Faulty(app(lambda: world, None), 200)
    elsewhere = serve(foreign)

    def lure(body):
        following = body.get("paging", {}).get("next", {})
        return body | ({"paging": {"next": following | {"link": elsewhere}}} if following else {})

    loaded = load_from("hubspot", serve(Rewritten(app(lambda: world, None), lure)))

    assert loaded.problem is None
    assert foreign.requests == 0
