"""Whoever adds and subtracts what is published finds no group too small and no single answer."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import attacks
import numpy as np
import pytest
from attack import Answer, Shown, groups_told
from attacks import Leak, Row, answers_of, figures_of, leaks, of_one_calendar, of_weeks
from organisations import WAVES, Bench, Organisation, compiled, later, seen

SAMPLE = 20


@pytest.fixture(scope="module")
def bench(built: Any) -> Iterator[Bench]:
    results = built.folder / "target" / "run_results.json"
    made = Bench(built, compiled(json.loads(results.read_text(encoding="utf-8"))))
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def organisations() -> list[Organisation]:
    return [Organisation(number) for number in range(SAMPLE)]


@pytest.fixture(scope="module")
def first(bench: Bench, organisations: list[Organisation]) -> list[Row]:
    """What the organisations publish, and in `bench` what they observed."""
    bench.register([one.registered() for one in organisations])
    return bench.publish(seen(organisations), WAVES)


def least_of(organisations: list[Organisation]) -> dict[str, int]:
    rows = [one.registered() for one in organisations]
    return {r["audience"]: max(r["minimum_group"], 10 if r["is_minor"] else 5) for r in rows}


def found(
    rows: list[Row], observed: list[Row], least: dict[str, int], may: Callable[[Row], bool]
) -> list[Leak]:
    return list(leaks(figures_of(filter(may, rows)), answers_of(observed), least))


def small_alone(bench: Bench, least: dict[str, int]) -> list[Row]:
    """Return the cells that would be shown if only those were hidden that are small themselves."""
    rows = bench.rows(
        "select * from warehouse.intermediate.int_metric_estimates "
        "where not regexp_matches(segment, '=(;|$)') and period_kind <> 'preceding_90'"
    )
    return [row for row in rows if row["persons"] >= least[row["audience"]]]


def test_no_small_group_is_told(
    bench: Bench, organisations: list[Organisation], first: list[Row]
) -> None:
    least, observed = least_of(organisations), bench.rows(attacks.OBSERVED)
    for may in (of_one_calendar, of_weeks):
        told = found(first, observed, least, may)
        assert not told, (len(told), told[:3])


def test_the_attack_bites_where_only_the_small_are_hidden(
    bench: Bench, organisations: list[Organisation], first: list[Row]
) -> None:
    least, observed = least_of(organisations), bench.rows(attacks.OBSERVED)
    told = found(small_alone(bench, least), observed, least, of_one_calendar)
    assert len({leak.audience for leak in told}) > SAMPLE / 2
    assert len(told) > 10 * SAMPLE
