"""A panel of the site: a question put to the published file, its table, and how it is drawn."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from dashboards.figures import counted, day, figure, with_interval
from dashboards.lines import status_words
from dashboards.published import records

Row = Mapping[str, Any]
UNIT_WORDS = {
    "share": "per cent",
    "score": "points from −100 to +100",
    "points": "points of the scale",
    "polarity": "−1 to 1",
    "minutes": "minutes, hours and days",
    "days": "days",
    "money": "money, in the currency of the organisation",
    "count": "count",
    "rate": "per case",
    "per_hundred": "per 100 members",
    "per_year": "per year",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a panel's table; names are those of the query.

    ``unit`` formats a number (None: text); ``unit_from`` is the column that holds the unit of each
    row. ``low`` and ``high`` stand behind the value as its interval, ``status`` in its place where
    it is missing. ``role`` is what a chart reads it as, ``link`` a page with {names} in it.
    """

    name: str
    label: str
    unit: str | None = None
    low: str | None = None
    high: str | None = None
    status: str | None = None
    role: str | None = None
    link: str | None = None
    unit_from: str | None = None

    @property
    def is_number(self) -> bool:
        return bool(self.unit or self.unit_from)


@dataclass(frozen=True, slots=True)
class Panel:
    """A question with its answer as table and, where ``chart`` is set, as picture.

    ``chart`` is trend, bars or series; ``split`` the field whose every value gets a figure of its
    own and is its title; ``sources`` the published models that the query reads, each a link.
    """

    title: str
    sources: tuple[str, ...]
    query: str
    columns: tuple[Column, ...]
    chart: str | None = None
    split: str | None = None
    note: str = ""
    empty: str = "Nothing of this kind is published."


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, what a chart reads there, and what puts it in doubt."""

    words: str
    value: str | None = None
    low: float | None = None
    high: float | None = None
    doubt: str = ""
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A table with its caption and, where there is enough to draw, the kind and unit of a chart."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: str | None
    facts: str
    alternative: str


def answer(db: duckdb.DuckDBPyConnection, panel: Panel, **known: str) -> list[Figure]:
    """Return the figures of a panel; an empty list where nothing is published of the kind.

    ``known`` fills the query's named parameters.
    """
    rows = records(db, panel.query, known)
    return [_figure(panel, title, part) for title, part in _parts(panel, rows)]


def _parts(panel: Panel, rows: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    if panel.split is None:
        if rows:
            yield panel.title, rows
        return
    parts: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        parts.setdefault(str(row[panel.split]), []).append(row)
    yield from parts.items()


def _figure(panel: Panel, title: str, rows: list[dict[str, Any]]) -> Figure:
    columns = panel.columns
    cells = tuple(tuple(_cell(column, row) for column in columns) for row in rows)
    measured = next((column for column in columns if column.role == "value"), None)
    unit = (_unit(measured, rows[0]) or "points") if measured else None
    drawn = [row for row in rows if measured and row[measured.name] is not None]
    enough = len(drawn) > (1 if panel.chart == "trend" else 0)
    return Figure(
        title=title,
        columns=columns,
        rows=cells,
        chart=f"{panel.chart}/{unit}" if panel.chart and enough else None,
        facts="; ".join(filter(None, (UNIT_WORDS.get(unit or ""), *_counts(columns, rows, drawn)))),
        alternative=_alternative(title, columns, cells),
    )


def _cell(column: Column, row: Row) -> Cell:
    value, status = row[column.name], row.get(column.status or "", "ok") or "ok"
    link = column.link.format(**row) if column.link and value is not None else None
    if not column.is_number:
        return Cell(_text(value), _raw(value), link=link)
    unit = _unit(column, row)
    # What a status means is said by it: a hidden number is hidden, not zero.
    doubt = "" if status == "ok" else status_words(status)
    if value is None:
        return Cell(doubt or "unknown")
    low, high = (row.get(end) if end else None for end in (column.low, column.high))
    number = float(value)
    words = with_interval(number, low, high, unit) if column.low else figure(number, unit)
    return Cell(words, repr(number), low, high, doubt, link)


def _unit(column: Column, row: Row) -> str | None:
    return row[column.unit_from] if column.unit_from else column.unit


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return day(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _raw(value: object) -> str | None:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return None if value is None else str(value)


def _counts(
    columns: tuple[Column, ...], rows: list[dict[str, Any]], drawn: list[dict[str, Any]]
) -> Iterator[str]:
    """Yield how many stand behind the rows, 'n 12 to 118', and how many rows are not drawn."""
    counting = next((column.name for column in columns if column.role == "n"), None)
    known = [row[counting] for row in rows if counting and row[counting] is not None]
    if known:
        least, most = min(known), max(known)
        yield f"n {least:,}" if least == most else f"n {least:,} to {most:,}"
    if len(drawn) < len(rows):
        yield f"{len(rows) - len(drawn)} without a number, said below"


def _alternative(
    title: str, columns: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...]
) -> str:
    """Return in words what the picture shows: the ends of a trend, the first rows of the rest."""
    at = {column.role: place for place, column in enumerate(columns) if column.role}
    if "value" not in at:
        return title
    names = [at[role] for role in ("period", "label", "series") if role in at]
    said = [
        f"{', '.join(row[place].words for place in names)}: {row[at['value']].words}"
        for row in rows
        if row[at["value"]].value is not None
    ]
    shown = [said[0], said[-1]] if "period" in at and len(said) > 1 else said[:6]
    more = len(said) - len(shown)
    rest = f"; {counted(more, 'more row')} in the table" if more > 0 else ""
    return f"{title}. {'; '.join(shown)}{rest}."
