"""A yardstick stands still: what is compared with it may get faster, it may not get slower."""

import hashlib
from pathlib import Path

import pytest

YARDSTICKS = Path(__file__).parents[2] / "benchmarks" / "yardsticks"
# Written and reviewed before anything was tuned against them. Whoever changes one changes every
# ratio that was ever reported: say so in CHANGELOG.md, and measure both before and after.
FROZEN = {
    "full_build.sql": "a5f2a529b54047a1a55670db7969551942ca8d0ca62f04870380f627b2caec3e",
    "dashboard_queries.sql": "a54f369764c8e0aedd4b4bc6e768043b72cf1894f9b2ae3cb97979dbfb285283",
}


@pytest.mark.parametrize("name", FROZEN)
def test_a_yardstick_is_what_it_was(name: str) -> None:
    assert hashlib.sha256((YARDSTICKS / name).read_bytes()).hexdigest() == FROZEN[name]
