"""Numbered pages over lists that move while they are walked: nothing is hidden by another."""

from datetime import UTC, datetime

import freshdesk_world as desk
import pytest
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import HttpBasicAuth
from dlt.sources.helpers.rest_client.paginators import HeaderLinkPaginator
from faulty import Faulty, Turning

from ingestion.client import session
from ingestion.connectors.freshdesk import emulator, paging
from ingestion.errors import AnotherHost, VendorFault

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
TICK, END = desk.after(30), desk.after(1000)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)


@pytest.fixture
def client(serve):
    """Return a client of an account that turns into `after` once a path was answered so often."""

    def make(before, path="", answers=0, after=None):
        world = {"now": desk.tables(**before)}
        app = Turning(
            emulator.app(lambda: world["now"], None),
            path,
            answers,
            lambda: world.update(now=desk.tables(**after)),
        )
        return client_of(serve(app))

    return make


def client_of(url: str) -> RESTClient:
    return RESTClient(
        url,
        auth=HttpBasicAuth("sandbox", "X"),
        session=session(url),
        paginator=HeaderLinkPaginator(),
    )


def changed(client, until=END) -> list[int]:
    pages = paging.changed(client, "api/v2/tickets", BEGINNING, until)
    return [row["id"] for page in pages for row in page]


def whole(client) -> list[int]:
    return [row["id"] for page in paging.whole(client, "api/v2/contacts") for row in page]


def of(tickets) -> dict:
    return {"tickets": tickets, "ticket_events": []}


def test_the_vendors_last_page_is_never_met(client, monkeypatch) -> None:
    monkeypatch.setattr(emulator, "LAST_PAGE", 3)

    assert set(changed(client(of([desk.ticket(n) for n in range(1, 21)])))) == set(range(1, 21))


def test_many_rows_on_one_tick_are_read_whole(client) -> None:
    burst = [desk.ticket(n, TICK) for n in range(2, 10)]
    account = client(of([desk.ticket(1), *burst, desk.ticket(50), desk.ticket(51)]))

    assert set(changed(account)) == {*range(1, 10), 50, 51}


def test_a_tick_that_is_larger_than_the_vendor_gives_out_is_said(client, monkeypatch) -> None:
    monkeypatch.setattr(paging, "LAST_PAGE", 3)
    account = client(of([desk.ticket(n, TICK) for n in range(1, 10)]))

    with pytest.raises(VendorFault, match="in the second 2026-06-01 08:30:00"):
        changed(account)


@pytest.mark.parametrize("answers", range(1, 6))
def test_a_ticket_that_changes_between_pages_hides_no_other(answers, client) -> None:
    before = [desk.ticket(n) for n in range(1, 8)]
    after = [desk.ticket(1, changed=desk.after(100)), *before[1:]]

    found = changed(client(of(before), "/tickets", answers, of(after)))

    assert set(found) == set(range(1, 8))
    assert found.count(1) == 2


@pytest.mark.parametrize("answers", range(2, 8))
def test_a_ticket_that_leaves_a_tick_between_pages_hides_no_other(answers, client) -> None:
    before = [desk.ticket(n, TICK) for n in range(1, 10)]
    after = [desk.ticket(1, changed=desk.after(100)), *before[1:]]

    assert set(changed(client(of(before), "/tickets", answers, of(after)))) == set(range(1, 10))


@pytest.mark.parametrize("answers", range(1, 4))
def test_a_contact_that_is_deleted_between_pages_hides_no_other(answers, client) -> None:
    before = [desk.user(n) for n in range(1, 8)]
    after = [desk.user(1, active=False), *before[1:]]
    account = client({"support_users": before}, "/contacts", answers, {"support_users": after})

    found = whole(account)

    assert found[:2] == [1, 2]
    assert sorted(found) == list(range(1, 8))  # and none of them twice


def test_a_walk_does_not_chase_what_changes_after_its_end(client) -> None:
    tickets = [desk.ticket(n) for n in range(1, 20)]

    assert max(changed(client(of(tickets)), until=desk.after(4))) < 8


def test_a_link_to_another_host_is_never_followed(serve) -> None:
    stranger = Faulty(emulator.app(lambda: {}, None), 200)
    elsewhere = serve(stranger)
    world = desk.tables(support_users=[desk.user(n) for n in range(1, 6)])
    vendor = emulator.app(lambda: world, None)

    async def lured(scope, receive, send):
        async def rewritten(message):
            if message["type"] == "http.response.start":
                link = f'<{elsewhere}/steal>; rel="next"'.encode()
                kept = [(k, link if k == b"link" else v) for k, v in message["headers"]]
                message = {**message, "headers": kept}
            await send(message)

        await vendor(scope, receive, rewritten)

    with pytest.raises(AnotherHost):
        whole(client_of(serve(lured)))
    assert stranger.requests == 0
