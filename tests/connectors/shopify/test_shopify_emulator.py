"""The emulator answers as Shopify does: by cost, with its errors inside a success."""

from types import SimpleNamespace

import pytest
import shopify_world as shop
from starlette.testclient import TestClient

from ingestion.connectors.shopify.emulator import ERROR_BODIES, app
from ingestion.connectors.shopify.graphql import connection

PATH = "/admin/api/2026-07/graphql.json"
ORDERS = connection("orders", ["legacyResourceId", "updatedAt", "customer.legacyResourceId"])


def served(token: str = "shpat_sandbox", quota: int | None = None, **records) -> TestClient:
    world = shop.tables(**records)
    emulator = app(lambda: world, SimpleNamespace(quota=quota))
    return TestClient(emulator, headers={"X-Shopify-Access-Token": token})


def ask(client: TestClient, query: str = ORDERS, **variables):
    asked = {"query": query, "variables": {"first": 5, **variables}}
    return client.post(PATH, json=asked)


def test_a_wrong_token_gets_the_vendors_error_body() -> None:
    answer = ask(served("shpat_other"))

    assert (answer.status_code, answer.json()) == (401, ERROR_BODIES[401])


def test_a_query_gets_what_it_asks_for_oldest_change_first() -> None:
    client = served()
    first = ask(client).json()["data"]["orders"]
    after = first["pageInfo"]["endCursor"]
    last = ask(client, after=after).json()["data"]["orders"]
    nodes = first["nodes"] + last["nodes"]

    assert [first["pageInfo"]["hasNextPage"], last["pageInfo"]["hasNextPage"]] == [True, False]
    assert {frozenset(node) for node in nodes} == {
        frozenset(["legacyResourceId", "updatedAt", "customer"])
    }
    assert len(nodes) == 9
    assert [n["updatedAt"] for n in nodes] == sorted(n["updatedAt"] for n in nodes)
    assert [node["customer"] for node in nodes].count(None) == 1


def test_windows_are_inclusive() -> None:
    window = "updated_at:>='2026-06-01T08:02:00Z' AND updated_at:<='2026-06-01T08:03:00Z'"
    found = ask(served(), filter=window).json()["data"]["orders"]

    assert [node["updatedAt"] for node in found["nodes"]] == [
        "2026-06-01T08:02:00Z",
        "2026-06-01T08:03:00Z",
    ]


def test_a_cursor_that_was_touched_is_an_error_inside_a_success() -> None:
    cursor = ask(served()).json()["data"]["orders"]["pageInfo"]["endCursor"]
    answer = ask(served(), after=cursor[:-4] + "AAA=")

    assert answer.status_code == 200
    assert "Invalid cursor" in answer.json()["errors"][0]["message"]


def test_a_field_that_does_not_exist_is_refused() -> None:
    answer = ask(served(), connection("orders", ["salary"]))

    assert answer.status_code == 200
    assert answer.json()["errors"][0]["message"] == "Field 'salary' doesn't exist on type 'nodes'"


def test_an_answer_tells_what_it_cost_and_what_is_left() -> None:
    cost = ask(served()).json()["extensions"]["cost"]

    assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (7, 7)
    assert cost["throttleStatus"] == {
        "maximumAvailable": 4000, "currentlyAvailable": 3993, "restoreRate": 200.0,
    }  # fmt: skip


def test_what_can_not_be_paid_for_is_throttled_inside_a_success() -> None:
    client = served(quota=10)
    answers = [ask(client) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    throttled = answers[1].json()
    assert throttled["errors"] == [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]
    assert throttled["extensions"]["cost"]["actualQueryCost"] is None


def test_a_page_holds_250_at_most() -> None:
    assert "errors" in ask(served(), first=251).json()


def test_an_old_version_falls_forward_and_says_so() -> None:
    asked = {"query": ORDERS, "variables": {"first": 1}}
    old = served().post(PATH.replace("2026-07", "2024-01"), json=asked)

    assert old.headers["X-Shopify-API-Version"] == "2026-01"


def test_without_the_scope_old_orders_are_not_shown() -> None:
    long_ago = shop.order(1, ordered_at=shop.after(-100 * 24 * 60))
    orders = [long_ago, shop.order(2)]
    shown = {
        token: len(ask(served(token, orders=orders)).json()["data"]["orders"]["nodes"])
        for token in ("shpat_sandbox", "shpat_recent")
    }

    assert shown == {"shpat_sandbox": 2, "shpat_recent": 1}


def test_an_erased_customer_is_redacted() -> None:
    query = connection("customers", ["firstName", "defaultEmailAddress.emailAddress", "updatedAt"])
    client = served(erasures=[shop.erasure(6, shop.after(500))])
    [last] = ask(client, query, first=9).json()["data"]["customers"]["nodes"][-1:]

    assert last == {
        "firstName": None,
        "defaultEmailAddress": None,
        "updatedAt": "2026-06-01T16:20:00Z",
    }


@pytest.mark.parametrize("path", ["/admin/api/2026-07/orders.json", "/graphql.json"])
def test_what_is_not_there_is_not_found(path) -> None:
    answer = served().post(path, json={})

    assert (answer.status_code, answer.json()) == (404, ERROR_BODIES[404])
