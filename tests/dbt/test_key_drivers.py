"""Key drivers: weights against what a hand and every order of the drivers give."""

import itertools
from typing import Any

import driver_world
import numpy as np
import pandas as pd
import pytest

from benchmarks import small_worlds
from benchmarks.house_sql import python_model
from ingestion.sandbox.clock import NEVER

model = python_model("int_driver_importance")


def answers_of(columns: dict[str, Any], answer: Any, persons: Any = None) -> pd.DataFrame:
    n = len(answer)
    who = range(n) if persons is None else persons
    answers = {
        "answer_id": [f"a{number:05d}" for number in range(n)],
        "person_id": [f"p{number}" for number in who],
        "answer_value": np.asarray(answer, dtype=float),
        **columns,
    }
    return model.with_lots(pd.DataFrame(answers))


def found(columns: dict[str, Any], answer: Any, persons: Any = None, **measures: str) -> Any:
    """Return the importance of plain drivers (or of the measure named) by driver."""
    named = {name: measures.get(name, "plain") for name in columns}
    rows = model.importance(answers_of(columns, answer, persons), named)
    return {row["driver"]: row for row in rows}


def drawn(n: int, seed: int = 7) -> np.random.Generator:
    return np.random.default_rng([seed, n])


def r_squared(columns: np.ndarray, answer: np.ndarray) -> float:
    with_one = np.column_stack([np.ones(len(answer)), columns])
    left = answer - with_one @ np.linalg.lstsq(with_one, answer, rcond=None)[0]
    return 1 - left @ left / ((answer - answer.mean()) @ (answer - answer.mean()))


def over_all_orders(columns: np.ndarray, answer: np.ndarray) -> np.ndarray:
    """Return what each column adds to R squared, averaged over all orders, one by one."""
    size = columns.shape[1]
    known = {
        taken: r_squared(columns[:, list(taken)], answer) if taken else 0.0
        for k in range(size + 1)
        for taken in itertools.combinations(range(size), k)
    }
    weights, orders = np.zeros(size), list(itertools.permutations(range(size)))
    for order in orders:
        for place, column in enumerate(order):
            before = tuple(sorted(order[:place]))
            weights[column] += known[tuple(sorted((*before, column)))] - known[before]
    return weights / len(orders)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
def test_weights_are_what_every_order_of_the_drivers_gives(size: int) -> None:
    random = drawn(240, size)
    columns = random.normal(size=(240, size))
    columns[:, -1] += 0.8 * columns[:, 0]
    answer = columns @ random.normal(size=size) + random.normal(size=240)

    rows = found({f"d{n}": columns[:, n] for n in range(size)}, answer)

    weights = [rows[f"d{n}"]["weight"] for n in range(size)]
    assert weights == pytest.approx(over_all_orders(columns, answer), abs=1e-12)
    assert sum(weights) == pytest.approx(r_squared(columns, answer), abs=1e-12)
    assert rows["d0"]["r2"] == pytest.approx(sum(weights), abs=1e-12)


def test_one_that_says_what_the_other_says_shares_its_weight() -> None:
    random = drawn(200)
    one = random.normal(size=200)
    answer = one + random.normal(size=200)
    alone = found({"one": one}, answer)["one"]
    rows = found({"one": one, "copy": 3 - 2 * one}, answer)

    for name in ("one", "copy"):
        assert rows[name]["weight"] == pytest.approx(alone["weight"] / 2, abs=1e-12)
    assert rows["one"]["rank_group"] == rows["copy"]["rank_group"] == 1
    assert rows["copy"]["correlation"] < 0 < rows["one"]["correlation"]


def test_a_weaker_driver_ranks_below_only_where_no_interval_overlaps() -> None:
    random = drawn(2000)
    columns = random.normal(size=(2000, 3))
    answer = columns @ [1.0, 0.3, 0.28] + random.normal(size=2000)

    rows = found(dict(zip("abc", columns.T, strict=True)), answer)

    assert [rows[name]["rank_group"] for name in "abc"] == [1, 2, 2]
    assert rows["b"]["low"] <= rows["c"]["high"] < rows["a"]["low"]


def test_overlap_is_passed_on_by_a_third() -> None:
    assert model.rank_groups([0.5, 0.3, 0.1, 0.0], [0.9, 0.6, 0.35, 0.05]) == [1, 1, 1, 2]
    assert model.rank_groups([0.0, 0.5], [0.4, 0.9]) == [2, 1]
    assert model.rank_groups([0.2, 0.2], [0.2, 0.2]) == [1, 1]


def test_where_nothing_matters_nothing_is_clear() -> None:
    called = 0
    for seed in range(20):
        random = drawn(300, seed)
        columns = {f"d{n}": random.normal(size=300) for n in range(5)}
        rows = found(columns, random.integers(1, 6, size=300))
        called += sum(row["low"] > 0 for row in rows.values())
        assert {row["rank_group"] for row in rows.values()} == {1} or called
        assert sum(row["r2"] for row in rows.values()) / 5 < 0.1
    # Of a hundred, five by chance; more than twelve happen once in two hundred times.
    assert called <= 12


