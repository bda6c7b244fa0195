"""Zendesk's exports through the pipeline into DuckDB: all of it, once, whatever moves meanwhile."""

from datetime import timedelta

import pytest
import zendesk_world as desk
from faulty import Faulty, Rewritten, Turning
from small_worlds import AS_OF

from ingestion.connectors.zendesk import source
from ingestion.connectors.zendesk.emulator import app
from ingestion.connectors.zendesk.tables import TABLES

TICKET_COLUMNS = [
    "ticket_id", "requester_id", "assignee_id", "brand_id", "channel", "priority", "status",
    "topic", "created_at", "updated_at", "generated_at", "solved_at",
]  # fmt: skip
USER_COLUMNS = ["user_id", "name", "email", "role", "active", "employee_number"]


def truth(frame, columns) -> list[tuple]:
    rows = frame[columns].astype(object).itertuples(index=False)
    return [tuple(None if desk.pd.isna(value) else value for value in row) for row in rows]


@pytest.fixture
def small_pages(monkeypatch) -> None:
    monkeypatch.setattr(source, "PAGE", 2)
    monkeypatch.setattr(source, "RATINGS_PAGE", 2)


def statuses(query) -> list[tuple[int, str]]:
    return query("select id, status from raw_zendesk.tickets order by id")


def test_loading_twice_keeps_one_row_per_key_and_counts_the_second_as_unchanged(
    serve, load_from, counts, query
) -> None:
    world = desk.tables()
    url = serve(app(lambda: world, None))

    first, second = (counts(load_from("zendesk", url)) for _ in range(2))

    assert first == {
        "tickets": (5, 0, 0),
        "users": (2, 0, 0),
        "organizations": (1, 0, 0),
        "ticket_events": (5, 0, 0),
        "satisfaction_ratings": (1, 0, 0),
    }
    assert all(new == changed == 0 for new, changed, _ in second.values())
    assert query("select count(*), count(distinct id) from raw_zendesk.tickets") == [(5, 5)]


def test_raw_is_the_vendors_truth_row_for_row(small_pages, serve, load_from, counts, query) -> None:
    world = desk.tables(
        tickets=[
            *(desk.ticket(n) for n in range(1, 4)),
            desk.ticket(4, status="solved", solved_at=desk.after(99), assignee_id=None),
            desk.ticket(5, priority=None, channel="voice", brand_id=9003, topic="other"),
        ]
    )
    counts(load_from("zendesk", serve(app(lambda: world, None))))

    tickets = query(
        f"select id, {', '.join(TICKET_COLUMNS[1:])} from raw_zendesk.tickets order by id"
    )
    users = query(f"select id, {', '.join(USER_COLUMNS[1:])} from raw_zendesk.users order by id")
    assert tickets == truth(world["tickets"], TICKET_COLUMNS)
    assert users == sorted(truth(world["support_users"], USER_COLUMNS))
    assert query(
        """
        select id, ticket_id, updater_id, via,
            json_extract_string(child_events, '$[0].event_type'),
            json_extract_string(child_events, '$[0].body'), created_at
        from raw_zendesk.ticket_events order by id
        """
    ) == [
        (100, 1, desk.REQUESTER, "Web form", "Create", None, desk.after(1)),
        (101, 1, desk.BOT, "Rule", "Comment", "We got it.", desk.after(2)),
        (102, 1, -1, "Rule", "Change", None, desk.after(3)),
        (103, 1, desk.AGENT, "Web form", "Comment", "Thank you, we are on it.", desk.after(9)),
        (104, 1, desk.AGENT, "Web form", "Change", None, desk.after(9)),
    ]


def test_an_update_within_the_second_of_the_last_one_arrives(serve, load_from, query) -> None:
    at = AS_OF - timedelta(minutes=5)
    world = {"now": desk.tables(tickets=[desk.ticket(1), desk.ticket(2, changed=at)])}
    url = serve(app(lambda: world["now"], None))
    load_from("zendesk", url)
    world["now"] = desk.tables(
        tickets=[
            desk.ticket(1, changed=at, status="pending"),
            desk.ticket(2, changed=at, status="solved"),
            desk.ticket(3, changed=at),
        ]
    )
    load_from("zendesk", url)

    assert statuses(query) == [(1, "pending"), (2, "solved"), (3, "open")]


def test_a_record_that_is_indexed_late_arrives(small_pages, serve, load_from, query) -> None:
    recent = [desk.ticket(n, changed=AS_OF - timedelta(minutes=40 - n)) for n in range(1, 6)]
    events = desk.tables()["ticket_events"].to_dict("records")
    world = {"now": desk.tables(tickets=[desk.ticket(9), *recent])}
    url = serve(app(lambda: world["now"], None))
    load_from("zendesk", url)
    late = AS_OF - timedelta(minutes=45)
    late_event = desk.event(900, 7, "created", 0, value="new") | {"created_at": late}
    world["now"] = desk.tables(
        tickets=[desk.ticket(9), desk.ticket(7, changed=late), *recent],
        ticket_events=[*events, late_event | {"visible_from": late}],
    )
    load_from("zendesk", url, as_of=AS_OF + timedelta(days=1))

    assert [id_ for id_, _ in statuses(query)] == [1, 2, 3, 4, 5, 7, 9]
    assert query("select count(*) from raw_zendesk.ticket_events where id = 900") == [(1,)]


