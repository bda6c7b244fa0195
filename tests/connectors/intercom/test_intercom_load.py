"""Intercom's searches through the pipeline into DuckDB: all of it, once, whatever moves meanwhile."""

from datetime import timedelta

import intercom_world as desk
import pytest
from faulty import Faulty, Rewritten, Turning
from small_worlds import AS_OF

from ingestion.connectors.intercom import emulator, paging
from ingestion.connectors.intercom.emulator import app
from ingestion.connectors.intercom.tables import TABLES
from ingestion.connectors.intercom.wire import contact_id

NOBODY = {"ticket_events": [], "satisfaction_ratings": []}


@pytest.fixture
def small_pages(monkeypatch) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)


@pytest.fixture
def world(serve):
    """Serve a world that a test may replace; returns it and its URL."""

    def begin(**records):
        now = {"now": desk.tables(**records)}
        return now, serve(app(lambda: now["now"], None))

    return begin


def states(query) -> list[tuple[int, str]]:
    return query("select cast(id as int), state from raw_intercom.conversations order by 1")


def names(query) -> list[tuple[str, str]]:
    return query("select id, name from raw_intercom.contacts order by id")


def test_loading_twice_keeps_one_row_per_key_and_counts_the_second_as_unchanged(
    world, load_from, counts
) -> None:
    _, url = world()

    first, second = (counts(load_from("intercom", url)) for _ in range(2))

    assert first == {
        "admins": (2, 0, 0),
        "contacts": (2, 0, 0),
        "conversations": (5, 0, 0),
        "conversation_parts": (12, 0, 0),
    }
    assert all(new == changed == 0 for new, changed, _ in second.values())


def test_raw_is_the_vendors_truth_row_for_row(small_pages, world, load_from, counts, query) -> None:
    _, url = world()
    counts(load_from("intercom", url))

    contact = contact_id(desk.REQUESTER)
    assert query(
        """
        select id, contact_id, state, priority, admin_assignee_id, source_type, delivered_as,
            brand, topic, tags, created_at, updated_at
        from raw_intercom.conversations where id in ('1', '5') order by id
        """
    ) == [
        (id_, contact, "open", "not_priority", str(desk.AGENT), "conversation",
         "customer_initiated", "Customers", "billing", '["billing", "vip"]', desk.after(int(id_)),
         desk.after(changed))
        for id_, changed in (("1", 90), ("5", 5))
    ]  # fmt: skip
    assert query(
        """
        select rating, rating_remark, rating_contact_id, rated_at
        from raw_intercom.conversations where rating is not null
        """
    ) == [(4, "Schnell!", contact, desk.after(90))]
    assert query(
        """
        select id, part_type, author_type, author_id, body, assigned_to_id, created_at
        from raw_intercom.conversation_parts where conversation_id = '1' order by created_at, id
        """
    ) == [
        ("1:source", "opening", "user", contact, "Wo ist meine Rechnung? ✉️", None, desk.after(1)),
        ("101", "comment", "bot", str(desk.BOT), "We got it.", None, desk.after(2)),
        ("102", "assignment", "bot", str(desk.BOT), None, str(desk.AGENT), desk.after(3)),
        ("103", "note", "admin", str(desk.AGENT), "Checked with the warehouse.", None,
         desk.after(8)),
        ("104", "comment", "admin", str(desk.AGENT), "Thank you, we are on it.", None,
         desk.after(9)),
        ("105", "snoozed", "admin", str(desk.AGENT), None, None, desk.after(9)),
        ("106", "comment", "user", contact, "Danke!", None, desk.after(20)),
        ("107", "close", "admin", str(desk.AGENT), None, None, desk.after(30)),
    ]  # fmt: skip
    assert query("select id, name from raw_intercom.admins order by id") == [
        (str(desk.AGENT), "Jo Care"),
        (str(desk.AGENT + 1), "Jo Care"),
    ]


