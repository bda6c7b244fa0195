"""The emulator answers as Stripe does: newest first, by the id of the last one, events for a month."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import stripe_world as shop
from starlette.testclient import TestClient

from ingestion.connectors.stripe.emulator import ERROR_BODIES, app

LIVE = {"Authorization": "Bearer rk_live_sandbox"}


@pytest.fixture
def client() -> TestClient:
    world = shop.tables()
    return TestClient(app(lambda: world, None), headers=LIVE)


@pytest.mark.parametrize("key", ["", "Bearer rk_live_other", "rk_live_sandbox"])
def test_a_wrong_key_gets_the_vendors_error_body(client, key) -> None:
    answer = client.get("/v1/charges", headers={"Authorization": key})

    assert (answer.status_code, answer.json()) == (401, ERROR_BODIES[401])
    assert answer.headers["Request-Id"].startswith("req_")


def test_lists_come_newest_first_and_go_on_after_the_last_id(client) -> None:
    first = client.get("/v1/charges", params={"limit": 5}).json()
    last = client.get(
        "/v1/charges", params={"limit": 5, "starting_after": first["data"][-1]["id"]}
    ).json()
    both = [charge["created"] for charge in first["data"] + last["data"]]

    assert (first["object"], first["url"], first["has_more"]) == ("list", "/v1/charges", True)
    assert (len(last["data"]), last["has_more"]) == (4, False)
    assert both == sorted(both, reverse=True)


def test_pages_hold_ten_and_a_hundred_at_most(client) -> None:
    world = shop.tables(orders=[shop.order(number) for number in range(1, 121)])
    many = TestClient(app(lambda: world, None), headers=LIVE)

    assert len(many.get("/v1/charges").json()["data"]) == 10
    assert len(many.get("/v1/charges", params={"limit": 100}).json()["data"]) == 100
    assert client.get("/v1/charges", params={"limit": 101}).status_code == 400


def test_windows_of_creation_are_inclusive(client) -> None:
    at = int(shop.after(2).timestamp())
    ids = {
        ends: [charge["id"] for charge in client.get("/v1/charges", params=window).json()["data"]]
        for ends, window in {
            "both": {"created[gte]": at, "created[lte]": at},
            "neither": {"created[gt]": at, "created[lt]": at},
        }.items()
    }

    assert ids == {"both": ["ch_O0002"], "neither": []}


def test_an_object_that_is_gone_is_no_place_to_go_on_from(client) -> None:
    assert client.get("/v1/charges", params={"starting_after": "ch_none"}).status_code == 400


def test_events_show_the_object_as_it_was_and_are_kept_for_thirty_days() -> None:
    long_ago = shop.after(0) - timedelta(days=31)
    order = shop.order(1, shop.after(60), status="refunded", refunded_amount=19.9)
    world = shop.tables(orders=[order, shop.order(2, ordered_at=long_ago)])
    client = TestClient(app(lambda: world, None), headers=LIVE)
    asked = {"types[]": ["charge.succeeded", "charge.refunded"], "limit": 100}
    told = client.get("/v1/events", params=asked).json()["data"]

    assert [(event["type"], event["data"]["object"]["refunded"]) for event in told] == [
        ("charge.refunded", True),
        ("charge.succeeded", False),
    ]


def test_a_request_names_twenty_types_of_events_at_most(client) -> None:
    types = [f"a.{number}" for number in range(21)]

    assert client.get("/v1/events", params={"types[]": types}).status_code == 400


def test_a_deleted_customer_is_told_of_by_an_event_only() -> None:
    world = shop.tables(erasures=[shop.erasure(6, shop.after(120))])
    client = TestClient(app(lambda: world, None), headers=LIVE)
    listed = client.get("/v1/customers", params={"limit": 100}).json()["data"]
    [event] = client.get("/v1/events", params={"types[]": "customer.deleted"}).json()["data"]

    assert event["data"]["object"]["id"] not in {customer["id"] for customer in listed}


def test_subscriptions_that_ended_are_listed_where_they_are_asked_for() -> None:
    ended = shop.member(1, valid_from="2025-01-01", valid_to="2025-06-01")
    world = shop.tables(memberships_file=[ended, shop.member(2)])
    client = TestClient(app(lambda: world, None), headers=LIVE)

    assert len(client.get("/v1/subscriptions").json()["data"]) == 1
    assert len(client.get("/v1/subscriptions", params={"status": "all"}).json()["data"]) == 2


def test_the_key_tells_live_from_test_data_but_for_refunds(client) -> None:
    client.headers["Authorization"] = "Bearer rk_test_sandbox"
    modes = {
        kind: {told.get("livemode") for told in client.get(f"/v1/{kind}").json()["data"]}
        for kind in ("customers", "charges", "refunds", "disputes", "subscriptions", "events")
    }

    assert modes.pop("refunds") == {None}
    assert set(map(tuple, modes.values())) == {(False,)}


def test_who_asks_too_often_is_refused() -> None:
    world = shop.tables()
    client = TestClient(app(lambda: world, SimpleNamespace(quota=1)), headers=LIVE)
    answers = [client.get("/v1/charges") for _ in range(4)]

    assert answers[-1].status_code == 429
    assert answers[-1].json() == ERROR_BODIES[429]


def test_what_is_not_there_is_not_found(client) -> None:
    for path in ("/v1/payouts", "/v2/charges"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (404, ERROR_BODIES[404])
