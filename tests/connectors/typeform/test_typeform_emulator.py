"""The emulator speaks Typeform's wire format."""

from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient
from typeform_world import response, tables

from ingestion.connectors.typeform.emulator import ERROR_BODIES, app

TOKEN = {"Authorization": "Bearer sandbox"}
RESPONSES = "/forms/customer_nps/responses"


@pytest.fixture
def client():
    world = tables()
    return TestClient(app(lambda: world, None), headers=TOKEN)


def ids(answer) -> list[str]:
    return [item["response_id"] for item in answer.json()["items"]]


def test_who_has_no_token_or_asks_for_what_is_not_there_gets_the_vendors_own_refusal(
    client,
) -> None:
    refused = client.get("/forms", headers={"Authorization": "Bearer guessed"})
    unknown = client.get("/forms/none/responses")
    busy = TestClient(app(tables, SimpleNamespace(quota=1)), headers=TOKEN)

    assert (refused.status_code, refused.json()) == (401, ERROR_BODIES[401])
    assert (unknown.status_code, unknown.json()) == (404, ERROR_BODIES[404])
    assert [busy.get("/forms").status_code for _ in range(40)].count(429)


def test_forms_come_in_numbered_pages(client) -> None:
    first, second = (
        client.get("/forms", params={"page_size": 3, "page": page}).json() for page in (1, 2)
    )

    assert (first["total_items"], first["page_count"]) == (4, 2)
    assert [len(part["items"]) for part in (first, second)] == [3, 1]


def test_responses_come_newest_first_and_are_walked_by_token(client) -> None:
    newest = client.get(RESPONSES, params={"page_size": 2})
    older = client.get(RESPONSES, params={"page_size": 2, "before": "R_0005"})
    newer = client.get(RESPONSES, params={"page_size": 1, "after": "R_0004"})

    assert ids(newest) == ["R_0006", "R_0005"]
    assert (ids(older), older.json()["total_items"]) == (["R_0004", "R_0003"], 4)
    assert ids(newer) == ["R_0005"]


def test_both_ends_of_a_window_are_in_it_and_partial_ones_are_asked_for(client) -> None:
    window = {"since": "2026-06-01T08:02:00", "until": "2026-06-01T08:04:00"}
    partial = client.get(RESPONSES, params={"response_type": "partial"}).json()["items"]

    assert ids(client.get(RESPONSES, params=window)) == ["R_0004", "R_0003", "R_0002"]
    assert [item["submitted_at"] for item in partial] == ["0001-01-01T00:00:00Z"]
    assert client.get(RESPONSES).json()["total_items"] == 6


@pytest.mark.parametrize(
    "asked",
    [
        {"page_size": 1001},
        {"before": "R_gone"},
        {"before": "R_0005", "sort": "submitted_at,asc"},
        {"response_type": "any"},
    ],
)
def test_what_the_vendor_does_not_serve_is_refused(client, asked) -> None:
    assert client.get(RESPONSES, params=asked).status_code == 400


def test_a_burst_comes_whole() -> None:
    world = tables(survey_responses=[response(number) for number in range(30)])
    client = TestClient(app(lambda: world, None), headers=TOKEN)

    assert len(client.get(RESPONSES).json()["items"]) == 25
    assert len(client.get(RESPONSES, params={"page_size": 1000}).json()["items"]) == 30
