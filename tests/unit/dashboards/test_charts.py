"""What a chart draws: a band where both ends of an interval are known, ticks that differ."""

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


@pytest.mark.parametrize(
    ("unit", "largest", "ticks"),
    [
        ("share", 0.025, ["0%", "0.5%", "1%", "1.5%", "2%", "2.5%"]),
        ("share", 1.0, ["0%", "20%", "40%", "60%", "80%", "100%"]),
        ("count", 1300.0, ["0", "500", "1000"]),
    ],
)
def test_no_two_ticks_are_called_the_same(unit: str, largest: float, ticks: list[str]) -> None:
    rows = [
        {"label": name, "value": value, "low": value, "high": value, "words": "", "sure": True}
        for name, value in (("a", 0.0), ("b", largest))
    ]
    spec = {**template(f"bars/{unit}"), "datasets": {"rows": rows}, "width": 400}
    svg = vl_convert.vegalite_to_svg(spec)
    [labels] = [
        re.findall(r">([^<]+)</text>", axis)
        for axis in re.findall(r'role-axis-label"[^>]*>(.*?)</g>', svg, re.DOTALL)
        if "%" in axis or "0</text>" in axis
    ]

    assert labels == ticks
