"""Stripe's lists and events through the pipeline: all of it, once, whatever moves meanwhile."""

from datetime import timedelta

import pytest
import stripe_world as shop
from faulty import Faulty, Rewritten, Turning
from small_worlds import AS_OF

from ingestion.connectors.stripe import source
from ingestion.connectors.stripe.emulator import app, books
from ingestion.connectors.stripe.tables import TABLES

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def small_pages(monkeypatch) -> None:
    monkeypatch.setattr(source, "PAGE", 2)


@pytest.fixture
def moving(serve):
    """Serve a shop that changes: returns its address and what to put a later state into."""

    def start(**records):
        world = {"now": shop.tables(**records)}
        return serve(app(lambda: world["now"], None)), lambda **later: world.update(
            now=shop.tables(**later)
        )

    return start


def refunded(query) -> list[tuple[str, bool]]:
    return query("select id, refunded from raw_stripe.charges order by id")


def test_every_object_lands_once_and_stays_as_it_is(serve, load_from, counts, query) -> None:
    world = shop.tables()
    url = serve(app(lambda: world, None))

    first, second = (counts(load_from("stripe", url)) for _ in range(2))

    assert first == {
        "customers": (8, 0, 0),
        "charges": (9, 0, 0),
        "refunds": (1, 0, 0),
        "disputes": (1, 0, 0),
        "subscriptions": (2, 0, 0),
    }
    assert second == {}
    assert query("select count(*), count(distinct id) from raw_stripe.charges") == [(9, 9)]


def test_raw_is_the_vendors_truth_row_for_row(small_pages, serve, load_from, counts, query) -> None:
    over = shop.member(3, valid_from="2025-01-01", valid_to="2025-06-01")
    seasonal = shop.member(9, kind="season_ticket_holder")
    world = shop.tables(memberships_file=[shop.member(1), over, seasonal])
    counts(load_from("stripe", serve(app(lambda: world, None))))

    truth = {kind: shelf.objects for kind, shelf in books(world).items()}
    landed = {
        "customers": ("id, name, email, epoch(created_at)::bigint", "id name email created"),
        "charges": (
            "id, customer_id, amount_minor, amount_captured_minor, currency, captured, refunded,"
            " status, epoch(created_at)::bigint",
            "id customer amount amount_captured currency captured refunded status created",
        ),
        "refunds": ("id, charge_id, amount_minor, status", "id charge amount status"),
        "disputes": ("id, charge_id, amount_minor, status", "id charge amount status"),
        "subscriptions": (
            "id, customer_id, status, epoch(started_at)::bigint, epoch(ended_at)::bigint",
            "id customer status start_date ended_at",
        ),
    }
    for kind, (columns, keys) in landed.items():
        told = sorted(tuple(row[key] for key in keys.split()) for row in truth[kind])
        assert query(f"select {columns} from raw_stripe.{kind} order by id") == told
    assert query("select kind, products from raw_stripe.charges, raw_stripe.subscriptions where "
                 "charges.id = 'ch_O0006' and subscriptions.id = 'sub_M0009'") == [
        ("donation", '["prod_season_ticket_holder"]')
    ]  # fmt: skip


def test_who_paid_is_kept_only_where_no_customer_says_it(serve, load_from, query) -> None:
    world = shop.tables()
    load_from("stripe", serve(app(lambda: world, None)))

    assert query("select id, guest_email, guest_name from raw_stripe.charges "
                 "where guest_name is not null order by id") == [
        ("ch_O0007", "guest@example.org", "Gast"),
        ("ch_O0008", None, "Nobody"),
    ]  # fmt: skip


@pytest.mark.parametrize("at", [AS_OF, AS_OF - 50 * timedelta(minutes=1), AS_OF + 3 * HOUR])
def test_a_change_within_the_last_second_or_told_late_or_new_arrives(
    at, small_pages, moving, load_from, query
) -> None:
    orders = [shop.order(number) for number in range(1, 6)]
    url, later = moving(orders=orders)
    load_from("stripe", url)
    back = {"status": "refunded", "refunded_amount": 19.9}
    later(orders=[*(shop.order(number, at, **back) for number in range(1, 5)), orders[4]])
    load_from("stripe", url, as_of=AS_OF + DAY)

    assert [is_back for _, is_back in refunded(query)] == [True] * 4 + [False]
    assert query("select count(*) from raw_stripe.refunds") == [(4,)]


