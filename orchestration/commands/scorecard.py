"""The scorecard in the terminal: the lines of the page, as a table."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dashboards.lines import Line, scorecard_lines, unmeasured_audiences

STYLES = {"ok": "green", "low_n": "yellow", "stale": "red"}
COLUMNS = ("audience", "owner", "metric", "value", "95 % interval", "n", "change", "status")
NUMBERS = ("value", "95 % interval", "n")


def show_scorecard(serving: Path, console: Console) -> None:
    """Print the headline numbers of every audience that is measured."""
    table = Table(title="Scorecard", title_justify="left", box=None, pad_edge=False)
    for name in COLUMNS:
        table.add_column(name, justify="right" if name in NUMBERS else "left")
    for line in scorecard_lines(serving):
        table.add_row(*cells(line))
    console.print(table)
    if blind := unmeasured_audiences(serving):
        console.print(f"not measured: {', '.join(blind)}", style="dim", highlight=False)


def scorecard(serving: Path) -> dict[str, Any]:
    """Return the same for a program: a line a headline number, and who is not measured."""
    if not serving.exists():
        return {"lines": [], "not_measured": []}
    lines = [asdict(line) for line in scorecard_lines(serving)]
    return {"lines": lines, "not_measured": unmeasured_audiences(serving)}


def cells(line: Line) -> list[str]:
    """Return a line of the scorecard as it is printed."""
    style = STYLES.get(line.state, "dim")
    plain = (
        line.label,
        line.owner or "none",
        line.metric_label,
        line.shown_value,
        line.shown_interval,
        f"{line.n:,}" if line.n is not None else "",
        line.change,
    )
    return [*(escape(text) for text in plain), f"[{style}]{escape(line.status)}[/]"]
