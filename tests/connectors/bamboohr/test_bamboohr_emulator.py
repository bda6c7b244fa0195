import httpx
import pytest
from bamboohr_world import Company, employee
from starlette.testclient import TestClient

from ingestion.connectors.bamboohr.emulator import app

JSON = {"Accept": "application/json"}


@pytest.fixture
def vendor() -> httpx.Client:
    shown = Company()
    shown.tell("employees", "employee_id", *(employee(number) for number in range(200, 600)))
    client = TestClient(app(shown, None), headers=JSON)
    client.auth = ("sandbox", "x")
    return client


def test_a_wrong_key_is_refused_with_the_reason_in_a_header(vendor) -> None:
    answer = vendor.get("/employees", auth=("guessed", "x"))

    assert answer.status_code == 401
    assert answer.headers["X-BambooHR-Error-Message"] == "Invalid API key"
    assert answer.content == b""


def test_whoever_does_not_ask_for_json_gets_xml(vendor) -> None:
    answer = vendor.get("/employees/changed?since=2026-01-01T00:00:00Z", headers={"Accept": "*/*"})

    assert answer.headers["content-type"].startswith("application/xml")
    assert answer.content.startswith(b"<?xml")


def test_the_list_comes_in_pages_by_cursor_and_the_last_has_none(vendor) -> None:
    first = vendor.get("/employees").json()
    cursor = first["meta"]["page"]["nextCursor"]
    last = vendor.get("/employees", params={"page[after]": cursor}).json()

    assert (len(first["data"]), first["meta"]["page"]["limit"]) == (250, 250)
    assert len(last["data"]) == 403 - 250
    assert last["meta"]["page"]["nextCursor"] is None
    assert first["meta"]["total"] == 403
    assert "workEmail" not in first["data"][0]


def test_a_page_that_is_too_large_and_a_cursor_that_was_touched_are_refused(vendor) -> None:
    assert vendor.get("/employees", params={"page[limit]": 2_501}).status_code == 400
    assert vendor.get("/employees", params={"page[after]": "eyJuIjo1MX0="}).status_code == 400


def test_changes_are_asked_for_with_an_instant_and_include_it(vendor) -> None:
    at = "/employees/changed?since=2026-06-29T08:00:00Z"

    assert vendor.get("/employees/changed").status_code == 400
    assert vendor.get(at).json()["employees"].keys() == {"103"}
    assert vendor.get(at + "&type=deleted").json()["employees"] == []
    table = vendor.get("/employees/changed/tables/jobInfo?since=2026-06-29T08:00:00Z").json()
    assert table["employees"]["103"]["lastChanged"] == "2026-06-29T08:00:00+00:00"
    assert "reportsTo" in table["employees"]["103"]["rows"][0]


def test_pay_is_not_shown(vendor) -> None:
    answer = vendor.get("/employees/changed/tables/compensation?since=2026-06-29T08:00:00Z")

    assert answer.status_code == 403
