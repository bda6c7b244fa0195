"""EX to CX and loyalty under stress over 400 fixed seeds: held where planted, quiet in the twin."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks import ex_to_cx, loyalty_under_stress

pytestmark = pytest.mark.proof
SEEDS = range(400)
# Five in a hundred, and three standard errors of 400 worlds.
FALSE = 0.05 + 3 * (0.05 * 0.95 / 400) ** 0.5


def holds(name: str, found: dict[str, Any], kept: Callable[..., None]) -> None:
    """Keep and print a finding, and hold it to the bounds."""
    kept(name, **found)
    print(name, found)
    assert found["seeds"] == 400
    assert found["told"] >= 0.95
    assert found["covered"] >= 0.92
    assert found["twin_called"] <= FALSE
    assert found["wrong_way"] == 0


@pytest.mark.parametrize(
    ("size", "rough"),
    [*((size, False) for size in ex_to_cx.SIZES), *((size, True) for size in ex_to_cx.SIZES[1:])],
)
def test_what_people_say_is_found_in_what_they_give(
    size: tuple[int, int], rough: bool, kept: Callable[..., None]
) -> None:
    process = "a process that is not assumed" if rough else "the process that is assumed"
    found = ex_to_cx.measured(SEEDS, size, rough=rough)
    holds(f"EX to CX, {size[0]} teams and {size[1]} waves, {process}", found, kept)


@pytest.mark.parametrize("rough", [False, True])
def test_what_stress_costs_is_found(rough: bool, kept: Callable[..., None]) -> None:
    process = "a process that is not assumed" if rough else "the process that is assumed"
    found = loyalty_under_stress.measured(SEEDS, rough=rough)
    holds(f"loyalty under stress, {process}", found, kept)