def test_of_several_events_the_newest_counts(moving, load_from, query) -> None:
    url, later = moving()
    load_from("stripe", url)
    ends, runs = ((AS_OF + wait).isoformat() for wait in (2 * HOUR, 400 * DAY))
    later(memberships_file=[shop.member(1, AS_OF + HOUR, valid_to=ends),
                            shop.member(2, AS_OF + 3 * HOUR, valid_to=runs)])  # fmt: skip
    load_from("stripe", url, as_of=AS_OF + DAY)

    assert query("select status, epoch(ended_at) from raw_stripe.subscriptions "
                 "where id = 'sub_M0001'") == [
        ("canceled", (AS_OF + 2 * HOUR).timestamp())
    ]  # fmt: skip


def test_what_is_new_is_read_from_the_list_though_no_event_tells_of_it(
    serve, load_from, query
) -> None:
    world = {"now": shop.tables()}
    quiet = Rewritten(
        app(lambda: world["now"], None),
        lambda body: body | {"data": [] if body["url"] == "/v1/events" else body["data"]},
    )
    url = serve(quiet)
    load_from("stripe", url)
    new = shop.order(20, AS_OF + 2 * HOUR, ordered_at=AS_OF + HOUR, status="refunded",
                     refunded_amount=5.0)  # fmt: skip
    world["now"] = shop.tables(orders=[new])
    load_from("stripe", url, as_of=AS_OF + DAY)

    assert ("ch_O0020", False) in refunded(query)
    assert ("re_O0020",) in query("select id from raw_stripe.refunds")


def test_an_event_that_is_older_than_the_list_does_not_undo_it(moving, load_from, query) -> None:
    url, later = moving()
    load_from("stripe", url)
    at = {"ordered_at": AS_OF + HOUR, "status": "refunded", "refunded_amount": 19.9}
    later(orders=[shop.order(20, AS_OF + 25 * HOUR, **at)])  # while the run reads
    load_from("stripe", url, as_of=AS_OF + DAY)

    assert ("ch_O0020", True) in refunded(query)


def test_many_changes_in_one_second_are_read_over_every_page(
    small_pages, moving, load_from, query
) -> None:
    orders = [shop.order(number, ordered_at=shop.after(1)) for number in range(1, 7)]
    url, later = moving(orders=orders)
    load_from("stripe", url)
    one = AS_OF + HOUR
    later(orders=[row | {"status": "refunded", "refunded_amount": 19.9, "updated_at": one,
                         "visible_from": one} for row in orders])  # fmt: skip
    load_from("stripe", url, as_of=AS_OF + DAY)

    assert refunded(query) == [(f"ch_O{number:04d}", True) for number in range(1, 7)]


def test_what_happens_during_the_walk_arrives_with_the_next_run(
    small_pages, serve, load_from, query
) -> None:
    orders = [shop.order(number) for number in range(1, 8)]
    during = AS_OF + timedelta(minutes=1)
    after = [shop.order(1, during, status="refunded", refunded_amount=19.9), *orders[1:],
             shop.order(8, ordered_at=during)]  # fmt: skip
    world = {"now": shop.tables(orders=orders)}
    turned = shop.tables(orders=after)
    turning = Turning(app(lambda: world["now"], None), "/charges", 2,
                      lambda: world.update(now=turned))  # fmt: skip
    url = serve(turning)

    load_from("stripe", url)
    assert len(refunded(query)) == 7
    load_from("stripe", url, as_of=AS_OF + DAY)

    assert refunded(query) == [("ch_O0001", True)] + [
        (f"ch_O{number:04d}", False) for number in range(2, 9)
    ]


def test_of_a_deleted_customer_nothing_is_kept(moving, load_from, query) -> None:
    url, later = moving()
    load_from("stripe", url)
    later(erasures=[shop.erasure(6, AS_OF + HOUR)])
    load_from("stripe", url, as_of=AS_OF + DAY)

    assert query("select name, email, is_live, _deleted_reason from raw_stripe.customers "
                 "where _deleted_reason is not null") == [(None, None, True, "deleted")]  # fmt: skip


