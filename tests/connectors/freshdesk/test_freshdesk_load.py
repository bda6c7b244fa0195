"""Freshdesk's lists through the pipeline into DuckDB: all of it, once, whatever moves meanwhile."""

from datetime import timedelta

import freshdesk_world as desk
from faulty import Faulty, Turning
from small_worlds import AS_OF

from ingestion.connectors.freshdesk.emulator import app
from ingestion.connectors.freshdesk.tables import TABLES

LATER = AS_OF + timedelta(days=1)


class World:
    """A world that a test changes while it is served; `asked` are the paths of all requests."""

    def __init__(self, serve, **records) -> None:
        self.turn(**records)
        self.asked: list[str] = []
        self.app = Faulty(
            app(lambda: self.now, None), 500, hits=lambda _, path: bool(self.asked.append(path))
        )
        self.serve = serve

    def turn(self, **records) -> None:
        self.now = desk.tables(**{"ticket_events": [], **records})

    @property
    def url(self) -> str:
        return self.serve(self.app)

    def turning(self, path: str, answers: int, **records) -> str:
        """Serve it so that it changes once `path` has been answered so often."""
        return self.serve(Turning(self.app, path, answers, lambda: self.turn(**records)))


def tickets(query) -> list[tuple[int, str | None]]:
    return query("select id, _deleted_reason from raw_freshdesk.tickets order by id")


def test_loading_twice_keeps_one_row_per_key_and_counts_the_second_as_unchanged(
    serve, load_from, counts
) -> None:
    world = desk.tables()
    url = serve(app(lambda: world, None))

    first, second = (counts(load_from("freshdesk", url)) for _ in range(2))

    assert first == {
        "tickets": (5, 0, 0),
        "conversations": (4, 0, 0),
        "contacts": (1, 0, 0),
        "companies": (1, 0, 0),
        "agents": (1, 0, 0),
        "satisfaction_ratings": (1, 0, 0),
    }
    assert all(new == changed == 0 for new, changed, _ in second.values())


def test_raw_is_the_vendors_truth_row_for_row(serve, load_from, counts, query) -> None:
    solved = desk.ticket(2, status="solved", solved_at=desk.after(99), assignee_id=None)
    world = desk.tables(tickets=[desk.ticket(1, priority="urgent", channel="voice"), solved])
    counts(load_from("freshdesk", serve(app(lambda: world, None))))

    assert query(
        "select id, responder_id, product_id, source, priority, status, topic, resolved_at, "
        "updated_at, description_text from raw_freshdesk.tickets order by id"
    ) == [
        (1, desk.AGENT, 9001, 3, 4, 2, "billing", None, desk.after(12), "Wo ist meine Rechnung? ✉️"),
        (2, None, 9001, 2, 2, 4, "billing", desk.after(99), desk.after(2),
         "Wo ist meine Rechnung? ✉️"),
    ]  # fmt: skip
    assert query(
        "select id, ticket_id, user_id, incoming, private, source, automation_id is null, "
        "body_text, created_at from raw_freshdesk.conversations order by id"
    ) == [
        (101, 1, desk.BOT, False, False, 0, False, "We got it.", desk.after(2)),
        (102, 1, desk.AGENT, False, True, 2, True, "?", desk.after(8)),
        (103, 1, desk.AGENT, False, False, 0, True, "We are on it.", desk.after(9)),
        (104, 1, desk.REQUESTER, True, False, 0, True, "Danke!", desk.after(12)),
    ]
    assert query("select id, name, email from raw_freshdesk.agents") == [
        (desk.AGENT, "Jo Care", f"u{desk.AGENT}@example.org")
    ]
    assert query("select ratings, feedback from raw_freshdesk.satisfaction_ratings") == [
        ('{"default_question": 103}', "Schnell!")
    ]


def test_what_changes_in_the_last_ones_tick_or_shows_late_arrives(serve, load_from, query) -> None:
    at, late = AS_OF - timedelta(minutes=5), AS_OF - timedelta(minutes=50)
    world = World(serve, tickets=[desk.ticket(1), desk.ticket(2, at)])
    url = world.url
    load_from("freshdesk", url)
    world.turn(
        tickets=[
            desk.ticket(1, at, priority="high"), desk.ticket(2, at), desk.ticket(3, at),
            desk.ticket(4, late),
        ]
    )  # fmt: skip
    load_from("freshdesk", url, as_of=LATER)

    assert query("select id, priority from raw_freshdesk.tickets order by id") == [
        (1, 3), (2, 2), (3, 2), (4, 2)
    ]  # fmt: skip


