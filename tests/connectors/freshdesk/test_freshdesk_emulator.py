"""The emulator answers as Freshdesk does: bare lists, numbered pages, a link to the next."""

from types import SimpleNamespace

import freshdesk_world as desk
import httpx
import pytest
from starlette.testclient import TestClient

from ingestion.connectors.freshdesk.emulator import ERROR_BODIES, app

AUTH = httpx.BasicAuth("sandbox", "X")
TICKETS = "/api/v2/tickets"
ASKED = {"updated_since": "2000-01-01T00:00:00Z", "order_by": "updated_at", "order_type": "asc"}


def client_of(faults=None, **records) -> TestClient:
    world = desk.tables(**records)
    client = TestClient(app(lambda: world, faults))
    client.auth = AUTH
    return client


@pytest.mark.parametrize("auth", [None, ("X", "sandbox"), ("other", "X")])
def test_wrong_keys_get_the_vendors_error_body(auth) -> None:
    client = client_of()
    client.auth = None
    answer = client.get(TICKETS, params=ASKED, auth=auth)

    assert (answer.status_code, answer.json()) == (401, ERROR_BODIES[401])


def test_a_list_is_bare_and_links_to_its_next_page_until_the_last() -> None:
    client = client_of()
    first = client.get(TICKETS, params={**ASKED, "per_page": 3})
    last = client.get(first.links["next"]["url"])

    assert [ticket["id"] for ticket in first.json()] == [2, 3, 4]
    assert first.links["next"]["url"].startswith("http://testserver/api/v2/tickets?")
    assert ([ticket["id"] for ticket in last.json()], last.links) == ([5, 1], {})


def test_changes_are_asked_for_inclusively_and_sorted_by_change() -> None:
    client = client_of(tickets=[desk.ticket(1, desk.after(9)), desk.ticket(2, desk.after(3))])
    since = {**ASKED, "updated_since": "2026-06-01T08:03:00Z"}

    assert [ticket["id"] for ticket in client.get(TICKETS, params=since).json()] == [2, 1]
    since["updated_since"] = "2026-06-01T08:03:01Z"
    assert [ticket["id"] for ticket in client.get(TICKETS, params=since).json()] == [1]


def test_what_is_said_in_a_ticket_changes_it() -> None:
    (first, *_) = [t for t in client_of().get(TICKETS, params=ASKED).json() if t["id"] == 1]

    assert first["updated_at"] == "2026-06-01T08:12:00Z"


@pytest.mark.parametrize("asked", [{"page": 301}, {"per_page": 101}, {"page": 0}, {"page": "x"}])
def test_pages_beyond_the_limits_are_refused(asked) -> None:
    answer = client_of().get(TICKETS, params={**ASKED, **asked})

    assert (answer.status_code, answer.json()) == (400, ERROR_BODIES[400])


def test_text_and_milestones_are_told_only_where_they_are_included() -> None:
    client = client_of()
    (plain, *_) = client.get(TICKETS, params=ASKED).json()
    (full, *_) = client.get(TICKETS, params={**ASKED, "include": "stats,description"}).json()

    assert not {"stats", "description_text"} & plain.keys()
    assert {"stats", "description_text"} <= full.keys()


def test_trash_and_spam_are_lists_of_their_own() -> None:
    client = client_of(
        tickets=[desk.ticket(1), desk.ticket(2, status="deleted"), desk.ticket(3, status="spam")]
    )
    found = {
        kind: [t["id"] for t in client.get(TICKETS, params={**ASKED, **asked}).json()]
        for kind, asked in {
            "": {}, "deleted": {"filter": "deleted"}, "spam": {"filter": "spam"}
        }.items()
    }  # fmt: skip

    assert found == {"": [1], "deleted": [2], "spam": [3]}
    assert client.get(f"{TICKETS}/2/conversations").status_code == 404


def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    client = client_of(SimpleNamespace(quota=1))
    answers = [client.get(TICKETS, params=ASKED) for _ in range(3)]

    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[0].headers.get("X-RateLimit-Total", "1") == "1"


def test_an_offered_rating_is_no_row_and_a_given_one_a_code() -> None:
    (rating,) = client_of().get("/api/v2/surveys/satisfaction_ratings").json()

    assert rating["ratings"] == {"default_question": 103}
