"""A yardstick stands still: what is compared with it may get faster, it may not get slower."""

import hashlib
from pathlib import Path

import pytest

YARDSTICKS = Path(__file__).parents[2] / "benchmarks" / "yardsticks"
# Written and reviewed before anything was tuned against them. Whoever changes one changes every
# ratio that was ever reported: say so in CHANGELOG.md, and measure both before and after.
FROZEN = {
    "full_build.sql": "a5f2a529b54047a1a55670db7969551942ca8d0ca62f04870380f627b2caec3e",
    "dashboard_queries.sql": "6fc756cd3445cd22512a73b321ac80d73cf2cd10bf82790637758729e4fcb46c",
}


@pytest.mark.parametrize("name", FROZEN)
def test_a_yardstick_is_what_it_was(name: str) -> None:
    assert hashlib.sha256((YARDSTICKS / name).read_bytes()).hexdigest() == FROZEN[name]
