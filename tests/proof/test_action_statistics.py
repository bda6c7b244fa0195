"""What is planted is covered, and in the shuffled twin next to nothing is found: 400 fixed seeds."""

from collections.abc import Callable
from types import ModuleType

import pytest

from benchmarks import friction_effort, listening

pytestmark = pytest.mark.proof
SEEDS = 400


@pytest.mark.parametrize(
    ("name", "bench", "sign"),
    [
        ("ease falls with effort, by rank correlation", friction_effort, -1),
        ("the never heard leave more often", listening, 1),
    ],
)
def test_a_planted_link_is_covered_and_the_twin_is_silent(
    name: str, bench: ModuleType, sign: int, kept: Callable[..., None]
) -> None:
    found = bench.measured(range(SEEDS))
    print(name, found)
    assert found["seeds"] == SEEDS
    assert found["true"] * sign > 0
    assert found["shuffled_called"] <= 0.05 + 3 * (0.05 * 0.95 / SEEDS) ** 0.5
    assert found["covered"] >= 0.92
    assert found["wrong_way"] == 0
    kept(name, **found)
