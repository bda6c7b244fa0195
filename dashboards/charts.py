"""How a chart is drawn: one Vega-Lite template for each kind and unit, filled in the browser.

A chart has no data of its own. It is drawn from the table that stands under it, so that picture and
table cannot differ. A row has: ``label``, ``value``, ``low``, ``high``, ``series``, ``period``,
``words`` (the value as the table says it) and ``sure`` (whether its status is ok).
"""

from functools import cache
from typing import Any

import altair as alt
import vl_convert

# What `alt.layer` may return.
Layers = alt.LayerChart | alt.FacetChart
# Colours are put in by the page, which knows the theme.
ROWS = alt.NamedData("rows")
# Units without an entry are drawn in plain numbers.
_MINUTES = (
    "abs(datum.value) < 60 ? format(datum.value, 'd') + ' min' : abs(datum.value) < 1440 ?"
    " format(datum.value / 60, '.1~f') + ' h' : format(datum.value / 1440, '.1~f') + ' d'"
)
# Each label by itself: a format for all of an axis would call 500 half a thousand beside 1000.
_LARGE = "format(datum.value, abs(datum.value) < 10000 ? '~g' : '~s')"
_AXIS: dict[str, dict[str, Any]] = {
    "share": {"format": ".1~%"},
    "score": {"labelExpr": "datum.value == 0 ? '0' : format(datum.value, '+d')"},
    "minutes": {"labelExpr": _MINUTES},
    "days": {"format": "~g"},
    "money": {"labelExpr": _LARGE},
    "count": {"labelExpr": _LARGE},
}


@cache
def template(chart: str) -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart, by its kind and unit: ``trend/share``."""
    kind, unit = chart.split("/")
    return {"trend": _trend, "bars": _bars, "series": _series}[kind](unit)


def script() -> str:
    """Return Vega, Vega-Lite and their embedding as one classic script (BSD-3-Clause)."""
    return vl_convert.javascript_bundle(snippet=None)  # type: ignore[arg-type] # None: all of it


def _trend(unit: str) -> dict[str, Any]:
    when = alt.X(
        "period:T",
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(title=None, format="%b %y", tickCount=4, grid=False, labelOverlap=True),
    )
    height = alt.Y("value:Q", axis=_axis(unit), scale=alt.Scale(zero=unit in ("share", "count")))
    base = alt.Chart(ROWS).encode(x=when, tooltip=["label:N", "words:N"])
    # Where an end lies beyond what was seen there is no band: it would shrink to the other end.
    bounded = base.transform_calculate(low="datum.high === null ? null : datum.low")
    band = bounded.mark_area(opacity=0.25).encode(y="low:Q", y2="high:Q")
    line = base.mark_line(strokeWidth=2).encode(y=height)
    points = _points(base.encode(y=height), 42)
    return _spec(alt.layer(band, line, *points).properties(height=150))


def _bars(unit: str) -> dict[str, Any]:
    base = alt.Chart(ROWS).encode(y=_labels(), tooltip=["label:N", "words:N"])
    return _spec(_interval(base, unit))


def _series(unit: str) -> dict[str, Any]:
    base = alt.Chart(ROWS).encode(
        y=_labels(),
        yOffset=alt.YOffset("series:N", sort=None),
        color=alt.Color("series:N", sort=None, legend=alt.Legend(title=None, orient="top")),
        tooltip=["label:N", "series:N", "words:N"],
    )
    return _spec(_interval(base, unit))


def _interval(base: alt.Chart, unit: str) -> Layers:
    length = alt.X("value:Q", axis=_axis(unit), scale=alt.Scale(zero=True))
    rule = base.mark_rule(strokeWidth=4, opacity=0.45).encode(x=length, x2="high:Q")
    rule = rule.encode(x=alt.X("low:Q", axis=_axis(unit)))
    return alt.layer(rule, *_points(base.encode(x=length), 60))


def _points(base: alt.Chart, size: int) -> tuple[alt.Chart, alt.Chart]:
    """Return the points: full where the number stands, hollow where it is in doubt."""
    is_full = alt.condition("datum.sure", alt.value(1), alt.value(0))
    return (
        base.mark_point(size=size, opacity=1, filled=False),
        base.mark_point(size=size, opacity=1, filled=True).encode(fillOpacity=is_full),
    )


def _labels() -> alt.Y:
    lines = "split(datum.label, '\\n')"
    axis = alt.Axis(
        title=None, labelExpr=lines, labelLimit=0, domain=False, ticks=False, labelPadding=9
    )
    return alt.Y("label:N", sort=None, axis=axis)


def _axis(unit: str) -> alt.Axis:
    return alt.Axis(title=None, tickCount=4, **_AXIS.get(unit, {"format": "~g"}))


def _spec(chart: Layers) -> dict[str, Any]:
    return chart.properties(width="container").to_dict(validate=True)