@pytest.mark.parametrize("in_whole_days", [{"contacts"}, {"contacts", "conversations"}])
def test_what_changed_on_the_day_of_the_last_run_arrives_where_dates_are_whole_days(
    in_whole_days, world, load_from, query, monkeypatch
) -> None:
    monkeypatch.setattr(emulator, "IN_WHOLE_DAYS", in_whole_days)
    noon = AS_OF + timedelta(hours=12)
    now, url = world(support_users=[desk.user(1), desk.user(2)], **NOBODY)
    load_from("intercom", url, as_of=noon)
    at = noon + timedelta(minutes=20)
    now["now"] = desk.tables(
        support_users=[desk.user(1, at, name="Ida Berg"), desk.user(2), desk.user(3, at)],
        tickets=[desk.ticket(1, at, status="solved"), *(desk.ticket(n) for n in range(2, 6))],
        **NOBODY,
    )
    load_from("intercom", url, as_of=noon + timedelta(hours=1))

    assert [name for _, name in names(query)] == ["Ida Berg", "Ida Lind", "Ida Lind"]
    assert states(query)[0] == (1, "closed")


def test_an_update_within_the_second_of_the_last_one_arrives(world, load_from, query) -> None:
    at = AS_OF - timedelta(minutes=5)
    now, url = world(tickets=[desk.ticket(1), desk.ticket(2, at)], **NOBODY)
    load_from("intercom", url)
    now["now"] = desk.tables(
        tickets=[desk.ticket(1, at, status="pending"), desk.ticket(2, at, status="solved"),
                 desk.ticket(3, at)],
        **NOBODY,
    )  # fmt: skip
    load_from("intercom", url)

    assert states(query) == [(1, "snoozed"), (2, "closed"), (3, "open")]


def test_many_rows_of_one_second_straddle_the_pages_without_loss(
    small_pages, world, load_from, query
) -> None:
    at = desk.after(5)
    _, url = world(
        tickets=[desk.ticket(n, at, created_at=at) for n in range(1, 8)],
        support_users=[desk.user(n, created_at=at) for n in range(1, 6)],
        **NOBODY,
    )
    load_from("intercom", url)

    assert len(states(query)) == 7
    assert len(names(query)) == 5


def test_what_is_indexed_late_or_said_late_arrives(world, load_from, query) -> None:
    now, url = world(**NOBODY)
    load_from("intercom", url)
    late = AS_OF - timedelta(minutes=45)
    said = desk.event(900, 9, "comment", 0, value="Spät") | {"created_at": late}
    now["now"] = desk.tables(
        tickets=[*(desk.ticket(n) for n in range(1, 6)), desk.ticket(9, late)],
        ticket_events=[said],
        satisfaction_ratings=[],
    )
    load_from("intercom", url, as_of=AS_OF + timedelta(days=1))

    assert states(query)[-1] == (9, "open")
    assert query("select body from raw_intercom.conversation_parts where id = '900'") == [("Spät",)]


def test_a_conversation_that_changes_during_the_walk_arrives_at_once_or_in_the_next_run(
    small_pages, world, serve, load_from, query
) -> None:
    tickets = [desk.ticket(n) for n in range(1, 8)]
    before = desk.tables(tickets=tickets, **NOBODY)
    moved = desk.ticket(1, AS_OF + timedelta(seconds=9), status="solved")
    now = {"now": before}
    moving = Turning(
        app(lambda: now["now"], None), "conversations/search", 2,
        lambda: now.update(now=desk.tables(tickets=[moved, *tickets[1:]], **NOBODY)),
    )  # fmt: skip
    url = serve(moving)

    load_from("intercom", url)
    assert len(states(query)) == 7
    load_from("intercom", url, as_of=AS_OF + timedelta(hours=1))
    assert states(query)[0] == (1, "closed")


def test_a_rating_given_later_arrives(world, load_from, query) -> None:
    offered = desk.rating(1, "offered", desk.after(60))
    now, url = world(satisfaction_ratings=[offered])
    load_from("intercom", url, as_of=desk.after(70))
    given = desk.rating(1, "bad", desk.after(9000), comment="Zu spät")
    now["now"] = desk.tables(satisfaction_ratings=[given])
    load_from("intercom", url, as_of=desk.after(9001))

    assert query("select rating, rating_remark from raw_intercom.conversations where id = '1'") == [
        (2, "Zu spät")
    ]


def test_neither_an_idle_run_nor_a_whole_reading_opens_a_conversation_again(
    serve, load_from
) -> None:
    asked = []
    spied = Faulty(app(lambda: WORLD, None), 500, hits=lambda _, path: bool(asked.append(path)))
    url = serve(spied)
    for days in (0, 1, 8):
        load_from("intercom", url, as_of=AS_OF + timedelta(days=days))

    assert asked.count("/conversations/search") == 3
    assert sum(path.startswith("/conversations/") for path in asked) == 3 + 5


