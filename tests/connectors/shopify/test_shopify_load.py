"""Shopify's connections through the pipeline: all of it, once, whatever moves meanwhile."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import shopify_world as shop
from faulty import Rewritten, Turning
from small_worlds import AS_OF

from ingestion.connectors.shopify import emulator, graphql, source
from ingestion.connectors.shopify.emulator import app, shelves
from ingestion.connectors.shopify.tables import TABLES

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
BACK = {"status": "refunded", "refunded_amount": 19.9}


@pytest.fixture
def moving(serve):
    """Serve a shop that changes: returns its address and what to put a later state into."""

    def start(**records):
        world = {"now": shop.tables(**records)}
        return serve(app(lambda: world["now"], None)), lambda **later: world.update(
            now=shop.tables(**later)
        )

    return start


def statuses(query) -> list[str]:
    found = query("select financial_status from raw_shopify.orders order by created_at, id")
    return [status for (status,) in found]


def test_every_record_lands_once_and_stays_as_it_is(serve, load_from, counts, query) -> None:
    world = shop.tables()
    url = serve(app(lambda: world, None))

    first, second = (counts(load_from("shopify", url)) for _ in range(2))

    assert first == {"customers": (8, 0, 0), "orders": (9, 0, 0)}
    assert second == {}
    assert query("select count(*), count(distinct id) from raw_shopify.orders") == [(9, 9)]


def test_raw_is_the_vendors_truth_row_for_row(serve, load_from, counts, query) -> None:
    world = shop.tables()
    counts(load_from("shopify", serve(app(lambda: world, None)), page_size="2"))

    of = shelves(world)
    orders = [
        (
            str(row["number"]), None if row["customer_id"] is None else str(row["customer_id"]),
            row["amount"], row["currency"], row["refunded_amount"], row["kind"],
            row["status"] == "cancelled", row["ordered_at"], row["updated_at"],
        )
        for row in of["orders"].rows[:]
    ]  # fmt: skip
    utc = "strftime({}, '%Y-%m-%dT%H:%M:%SZ')"
    assert query(
        "select id, customer_id, amount, currency, refunded_amount, kind,"
        f" cancelled_at is not null, {utc.format('processed_at')}, {utc.format('updated_at')}"
        " from raw_shopify.orders order by id"
    ) == sorted(orders)
    customers = [
        (str(row["customer_id"]), row["email"], row["name"], row["marketing"])
        for row in of["customers"].rows[:]
    ]
    assert query(
        "select id, email, concat_ws(' ', first_name, last_name), email_marketing"
        " from raw_shopify.customers order by id"
    ) == sorted(customers)


@pytest.mark.parametrize("at", [AS_OF, AS_OF - 50 * MINUTE, AS_OF + 3 * HOUR])
def test_a_change_within_the_last_second_or_shown_late_or_new_arrives(
    at, moving, load_from, query
) -> None:
    orders = [shop.order(number) for number in range(1, 6)]
    url, later = moving(orders=orders)
    load_from("shopify", url, page_size="2")
    later(orders=[*(shop.order(number, at, **BACK) for number in range(1, 5)), orders[4]])
    load_from("shopify", url, as_of=AS_OF + DAY, page_size="2")

    assert statuses(query) == ["REFUNDED"] * 4 + ["PAID"]


def test_what_changes_during_the_walk_is_read_in_the_next_run(
    serve, load_from, counts, query
) -> None:
    orders = [shop.order(number, AS_OF + HOUR) for number in range(1, 8)]
    during = AS_OF + DAY + MINUTE
    turned = shop.tables(orders=[shop.order(1, during, **BACK), *orders[1:]])
    world = {"now": shop.tables()}
    turning = Turning(app(lambda: world["now"], None), "graphql.json", 8,
                      lambda: world.update(now=turned))  # fmt: skip
    url = serve(turning)
    load_from("shopify", url)  # 3 answers; then 4 pages of customers, and one of orders
    world["now"] = shop.tables(orders=orders)
    counts(load_from("shopify", url, as_of=AS_OF + DAY, page_size="2"))
    assert "REFUNDED" not in statuses(query)[:1]
    counts(load_from("shopify", url, as_of=AS_OF + 2 * DAY, page_size="2"))

    assert statuses(query)[0] == "REFUNDED"


def test_what_changes_while_everything_is_read_is_not_taken_for_gone(
    serve, load_from, query
) -> None:
    orders = [shop.order(number) for number in range(1, 8)]
    later = AS_OF + 8 * DAY
    turned = shop.tables(orders=[*orders[:6], shop.order(7, later + MINUTE, **BACK)])
    world = {"now": shop.tables(orders=orders)}
    turning = Turning(app(lambda: world["now"], None), "graphql.json", 8,
                      lambda: world.update(now=turned))  # fmt: skip
    url = serve(turning)
    load_from("shopify", url)
    load_from("shopify", url, as_of=later, page_size="2")

    assert statuses(query) == ["PAID"] * 6 + ["REFUNDED"]
    assert query("select distinct _deleted_reason from raw_shopify.orders") == [(None,)]


def test_what_is_gone_is_found_once_a_week_and_nothing_of_it_kept(moving, load_from, query) -> None:
    orders = [shop.order(number) for number in range(1, 6)]
    url, later = moving(orders=orders)
    load_from("shopify", url)
    later(orders=orders[1:])
    gone = "select id, email, _deleted_reason from raw_shopify.customers where email is null"
    load_from("shopify", url, as_of=AS_OF + 6 * DAY)
    assert query(gone) == []
    load_from("shopify", url, as_of=AS_OF + 7 * DAY)

    [(_, email, reason)] = query(gone)
    assert (email, reason) == (None, "vanished")
    assert query("select count(*) from raw_shopify.orders where _deleted_reason = 'vanished' "
                 "and amount is null") == [(1,)]  # fmt: skip


def test_orders_that_are_only_too_old_to_be_shown_are_kept(
    moving, load_from, query, caplog
) -> None:
    orders = [shop.order(1), shop.order(2)]
    url, later = moving(orders=orders)
    load_from("shopify", url, access_token="shpat_recent")
    later(orders=[*orders, shop.order(3, ordered_at=AS_OF + 90 * DAY)])
    load_from("shopify", url, as_of=AS_OF + 91 * DAY, access_token="shpat_recent")

    assert query("select count(*), count(_deleted_reason) from raw_shopify.orders") == [(3, 0)]
    assert "without the scope read_all_orders" in caplog.text


def test_of_an_erased_customer_nothing_is_kept(moving, load_from, query) -> None:
    url, later = moving()
    load_from("shopify", url)
    later(erasures=[shop.erasure(6, AS_OF + HOUR)])
    load_from("shopify", url, as_of=AS_OF + DAY)

    assert query("select first_name, last_name, email from raw_shopify.customers "
                 "where updated_at = ?", AS_OF + HOUR) == [(None, None, None)]  # fmt: skip


def test_a_query_that_is_throttled_is_asked_again(serve, load_from, counts, monkeypatch) -> None:
    monkeypatch.setattr(emulator, "POINTS_BACK_IN", 0.1)
    waits = []
    monkeypatch.setattr(graphql, "wait", lambda body: waits.append(WAIT(body)) or waits[-1])
    world = shop.tables()
    url = serve(app(lambda: world, SimpleNamespace(quota=10)))

    assert counts(load_from("shopify", url, page_size="8"))["orders"] == (9, 0, 0)
    assert any(0 < seconds <= 0.1 for seconds in waits)


WAIT = graphql.wait


def test_who_stays_throttled_reads_it_in_one_sentence(serve, load_from, monkeypatch) -> None:
    monkeypatch.setattr(graphql, "LONGEST_WAIT", 0.0)
    world = shop.tables()
    loaded = load_from("shopify", serve(app(lambda: world, SimpleNamespace(quota=10))))

    assert loaded.problem == (
        "shopify: still limits the rate after every retry (THROTTLED); wait for the quota to reset "
        "or ask for less at a time with the setting page_size, then run `ax load shopify`"
    )


@pytest.mark.parametrize(
    ("errors", "sentence"),
    [
        ([{"message": "Access denied for customers field.\nRequired access: `read_customers`",
           "extensions": {"code": "ACCESS_DENIED"}}],
         "shopify: refused the query: Access denied for customers field. Required access: "
         "`read_customers`; grant the scopes named in the connector's README, "),
        ([{"message": "Query cost is 1206", "extensions": {"code": "MAX_COST_EXCEEDED"}}],
         "shopify: refused the query: Query cost is 1206; ask for less at a time with the "),
        ([{"message": "Field 'x' doesn't exist on type 'Order'"}],
         "shopify: refused the query: Field 'x' doesn't exist on type 'Order'; check the "),
        ("Not a list", "shopify: refused the query: Not a list; check the connector's version"),
    ],
)  # fmt: skip
def test_errors_inside_a_success_are_one_sentence(errors, sentence, serve, load_from) -> None:
    world = shop.tables()
    wrong = Rewritten(app(lambda: world, None), lambda body: body | {"errors": errors})
    problem = load_from("shopify", serve(wrong)).problem

    assert problem.startswith(sentence)
    assert problem.endswith("then run `ax load shopify`")
    assert "\n" not in problem


def test_a_version_that_is_gone_is_told(serve, load_from, caplog) -> None:
    world = shop.tables()
    load_from("shopify", serve(app(lambda: world, None)), api_version="2024-01")

    assert "version 2024-01 of the API is gone, 2026-01 answered" in caplog.text


def test_only_what_is_declared_is_asked_for_and_lands(serve, load_from, query) -> None:
    world, answers = shop.tables(), []
    spied = Rewritten(app(lambda: world, None), lambda body: answers.append(str(body)) or body)
    loaded = load_from("shopify", serve(spied))

    house = {"_content_hash", "_deleted_reason", "_dlt_load_id"}
    for table in TABLES:
        landed = {name for name, *_ in query(f"describe raw_shopify.{table.name}")}
        assert landed == {*table.columns, *house}
        rows = query(f"select cast({table.name} as varchar) from raw_shopify.{table.name}")
        assert not any("denied" in row for (row,) in rows)
    assert not any("presentmentMoney" in answer for answer in answers)
    assert [count.undeclared for count in loaded.tables if count.undeclared] == []


def test_without_a_declared_key_no_custom_attribute_lands(serve, load_from, query) -> None:
    world = shop.tables()
    load_from("shopify", serve(app(lambda: world, None)), kind_key=None)

    assert query("select distinct kind from raw_shopify.orders") == [(None,)]


def test_everything_is_read_again_each_week_only(serve, load_from) -> None:
    world, asked = shop.tables(), []
    spied = Rewritten(app(lambda: world, None), lambda body: asked.append(body) or body)
    url = serve(spied)
    for days in (0, 1, 6, 7, 8):
        asked.append(days)
        load_from("shopify", url, as_of=AS_OF + days * DAY)
    brought = {}
    for told in asked:
        if isinstance(told, int):
            day = brought[told] = []
        elif "orders" in told["data"]:
            day.append(len(told["data"]["orders"]["nodes"]))

    assert source.WHOLE_EVERY == 7 * DAY
    assert brought == {0: [9], 1: [0], 6: [0], 7: [9], 8: [0]}
