"""Jira's requests through the pipeline into DuckDB: all of it, once, whatever moves meanwhile."""

from datetime import UTC, datetime, timedelta

import jira_world as desk
import pytest
from faulty import Faulty, Turning
from small_worlds import AS_OF

from ingestion.connectors.jira import emulator, paging
from ingestion.connectors.jira.emulator import app
from ingestion.connectors.jira.tables import TABLES
from ingestion.connectors.jira.wire import ZONE, account_id

SILENCE = {"ticket_events": [], "satisfaction_ratings": []}
DAY = timedelta(days=1)
REQUESTER, AGENT, BOT = (account_id(id_) for id_ in (desk.REQUESTER, desk.AGENT, desk.BOT))


@pytest.fixture
def world(serve):
    """Serve a world that a test may turn; returns how to turn it, its URL and what was asked."""

    def begin(**records):
        now, asked = {"now": desk.tables(**records)}, []
        counted = Faulty(
            app(lambda: now["now"], None), 500, hits=lambda _, path: bool(asked.append(path))
        )
        return (lambda **later: now.update(now=desk.tables(**later))), serve(counted), asked

    return begin


def issues(query) -> list[tuple[int, str | None, str | None]]:
    return query(
        "select cast(id as int), status_id, _deleted_reason from raw_jira.issues order by 1"
    )


def test_raw_is_the_vendors_truth_row_for_row_and_a_second_load_changes_nothing(
    world, load_from, counts, query, monkeypatch
) -> None:
    # A search gives out a part of what belongs to an issue; the rest is fetched once for all tables.
    monkeypatch.setattr(emulator, "MOST_HISTORIES", 1)
    monkeypatch.setattr(emulator, "MOST_COMMENTS", 2)
    solved = desk.ticket(
        2, desk.after(99), status="closed", solved_at=desk.after(98), channel="voice",
        tags="billing;closed_by_merge", organization_id=desk.FIRM, priority="urgent",
    )  # fmt: skip
    good = desk.rating(7_700_000_001, 2, "good", comment="Schnell!")
    _, url, asked = world(
        tickets=[desk.ticket(1, assignee_id=None, priority=None), solved],
        satisfaction_ratings=[good, desk.rating(7_700_000_002, 1, "offered")],
    )

    first, second = (counts(load_from("jira", url)) for _ in range(2))

    assert first == {
        "statuses": (6, 0, 0), "organizations": (2, 0, 0), "issues": (2, 0, 0),
        "changes": (2, 0, 0), "comments": (4, 0, 0), "users": (3, 0, 0), "feedback": (1, 0, 0),
    }  # fmt: skip
    assert all(new == changed == 0 for new, changed, _ in second.values())
    assert query(
        """
        select id, key, project_key, reporter_id, creator_id, assignee_id, priority_id, status_id,
            resolution_id, labels, organization_id, topic, channel, description, updated, resolved
        from raw_jira.issues order by id
        """
    ) == [
        ("1", "CARE-1", "CARE", REQUESTER, REQUESTER, None, None, "10011", None,
         '["billing", "vip"]', None, "billing", "portal", "Wo ist meine Rechnung? ✉️",
         desk.after(20), None),
        ("2", "CARE-2", "CARE", REQUESTER, AGENT, AGENT, "1", "10015", "10002", '["billing"]',
         str(desk.FIRM), "billing", "jira", "Wo ist meine Rechnung? ✉️", desk.after(99),
         desk.after(98)),
    ]  # fmt: skip
    assert query(
        "select history_id, field, issue_id, author_id, from_id, to_id, created "
        "from raw_jira.changes order by 1"
    ) == [
        ("102", "assignee", "1", None, None, AGENT, desk.after(3)),
        ("105", "status", "1", AGENT, "10010", "10012", desk.after(9)),
    ]
    assert query(
        "select id, issue_id, author_id, is_public, body, created from raw_jira.comments order by 1"
    ) == [
        ("101", "1", BOT, True, "We got it.", desk.after(2)),
        ("103", "1", AGENT, False, "Checked with the warehouse.", desk.after(8)),
        ("104", "1", AGENT, True, "Thank you,\nwe are on it.", desk.after(9)),
        ("106", "1", REQUESTER, True, "Danke!", desk.after(20)),
    ]
    assert query("select account_id, account_type, email from raw_jira.users order by 1") == sorted(
        [(REQUESTER, "customer", f"u{desk.REQUESTER}@example.org"), (BOT, "app", None),
         (AGENT, "atlassian", f"u{desk.AGENT}@example.org")]
    )  # fmt: skip
    assert query("select issue_id, type, rating, comment, rated_at from raw_jira.feedback") == [
        ("2", "csat", 5, "Schnell!", desk.after(600))
    ]
    assert sum("/issue/1/" in path for path in asked) == len(["changelog", "comment"])
    house = {"_content_hash", "_deleted_reason", "_dlt_load_id"}
    for table in TABLES:
        landed = {name for name, *_ in query(f"describe raw_jira.{table.name}")}
        assert landed == {*table.columns, *house}