def test_a_run_in_which_customers_were_only_deleted_is_no_changed_api(moving, load_from) -> None:
    url, later = moving(orders=[shop.order(6)], memberships_file=[])
    load_from("stripe", url)
    later(orders=[shop.order(6)], memberships_file=[], erasures=[shop.erasure(6, AS_OF + HOUR)])

    assert load_from("stripe", url, as_of=AS_OF + DAY).problem is None


def test_after_a_gap_longer_than_events_are_kept_everything_is_read_again(
    small_pages, moving, load_from, query
) -> None:
    orders = [shop.order(number) for number in range(1, 6)]
    url, later = moving(orders=orders)
    load_from("stripe", url, as_of=AS_OF)
    long_ago, now = AS_OF + DAY, AS_OF + 40 * DAY
    changed = shop.order(2, long_ago, status="refunded", refunded_amount=19.9)
    later(orders=[orders[0], changed, *orders[2:], shop.order(9, ordered_at=now - HOUR)],
          erasures=[shop.erasure(3, long_ago)])  # fmt: skip
    load_from("stripe", url, as_of=now)

    assert ("ch_O0002", True) in refunded(query)
    assert query("select name, email, _deleted_reason from raw_stripe.customers "
                 "where _deleted_reason is not null") == [(None, None, "vanished")]  # fmt: skip


def test_within_the_reach_of_events_nothing_is_listed_anew(serve, load_from) -> None:
    world = shop.tables()
    asked: list[str] = []
    spied = Rewritten(app(lambda: world, None), lambda body: asked.append(body) or body)
    url = serve(spied)
    load_from("stripe", url)
    before = len(asked)
    load_from("stripe", url, as_of=AS_OF + 20 * DAY)

    assert all(body["data"] == [] for body in asked[before:] if body["url"] != "/v1/events")


def test_only_declared_columns_land(serve, load_from, query) -> None:
    world = shop.tables()
    loaded = load_from("stripe", serve(app(lambda: world, None)))

    house = {"_content_hash", "_deleted_reason", "_dlt_load_id"}
    for table in TABLES:
        landed = {name for name, *_ in query(f"describe raw_stripe.{table.name}")}
        assert landed == {*table.columns, *house}
        rows = query(f"select cast({table.name} as varchar) from raw_stripe.{table.name}")
        assert not any(word in row.lower() for (row,) in rows for word in ("denied", "4242"))
    seen = {count.table: count.undeclared for count in loaded.tables}
    assert {"payment_method_details", "receipt_email"} <= seen["charges"].keys()


def test_without_a_declared_key_no_metadata_lands(serve, load_from, query) -> None:
    world = shop.tables()
    load_from("stripe", serve(app(lambda: world, None)), kind_key=None)

    assert query("select distinct kind from raw_stripe.charges") == [(None,)]


def test_test_data_is_marked(serve, load_from, query) -> None:
    world = shop.tables()
    load_from("stripe", serve(app(lambda: world, None)), api_key="rk_test_sandbox")

    for table in ("customers", "charges", "disputes", "subscriptions"):
        assert query(f"select distinct is_live from raw_stripe.{table}") == [(False,)]


def test_the_version_of_the_api_is_pinned_and_a_setting(serve, load_from) -> None:
    world, versions = shop.tables(), set()
    emulator = app(lambda: world, None)

    async def spied(scope, receive, send) -> None:
        versions.add(dict(scope["headers"])[b"stripe-version"].decode())
        await emulator(scope, receive, send)

    url = serve(spied)
    load_from("stripe", url)
    load_from("stripe", url, api_version="2026-09-30.endive")

    assert versions == {source.API_VERSION, "2026-09-30.endive"}


def test_an_address_on_another_host_is_never_followed(small_pages, serve, load_from) -> None:
    world = shop.tables()
    foreign = Faulty(app(lambda: world, None), 200)
    elsewhere = serve(foreign)
    lured = Rewritten(
        app(lambda: world, None),
        lambda body: body | {"url": f"{elsewhere}{body['url']}", "next_page": f"{elsewhere}/steal"},
    )

    assert load_from("stripe", serve(lured)).problem is None
    assert foreign.requests == 0