def test_who_is_gone_is_a_tombstone_once_all_are_read_again(world, load_from, query) -> None:
    now, url = world(
        support_users=[desk.user(1), desk.user(2), desk.agent(), desk.agent(3)], **NOBODY
    )
    load_from("intercom", url)
    now["now"] = desk.tables(
        support_users=[desk.user(1), desk.user(2, active=False, merged=True), desk.agent(),
                       desk.agent(3, active=False)],
        tickets=[desk.ticket(1, status="deleted"), desk.ticket(2)],
        **NOBODY,
    )  # fmt: skip
    gone = "select id, name, _deleted_reason from raw_intercom.contacts order by id"
    load_from("intercom", url, as_of=AS_OF + timedelta(days=1))
    soon = query(gone)
    load_from("intercom", url, as_of=AS_OF + timedelta(days=8))

    assert [reason for *_, reason in soon] == [None, None]
    assert query(gone) == [
        (contact_id(1), "Ida Lind", None),
        (contact_id(2), None, "gone"),
    ]
    assert query(
        "select id, contact_id, _deleted_reason from raw_intercom.conversations "
        "where id in ('1', '2') order by id"
    ) == [("1", None, "gone"), ("2", contact_id(desk.REQUESTER), None)]
    assert query("select id, _deleted_reason from raw_intercom.admins order by id") == [
        ("3", "removed"),
        (str(desk.AGENT), None),
    ]


def test_a_conversation_deleted_between_search_and_opening_stops_nothing(
    serve, load_from, query
) -> None:
    gone = Faulty(app(lambda: WORLD, None), 404, hits=lambda _, path: path == "/conversations/3")

    assert load_from("intercom", serve(gone)).problem is None
    assert query(
        "select count(*) from raw_intercom.conversation_parts where part_type = 'opening'"
    ) == [(4,)]


def test_only_declared_columns_land(world, load_from, query) -> None:
    _, url = world()
    loaded = load_from("intercom", url)

    house = {"_content_hash", "_deleted_reason", "_dlt_load_id"}
    for table in TABLES:
        landed = {name for name, *_ in query(f"describe raw_intercom.{table.name}")}
        assert landed == {*table.columns, *house}
    seen = {count.table: count.undeclared for count in loaded.tables}
    assert {"title", "waiting_since"} <= seen["conversations"].keys()
    everything = " ".join(
        row for t in TABLES for (row,) in query(f"select cast(t as varchar) from raw_intercom.{t.name} t")
    )  # fmt: skip
    for kept_out in ("90000", "A-17", "someone@sandbox.example", "<p>"):
        assert kept_out not in everything
    weeks_later = AS_OF + timedelta(days=14)
    other = {"topic_attribute": None, "brand_attribute": "Order number"}
    load_from("intercom", url, as_of=weeks_later, **other)
    assert query("select distinct topic, brand from raw_intercom.conversations") == [(None, "A-17")]


def test_the_version_asked_for_is_a_setting(world, load_from) -> None:
    _, url = world()

    assert load_from("intercom", url, api_version="2.14").problem is None
    assert "400" in load_from("intercom", url, api_version="1.0").problem


def test_a_quota_that_is_used_up_is_waited_out_as_the_headers_tell(
    serve, load_from, monkeypatch
) -> None:
    waited = []
    limited = emulator.Quota(4)

    def refill(seconds):
        if seconds > 1:  # else it is the server that starts
            waited.append(seconds)
            limited.used = 0

    monkeypatch.setattr(emulator, "Quota", lambda _: limited)
    url = serve(app(lambda: WORLD, None))
    monkeypatch.setattr(paging.time, "time", lambda: 1_000_003.0)
    monkeypatch.setattr(paging.time, "sleep", refill)

    assert load_from("intercom", url).problem is None
    assert waited == [7.0, 7.0]  # eight requests in shares of four


def test_an_address_on_another_host_is_never_followed(small_pages, serve, load_from) -> None:
    foreign = Faulty(app(lambda: WORLD, None), 200)
    elsewhere = serve(foreign)

    def lure(body):
        if "pages" in body and body["pages"].get("next"):
            body["pages"]["next"]["url"] = f"{elsewhere}/steal"
        return body

    loaded = load_from("intercom", serve(Rewritten(app(lambda: WORLD, None), lure)))

    assert loaded.problem is None
    assert foreign.requests == 0


WORLD = desk.tables()