def test_what_is_constant_or_never_known_has_no_weight_and_takes_none() -> None:
    random = drawn(150)
    one = random.normal(size=150)
    answer = one + random.normal(size=150)
    alone = found({"one": one}, answer)["one"]["weight"]
    rows = found({"one": one, "same": np.ones(150), "unknown": np.full(150, np.nan)}, answer)

    assert rows["one"]["weight"] == pytest.approx(alone, abs=1e-12)
    assert rows["same"]["status"] == rows["unknown"]["status"] == "does not vary"
    assert "weight" not in rows["same"]
    assert (rows["one"]["drivers"], rows["unknown"]["n_known"]) == (1, 0)


@pytest.mark.parametrize(("different", "status"), [(9, "does not vary"), (10, "ok")])
def test_a_handful_that_differs_is_no_driver(different: int, status: str) -> None:
    random = drawn(150)
    rare = (np.arange(150) < different).astype(float)
    rows = found({"rare": rare, "one": random.normal(size=150)}, random.normal(size=150))
    assert rows["rare"]["status"] == status


def test_a_missing_value_is_the_mean_and_says_that_it_is_missing() -> None:
    random = drawn(400)
    one = random.normal(size=400)
    answer = one + random.normal(size=400)
    is_missing = np.arange(400) % 4 == 0
    answer[is_missing] += 1.5
    seen = np.where(is_missing, np.nan, one)
    rows = found({"one": seen}, answer)

    filled = np.where(is_missing, one[~is_missing].mean(), one)
    both = r_squared(np.column_stack([filled, is_missing]), answer)
    assert rows["one"]["weight"] == pytest.approx(both, abs=1e-12)
    assert rows["one"]["n_known"] == 300
    assert rows["one"]["n"] == 400


def test_a_category_is_one_driver_and_has_no_direction() -> None:
    random = drawn(300)
    channel = random.choice(["web", "email", "chat"], size=300)
    answer = np.where(channel == "chat", 5.0, 3.0) + random.normal(size=300)
    rows = found({"channel": pd.Series(channel)}, answer, channel="category")

    dummies = np.column_stack([channel == "web", channel == "email"])
    assert rows["channel"]["weight"] == pytest.approx(r_squared(dummies, answer), abs=1e-12)
    assert rows["channel"]["correlation"] is None


@pytest.mark.parametrize(
    ("persons", "drivers", "status"),
    [(99, 1, "not enough data"), (100, 1, "ok"), (109, 11, "not enough data"), (110, 11, "ok")],
)
def test_persons_are_counted_at_the_gate(persons: int, drivers: int, status: str) -> None:
    random = drawn(persons)
    # Everybody answers twice: answers alone would be enough.
    who = np.repeat(np.arange(persons), 2)
    columns = {f"d{n}": random.normal(size=2 * persons) for n in range(drivers)}
    rows = found(columns, random.normal(size=2 * persons), persons=who)
    assert {row["status"] for row in rows.values()} == {status}


def test_who_answers_often_does_not_make_it_surer() -> None:
    random = drawn(150)
    one = random.normal(size=150)
    answer = 0.5 * one + random.normal(size=150)
    once = found({"one": one}, answer)["one"]
    four = found(
        {"one": np.repeat(one, 4)}, np.repeat(answer, 4), persons=np.repeat(np.arange(150), 4)
    )["one"]

    assert four["weight"] == pytest.approx(once["weight"], abs=1e-12)
    width = (once["high"] - once["low"]) / (four["high"] - four["low"])
    assert 0.8 < width < 1.25


def test_the_interval_does_not_hang_on_the_order_of_the_rows() -> None:
    random = drawn(160)
    columns = {"a": random.normal(size=160), "b": random.normal(size=160)}
    rows = answers_of(columns, columns["a"] + random.normal(size=160))
    registry = pd.DataFrame({"driver": ["a", "b"], "measure": "plain", "metrics": "csat"})
    periods = pd.DataFrame(
        {"period_kind": ["quarter"], "period_start": ["2026-01-01"], "period_end": ["2026-04-01"]}
    )
    rows = rows.assign(metric="csat", audience="customer", answered_on="2026-02-01")
    # Ids are minted anew, the rows come in another order: who is who stays.
    again = rows.assign(person_id=rows["person_id"].map(lambda name: f"new-{name[::-1]}"))
    again = again.sample(frac=1, random_state=3)

    first, second = (list(model.cells(some, registry, periods)) for some in (rows, again))
    assert first == second
    assert first[0]["status"] == "ok"


def test_thirteen_drivers_are_refused() -> None:
    registry = pd.DataFrame(
        {"driver": [f"d{n}" for n in range(13)], "measure": "plain", "metrics": "nps|csat"}
    )
    with pytest.raises(ValueError, match="13 drivers"):
        model.drivers_of(registry, "csat")


