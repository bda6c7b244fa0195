"""Customers and fans one by one: the marts that stay inside, against hand and definitions."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from reference_commerce import money
from reference_events import TYPES, House, local_day, placed
from reference_fans import engagements
from reference_lives import Lives
from reference_values import Warehouse, everything

ON_31_AUGUST = "from warehouse.marts.fct_fan_engagement where month_end = '2025-08-31'"


@pytest.fixture(scope="session")
def lives(expected: Warehouse) -> Lives:
    house = expected.house
    return Lives(house, everything(house, expected.today), expected.today)


@pytest.fixture(scope="session")
def people(expected: Warehouse) -> dict[str, str]:
    """Return the account of every person that has one, by person."""
    return {person: account for account, person in expected.house.persons.items()}


def cell(
    published: list[dict[str, Any]], audience: str, metric: str, start: date
) -> dict[str, Any]:
    [row] = [
        row
        for row in published
        if (row["audience"], row["metric"], row["period_start"]) == (audience, metric, start)
        and row["period_kind"] in ("quarter", "trailing_365")
        and row["segment"] == "all"
    ]
    return row


def test_five_customers_place_seven_orders(published: list[dict[str, Any]]) -> None:
    row = cell(published, "customer", "purchase_frequency", date(2025, 4, 1))
    assert (row["value"], row["numerator"], row["n"], row["n_eff"]) == (1.4, 7, 5, 5)
    assert 1 <= row["low"] < 1.4 < row["high"] <= 2
    assert row["interval_method"] == "cluster_bootstrap"


def test_eight_ticket_holders_speak_for_us_three_times(published: list[dict[str, Any]]) -> None:
    row = cell(published, "season_ticket_holder", "advocacy_per_hundred", date(2025, 7, 1))
    assert (row["value"], row["numerator"], row["denominator"]) == (37.5, 3, 8)
    assert 0 <= row["low"] < 37.5 < row["high"] <= 100


def test_an_act_counts_half_after_one_half_life(built: Any, people: dict[str, str]) -> None:
    rows = {people[row["person_id"]]: row for row in built.rows(ON_31_AUGUST)}
    keen4, keen1 = rows["hubspot:keen4"], rows["hubspot:keen1"]
    assert (keen4["content_count"], keen4["content_score"]) == (0.5, 20)
    # A review of four stars speaks for us, one of three does not.
    assert (keen4["advocate_count"], keen4["advocate_score"]) == (1, 40)
    assert (keen1["advocate_count"], keen1["advocate_score"]) == (0.25, 10)


def test_purchases_stand_apart(built: Any, people: dict[str, str]) -> None:
    rows = {people[row["person_id"]]: row for row in built.rows(ON_31_AUGUST)}
    keen2 = rows["hubspot:keen2"]
    assert (keen2["purchase_count"], keen2["purchase_score"]) == (50, 100)
    assert (keen2["engagement"], keen2["engagement_without_purchase"]) == (52, 40)


def test_minors_have_no_score(built: Any, people: dict[str, str]) -> None:
    scored = built.rows("select distinct person_id from warehouse.marts.fct_fan_engagement")
    accounts = {people[row["person_id"]] for row in scored}
    assert "hubspot:keen6" in accounts
    assert not accounts & {"hubspot:keen7", "hubspot:keen8", "hubspot:junior"}
    minors = built.rows("select person_id from warehouse.marts.dim_persons where is_minor")
    ranked = built.rows("select person_id from warehouse.marts.fct_rfm")
    ids = {row["person_id"] for row in minors}
    assert ids
    assert not ids & {row["person_id"] for row in [*scored, *ranked]}


def test_a_superfan_was_one_the_month_before_and_speaks_for_us(
    built: Any, people: dict[str, str]
) -> None:
    rows = built.rows(
        "select person_id, min(month_end) as since from warehouse.marts.fct_fan_engagement "
        "where is_superfan and audience = 'season_ticket_holder' group by person_id"
    )
    assert {people[row["person_id"]]: row["since"] for row in rows} == {
        "hubspot:keen1": date(2025, 9, 30),
        "hubspot:keen3": date(2025, 10, 31),
    }


def test_every_fan_is_as_engaged_as_defined(built: Any, lives: Lives) -> None:
    rows = {
        (row["person_id"], row["month_end"]): row
        for row in built.rows("from warehouse.marts.fct_fan_engagement")
    }
    wanted = {
        (found.who.person, moment - timedelta(days=1)): found
        for moment, found in engagements(lives)
    }
    assert set(rows) == set(wanted)
    assert sum(bool(found.is_superfan) for found in wanted.values()) > 20
    for key, found in wanted.items():
        row = rows[key]
        assert (row["audience"], row["has_advocated"]) == (found.who.audience, found.has_advocated)
        assert row["is_superfan"] == found.is_superfan, key
        assert row["engagement"] == pytest.approx(found.engagement, rel=1e-9)
        for name, count in found.counts.items():
            assert row[f"{name}_count"] == pytest.approx(count, rel=1e-9), (key, name)
            assert row[f"{name}_score"] == pytest.approx(found.scores[name], rel=1e-9)


def bin_of(below: int, others: int) -> int:
    """Return the fifth in which a percent_rank lies."""
    return min(int(5 * Fraction(below, others or 1)) + 1, 5)


def ranked(house: House, lives: Lives, moment: date) -> dict[str, tuple[Any, ...]]:
    """Return recency, frequency, money and the bins of each customer of the year before."""
    bought: dict[str, list[tuple[date, bool, float | None]]] = {}
    for row in house.contracts["orders"]:
        day = local_day(row["ordered_at"])
        family = TYPES[row["order_kind"]]["family"]
        where = placed(house, row, row["account_id"], family, row["ordered_at"], row["audience"])
        is_in = day and moment - timedelta(days=365) <= day < moment
        if (
            is_in
            and row["order_kind"] == "order"
            and where["family"] == "customer"
            and row["status"] in ("paid", "refunded")
            and where["person"]
            and not lives.is_minor(where["person"])
        ):
            kept = money(row)[0]
            bought.setdefault(where["person"], []).append((day, row["status"] == "paid", kept))
    facts = {
        person: (
            (moment - max(day for day, paid, _ in orders if paid)).days - 1,
            sum(paid for _, paid, _ in orders),
            None if None in [kept for *_, kept in orders] else sum(k or 0.0 for *_, k in orders),
        )
        for person, orders in bought.items()
        if any(paid for _, paid, _ in orders)
    }
    days, times, sums = ([fact[n] for fact in facts.values()] for n in range(3))
    known = [kept for kept in sums if kept is not None]
    return {
        person: (
            *fact,
            bin_of(sum(d > fact[0] for d in days), len(days) - 1),
            bin_of(sum(t < fact[1] for t in times), len(times) - 1),
            None
            if fact[2] is None
            else bin_of(sum(round(k, 6) < round(fact[2], 6) for k in known), len(known) - 1),
        )
        for person, fact in facts.items()
    }


def test_every_customer_is_ranked_as_defined(built: Any, expected: Warehouse, lives: Lives) -> None:
    found: dict[date, dict[str, tuple[Any, ...]]] = {}
    for row in built.rows("from warehouse.marts.fct_rfm"):
        names = (
            "recency_days",
            "orders",
            "net_revenue",
            "recency_bin",
            "frequency_bin",
            "monetary_bin",
        )
        found.setdefault(row["month_end"] + timedelta(days=1), {})[row["person_id"]] = tuple(
            row[name] for name in names
        )
    wanted = {m: rows for m in lives.moments if (rows := ranked(expected.house, lives, m))}
    assert set(found) == set(wanted)
    for moment, rows in wanted.items():
        assert set(found[moment]) == set(rows)
        for person, figures in rows.items():
            *got, kept, recent, often, much = found[moment][person]
            want = figures[2]
            assert (*got, recent, often, much) == (*figures[:2], *figures[3:]), (moment, person)
            assert kept == (None if want is None else pytest.approx(want, rel=1e-9))


def test_few_customers_of_a_kind_are_hidden(built: Any) -> None:
    rows = built.rows("from publication.pub_rfm")
    assert {row["is_suppressed"] for row in rows} == {True, False}
    of_month: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        of_month.setdefault(row["month_end"], []).append(row)
    inside = built.rows("from warehouse.marts.fct_rfm")
    for month_end, cells in of_month.items():
        everybody = sum(row["month_end"] == month_end for row in inside)
        shown = sum(row["customers"] or 0 for row in cells)
        assert everybody == shown or everybody - shown >= 5 or shown == 0


def test_a_distribution_rises_from_nothing_to_the_most_engaged(built: Any) -> None:
    rows = built.rows(
        "from warehouse.marts.fct_engagement_distribution "
        "where month_end = '2025-08-31' and activity = 'content' order by percent"
    )
    counts = [row["decayed_count"] for row in rows]
    assert [row["percent"] for row in rows] == [float(p) for p in range(0, 101, 10)]
    assert counts[0] == 0
    assert counts == sorted(counts)
    top = built.rows(f"select max(content_count) as most {ON_31_AUGUST}")
    assert counts[-1] == top[0]["most"]