def test_a_ticket_that_changes_during_the_walk_arrives(
    small_pages, serve, load_from, query
) -> None:
    tickets = [desk.ticket(n) for n in range(1, 8)]
    moved = [desk.ticket(1, changed=desk.after(100), status="solved"), *tickets[1:]]
    after, world = desk.tables(tickets=moved), {"now": desk.tables(tickets=tickets)}
    moving = Turning(
        app(lambda: world["now"], None), "tickets/cursor.json", 2, lambda: world.update(now=after)
    )

    load_from("zendesk", serve(moving))

    assert statuses(query)[0] == (1, "solved")
    assert len(statuses(query)) == 7


def test_an_idle_run_asks_once_and_the_next_goes_on(small_pages, serve, load_from, query) -> None:
    world = {"now": desk.tables(tickets=[desk.ticket(n) for n in range(1, 5)])}
    asked = []
    spied = Faulty(
        app(lambda: world["now"], None), 500, hits=lambda number, path: asked.append(path)
    )
    url = serve(spied)
    for _ in range(3):
        load_from("zendesk", url)
    before = sum("tickets/cursor" in path for path in asked)
    new = desk.ticket(5, changed=AS_OF - timedelta(minutes=10))
    world["now"] = desk.tables(tickets=[*(desk.ticket(n) for n in range(1, 5)), new])
    load_from("zendesk", url)

    assert before == 2 + 1 + 1  # two pages, then one idle answer a run
    assert statuses(query)[-1] == (5, "open")


def test_deleted_merged_and_erased_rows_land_as_tombstones(serve, load_from, query) -> None:
    world = desk.tables(
        tickets=[desk.ticket(1), desk.ticket(2, status="deleted")],
        support_users=[
            desk.user(11),
            desk.user(12, active=False, merged=True, email=None),
            desk.user(13, active=False, name="SCRUBBED", email=None, phone=None),
        ],
    )
    load_from("zendesk", serve(app(lambda: world, None)))

    assert query("select id, _deleted_reason from raw_zendesk.tickets order by id") == [
        (1, None),
        (2, "deleted"),
    ]
    assert query("select id, _deleted_reason, active from raw_zendesk.users order by id") == [
        (11, None, True),
        (12, "inactive", False),
        (13, "erased", False),
    ]


def test_a_rating_given_after_it_was_offered_arrives(serve, load_from, query) -> None:
    offered = desk.rating(7_700_000_001, 1, "offered")
    world = {"now": desk.tables(satisfaction_ratings=[offered])}
    url = serve(app(lambda: world["now"], None))
    load_from("zendesk", url, as_of=desk.after(700))
    given = {"score": "bad", "reason": "Took too long", "updated_at": desk.after(9000)}
    world["now"] = desk.tables(satisfaction_ratings=[offered | given])
    load_from("zendesk", url, as_of=desk.after(10_000))

    assert query("select score, reason from raw_zendesk.satisfaction_ratings") == [
        ("bad", "Took too long")
    ]


def test_more_events_in_one_second_than_a_page_holds_do_not_stop_the_walk(
    serve, load_from, query, caplog
) -> None:
    burst = [desk.event(n, 1, "comment", 5, value="x") for n in range(1001, 2501)]
    world = desk.tables(ticket_events=[*burst, desk.event(9999, 1, "comment", 6, value="after")])

    loaded = load_from("zendesk", serve(app(lambda: world, None)))

    assert loaded.problem is None
    assert query("select max(id), count(*) > 1000 from raw_zendesk.ticket_events") == [(9999, True)]
    assert "holds more rows in second" in caplog.text


def test_only_declared_columns_land(serve, load_from, query) -> None:
    world = desk.tables()
    loaded = load_from("zendesk", serve(app(lambda: world, None)))

    house = {"_content_hash", "_deleted_reason", "_dlt_load_id"}
    for table in TABLES:
        landed = {name for name, *_ in query(f"describe raw_zendesk.{table.name}")}
        assert landed == {*table.columns, *house}
    seen = {count.table: count.undeclared for count in loaded.tables}
    assert {"subject", "description", "fields"} <= seen["tickets"].keys()
    users = query("select cast(users as varchar) from raw_zendesk.users")
    events = query("select child_events from raw_zendesk.ticket_events")
    assert not any("90000" in row for (row,) in users)
    assert not any("html_body" in row for (row,) in events)


def test_a_topic_is_kept_of_the_declared_field_only(serve, load_from, query) -> None:
    world = desk.tables()
    load_from("zendesk", serve(app(lambda: world, None)), topic_field=None)

    assert query("select distinct topic from raw_zendesk.tickets") == [(None,)]


def test_an_address_on_another_host_is_never_followed(small_pages, serve, load_from) -> None:
    world = desk.tables()
    foreign = Faulty(app(lambda: world, None), 200)
    elsewhere = serve(foreign)

    def lure(body):
        urls = {key: f"{elsewhere}/steal" for key in ("after_url", "next_page") if body.get(key)}
        return body | urls | ({"links": {"next": f"{elsewhere}/steal"}} if "links" in body else {})

    loaded = load_from("zendesk", serve(Rewritten(app(lambda: world, None), lure)))

    assert loaded.problem is None
    assert foreign.requests == 0


def test_an_oauth_token_will_do(serve, load_from) -> None:
    world = desk.tables()
    url = serve(app(lambda: world, None))
    loaded = load_from("zendesk", url, email=None, api_token=None, oauth_token="sandbox")

    assert loaded.problem is None
