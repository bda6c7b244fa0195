import httpx
import pytest
from qualtrics_world import Account, contact
from starlette.testclient import TestClient

from ingestion.connectors.qualtrics.emulator import app

TOKEN = {"X-API-TOKEN": "sandbox"}


@pytest.fixture
def vendor() -> httpx.Client:
    shown = Account()
    shown.tell("survey_contacts", *(contact(f"CID_{number}") for number in range(10, 260)))
    return TestClient(app(shown, None), headers=TOKEN)


def test_a_wrong_token_gets_the_vendors_own_refusal(vendor) -> None:
    answer = vendor.get("/surveys", headers={"X-API-TOKEN": "guessed"})

    assert answer.status_code == 401
    assert answer.json()["meta"]["httpStatus"] == "401 - Unauthorized"
    assert answer.json()["meta"]["error"]["errorCode"] == "AUTH_6"


def test_lists_come_in_pages_that_point_to_the_next_and_end_with_null(vendor) -> None:
    path = "/directories/POOL_sandbox/mailinglists/CG_customers/contacts"
    page = vendor.get(path).json()["result"]
    seen = [page["elements"]]
    while page["nextPage"]:
        page = vendor.get(page["nextPage"]).json()["result"]
        seen.append(page["elements"])

    assert [len(elements) for elements in seen] == [100, 100, 52]
    assert len({row["contactId"] for elements in seen for row in elements}) == 252


def test_a_page_that_is_too_large_and_a_cursor_that_was_touched_are_refused(vendor) -> None:
    path = "/directories/POOL_sandbox/mailinglists/CG_customers/contacts"
    following = vendor.get(path).json()["result"]["nextPage"]

    assert vendor.get(path, params={"pageSize": 501}).status_code == 400
    assert vendor.get(following.replace("skipToken=", "skipToken=x")).status_code == 400
    assert vendor.get(path, params={"pageSize": 500}).json()["result"]["nextPage"] is None


def test_an_export_has_no_file_until_it_is_complete(vendor) -> None:
    jobs = "/surveys/SV_customer_nps/export-responses"
    job = vendor.post(jobs, json={"format": "ndjson"}).json()["result"]["progressId"]

    running = vendor.get(f"{jobs}/{job}").json()["result"]
    complete = vendor.get(f"{jobs}/{job}").json()["result"]
    file = vendor.get(f"{jobs}/{complete['fileId']}/file")

    assert (running["status"], running["fileId"]) == ("inProgress", None)
    assert complete["status"] == "complete"
    assert file.headers["content-type"] == "application/zip"
    assert file.content.startswith(b"PK")


def test_an_export_in_another_format_or_of_no_survey_is_refused(vendor) -> None:
    jobs = "/surveys/SV_customer_nps/export-responses"

    assert vendor.post(jobs, json={"format": "csv"}).status_code == 400
    assert vendor.post(jobs, json={"format": "ndjson", "startDate": "soon"}).status_code == 400
    assert vendor.post(jobs.replace("nps", "x"), json={"format": "ndjson"}).status_code == 404
    assert vendor.get("/surveys/SV_customer_nps/export-responses/ES_9").status_code == 404