def test_a_minute_is_read_whole_and_what_shows_late_arrives_in_the_users_zone(
    world, load_from, query
) -> None:
    # Both runs lie in the hour that comes twice in the user's zone, half an hour apart or less.
    autumn = datetime(2025, 11, 2, 9, 20, tzinfo=UTC)
    assert {autumn.astimezone(ZONE).hour, (autumn - timedelta(hours=1)).astimezone(ZONE).hour} == {
        1
    }
    at = autumn - timedelta(minutes=50)
    born = {"created_at": autumn - DAY}
    turn, url, _ = world(
        tickets=[desk.ticket(1, at, **born), desk.ticket(2, at, **born)], **SILENCE
    )
    load_from("jira", url, as_of=autumn)
    turn(
        tickets=[
            desk.ticket(1, at, status="solved", **born),
            desk.ticket(2, at, **born),
            desk.ticket(3, at, **born),
            desk.ticket(4, at - timedelta(hours=10), **born),
        ],
        **SILENCE,
    )
    load_from("jira", url, as_of=autumn + timedelta(minutes=30))

    assert issues(query) == [
        (1, "10014", None), (2, "10011", None), (3, "10011", None), (4, "10011", None)
    ]  # fmt: skip


def test_requests_that_share_a_second_straddle_pages_and_move_between_them(
    serve, load_from, query, monkeypatch
) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)
    at = desk.after(5)
    tickets = [desk.ticket(n, at, created_at=at) for n in range(1, 8)]
    now = {"now": desk.tables(tickets=tickets, **SILENCE)}
    moved = desk.ticket(1, AS_OF, created_at=at, status="solved")
    firms = [desk.organization(n, "Ω") for n in range(1, 6)]
    now["now"] = desk.tables(tickets=tickets, support_organizations=firms, **SILENCE)
    after = desk.tables(
        tickets=[moved, *tickets[1:3], *tickets[4:]], support_organizations=firms[1:], **SILENCE
    )
    emulated = app(lambda: now["now"], None)
    turning = Turning(emulated, "search/jql", 2, lambda: now.update(now=after))
    url = serve(Turning(turning, "organization", 2, lambda: now.update(now=after)))
    load_from("jira", url)

    assert {id_ for id_, *_ in issues(query)} >= {1, 2, 3, 5, 6, 7}
    assert {int(id_) for (id_,) in query("select id from raw_jira.organizations")} >= {2, 3, 4, 5}


def test_deleted_requests_are_erased_with_all_they_held_once_everything_is_read_again(
    world, load_from, query, monkeypatch
) -> None:
    turn, url, _ = world()
    load_from("jira", url)
    turn(
        tickets=[desk.ticket(1, status="deleted"), *(desk.ticket(n) for n in range(2, 6))],
        support_users=[desk.user(desk.REQUESTER, active=False, name="SCRUBBED", email=None)],
        ticket_events=[],
    )
    load_from("jira", url, as_of=AS_OF + DAY)
    with monkeypatch.context() as hidden:
        hidden.setattr(emulator.wire, "PROJECTS", {})
        invisible = load_from("jira", url, as_of=AS_OF + 8 * DAY)
    still = issues(query)[0]
    load_from("jira", url, as_of=AS_OF + 8 * DAY)

    assert "shows no service project; let the account see" in invisible.problem
    assert still == (1, "10011", None)
    assert issues(query)[0] == (1, None, "gone")
    assert query("select distinct body, _deleted_reason from raw_jira.comments") == [(None, "gone")]
    assert query("select distinct to_id, _deleted_reason from raw_jira.changes") == [(None, "gone")]
    assert query(
        "select display_name, email from raw_jira.users where _deleted_reason is null"
    ) == [("Former user", None)]


def test_a_moved_request_keeps_its_id_and_a_removed_comment_only_its_own(
    world, load_from, query
) -> None:
    turn, url, _ = world()
    load_from("jira", url)
    at = AS_OF + timedelta(hours=1)
    said = desk.event(106, 1, "comment", 20, value="Danke!")
    turn(tickets=[desk.ticket(1, at, brand_id=9003)], ticket_events=[said])
    load_from("jira", url, as_of=AS_OF + DAY)

    assert query("select id, key from raw_jira.issues where id = '1'") == [("1", "FAN-1")]
    assert query("select id, body, _deleted_reason from raw_jira.comments order by id") == [
        ("101", None, "deleted"), ("103", None, "deleted"), ("104", None, "deleted"),
        ("106", "Danke!", None),
    ]  # fmt: skip


def test_satisfaction_told_days_after_the_last_change_arrives_and_nobody_is_asked_in_vain(
    world, load_from, query
) -> None:
    solved = [desk.ticket(n, AS_OF - DAY, status="solved") for n in (1, 2)]
    turn, url, asked = world(tickets=solved, **SILENCE)
    load_from("jira", url)
    late = AS_OF + 3 * DAY
    rating = desk.rating(7_700_000_002, 2, "bad", updated_at=late)
    turn(tickets=solved, ticket_events=[], satisfaction_ratings=[rating])
    load_from("jira", url, as_of=AS_OF + 4 * DAY)
    told = query("select issue_id, rating, comment, rated_at from raw_jira.feedback")
    with_date = [path for path in asked if path.endswith("/feedback")]
    load_from("jira", url, as_of=AS_OF + 5 * DAY, rated_field=None)

    assert told == [("2", 1, None, late)]
    assert with_date == ["/rest/servicedeskapi/request/2/feedback"]
    assert len([path for path in asked if path.endswith("/feedback")]) == 3
    assert query("select rating, rated_at from raw_jira.feedback") == [(1, None)]
