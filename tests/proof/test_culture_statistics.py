"""Planted gaps and planted disagreement are covered, and next to nothing is found without: 400 seeds."""

from collections.abc import Callable

import pytest

from benchmarks import culture

pytestmark = pytest.mark.proof
SEEDS = 400
BY_CHANCE = 0.05 + 3 * (0.05 * 0.95 / SEEDS) ** 0.5


@pytest.mark.parametrize("measure", ["mean", "top_share"])
def test_a_perception_gap_is_covered_and_none_is_found_where_none_is(
    measure: str, kept: Callable[..., None]
) -> None:
    found = culture.measured_gaps(range(SEEDS), measure)
    print(measure, found)
    assert found["seeds"] == SEEDS
    assert found["covered"] >= 0.92
    assert found["twin_covered"] >= 0.92
    assert found["twin_called"] <= BY_CHANCE
    assert found["wrong_way"] == 0
    kept(f"perception gap, {measure}", **found)


def test_agreement_is_covered_and_departments_that_are_alike_do_not_differ(
    kept: Callable[..., None],
) -> None:
    found = culture.measured_alignment(range(SEEDS))
    print(found)
    assert found["seeds"] == SEEDS
    assert found["covered"] >= 0.92
    assert found["difference_covered"] >= 0.92
    assert found["twin_covered"] >= 0.92
    assert found["twin_difference_covered"] >= 0.92
    assert found["twin_called"] <= BY_CHANCE
    kept("alignment of departments", **found)
