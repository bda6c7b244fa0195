"""The scorecard in the terminal, read from the serving file alone."""

from pathlib import Path
from typing import NamedTuple

import duckdb
from rich.console import Console
from rich.table import Table

# The period a reader expects first; a headline metric shows the period its change was tested on.
PERIODS = ("wave", "quarter", "trailing_90", "month", "trailing_365", "snapshot")
STYLES = {"ok": "green", "low_n": "yellow", "stale": "red"}

LATEST = """
select
    audiences.label as audience, coalesce(audiences.owner_role, 'none') as owner,
    metrics.label as metric, metrics.unit, v.value, v.low, v.high, v.n, v.status, c.verdict,
    c.change, c.smallest_detectable
from pub_metric_values as v
inner join pub_audiences as audiences on v.audience = audiences.audience
inner join pub_metrics as metrics
    on v.metric = metrics.metric and v.definition_version = metrics.definition_version
left join pub_metric_changes as c
    on v.audience = c.audience and v.metric = c.metric
    and v.period_kind = c.period_kind and v.period_start = c.period_start
where
    v.segment = 'all' and v.status not in ('not_measured', 'not_mature')
    and list_contains(?, v.period_kind)
    and (metrics.is_headline or not exists (
        select 1 from pub_metric_values as w join pub_metrics as m on w.metric = m.metric
        where m.is_headline and w.audience = v.audience and w.status <> 'not_measured'
    ))
qualify row_number() over (
    partition by v.audience, v.metric
    order by c.verdict is null, list_position(?, v.period_kind), v.period_start desc
) = 1
order by audiences.rank, audiences.audience, metrics.metric
"""
BLIND = """
select count(*) from pub_audiences as a
where not exists (
    select 1 from pub_metric_values as v
    where v.audience = a.audience and v.status not in ('not_measured', 'not_mature')
)
"""


class Line(NamedTuple):
    """One line of the scorecard: an audience's latest value of a metric."""

    audience: str
    owner: str
    metric: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    status: str
    verdict: str | None
    change: float | None
    smallest_detectable: float | None


def read_lines(serving: Path) -> tuple[list[Line], int]:
    """Return the lines, by rank of the audience, and how many audiences have none."""
    with duckdb.connect(str(serving), read_only=True) as db:
        rows = db.execute(LATEST, [list(PERIODS), list(PERIODS)]).fetchall()
        blind = db.execute(BLIND).fetchone()
    return [Line(*row) for row in rows], blind[0] if blind else 0


def show_scorecard(serving: Path, console: Console) -> None:
    """Print the scorecard as a table."""
    lines, blind = read_lines(serving)
    table = Table(title="Scorecard", title_justify="left", box=None, pad_edge=False)
    for name in ("audience", "owner", "metric"):
        table.add_column(name)
    for name in ("value [95 %]", "n"):
        table.add_column(name, justify="right")
    table.add_column("change")
    table.add_column("status")
    for line in lines:
        style = STYLES.get(line.status, "dim")
        cells = [line.audience, line.owner, line.metric, value(line), f"{line.n or '':>5}"]
        table.add_row(*cells, change(line), f"[{style}]{line.status}[/]")
    console.print(table)
    console.print(f"{blind} audiences have no figure yet.", highlight=False)


def value(line: Line) -> str:
    """Return a value with its interval in the unit of its metric."""
    if line.value is None:
        return "-"
    ends = [figure(end, line.unit) for end in (line.low, line.high)]
    interval = "" if line.low is None and line.high is None else f" [{', '.join(ends)}]"
    # rich reads square brackets as markup
    return f"{figure(line.value, line.unit)}{interval}".replace("[", "\\[")


def change(line: Line) -> str:
    """Return a change in words; where none is clear, the smallest this n could have shown."""
    if line.verdict is None:
        return ""
    if line.change is not None and line.verdict in ("up", "down"):
        return f"{line.verdict} {figure(abs(line.change), line.unit)}"
    seen = line.smallest_detectable
    return line.verdict + (f" (< {figure(seen, line.unit)})" if seen is not None else "")


def figure(number: float | None, unit: str) -> str:
    """Return a number as people write it in a unit."""
    if number is None:
        return "?"
    if unit == "minutes":
        return duration(number)
    return FORMATS.get(unit, "{:.2f}").format(number)


def duration(minutes: float) -> str:
    """Return minutes in the largest unit that leaves a telling number."""
    for size, name in ((1440, "d"), (60, "h")):
        if minutes >= 2 * size:
            return f"{minutes / size:.1f} {name}"
    return f"{minutes:.0f} min"


FORMATS = {"score": "{:.0f}", "share": "{:.0%}", "points": "{:.2f}", "days": "{:.1f} d"}
