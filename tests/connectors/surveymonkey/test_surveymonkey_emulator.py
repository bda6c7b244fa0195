"""The emulator speaks SurveyMonkey's wire format."""

from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient
from surveymonkey_world import CUSTOMER_ID, number, tables

from ingestion.connectors.surveymonkey.emulator import ERROR_BODIES, app

TOKEN = {"Authorization": "Bearer sandbox"}
BULK = f"/surveys/{CUSTOMER_ID}/responses/bulk"
OLDEST = {"sort_by": "date_modified", "sort_order": "asc"}


@pytest.fixture
def client():
    world = tables()
    return TestClient(app(lambda: world, None), headers=TOKEN)


def test_who_has_no_token_or_asks_for_what_is_not_there_gets_the_vendors_own_refusal(
    client,
) -> None:
    refused = client.get("/surveys", headers={"Authorization": "Bearer guessed"})
    unknown = client.get("/surveys/1/details")

    assert (refused.status_code, refused.json()) == (401, ERROR_BODIES[401])
    assert (unknown.status_code, unknown.json()["error"]["http_status_code"]) == (404, 404)


def test_pages_are_numbered_and_linked(client) -> None:
    body = client.get(BULK, params={"per_page": 3} | OLDEST).json()
    seen = [body["data"]]
    while "next" in body["links"]:
        body = client.get(body["links"]["next"]).json()
        seen.append(body["data"])

    assert [len(page) for page in seen] == [3, 3, 1]
    assert (body["total"], body["per_page"], body["page"]) == (7, 3, 3)
    changed = [row["date_modified"] for page in seen for row in page]
    assert changed == sorted(changed)


def test_both_ends_of_a_window_are_in_it_and_a_status_narrows_it(client) -> None:
    window = {
        "start_modified_at": "2026-06-01T08:02:00", "end_modified_at": "2026-06-01T08:07:00",
    }  # fmt: skip
    found = [
        client.get(BULK, params=window | OLDEST | status).json()["total"]
        for status in ({}, {"status": "partial"})
    ]

    assert found == [6, 1]


def test_a_survey_tells_its_date_and_its_number_of_responses_where_they_are_asked_for(
    client,
) -> None:
    plain = client.get("/surveys").json()["data"][0]
    told = client.get("/surveys", params={"include": "response_count,date_modified"}).json()["data"]
    details = client.get(f"/surveys/{CUSTOMER_ID}/details").json()

    assert plain.keys() == {"id", "title", "nickname", "href"}
    assert {row["id"]: row["response_count"] for row in told}[CUSTOMER_ID] == 7
    assert [q["family"] for q in details["pages"][0]["questions"]] == [
        "presentation", "matrix", "open_ended", "single_choice",
    ]  # fmt: skip
    weights = [c["weight"] for c in details["pages"][0]["questions"][1]["answers"]["choices"]]
    assert weights == list(range(11))


@pytest.mark.parametrize(
    "asked",
    [
        {"per_page": 101},
        {"page": 0},
        {"start_modified_at": "2026-06-01T08:02:00+00:00"},
        {"status": "any"},
    ],
)
def test_what_the_vendor_does_not_serve_is_refused(client, asked) -> None:
    assert client.get(BULK, params=asked).status_code == 400


def test_the_days_quota_is_told_and_kept() -> None:
    world = tables()
    client = TestClient(app(lambda: world, SimpleNamespace(quota=2)), headers=TOKEN)
    answers = [client.get("/surveys") for _ in range(3)]
    left = [answer.headers.get("X-Ratelimit-App-Global-Day-Remaining") for answer in answers]

    assert left == ["1", "0", "0"]
    assert answers[-1].json() == ERROR_BODIES[429]
    assert answers[-1].json()["error"]["id"] == "1040"
    assert client.get(f"/surveys/{number('SV_undeclared')}/collectors").status_code == 429
