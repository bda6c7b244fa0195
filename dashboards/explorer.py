"""The explorer: any published metric of any audience, segment and period, picked by hand.

Streamlit runs this file anew at each pick, with the published file as its one argument. It opens
what that file's link leads to then and closes it again, so it shows the newest publication and
holds none. It reads what is published and computes nothing: what is hidden there is hidden here.
"""

import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import streamlit as st

from dashboards.charts import template
from dashboards.dictionary import METRIC_FACTS, metrics
from dashboards.errors import UnreadablePublication
from dashboards.panels import Column, Figure, Panel, answer
from dashboards.published import PERIOD_KINDS, records
from dashboards.scorecard import clock

TITLE = "Explorer"
# What is picked, in this order; each offers what is published for the picks before it.
PICKS = {
    "metric": "Metric",
    "definition_version": "Version of its definition",
    "audience": "Audience",
    "segment": "Segment",
    "period_kind": "Period",
}
# Asked only where there is more than one.
RARE = "definition_version"
PERIODS = {"trailing_28": "28 days", "trailing_90": "90 days", "trailing_365": "365 days",
           "wave": "wave of a survey", "snapshot": "day of the run"}  # fmt: skip
# What Markdown could take for more than a letter.
MARKS = re.compile(r"[!-$&(-+\-./:<-@\[-`{-~]")
VALUES = Panel(
    title=TITLE,
    sources=("pub_metric_values", "pub_metrics", "pub_audiences"),
    query="""
        select coalesce(m.label, v.metric) || ', ' || coalesce(a.label, v.audience) as which,
            v.period_start, v.period_end - 1 as last_day, v.value, v.low, v.high, v.n, v.status,
            m.unit
        from pub_metric_values as v
        left join pub_metrics as m using (metric)
        left join pub_audiences as a using (audience)
        where v.metric = $metric and v.definition_version = $definition_version
            and v.audience = $audience and v.segment = $segment and v.period_kind = $period_kind
        order by v.period_start desc
    """,
    columns=(
        Column("period_start", "From", role="period"),
        Column("last_day", "To"),
        Column("value", "Value and 95 % interval", None, "low", "high", "status", "value",
               unit_from="unit"),
        Column("n", "n", "count", role="n", status="status"),
    ),
    chart="trend",
    split="which",
    note="The band is the 95 % interval; a hollow point is in doubt.",
)  # fmt: skip


def main(marts: Path) -> None:
    """Draw the page for what is picked."""
    st.set_page_config(layout="wide")
    st.title(TITLE, anchor=False)
    try:
        with duckdb.connect(str(marts), read_only=True) as db:
            _page(db)
    except duckdb.Error as failure:
        st.error(plain(str(UnreadablePublication(marts, str(failure)))))


def _page(db: duckdb.DuckDBPyConnection) -> None:
    [(as_of,)] = db.execute("select max(as_of) from pub_metric_values").fetchall()
    st.markdown(f"As of {clock(as_of)}" if as_of else "No metric value is published yet.")
    if not as_of:
        return
    picked: dict[str, Any] = {}
    with st.container(horizontal=True):
        for name, label in PICKS.items():
            choices = offered(db, name, picked)
            [*keys] = choices
            picked[name] = (
                keys[0]
                if name == RARE and len(keys) == 1
                else st.selectbox(label, keys, format_func=choices.__getitem__, key=name)
            )
    for figure in answer(db, VALUES, **picked):
        _shown(figure)
    _meaning(db, picked)


def offered(db: duckdb.DuckDBPyConnection, name: str, before: dict[str, Any]) -> dict[Any, str]:
    """Return what can be picked, a name that people read a key, for the picks before it."""
    given = " and ".join(f"{pick} = ${pick}" for pick in before) or "true"
    found = records(
        db, f"select distinct {name} as key from pub_metric_values where {given}", before
    )
    words = _words(db, name)
    order = {key: at for at, key in enumerate(words)}
    keys = sorted((row["key"] for row in found), key=lambda key: (order.get(key, len(order)), key))
    return {key: words.get(key) or segment_words(str(key)) for key in keys}


