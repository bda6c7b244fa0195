"""Recovery over 400 worlds: the planted effect is held, nothing is found where nothing was planted."""

import json
from collections.abc import Callable

import pytest

from benchmarks import recovery

pytestmark = pytest.mark.proof
# Five in a hundred, and three standard errors of 400 worlds.
FALSE = 0.05 + 3 * (0.05 * 0.95 / 400) ** 0.5


def test_what_was_planted_is_held_and_the_twin_is_quiet(kept: Callable[..., None]) -> None:
    found = recovery.measured()
    recovery.RESULTS.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    for size in found["sizes"]:
        assert size["worlds"] == 400
        assert size["judged"] >= 300
        assert size["covered"] >= 0.92, size
        assert size["twin_found"] <= FALSE, size
        assert size["wrong_sign"] == 0, size
        print(size["people"], "people: power", size["power"])
        kept(f"recovery of {size['people']} people", covered=size["covered"],
             twin_found=size["twin_found"], power=size["power"])  # fmt: skip
