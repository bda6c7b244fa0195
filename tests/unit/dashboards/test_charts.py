"""What a chart draws of an interval: a band where both ends are known, and none where one is not."""

import re

import pytest
import vl_convert

from dashboards.charts import template


def row(month: int, high: float | None) -> dict[str, object]:
    return {"period": f"2025-{month:02}-01", "label": "", "value": 120.0, "low": 100.0, "high": high,
            "words": "", "sure": True}  # fmt: skip


@pytest.mark.parametrize(("middle", "pieces"), [(150.0, 1), (None, 2)])
def test_the_band_is_broken_where_an_end_lies_beyond_what_was_seen(
    middle: float | None, pieces: int
) -> None:
    highs = [150.0, 150.0, middle, 150.0, 150.0]
    rows = [row(month, high) for month, high in enumerate(highs, start=1)]
    svg = vl_convert.vegalite_to_svg({**template("trend/minutes"), "datasets": {"rows": rows}})
    [area] = re.findall(r'aria-roledescription="area mark"[^>]*?d="([^"]+)"|d="([^"]+)"[^>]*aria-roledescription="area mark"', svg)  # fmt: skip

    assert "".join(area).count("M") == pieces