def test_the_wait_that_the_sandbox_planted_comes_out() -> None:
    """Effect csat_by_first_response (docs/sandbox.md), among what goes with it and what does not."""
    world = small_worlds.world_of(seed=20260630, people=20_000)
    asked, tickets = world.asked, world.tickets
    rows = np.flatnonzero((asked["ticket"] >= 0) & asked["answered"])
    ticket = asked["ticket"][rows]
    random = drawn(len(rows))
    measures = {"first_response_minutes": "log", "channel": "category", "is_reopened": "plain",
                "noise": "plain"}  # fmt: skip
    answers = answers_of(
        {
            "first_response_minutes": (tickets["replied"] - tickets["created"])[ticket] / 60.0,
            "channel": pd.Series(tickets["channel"][ticket]).map(str),
            "is_reopened": (tickets["reopened"] < NEVER)[ticket].astype(float),
            "noise": random.normal(size=len(rows)),
        },
        asked["score"][rows],
        persons=asked["who"][rows],
    )
    by_driver = {row["driver"]: row for row in model.importance(answers, measures)}

    wait = by_driver["first_response_minutes"]
    assert wait["low"] > 0
    assert wait["correlation"] < -0.1
    assert wait["rank_group"] == 1
    assert wait["weight"] == max(row["weight"] for row in by_driver.values())
    assert by_driver["noise"]["low"] == by_driver["is_reopened"]["low"] == 0
    assert by_driver["noise"]["rank_group"] > 1


@pytest.fixture(scope="session")
def published_drivers(built: Any) -> dict[tuple[str, ...], dict[str, Any]]:
    rows = built.rows("from publication.pub_key_drivers")
    return {
        (row["audience"], row["period_kind"], str(row["period_end"]), row["driver"]): row
        for row in rows
    }


@pytest.mark.parametrize("kind", ["quarter", "trailing_365"])
def test_two_orthogonal_drivers_weigh_their_squared_correlations(
    kind: str, published_drivers: dict[tuple[str, ...], dict[str, Any]]
) -> None:
    rows = {
        driver: published_drivers[driver_world.ORTHOGONAL, kind, "2025-10-01", driver]
        for driver in ("transfers", "orders_90_days", "first_response_minutes")
    }
    assert rows["transfers"]["weight"] == pytest.approx(3 / 23, abs=1e-12)
    assert rows["transfers"]["correlation"] == pytest.approx(-((3 / 23) ** 0.5), abs=1e-12)
    assert rows["orders_90_days"]["weight"] == pytest.approx(4 / 23, abs=1e-12)
    assert rows["orders_90_days"]["share_of_r2"] == pytest.approx(4 / 7, abs=1e-12)
    assert rows["orders_90_days"]["rank_group"] == rows["transfers"]["rank_group"] == 1
    assert rows["transfers"]["is_clear"]
    assert rows["first_response_minutes"]["status"] == "does not vary"
    for row in rows.values():
        assert (row["n"], row["persons"], row["drivers"]) == (128, 128, 2)
        assert row["r2"] == pytest.approx(7 / 23, abs=1e-12)
        assert row["basis"] == "association, not cause"


def test_two_drivers_that_always_come_together_share_equally(
    published_drivers: dict[tuple[str, ...], dict[str, Any]],
) -> None:
    for driver in ("transfers", "agent_replies"):
        row = published_drivers[driver_world.TWINS, "quarter", "2025-10-01", driver]
        assert row["weight"] == pytest.approx(3 / 38, abs=1e-12)
        assert row["r2"] == pytest.approx(3 / 19, abs=1e-12)
    reopened = published_drivers[driver_world.TWINS, "quarter", "2025-10-01", "is_reopened"]
    assert reopened["status"] == "does not vary"


def test_too_few_are_shown_without_a_figure(
    published_drivers: dict[tuple[str, ...], dict[str, Any]],
) -> None:
    rows = [r for key, r in published_drivers.items() if key[0] == driver_world.TOO_FEW]
    assert {row["status"] for row in rows} == {"not enough data"}
    shown = {"weight", "low", "high", "r2", "n", "n_known", "persons", "correlation", "drivers"}
    assert {row[name] for row in rows for name in shown} == {None}


def test_neither_the_workforce_nor_minors_nor_the_unassigned_have_drivers(
    built: Any, published_drivers: dict[tuple[str, ...], dict[str, Any]]
) -> None:
    kept_out = built.rows(
        "select audience from warehouse.registry.audiences where family = 'workforce' or is_minor"
    )
    audiences = {key[0] for key in published_drivers}
    assert {driver_world.ORTHOGONAL, driver_world.TWINS, "donor"} <= audiences
    assert not audiences & ({row["audience"] for row in kept_out} | {"unassigned"})


def test_weights_that_do_not_add_up_are_found(broken: Any) -> None:
    damage = "update warehouse.marts.fct_key_drivers set weight = weight + 1e-8 where driver = 'transfers'"
    assert broken("key_drivers_add_up", damage)


def test_an_order_between_drivers_that_overlap_is_found(broken: Any) -> None:
    damage = (
        "update warehouse.marts.fct_key_drivers set rank_group = 2 "
        "where status = 'ok' and driver = 'transfers'"
    )
    assert broken("drivers_that_overlap_share_a_rank", damage)
