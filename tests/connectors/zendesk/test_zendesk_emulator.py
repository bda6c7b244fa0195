"""The emulator answers as Zendesk does, down to the shapes of the last page."""

import time
from types import SimpleNamespace

import httpx
import pytest
import zendesk_world as desk
from starlette.testclient import TestClient

from ingestion.connectors.zendesk.emulator import ERROR_BODIES, app

AUTH = httpx.BasicAuth("agent@sandbox.example/token", "sandbox")
TICKETS = "/api/v2/incremental/tickets/cursor.json"


@pytest.fixture
def client() -> TestClient:
    world = desk.tables()
    client = TestClient(app(lambda: world, None))
    client.auth = AUTH
    return client


@pytest.mark.parametrize("auth", [None, ("agent@sandbox.example", "sandbox"), ("x/token", "no")])
def test_wrong_credentials_get_the_vendors_error_body(client, auth) -> None:
    client.auth = None
    answer = client.get(TICKETS, params={"start_time": 0}, auth=auth)

    assert answer.status_code == 401
    assert answer.json() == ERROR_BODIES[401]


def test_a_cursor_export_ends_with_a_cursor_and_idles_without_one(client) -> None:
    first = client.get(TICKETS, params={"start_time": 0, "per_page": 3}).json()
    last = client.get(TICKETS, params={"cursor": first["after_cursor"], "per_page": 3}).json()
    idle = client.get(TICKETS, params={"cursor": last["after_cursor"]}).json()

    assert ([t["id"] for t in first["tickets"]], first["end_of_stream"]) == ([1, 2, 3], False)
    assert ([t["id"] for t in last["tickets"]], last["end_of_stream"]) == ([4, 5], True)
    assert last["after_cursor"]
    assert last["after_url"].startswith("http://testserver/api/v2/incremental/tickets")
    assert idle == {
        "tickets": [],
        "after_url": None,
        "after_cursor": None,
        "before_url": None,
        "before_cursor": None,
        "end_of_stream": True,
    }


def test_a_cursor_that_was_touched_is_dead(client) -> None:
    cursor = client.get(TICKETS, params={"start_time": 0, "per_page": 3}).json()["after_cursor"]

    for forged in (cursor[:-4] + "AAA=", "MTc3", "1780000000||3"):
        answer = client.get(TICKETS, params={"cursor": forged})
        assert (answer.status_code, answer.json()) == (400, ERROR_BODIES[400])


def test_a_time_export_repeats_the_last_second_of_a_full_page_and_grows_a_small_one(client) -> None:
    path = "/api/v2/incremental/ticket_events.json"
    full = client.get(path, params={"start_time": 0}).json()
    small = client.get(path, params={"start_time": 0, "per_page": 4}).json()
    at_nine = int(desk.after(9).timestamp())

    assert (full["count"], full["end_time"], full["end_of_stream"]) == (5, at_nine, True)
    assert (small["count"], small["end_time"]) == (5, at_nine + 1)  # 103 and 104 share a second


def test_comments_are_told_only_where_they_are_included(client) -> None:
    path = "/api/v2/incremental/ticket_events.json"
    without = client.get(path, params={"start_time": 0}).json()
    with_text = client.get(path, params={"start_time": 0, "include": "comment_events"}).json()

    comment = {key: without["ticket_events"][1]["child_events"][0].get(key)
               for key in ("comment_present", "comment_public", "body")}  # fmt: skip
    assert comment == {"comment_present": True, "comment_public": True, "body": None}
    assert with_text["ticket_events"][1]["child_events"][0]["body"] == "We got it."


def test_a_start_within_the_last_minute_is_too_recent(client) -> None:
    answer = client.get(TICKETS, params={"start_time": int(time.time()) - 30})

    assert (answer.status_code, answer.json()["error"]) == (422, "InvalidValue")


def test_ratings_say_whether_there_are_more(client) -> None:
    answer = client.get("/api/v2/satisfaction_ratings.json", params={"page[size]": 100}).json()

    assert answer["meta"]["has_more"] is False
    assert answer["meta"]["after_cursor"]
    assert answer["links"]["next"] is None


def test_headers_tell_what_is_left_of_the_quota(client) -> None:
    first, second = (client.get(TICKETS, params={"start_time": 0}).headers for _ in range(2))

    assert first["x-rate-limit"] == first["ratelimit-limit"]
    assert int(second["ratelimit-remaining"]) < int(first["ratelimit-limit"])


def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    world = desk.tables()
    client = TestClient(app(lambda: world, SimpleNamespace(quota=1)))
    answers = [client.get(TICKETS, params={"start_time": 0}, auth=AUTH) for _ in range(3)]

    assert [answer.status_code for answer in answers][-1] == 429
    assert answers[-1].json() == ERROR_BODIES[429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


def test_pages_are_cut_to_the_vendors_maximum() -> None:
    world = desk.tables(tickets=[desk.ticket(n) for n in range(1, 1101)])
    client = TestClient(app(lambda: world, None))
    answer = client.get(TICKETS, params={"start_time": 0, "per_page": 5000}, auth=AUTH)

    assert len(answer.json()["tickets"]) == 1000


def test_what_is_not_there_is_not_found(client) -> None:
    for path in ("/api/v2/incremental/views.json", "/api/v3/tickets.json"):
        answer = client.get(path, params={"start_time": 0})
        assert (answer.status_code, answer.json()) == (404, ERROR_BODIES[404])
