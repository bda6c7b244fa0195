"""The emulator answers as HubSpot does, down to the shapes of the last page."""

from types import SimpleNamespace

import hubspot_world as crm
import pytest
from starlette.testclient import TestClient

from ingestion.connectors.hubspot.emulator import ERROR_BODIES, app

CONTACTS = "/crm/v3/objects/contacts"


@pytest.fixture
def client() -> TestClient:
    world = crm.tables()
    return TestClient(app(lambda: world, None), headers={"Authorization": "Bearer sandbox"})


def test_a_wrong_token_gets_the_vendors_error_body(client) -> None:
    for token in ("", "Bearer no", "sandbox"):
        answer = client.get(CONTACTS, headers={"Authorization": token})

        assert answer.status_code == 401
        assert answer.json().items() >= ERROR_BODIES[401].items()
        assert answer.json()["correlationId"]


def test_a_list_is_walked_by_an_opaque_cursor_and_its_last_page_has_no_paging(client) -> None:
    first = client.get(CONTACTS, params={"limit": 3}).json()
    after = first["paging"]["next"]["after"]
    last = client.get(CONTACTS, params={"limit": 3, "after": after}).json()

    assert [row["id"] for row in first["results"]] == [str(crm.FIRST + n) for n in (1, 2, 3)]
    assert first["paging"]["next"]["link"].startswith("http://testserver/crm/v3/objects/contacts?")
    assert [row["id"] for row in last["results"]] == [str(crm.FIRST + n) for n in (4, 5)]
    assert "paging" not in last


def test_a_cursor_that_was_touched_is_dead(client) -> None:
    after = client.get(CONTACTS, params={"limit": 3}).json()["paging"]["next"]["after"]

    for forged in (after[:-4] + "AAA=", str(crm.FIRST + 4)):
        assert client.get(CONTACTS, params={"after": forged}).status_code == 400


@pytest.mark.parametrize(("body", "status"), [
    ({"limit": 200}, 200),
    ({"limit": 201}, 400),
    ({"limit": 100, "after": "9900"}, 200),
    ({"limit": 100, "after": "9901"}, 400),
    ({"filterGroups": [{"filters": [{"propertyName": "email", "operator": "EQ", "value": "x"}]}]},
     400),
])  # fmt: skip
def test_a_search_has_its_limits(client, body, status) -> None:
    answer = client.post(f"{CONTACTS}/search", json=body)

    assert answer.status_code == status
    assert answer.json().get("category") == ("VALIDATION_ERROR" if status == 400 else None)


def test_a_page_larger_than_the_maximum_is_refused(client) -> None:
    assert client.get(CONTACTS, params={"limit": 101}).status_code == 400


def test_both_ends_of_a_search_window_are_inclusive(client) -> None:
    def milliseconds(minutes: int) -> str:
        return str(int(crm.after(minutes).timestamp() * 1000))

    window = [
        {"propertyName": "lastmodifieddate", "operator": "GTE", "value": milliseconds(2)},
        {"propertyName": "lastmodifieddate", "operator": "LTE", "value": milliseconds(4)},
    ]
    body = {"filterGroups": [{"filters": window}], "limit": 2, "properties": ["email"]}
    found = client.post(f"{CONTACTS}/search", json=body).json()

    assert found["total"] == 3
    assert [row["properties"]["email"] for row in found["results"]] == [
        "c2@example.org",
        "c3@example.org",
    ]
    assert found["paging"]["next"] == {"after": "2"}


def test_properties_are_text_or_null_and_unknown_ones_are_left_out(client) -> None:
    asked = "hs_email_optout,date_of_birth,no_such_property"
    row = client.get(CONTACTS, params={"properties": asked, "limit": 1}).json()["results"][0]

    assert row["properties"] == {
        "hs_object_id": str(crm.FIRST + 1),
        "lastmodifieddate": "2026-06-01T08:01:00.000Z",
        "createdate": "2026-06-01T08:01:00.000Z",
        "hs_email_optout": "false",
        "date_of_birth": None,
    }


def test_a_record_without_associations_is_an_error_inside_a_success(client) -> None:
    inputs = [{"id": str(crm.FIRST + n)} for n in (1, 2)]
    answer = client.post(
        "/crm/v4/associations/contacts/companies/batch/read", json={"inputs": inputs}
    )

    assert answer.status_code == 207
    assert [row["from"]["id"] for row in answer.json()["results"]] == [str(crm.FIRST + 1)]
    assert answer.json()["errors"][0]["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"


def test_archived_records_are_listed_apart_and_never_found(client) -> None:
    gone = crm.contact(2, archived_at=crm.after(9), archive_reason="archived")
    world = crm.tables(contacts=[crm.contact(1), gone])
    client = TestClient(app(lambda: world, None), headers={"Authorization": "Bearer sandbox"})
    live, archived = (
        client.get(CONTACTS, params={"archived": flag}).json()["results"]
        for flag in ("false", "true")
    )

    assert [row["id"] for row in live] == [str(crm.FIRST + 1)]
    assert [(row["id"], row["archived"]) for row in archived] == [(str(crm.FIRST + 2), True)]
    assert client.post(f"{CONTACTS}/search", json={}).json()["total"] == 1


def test_headers_tell_what_is_left_of_the_quota_but_not_for_searches(client) -> None:
    listed, searched = client.get(CONTACTS), client.post(f"{CONTACTS}/search", json={})

    assert int(listed.headers["X-HubSpot-RateLimit-Remaining"]) < int(
        listed.headers["X-HubSpot-RateLimit-Max"]
    )
    assert "X-HubSpot-RateLimit-Max" not in searched.headers


def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    world, auth = crm.tables(), {"Authorization": "Bearer sandbox"}
    client = TestClient(app(lambda: world, SimpleNamespace(quota=1)), headers=auth)
    answers = [client.get(CONTACTS) for _ in range(3)]

    assert answers[-1].status_code == 429
    assert answers[-1].json()["policyName"] == "TEN_SECONDLY_ROLLING"
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 10


def test_what_is_not_there_is_not_found(client) -> None:
    for path in ("/crm/v3/objects/unicorns", "/crm/v9/objects/contacts"):
        assert client.get(path).status_code == 404
