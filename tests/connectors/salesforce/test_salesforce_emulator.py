"""The emulator answers as Salesforce does, down to the word that ends a bulk query."""

import csv
from types import SimpleNamespace

import pytest
import salesforce_world as org
from starlette.testclient import TestClient

from ingestion.connectors.salesforce import emulator
from ingestion.connectors.salesforce.emulator import app
from ingestion.connectors.salesforce.wire import salesforce_id

DATA = "/services/data/v62.0"
GRANT = {"grant_type": "client_credentials", "client_id": "sandbox", "client_secret": "sandbox"}
CONTACTS = "SELECT Id, Email, SystemModstamp FROM Contact"


def signed_in(faults=None, **records) -> TestClient:
    world = org.tables(**records)
    client = TestClient(app(lambda: world, faults))
    token = client.post("/services/oauth2/token", data=GRANT).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client


@pytest.fixture
def client() -> TestClient:
    return signed_in()


def test_an_id_has_18_signs_of_which_the_last_three_tell_the_case() -> None:
    assert salesforce_id("Contact", 0) == "003AX0000000000YAA"
    assert len({salesforce_id("Case", number) for number in range(5000)}) == 5000


def test_a_token_is_bought_and_everything_else_needs_it(client) -> None:
    granted = client.post("/services/oauth2/token", data=GRANT).json()
    wrong = client.post("/services/oauth2/token", data=GRANT | {"client_secret": "guess"})
    stranger = client.get(f"{DATA}/queryAll", headers={"Authorization": "Bearer no"})

    assert granted["instance_url"] == "http://testserver"
    assert "expires_in" not in granted
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_client")
    assert (stranger.status_code, stranger.json()) == (401, emulator.ERROR_BODIES[401])


def test_a_query_is_walked_by_a_relative_address_until_it_is_done(client, monkeypatch) -> None:
    monkeypatch.setattr(emulator, "BATCH", 3)
    first = client.get(f"{DATA}/queryAll", params={"q": CONTACTS}).json()
    last = client.get(first["nextRecordsUrl"]).json()

    assert first["nextRecordsUrl"].startswith(f"{DATA}/query/01g")
    assert (first["totalSize"], first["done"], len(first["records"])) == (4, False, 3)
    assert (last["done"], "nextRecordsUrl" in last) == (True, False)
    assert [row["Id"] for row in first["records"] + last["records"]] == [
        org.contact_id(n) for n in range(1, 5)
    ]
    assert first["records"][0]["attributes"]["type"] == "Contact"
    assert first["records"][0]["SystemModstamp"] == "2026-06-01T08:01:00.000+0000"
    assert client.get(f"{DATA}/query/01gFORGED").json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


@pytest.mark.parametrize(("soql", "code"), [
    ("DELETE everything", "MALFORMED_QUERY"),
    (f"{CONTACTS} WHERE Email LIKE 'a%'", "MALFORMED_QUERY"),
    ("SELECT Id, Shoe_Size__c FROM Contact", "INVALID_FIELD"),
    ("SELECT Id FROM Unicorn", "INVALID_TYPE"),
])  # fmt: skip
def test_what_is_no_query_is_refused_with_a_list_of_errors(client, soql, code) -> None:
    answer = client.get(f"{DATA}/queryAll", params={"q": soql})

    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_a_bulk_query_is_a_job_with_pages_of_csv(client) -> None:
    asked = {"operation": "queryAll", "query": CONTACTS, "contentType": "CSV"}
    job = client.post(f"{DATA}/jobs/query", json=asked).json()
    path = f"{DATA}/jobs/query/{job['id']}"
    states = [job["state"], *(client.get(path).json()["state"] for _ in range(2))]
    first = client.get(f"{path}/results", params={"maxRecords": 3})
    locator = first.headers["Sforce-Locator"]
    last = client.get(f"{path}/results", params={"maxRecords": 3, "locator": locator})
    forged = client.get(f"{path}/results", params={"locator": "Mg=="})

    assert states == ["UploadComplete", "InProgress", "JobComplete"]
    assert first.headers["Sforce-NumberOfRecords"] == "3"
    assert last.headers["Sforce-Locator"] == "null"
    read = list(csv.DictReader(last.text.splitlines()))
    assert read == [{
        "Id": org.contact_id(4),
        "Email": "c4@example.org",
        "SystemModstamp": "2026-06-01T08:04:00.000Z",
    }]  # fmt: skip
    assert forged.status_code == 400


def test_histories_are_not_served_in_bulk(client) -> None:
    asked = {"operation": "queryAll", "query": "SELECT Id FROM CaseHistory", "contentType": "CSV"}
    answer = client.post(f"{DATA}/jobs/query", json=asked)

    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALIDENTITY")


def test_what_is_deleted_leaves_the_bin_before_it_is_forgotten() -> None:
    old = org.contact(3, org.after(60), archived_at=org.after(60))
    new = org.contact(4, org.after(60 * 24 * 19), archived_at=org.after(60 * 24 * 19))
    today = org.contact(1, org.after(60 * 24 * 20))
    client = signed_in(contacts=[today, old, new])
    query = f"{CONTACTS} WHERE SystemModstamp < 2027-01-01T00:00:00Z"
    left = client.get(f"{DATA}/queryAll", params={"q": query}).json()["records"]
    window = {"start": "2026-06-01T00:00:00+00:00", "end": "2026-06-30T00:00:00+00:00"}
    told = client.get(f"{DATA}/sobjects/Contact/deleted/", params=window).json()["deletedRecords"]
    too_long = window | {"start": "2026-05-01T00:00:00+00:00"}

    assert [row["Id"] for row in left] == [org.contact_id(1), org.contact_id(4)]
    assert {row["id"] for row in told} == {org.contact_id(3), org.contact_id(4)}
    assert client.get(f"{DATA}/sobjects/Contact/deleted/", params=too_long).status_code == 400


def test_the_end_of_the_day_s_requests_is_a_403_with_a_name() -> None:
    client = signed_in(SimpleNamespace(quota=1))
    first, second = (client.get(f"{DATA}/queryAll", params={"q": CONTACTS}) for _ in range(2))

    assert first.headers["Sforce-Limit-Info"] == "api-usage=1/1"
    assert second.status_code == 403
    assert second.json()[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
    assert "Retry-After" not in second.headers


def test_a_description_names_the_fields_and_who_tells_deletions(client) -> None:
    contact, history = (
        client.get(f"{DATA}/sobjects/{kind}/describe").json() for kind in ("Contact", "CaseHistory")
    )

    assert {"Id", "SystemModstamp", "Salary__c"} <= {field["name"] for field in contact["fields"]}
    assert "SystemModstamp" not in {field["name"] for field in history["fields"]}
    assert (contact["replicateable"], history["replicateable"]) == (True, False)
    assert client.get(f"{DATA}/sobjects/Unicorn/describe").status_code == 404
