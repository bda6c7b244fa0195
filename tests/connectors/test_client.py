"""The session of every source: one host, no circles, patience with a cap."""

import sys
import time
from email.utils import formatdate

import pytest
import tenacity.nap
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.paginators import (
    JSONLinkPaginator,
    JSONResponseCursorPaginator,
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from ingestion.client import session
from ingestion.connector import discover
from ingestion.errors import AnotherHost, InCircles
from ingestion.faults import explain

FOLDER = "ingestion.connectors."
TOKEN = {"Authorization": "Bearer secret", "X-Api-Key": "secret"}


class Vendor:
    """A server whose answers a test scripts; `asked` are the queries that reached it."""

    def __init__(self, serve, *answers) -> None:
        self.asked: list[dict[str, str]] = []
        self.answers = list(answers)
        self.url = serve(Starlette(routes=[Route("/{path:path}", self.answer)]))

    async def answer(self, request: Request):
        self.asked.append(dict(request.query_params))
        given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return given if not isinstance(given, dict) else JSONResponse(given)

    def pages(self, paginator, path="rows", look=None):
        client = RESTClient(
            self.url, headers=TOKEN, session=session(self.url, look), paginator=paginator,
            data_selector="rows",
        )  # fmt: skip
        return list(client.paginate(path, params={"limit": 2}))


def by_cursor() -> JSONResponseCursorPaginator:
    return JSONResponseCursorPaginator(cursor_path="next", cursor_param="cursor")


def test_an_empty_page_with_a_cursor_is_not_the_end(serve) -> None:
    vendor = Vendor(serve, {"rows": [1], "next": "a"}, {"rows": [], "next": "b"}, {"rows": [2]})

    assert [row for page in vendor.pages(by_cursor()) for row in page] == [1, 2]


@pytest.mark.parametrize("rows", [[1], []], ids=["with rows", "empty"])
def test_a_cursor_that_comes_again_and_again_ends_in_a_sentence(serve, rows) -> None:
    vendor = Vendor(serve, {"rows": rows, "next": "same"})

    with pytest.raises(InCircles) as circle:
        vendor.pages(by_cursor())

    assert len(vendor.asked) < 20
    said = str(explain("desk", circle.value))
    assert said.startswith("desk: gives out the same page of /rows again and again; ")
    assert said.endswith("then run `ax load desk`")


def test_what_looks_at_answers_sees_every_page(serve) -> None:
    seen: list[int] = []
    slow = JSONResponse({}, 429, headers={"Retry-After": "0"})
    vendor = Vendor(serve, {"rows": [1], "next": "a"}, slow, {"rows": [2]})

    vendor.pages(by_cursor(), look=lambda answer: seen.append(answer.status_code))

    assert seen == [200, 429, 200]


def test_what_is_asked_often_without_a_query_is_no_circle(serve) -> None:
    vendor = Vendor(serve, {"status": "running"})
    asking = session(vendor.url)

    assert [asking.get(f"{vendor.url}/export/1").status_code for _ in range(30)] == [200] * 30


@pytest.mark.parametrize("way", ["link", "redirect"])
def test_no_credential_goes_to_another_host(serve, way) -> None:
    stranger = Vendor(serve, {"rows": [3]})
    elsewhere = f"{stranger.url}/rows"
    link = {"rows": [1], "next": elsewhere}
    vendor = Vendor(serve, link if way == "link" else RedirectResponse(elsewhere))

    with pytest.raises(AnotherHost) as led:
        vendor.pages(JSONLinkPaginator(next_url_path="next"))

    assert stranger.asked == []
    assert "sends us to the host 127.0.0.1, where no credential goes" in str(
        explain("desk", led.value)
    )


@pytest.mark.parametrize("wanted", ["3600", "date"], ids=["in seconds", "as a date"])
def test_retry_after_is_heeded_up_to_the_cap(serve, wanted, monkeypatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(tenacity.nap.time, "sleep", waited.append)
    monkeypatch.setenv("RUNTIME__REQUEST_MAX_RETRY_DELAY", "40")
    monkeypatch.setenv("RUNTIME__REQUEST_BACKOFF_FACTOR", "1")
    header = formatdate(time.time() + 3600, usegmt=True) if wanted == "date" else wanted
    slow = JSONResponse({}, 429, headers={"Retry-After": header})
    vendor = Vendor(serve, slow, {"rows": [1]})

    assert vendor.pages(by_cursor()) == [[1]]
    (wait,) = [seconds for seconds in waited if seconds > 1]
    assert 40 <= wait <= 41  # the cap, and the spread


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_status_that_passes_is_ridden_out_without_a_word_of_when(serve, status) -> None:
    vendor = Vendor(serve, JSONResponse({}, status), {"rows": [1]})

    assert vendor.pages(by_cursor()) == [[1]]


def test_every_source_that_asks_over_http_uses_this_session() -> None:
    for name, connector in discover().items():
        if "base_url" not in connector.settings:
            continue
        parts = [part for key, part in sys.modules.items() if key.startswith(f"{FOLDER}{name}.")]
        sessions = {vars(part).get("session") for part in parts}
        assert session in sessions, f"{name} makes a session of its own"
