"""What is planted is covered, and in the shuffled twin next to nothing is found: 400 fixed seeds."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from benchmarks import experience_value, friction_effort, listening, say_do

pytestmark = pytest.mark.proof
SEEDS = 400


@pytest.mark.parametrize(
    ("name", "measured", "sign"),
    [
        ("ease falls with effort, by rank correlation", friction_effort.measured, -1),
        ("the never heard leave more often", listening.measured, 1),
        *(
            (f"{what}, {how}", partial(bench.measured, process=getattr(bench, process)), 1)
            for what, bench in (
                ("who says so does more often", say_do),
                ("promoters spend more", experience_value),
            )
            for how, process in (
                ("by what was said", "by_what_was_said"),
                ("by a loyalty behind both", "by_loyalty"),
            )
        ),
    ],
)
def test_a_planted_link_is_covered_and_the_twin_is_silent(
    name: str,
    measured: Callable[[range], dict[str, Any]],
    sign: int,
    kept: Callable[..., None],
) -> None:
    found = measured(range(SEEDS))
    print(name, found)
    assert found["seeds"] == SEEDS
    assert found["true"] * sign > 0
    assert found["shuffled_called"] <= 0.05 + 3 * (0.05 * 0.95 / SEEDS) ** 0.5
    assert found["covered"] >= 0.92
    assert found["wrong_way"] == 0
    kept(name, **found)
