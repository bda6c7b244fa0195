"""The raw door: what came is judged before it is loaded, against what is already known."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from quality.habits import against_history
from quality.history import remember
from quality.judge import Rule, judge
from quality.packages import known_tables, streams
from quality.profiles import Profile
from storage import Warehouse, opened, turn

if TYPE_CHECKING:
    import pandas as pd

ENOUGH_ROWS = 100  # shares of fewer rows jump by chance
FEW_ROWS = 1_000  # a table may grow twentyfold while it is this small
SHORT_LIST = 20  # a list of fewer rows may halve

TABLE_RULES = (
    Rule("null_keys", "{table}: {null_keys:.0f} of {rows:.0f} rows have no {key}", high=0),
    Rule(
        "future_rows",
        "{table}: {future_rows:.0f} of {rows:.0f} rows have {time} after tomorrow",
        high=0,
    ),
    Rule(
        "times_known",
        "{table}: {rows:.0f} rows came, {times_known:.0f} times as many as are known",
        high=20,
    ),
    Rule(
        "days_behind",
        "{table}: the newest {time} that came is {days_behind:.0f} days older than one known",
        high=30,
    ),
)
COLUMN_RULES = (
    Rule(
        "drift",
        "{table}: {column} is empty in {null_share:.0%} of the rows that came and in "
        "{known_null_share:.0%} of those known",
        low=-0.5,
        high=0.5,
    ),
)
LIST_RULES = (
    Rule(
        "share_left",
        "{table}: the list holds {now:.0f} rows and held {last:.0f} in its last good load",
        low=0.5,
    ),
)


@dataclass(slots=True)
class RawDoor:
    """The door in front of a warehouse.

    Called with a connector, the Parquet file of new and changed rows of each table, the rows now
    and in the last good load of each list that is always read whole, the clock, and what was
    counted, it returns its findings, each of which begins with the table's name. None lets the
    load pass. `remember` makes a load that went through part of its source's history.
    """

    warehouse: Warehouse
    profiles: dict[str, list[Profile]] = field(default_factory=dict)

    def __call__(
        self,
        connector: Any,
        package: Mapping[str, Path],
        listed: Mapping[str, tuple[int, int]],
        as_of: datetime,
        counts: Sequence[Any] = (),
    ) -> list[str]:
        """Return what is odd about a package, one sentence a finding."""
        shrunk = judge(_frame(list(_list_figures(listed))), LIST_RULES)
        counted = {count.table for count in counts} or package.keys()
        tables = [table for table in connector.tables if table.name in package.keys() & counted]
        if not tables and not counts:
            return shrunk
        with opened(self.warehouse) as db:
            profiles, habits, settled = against_history(db, connector, package, as_of, counts)
            rows = _judge_rows(db, connector, tables, package, as_of, settled)
        self.profiles[connector.name] = profiles
        return shrunk + rows + habits

    def remember(self, source: str, as_of: datetime) -> None:
        """Keep how the last load of a source looked, once it went through."""
        with turn(self.warehouse), opened(self.warehouse) as db:
            remember(db, source, as_of, self.profiles.pop(source, []))


raw_door = RawDoor


def _judge_rows(
    db: duckdb.DuckDBPyConnection,
    connector: Any,
    tables: Sequence[Any],
    package: Mapping[str, Path],
    as_of: datetime,
    settled: Collection[str],
) -> list[str]:
    """Return what breaks a fixed bound; what a column may hold is for its history once it has one.

    A wave of invitations that nobody has opened yet is no drift.
    """
    known = known_tables(db, connector.name)
    relations = [
        (table, came, past)
        for table in tables
        for _, came, past in streams(db, table, package[table.name], known.get(table.name))
    ]
    of_tables = [_table_figures(db, *relation, as_of) for relation in relations]
    of_columns = [
        figures
        for table, came, past in relations
        if past and table.name not in settled
        for figures in _column_figures(db, table, came, past)
    ]
    return judge(_frame(of_tables), TABLE_RULES) + judge(_frame(of_columns), COLUMN_RULES)


def _list_figures(listed: Mapping[str, tuple[int, int]]) -> Iterator[dict[str, Any]]:
    for table, (now, last) in listed.items():
        # One that did not shrink is nothing to judge, so that an ordinary load is judged for free.
        if now < last and last >= SHORT_LIST:
            yield {"table": table, "now": now, "last": last, "share_left": now / last}


def _table_figures(
    db: duckdb.DuckDBPyConnection, table: Any, package: str, relation: str | None, as_of: datetime
) -> dict[str, Any]:
    time = f'cast("{table.time}" as timestamptz)' if table.time else "cast(null as timestamptz)"
    null_key = " or ".join(f'"{name}" is null' for name in table.key)
    summary = f"select count(*) as rows, max({time}) as newest from"
    nothing = "select 0 as rows, cast(null as timestamptz) as newest"
    figures = db.execute(
        f"""
        with came as ({summary} {package}),
        known as ({f"{summary} {relation}" if relation else nothing}),
        odd as (
            select
                count(*) filter (where {null_key}) as null_keys,
                count(*) filter (where {time} > $as_of + interval 1 day) as future_rows
            from {package}
        )
        select
            came.rows, odd.null_keys, odd.future_rows,
            case when came.rows > {FEW_ROWS} then came.rows / nullif(known.rows, 0)
            end as times_known,
            case when came.rows > {ENOUGH_ROWS}
                then date_diff('day', came.newest, known.newest)
            end as days_behind
        from came, known, odd
        """,
        {"as_of": as_of},
    )
    names = [name for name, *_ in figures.description or []]
    row = figures.fetchone() or ()
    known = {"table": table.name, "key": " and ".join(table.key), "time": table.time}
    return known | dict(zip(names, row, strict=True))


def _column_figures(
    db: duckdb.DuckDBPyConnection, table: Any, package: str, relation: str
) -> Iterator[dict[str, Any]]:
    columns = list(table.columns)
    shares = ", ".join(f'avg(cast("{name}" is null as integer))' for name in columns)
    select = f"select {shares} from"
    enough = f"having count(*) > {ENOUGH_ROWS}"
    # A tombstone may hold nothing but its key; that is no drift.
    alive = f"where _deleted_reason is null {enough}"
    came = db.execute(f"{select} {package} {alive}").fetchone()
    known = db.execute(f"{select} {relation} {alive}").fetchone()
    if not (came and known):
        return
    for name, share, known_share in zip(columns, came, known, strict=True):
        yield {
            "table": table.name,
            "column": name,
            "null_share": share,
            "known_null_share": known_share,
            "drift": share - known_share,
        }


def _frame(figures: list[dict[str, Any]]) -> "pd.DataFrame":
    import pandas as pd

    frame = pd.DataFrame(figures)
    return frame.astype({c: float for c in frame if c in NUMBERS})


NUMBERS = {
    "rows", "null_keys", "future_rows", "times_known", "days_behind",
    "null_share", "known_null_share", "drift", "now", "last", "share_left",
}  # fmt: skip
