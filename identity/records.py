"""A table as records to compare: a DuckDB database for the work, and the table in it."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from identity import normalise
from identity.comparisons import KINDS
from identity.folding import fold

MEMORY = "4GB"  # of DuckDB; what does not fit goes to a folder that is deleted afterwards
STRONG_ID, IGNORE = "strong_id", "ignore"
MOST_SOURCES = 100


class BadColumns(Exception):
    """The columns can not be compared as declared; the message names the remedy."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the columns of a table are: columns by kind, and strong ids."""

    kinds: Mapping[str, Sequence[str]]
    strong: Sequence[str]

    @property
    def several(self) -> list[str]:
        """Return the kinds whose values are compared each with each."""
        return [k for k, of in self.kinds.items() if len(of) > 1 and KINDS[k].several == "any"]


def layout(columns: Mapping[str, str]) -> Layout:
    """Return the layout of columns that are declared as {column: kind}.

    Raises BadColumns for an unknown kind, a kind that takes one column and has two, and for
    columns of which none can be compared.
    """
    known = [*KINDS, STRONG_ID, IGNORE]
    for column, kind in columns.items():
        if kind not in known:
            raise BadColumns(
                f"column {column} is said to be {kind!r}, which is no kind; use one of "
                f"{', '.join(known)}"
            )
    kinds = {k: of_kind for k in KINDS if (of_kind := [c for c, of in columns.items() if of == k])}
    for kind, of_kind in kinds.items():
        if len(of_kind) > 1 and KINDS[kind].several is None:
            raise BadColumns(
                f"{' and '.join(of_kind)} are both {kind}, of which a record has one; "
                f"set all but one to {IGNORE}"
            )
    strong = [column for column, kind in columns.items() if kind == STRONG_ID]
    if not kinds and not strong:
        raise BadColumns("no column has a kind to compare; give at least one under `columns`")
    return Layout(kinds, strong)


@contextmanager
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a DuckDB database in memory that goes to a folder of its own for what does not fit."""
    with (
        tempfile.TemporaryDirectory(prefix="ax-link-") as folder,
        duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": folder}) as db,
    ):
        db.execute("set enable_progress_bar = false")
        yield db


def load(
    db: duckdb.DuckDBPyConnection,
    shape: Layout,
    country: str | None = None,
) -> dict[str, int]:
    """Create `records` and `exclusive` from table `source`; return values too long, by column.

    `source` has text columns record_id, source_id, group_id and those of the layout. `records` is
    in the order of record_id, numbered from 0 in `place`, so that nothing depends on the order of
    the rows. Columns of strong ids become `strong_<n>`.
    """
    db.execute(
        "create or replace table placed as select (row_number() over (order by record_id) - 1)"
        "::integer as place, * from source"
    )
    keep = "place, record_id, source_id, group_id"
    too_long = fold(db, "placed", shape.kinds, keep, country)
    for number, column in enumerate(shape.strong):
        _strong(db, number, column)
    db.execute("drop table placed")
    return too_long


def exclusive(
    db: duckdb.DuckDBPyConnection, shape: Layout, one_row: Sequence[str]
) -> NDArray[np.int64]:
    """Return what each record may share with no contradicting one: a column per attribute.

    An attribute is a strong id, or being the row of a source that has one row a person. Values are
    numbered from 0 in their own order; -1 is unknown.
    """
    if len(one_row) > MOST_SOURCES:
        raise BadColumns(
            f"{len(one_row)} sources have one row a person, which is more than {MOST_SOURCES}; "
            "name the ones that matter under `one_row_a_person`"
        )
    places = db.execute("select count(*) from records").fetchall()[0][0]
    values = np.full((places, len(shape.strong) + len(one_row)), -1, dtype=np.int64)
    for number in range(len(shape.strong)):
        known = db.execute(f"select place, code from strong_{number}").fetchnumpy()
        values[known["place"], number] = known["code"]
    for number, source in enumerate(one_row, start=len(shape.strong)):
        rows = db.execute("select place from records where source_id = ?", [source]).fetchnumpy()
        values[rows["place"], number] = rows["place"]
    return values


def _strong(db: duckdb.DuckDBPyConnection, number: int, column: str) -> None:
    """Create `strong_<number>` (place, code): trimmed values, fillers left out."""
    typed = [
        value
        for (value,) in db.execute(
            f"select distinct {column} from placed where {column} is not null"
        ).fetchall()
    ]
    clean = pa.table(
        {
            "typed": pa.array(typed, pa.string()),
            "clean": pa.array([normalise.code(value) for value in typed], pa.string()),
        }
    )
    db.register("clean", clean)
    db.execute(
        f"create or replace table strong_{number} as "
        f"select place, dense_rank() over (order by clean.clean) - 1 as code "
        f"from placed inner join clean on placed.{column} = clean.typed "
        f"where clean.clean is not null"
    )
    db.unregister("clean")