def test_trash_and_spam_land_as_tombstones_and_come_back_to_life(serve, load_from, query) -> None:
    world = World(serve, tickets=[desk.ticket(n) for n in (1, 2, 3)])
    url = world.url
    load_from("freshdesk", url)
    # Neither moves `updated_at`.
    world.turn(
        tickets=[desk.ticket(1), desk.ticket(2, status="deleted"), desk.ticket(3, status="spam")]
    )
    load_from("freshdesk", url, as_of=LATER)
    thrown = tickets(query)
    back = AS_OF + timedelta(hours=30)
    world.turn(tickets=[desk.ticket(1), desk.ticket(2, back), desk.ticket(3, status="spam")])
    load_from("freshdesk", url, as_of=LATER + timedelta(days=1))

    assert thrown == [(1, None), (2, "deleted"), (3, "spam")]
    assert tickets(query) == [(1, None), (2, None), (3, "spam")]


def test_conversations_are_asked_of_changed_tickets_once_and_removed_ones_are_erased(
    serve, load_from, query
) -> None:
    said = [desk.comment(101, 1, 3), desk.comment(102, 1, 4), desk.comment(201, 2, 5)]
    world = World(serve, tickets=[desk.ticket(n) for n in (1, 2)], ticket_events=said)
    url = world.url
    load_from("freshdesk", url)
    first = sorted(path for path in world.asked if "conversations" in path)
    world.asked.clear()
    at = AS_OF + timedelta(hours=1)
    world.turn(tickets=[desk.ticket(1, at), desk.ticket(2)], ticket_events=[said[0], said[2]])
    load_from("freshdesk", url, as_of=LATER)

    assert first == [f"/api/v2/tickets/{n}/conversations" for n in (1, 2)]
    assert [p for p in world.asked if "conversations" in p] == [first[0]]
    assert query(
        "select id, body_text, _deleted_reason from raw_freshdesk.conversations order by id"
    ) == [(101, "Danke!", None), (102, None, "deleted"), (201, "Danke!", None)]


def test_a_ticket_that_goes_before_its_conversations_are_read_stops_nothing(
    serve, load_from, query
) -> None:
    both = [desk.ticket(1), desk.ticket(2)]
    world = World(serve, tickets=both)
    url = world.turning("/tickets", 1, tickets=[both[0], desk.ticket(2, status="deleted")])

    assert load_from("freshdesk", url).problem is None
    assert tickets(query) == [(1, None), (2, "deleted")]


def test_who_is_gone_lands_as_a_tombstone_and_a_rating_is_read_for_two_weeks(
    serve, load_from, query
) -> None:
    people = [desk.user(1), desk.user(2), desk.user(8, role="agent"), desk.user(9, role="agent")]
    firms = [desk.organization(31), desk.organization(32)]
    rating = desk.rating(7, 1, "good", updated_at=AS_OF - timedelta(days=10))
    world = World(
        serve,
        support_users=people,
        support_organizations=firms,
        satisfaction_ratings=[rating],
    )
    url = world.url
    load_from("freshdesk", url)
    gone = {"active": False}
    world.turn(
        support_users=[
            people[0], people[1] | gone, people[2], people[3] | gone
        ],
        support_organizations=firms[:1],
        satisfaction_ratings=[rating | {"score": "bad"}],
    )  # fmt: skip
    load_from("freshdesk", url, as_of=LATER)

    found = {
        table: query(
            f"select id, name is null, _deleted_reason from raw_freshdesk.{table} order by id"
        )
        for table in ("contacts", "agents", "companies")
    }
    assert found == {
        "contacts": [(1, False, None), (2, False, "deleted")],
        "agents": [(8, False, None), (9, True, "deleted")],
        "companies": [(31, False, None), (32, False, "deleted")],
    }
    assert query("select ratings from raw_freshdesk.satisfaction_ratings") == [
        ('{"default_question": -103}',)
    ]


def test_only_declared_columns_land(serve, load_from, query) -> None:
    world = desk.tables()
    loaded = load_from("freshdesk", serve(app(lambda: world, None)), topic_field=None)

    house = {"_content_hash", "_deleted_reason", "_dlt_load_id"}
    for table in TABLES:
        landed = {name for name, *_ in query(f"describe raw_freshdesk.{table.name}")}
        assert landed == {*table.columns, *house}
        (text,) = query(
            f"select string_agg(cast(t as varchar), '') from raw_freshdesk.{table.name} t"
        )
        assert not any(word in (text[0] or "") for word in ("DE0212", "90000", "Rechnung</div>"))
    assert query("select distinct topic from raw_freshdesk.tickets") == [(None,)]
    seen = {count.table: count.undeclared for count in loaded.tables}
    assert {"subject", "description"} <= seen["tickets"].keys()