def _words(db: duckdb.DuckDBPyConnection, name: str) -> dict[Any, str]:
    """Return the names of a pick's keys, in the order in which they are offered."""
    registries = {
        "metric": "select metric, label from pub_metrics order by is_headline desc, label",
        "definition_version": """
            select distinct definition_version, 'version ' || definition_version
            from pub_metric_values order by 1 desc
        """,
        "audience": "select audience, label from pub_audiences order by rank nulls last, label",
    }
    if name in registries:
        return dict(db.execute(registries[name]).fetchall())
    periods = {kind: PERIODS.get(kind, kind) for kind in PERIOD_KINDS}
    return {"period_kind": periods, "segment": {"all": "everybody"}}.get(name, {})


def segment_words(segment: str) -> str:
    """Return a segment as people read it: country: FR, channel: e-mail."""
    parts = (part.partition("=") for part in segment.split(";"))
    return ", ".join(
        f"{unquote(name)}: {unquote(value)}" if value else unquote(name) for name, _, value in parts
    )


def _shown(figure: Figure) -> None:
    st.subheader(plain(figure.title), anchor=False)
    st.markdown(plain(f"{figure.facts}. {VALUES.note}" if figure.chart else figure.facts))
    if figure.chart:
        st.vega_lite_chart(drawn(figure), width="stretch", alt=figure.alternative)
    heads = [column.label for column in figure.columns]
    st.table(
        [dict(zip(heads, (plain(said) for said in line), strict=True)) for line in told(figure)],
        hide_index=True,
        alt=figure.title,
    )
    st.markdown(
        f"From {plain(VALUES.sources[0])}. What its columns hold: ax open, page Dictionary."
    )


def told(figure: Figure) -> list[list[str]]:
    """Return the table in words: a number with what puts it in doubt, or why there is none."""
    return [
        [
            f"{cell.words} ({cell.doubt})" if cell.doubt and column.role == "value" else cell.words
            for column, cell in zip(figure.columns, row, strict=True)
        ]
        for row in figure.rows
    ]


def drawn(figure: Figure) -> dict[str, Any]:
    """Return the chart of a figure: the site's template, with the rows that have a number."""
    at = {column.role: place for place, column in enumerate(figure.columns) if column.role}
    rows = [
        {
            "period": row[at["period"]].value,
            "label": row[at["period"]].words,
            "value": float(cell.value),
            "low": cell.low,
            "high": cell.high,
            "words": cell.words,
            "sure": not cell.doubt,
        }
        for row in figure.rows
        if (cell := row[at["value"]]).value is not None
    ]
    spec = template(figure.chart or "")
    # The interval is the first layer; where no row has one there is none to draw.
    layers = spec["layer"] if any(row["low"] is not None for row in rows) else spec["layer"][1:]
    return {**spec, "layer": layers, "datasets": {"rows": rows}, "height": 300}


def _meaning(db: duckdb.DuckDBPyConnection, picked: dict[str, Any]) -> None:
    st.subheader("What it means", anchor=False)
    for known in metrics(db):
        if known["metric"] != picked["metric"]:
            continue
        if (version := known["definition_version"]) != picked[RARE]:
            st.markdown(f"This is version {version}; what {picked[RARE]} was is not published.")
        st.markdown(
            "\n".join(
                f"- {label}: {plain(str(known[name]))}"
                for name, label in METRIC_FACTS
                if known[name] is not None
            )
        )


def plain(text: str) -> str:
    """Return a text that Markdown shows as it is: names are data."""
    return MARKS.sub(r"\\\g<0>", " ".join(text.splitlines()))


def _here() -> None:
    main(Path(sys.argv[1]))


if __name__ == "__main__":
    # Said in so many words, for Streamlit takes a folder `pages` beside a script for its pages.
    st.navigation([st.Page(_here, title=TITLE)], position="hidden").run()
