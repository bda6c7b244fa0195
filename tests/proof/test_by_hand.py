"""Five things by the whole house, and by one script over raw that shares nothing with it but lists."""

from pathlib import Path

import pytest

from benchmarks import full_build

SCALE = 0.02  # 2,000 people


@pytest.mark.proof
def test_where_persons_are_the_same_so_is_every_figure(tmp_path: Path) -> None:
    data = tmp_path / "data"
    full_build.raw(SCALE, data)
    full_build.all_of_it(data)
    found = full_build.agreement(data)["our_persons"]
    cells = {thing: told["cells"] for thing, told in found.items()}

    assert {thing: told["same"] for thing, told in found.items()} == cells
    assert cells.keys() == {
        "csat", "first_response_minutes_p50", "journey_funnel", "nps", "touchpoints"
    }  # fmt: skip
    assert min(cells.values()) >= 8
